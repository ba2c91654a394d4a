"""Pages of the joining room: public ones without account or script, and the team's."""
