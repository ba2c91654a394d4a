"""The command line: ``circlekeeper`` and ``python -m circlekeeper``."""
