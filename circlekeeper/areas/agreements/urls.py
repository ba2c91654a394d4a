"""Addresses of the agreements room. The public ones end in neutral words and file names."""

from django.urls import path

from circlekeeper.areas.agreements.pages import answers, bonds, confidentiality, copies, public, staff

app_name = "agreements"
_GROUP = "groups/<str:group_id>/agreements/"

urlpatterns = [
    path("g/<str:group_id>/policy/", public.policy, name="policy"),
    path("g/<str:group_id>/policy/policy.pdf", public.policy_file, name="policy-file"),
    path("g/<str:group_id>/norms/", public.norms, name="norms"),
    path("g/<str:group_id>/statement/", public.statement, name="statement"),
    path("g/<str:group_id>/statement/statement.pdf", public.statement_file, name="statement-file"),
    path("g/<str:group_id>/who/", bonds.who, name="who"),
    path("g/<str:group_id>/packet/", public.packet, name="packet"),
    path("g/<str:group_id>/packet/packet.pdf", public.packet_file, name="packet-file"),
    path("check-copy/", copies.check, name="check-copy"),
    path(_GROUP, staff.shelf, name="shelf"),
    path(_GROUP + "publish/", staff.publish_all, name="publish-all"),
    path(_GROUP + "people/", bonds.people, name="people"),
    path(_GROUP + "people/you/", bonds.say, name="say-bound"),
    path(_GROUP + "told/", confidentiality.choose, name="kept"),
    path(_GROUP + "copies/", copies.shelf, name="copies"),
    path(_GROUP + "copies/<str:member_id>/", copies.opened, name="copy"),
    path(_GROUP + "copies/<str:member_id>/copy.pdf", copies.file, name="copy-file"),
    path(_GROUP + "answers/", answers.answers, name="answers"),
    path(_GROUP + "<slug:slug>/", staff.edit, name="edit"),
]
