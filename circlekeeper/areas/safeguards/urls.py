"""Addresses of the safeguards room."""

from django.urls import path

from circlekeeper.areas.safeguards.pages import controls, level, new_group, posture, profile, readiness

app_name = "safeguards"
_SAFETY = "groups/<str:group_id>/safety/"

urlpatterns = [
    path("new-group/", new_group.begin, name="new-group"),
    path("new-group/<str:draft_id>/<int:step>/", new_group.step, name="new-group-step"),
    path(_SAFETY, posture.posture, name="posture"),
    path(_SAFETY + "open/", posture.open_group, name="open"),
    path(_SAFETY + "confirm/", controls.confirm_many, name="confirm-many"),
    path(_SAFETY + "exceptions/", controls.exceptions, name="exceptions"),
    path(_SAFETY + "exceptions/<str:waiver_id>/", controls.decide_exception, name="decide-exception"),
    path(_SAFETY + "answers/", profile.answers, name="answers"),
    path(_SAFETY + "adviser/", profile.adviser, name="adviser"),
    path(_SAFETY + "readiness/", readiness.readiness, name="readiness"),
    path(_SAFETY + "readiness/<str:statement_id>/", readiness.statement, name="statement"),
    path(_SAFETY + "readiness/<str:statement_id>/readiness.pdf", readiness.statement_pdf, name="statement-pdf"),
    path(_SAFETY + "level/", level.level, name="level"),
    path(_SAFETY + "level/change/", level.change_level, name="change-level"),
    path(_SAFETY + "level/decide/", level.decide_level, name="decide-level"),
    path(_SAFETY + "periods/", level.periods, name="periods"),
    path(_SAFETY + "periods/<slug:record>/", level.change_period, name="change-period"),
    path(_SAFETY + "about/<slug:control>/", controls.control, name="control"),
    path(_SAFETY + "about/<slug:control>/confirm/", controls.confirm, name="confirm"),
    path(_SAFETY + "about/<slug:control>/take-back/", controls.take_back, name="take-back"),
    path(_SAFETY + "about/<slug:control>/set-aside/", controls.set_aside, name="set-aside"),
]
