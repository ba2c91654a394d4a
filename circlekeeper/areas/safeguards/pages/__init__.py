"""Pages of the safeguards room, for leaders and privacy leads."""
