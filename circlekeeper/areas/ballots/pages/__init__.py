"""Pages of the ballots room."""
