"""Letters and documents as a Django app."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """The outbox and the press."""

    name = "circlekeeper.foundation.post"
    label = "post"
