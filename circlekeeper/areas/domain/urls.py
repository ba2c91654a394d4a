"""Addresses of the domain room."""

from django.urls import path

from circlekeeper.areas.domain import pages

app_name = "domain"
_HERE = "groups/<str:group_id>/address/"

urlpatterns = [
    path(_HERE, pages.domain, name="domain"),
    path(_HERE + "tell/", pages.tell, name="tell"),
    path(_HERE + "forget/", pages.forget, name="forget"),
]
