"""The switchboard: who answers which control, who hears which event, which work falls due.

Nothing registers itself. What is not named here is not connected.
"""


def install() -> None:
    """Connect the rooms; called once when Django has loaded every app."""
