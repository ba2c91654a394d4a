"""The only writers of this room."""

from circlekeeper.areas.access.actions.talks import answer, ask, end_own_thread, end_thread

__all__ = ["answer", "ask", "end_own_thread", "end_thread"]
