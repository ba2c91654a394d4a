from django.urls import URLPattern

app_name = "safeguards"
urlpatterns: list[URLPattern] = []
