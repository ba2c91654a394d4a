"""Pages of the venues room."""
