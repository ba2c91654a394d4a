"""Rows of the guide that no single room can answer for."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.db import models
from django.urls import get_resolver

import circlekeeper
from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.agreements.errors import NotSigned
from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.meetings import provider
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock, lifecycle, playbook
from circlekeeper.foundation.accounts.tests import factories
from tests.access.test_matrix import ALL, _address
from tests.access.world import make
from tests.journeys import story

HOUSE = Path(circlekeeper.__file__).parent


def _professional_group() -> str:
    leader = factories.person("ada")
    made = groups.create_group(
        by=leader.id,
        public_name="Monday room",
        purpose="illness",
        time_zone="Europe/London",
        level="professional",
        overlays=[],
        playbook_version=playbook.book().version,
        now=clock.now(),
    )
    return made.id


@pytest.mark.django_db(databases=["default", "shred"])
def test_pro1_a_chosen_name_does_not_sign_at_the_professional_level():
    group_id = _professional_group()

    with pytest.raises(NotSigned, match="legal name"):
        agreements.prepare_signature(
            group_id=group_id, sha256="0" * 64, now=clock.now(), name="Wren", alias="Wren"
        )


@pytest.mark.django_db(databases=["default", "shred"])
def test_pro1_a_professional_group_stays_closed_until_its_adviser_has_answered():
    group_id = _professional_group()

    blocking = {each.control for each in safeguards.gate(group_id, "open", clock.now()) if each.blocking}

    assert "retention-set" in blocking
    assert "roster" in safeguards.unset_periods(group_id)


def test_pro1_nothing_we_show_claims_to_be_compliant():
    shown = [path for ending in ("html", "toml", "md", "typ") for path in HOUSE.rglob(f"*.{ending}")]
    claims = re.compile(r"hipaa[- ]compliant|gdpr[- ]compliant|fully compliant|certified", re.IGNORECASE)

    assert len(shown) > 100
    assert [path.name for path in shown if claims.search(path.read_text())] == []


def test_dat2_no_page_gives_a_list_of_people_away_as_a_file():
    """Exports are off: the only files with anything of a person are that person's own, on their own page."""
    files = [path for path, _view, _names in ALL if re.search(r"\.(csv|json|xlsx|html|pdf)$", path)]
    own = [path for path in files if path.startswith("me/")]
    public = [path for path in files if path.startswith("g/")]

    assert (
        sorted(set(files) - set(own) - set(public))
        == [
            "groups/<str:group_id>/agreements/copies/<str:member_id>/copy.pdf",  # one promise, for a reason, logged (CNF2)
            "groups/<str:group_id>/people/import/list.csv",
            "groups/<str:group_id>/safety/readiness/<str:statement_id>/readiness.pdf",  # counts only (WHY4)
        ]
    )


@pytest.mark.django_db(databases=["default", "shred"])
def test_dat2_the_one_file_of_the_team_holds_nobody():
    there = make()

    file = there.browsers["leader"].get(_address("groups/<str:group_id>/people/import/list.csv", there.named))

    assert file.status_code == 200
    assert "Wren" not in file.content.decode()
    assert "Northtown" not in file.content.decode()


# What each way into a meeting is given to keep secret. A provider that asks for more has to change its own row.
SECRETS = {
    "outside-link": [],
    "number": [],
    "webex": ["secret", "refresh"],  # of a service app with the scopes its README names
    "zoom": ["secret", "webhook"],  # of an app with the scopes its README names; what signs Zoom's calls to us
    "jitsi": [
        "app_secret",
        "reservation_token",
    ],  # signs passes; shows who asks us: neither opens anything on the server
    "phone": ["auth_token"],  # the account's one token signs what its service sends us; a lesser key does not
    "bigbluebutton": ["secret"],  # the server has one for everything; there is none that may do less
    "meet": ["client_secret", "refresh_token"],  # may only look (meetings.space.readonly); none of it is needed
    "slack": ["token"],  # one that may do more than look at closed channels is refused; it is not needed
    "discord": [
        "token"
    ],  # Discord has no key that only looks; what the bot may do is read and told; it is not needed
    "livekit": ["secret"],  # signs passes and asks; a key may be made for one group alone
    "teams": ["secret"],  # of an app that may act for the one account its access policy names
}


def test_dat4_no_connected_service_is_given_a_key_or_a_scope_beyond_its_row():
    asked = {each.name: [one.name for one in each.settings if one.secret] for each in provider.providers()}

    assert asked == {name: SECRETS[name] for name in asked}
    granted = [
        name for each in provider.providers() for name in vars(each) if re.search(r"token|secret|key|scope", name)
    ]
    assert granted == []


def test_dat4_no_table_holds_a_secret_in_clear():
    telling = re.compile(r"(token|secret|password|passphrase|apikey|api_key)$")
    clear = [
        f"{model._meta.label}.{field.name}"
        for model in lifecycle.declared()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and telling.search(field.name)
    ]

    # The stored half of a passphrase: a verifier made by Argon2id (accounts/hasher.py), which opens nothing.
    assert clear == ["accounts.Person.password"]


@pytest.mark.django_db(databases=["default", "shred"])
def test_con4_the_norms_are_read_aloud_and_stand_in_the_waiting_room():
    _ada, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    _ben, cohost = story.second_holder(leader, group_id, "ben")
    meeting_id = story.plan(leader, group_id)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    key = story.apply(group_id, "Wren")
    story.decide(group_id, leader, cohost)
    cockpit = f"/groups/{group_id}/meetings/{meeting_id}/"
    story.prepare(meeting_id, group_id, None, leader, cohost)
    leader.send(cockpit, do="open")
    assert "Read this aloud first" in leader.see(cockpit)

    leader.send(cockpit, do="card")

    assert "Read this aloud first" not in leader.see(cockpit)
    member = story.own_page(key)
    door = member.send(f"/me/door/{meeting_id}/")
    assert "What we all keep to" in member.see(door)


def test_the_addresses_were_walked():
    assert len(ALL) == sum(1 for _ in _leaves(get_resolver().url_patterns))


def _leaves(patterns: Sequence[object]) -> list[object]:
    return [
        leaf
        for each in patterns
        for leaf in (_leaves(each.url_patterns) if hasattr(each, "url_patterns") else [each])
    ]
