from django.apps import AppConfig


class DomainConfig(AppConfig):
    name = "circlekeeper.areas.domain"
    label = "domain"
