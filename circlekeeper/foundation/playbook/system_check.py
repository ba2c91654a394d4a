"""Bad content stops start-up."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from circlekeeper.foundation.playbook import loader


def content_is_sound(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """One error for each fault in ``content``."""
    return [Error(str(fault), id="playbook.E001") for fault in loader.check().errors]
