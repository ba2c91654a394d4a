"""An invented community to look at, in a folder of its own."""
