"""Addresses of the roster: members' own under ``/me/`` (no namespace needed by others), the team's under the group."""

from django.urls import include, path

from circlekeeper.areas.roster.pages import (
    agreed,
    contact,
    exports,
    first_keys,
    lists,
    me,
    moving,
    openings,
    own,
    people,
    record,
)

_GROUP = "groups/<str:group_id>/people/"
_MEMBER = _GROUP + "<str:member_id>/"

_team = [
    path(_GROUP, people.people, name="people"),
    path(_GROUP + "openings/", openings.openings, name="openings"),
    path(_GROUP + "import/", lists.choose_file, name="list-file"),
    path(_GROUP + "import/columns/", lists.choose_columns, name="list-columns"),
    path(_GROUP + "import/look/", lists.look, name="list-look"),
    path(_GROUP + "import/lists/", lists.brought, name="lists"),
    path(_GROUP + "import/list.csv", lists.template, name="list-template"),
    path(_GROUP + "keys/", first_keys.first_keys, name="first-keys"),
    path(_GROUP + "export/", exports.exports, name="exports"),
    path(_GROUP + "export/decide/", exports.decide_export, name="export-decide"),
    path(_GROUP + "export/take/", exports.take_export, name="export-take"),
    path(_MEMBER, people.person, name="person"),
    path(_MEMBER + "left/", people.ask_to_leave, name="left"),
    path(_MEMBER + "key/", people.new_key, name="key"),
    path(_MEMBER + "emergency/", openings.emergency, name="emergency"),
    path(_MEMBER + "contact/", openings.contact, name="contact"),
    path(_MEMBER + "intake/", openings.intake, name="intake"),
]
urlpatterns = [
    path("me/", me.home, name="roster-me"),
    path("me/enter/", me.enter, name="roster-enter"),
    path("me/out/", me.go_out, name="roster-out"),
    path("me/agree/", me.agree, name="roster-agree"),
    path("me/pause/", me.pause, name="roster-pause"),
    path("me/record/", record.record, name="roster-record"),
    path("me/record/page.html", record.copy, name="roster-copy"),
    path("me/record/page.json", record.copy_json, name="roster-copy-json"),
    path("me/record/schema.json", record.schema, name="roster-schema"),
    path("me/name/", own.name, name="roster-name"),
    path("me/contact/", contact.contact, name="roster-contact"),
    path("me/contact/<slug:channel>/", contact.way, name="roster-contact-way"),
    path("me/emergency/", own.emergency, name="roster-emergency"),
    path("me/help/", own.help_needed, name="roster-help"),
    path("me/opened/", own.opened, name="roster-opened"),
    path("me/opened/<int:number>/proof.json", own.proof, name="roster-proof"),
    path("me/agreed/", agreed.agreed, name="roster-agreed"),
    path("me/consent/<slug:purpose>/", agreed.withdraw, name="roster-withdraw"),
    path("me/consent/<slug:purpose>/give/", agreed.give, name="roster-give"),
    path("me/consent/<slug:purpose>/receipt.json", agreed.receipt, name="roster-receipt"),
    path("me/promise/", agreed.withdraw_promise, name="roster-promise-back"),
    path("me/promise/receipt.pdf", agreed.promise_copy, name="roster-promise-copy"),
    path("me/promise/receipt.json", agreed.promise_receipt, name="roster-promise-receipt"),
    path("me/move/", moving.move, name="roster-move"),
    path("me/arrive/", moving.arrive, name="roster-arrive"),
    path("me/leave/", own.leave, name="roster-leave"),
    path("me/forget/", own.forget, name="roster-forget"),
    path("", include((_team, "roster"))),
]
