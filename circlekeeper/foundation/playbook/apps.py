from django.apps import AppConfig
from django.core import checks


class PlaybookConfig(AppConfig):
    name = "circlekeeper.foundation.playbook"
    label = "playbook"

    def ready(self) -> None:
        from circlekeeper.foundation.playbook.system_check import content_is_sound

        checks.register(content_is_sound)
