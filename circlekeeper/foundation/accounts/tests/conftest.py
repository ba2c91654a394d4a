"""People for tests: made through the same pages and actions as real ones."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from circlekeeper.foundation.accounts.tests import factories

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def client():
    """A browser on the public address."""
    return factories.browser()


@pytest.fixture
def wren(db):
    """Someone with an account, an app, and a checked kit."""
    return factories.person("wren")


@pytest.fixture
def signed_in(wren):
    """Wren's browser, signed in with passphrase and code."""
    here: Client = factories.browser()
    factories.sign_in(here, wren)
    return here
