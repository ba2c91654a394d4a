"""Circlekeeper: a safe container for community support groups."""

__version__ = "0.1.0"
