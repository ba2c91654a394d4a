"""Pages of agreements: what is in force and editing it (staff), and the texts themselves (anyone)."""
