"""A pytest plugin: keep only the tests that use a database. The others say nothing new on a second one."""

import pytest

FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})


def uses_database(item: pytest.Item) -> bool:
    """Whether the test asks for a database by mark or by fixture, its own or one of its fixtures'."""
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not FIXTURES.isdisjoint(names)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Called by pytest with everything it found."""
    dropped = [item for item in items if not uses_database(item)]
    items[:] = [item for item in items if uses_database(item)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
