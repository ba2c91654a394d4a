"""Pages of the access room: the member's own, the access lead's, and what hosts may know."""
