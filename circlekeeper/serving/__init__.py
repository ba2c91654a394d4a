"""How the house is reached: one port for pages and live streams, and the supervisor that keeps everything running."""
