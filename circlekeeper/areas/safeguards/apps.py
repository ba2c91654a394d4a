from django.apps import AppConfig


class SafeguardsConfig(AppConfig):
    name = "circlekeeper.areas.safeguards"
    label = "safeguards"
