"""Addresses of the floor itself."""

from django.urls import path

from circlekeeper.web import pages

app_name = "web"
urlpatterns = [
    path("exit", pages.leave, name="exit"),
    path("leaving/", pages.about_leaving, name="leaving"),
    path("help-now/", pages.help_now, name="help-now"),
    path("today/", pages.today, name="today"),
]
