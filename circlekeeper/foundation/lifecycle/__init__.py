"""What each table holds, how long, and how it dies. There is no default: a model that does not say fails the tests."""

from circlekeeper.foundation.lifecycle.held import Clock, Dies, Held, declared, undeclared

__all__ = ["Clock", "Dies", "Held", "declared", "undeclared"]
