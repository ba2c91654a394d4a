"""Pages of the meetings room: the door (for members) and the cockpit (for hosts)."""
