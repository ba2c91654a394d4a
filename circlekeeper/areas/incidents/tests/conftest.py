"""The clock stands still, and browsers that are somebody: the same as for joining."""

from circlekeeper.areas.joining.tests.conftest import as_host, as_owner, at

__all__ = ["as_host", "as_owner", "at"]
