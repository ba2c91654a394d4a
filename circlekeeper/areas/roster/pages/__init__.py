"""Pages of the roster: a member's own, and the team's."""
