"""The shred store: a small database of its own that is never part of a main backup."""
