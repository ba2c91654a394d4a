import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import actions, queries
from circlekeeper.areas.safeguards.tests.factories import (
    ALICE,
    BOB,
    NOW,
    PRIYA,
    ROLES,
    all_met,
    attest_everything,
    connected,
    group,
)
from circlekeeper.foundation import clock, guard, playbook
from circlekeeper.foundation.accounts import who
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import userkeys

pytestmark = [pytest.mark.django_db, pytest.mark.urls("circlekeeper.areas.safeguards.tests.addresses")]

As = Callable[..., Client]


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch, client: Client) -> Iterator[As]:
    """Sign somebody in with a role in a group (their role of the factories by default)."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def sign_in(person: str, group_id: str = "", role: RoleName | None = None) -> Client:
        roles = {group_id: frozenset({role or ROLES[person]})} if group_id else {}

        def of(request: Any) -> who.Who:
            return who.Who(
                kind="person",
                id=person,
                has_factor=True,
                proved_at=NOW,
                find_roles=lambda: roles,
                find_ring=object,  # type: ignore[arg-type]
            )

        monkeypatch.setattr(who, "of", of)
        return client

    with connected(all_met()):
        yield sign_in


def _text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_says_what_is_wrong_why_what_to_press_and_how_long(signed_in: As) -> None:
    made = group(level="high")
    attest_everything(made, leave_out=["emergency-plan"])
    shown = _text(signed_in(ALICE, made).get(f"/groups/{made}/safety/"))
    control = playbook.book().controls["emergency-plan"]
    assert "1 blocking, 0 to do, 0 stale" in shown
    for part in (control.title, control.why, control.do, "Nobody has confirmed this yet.", "about 30 minutes"):
        assert part in shown.replace("&#x27;", "'").replace("&quot;", '"')
    assert "Next" in shown
    assert "%" not in shown


def test_the_title_says_nothing_of_the_group(signed_in: As) -> None:
    made = group(level="high", overlays=["survivors"])
    client = signed_in(ALICE, made)
    for path in ("", "level/", "periods/", "confirm/", "exceptions/", "about/legal-review/", "level/change/"):
        response = client.get(f"/groups/{made}/safety/{path}")
        assert response.status_code == 200, path
        title = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
        assert title is not None
        assert title.group(1).strip() in {"Safety", "Level", "Retention", "Confirm", "Exceptions"}


def test_someone_elses_group_is_not_there(signed_in: As) -> None:
    made, other = group(), group()
    assert signed_in(ALICE, made).get(f"/groups/{other}/safety/").status_code == 404


def test_a_word_needs_the_tick_and_the_way_of_knowing(signed_in: As) -> None:
    made = group(level="high")
    client, path = signed_in(ALICE, made), f"/groups/{made}/safety/about/legal-review/confirm/"
    assert client.post(path, {"proof": "adviser"}).status_code == 422
    assert client.post(path, {"sure": "on", "proof": "seen"}).status_code == 422
    assert client.post(path, {"sure": "on", "proof": "adviser"}).status_code == 302
    (word,) = queries.attestations(made)
    assert (word.control, word.attested_by, word.expires_at) == ("legal-review", ALICE, NOW.replace(year=2027))


def test_a_facilitator_sees_but_does_not_confirm(signed_in: As) -> None:
    made = group(level="high")
    client = signed_in(BOB, made)
    assert client.get(f"/groups/{made}/safety/about/legal-review/").status_code == 200
    assert client.post(f"/groups/{made}/safety/about/legal-review/confirm/", {"sure": "on"}).status_code == 404


def test_several_words_in_one_go_and_the_rest_stays_unsaid(signed_in: As) -> None:
    made = group(level="high")
    given = {"legal-review/word": "adviser", "drill-held/word": "tested", "emergency-plan/word": ""}
    assert signed_in(ALICE, made).post(f"/groups/{made}/safety/confirm/", given).status_code == 302
    assert {word.control for word in queries.attestations(made)} == {"legal-review", "drill-held"}


def test_a_word_is_taken_back(signed_in: As) -> None:
    made = group(level="high")
    actions.attest(by=ALICE, group_id=made, control="legal-review", check="word", proof="adviser", now=NOW)
    signed_in(ALICE, made).post(f"/groups/{made}/safety/about/legal-review/take-back/")
    assert queries.attestations(made)[0].withdrawn_at == NOW


def test_opening_is_refused_with_the_list_and_then_works(signed_in: As) -> None:
    made = group(level="low")
    attest_everything(made, leave_out=["meeting-password"])
    client, path = signed_in(ALICE, made), f"/groups/{made}/safety/open/"
    refused = client.post(path)
    assert refused.status_code == 409
    assert "asks for a password" in _text(refused)
    actions.attest(by=ALICE, group_id=made, control="meeting-password", check="word", proof="tested", now=NOW)
    assert "You can open the group" in _text(client.get(f"/groups/{made}/safety/"))
    assert client.post(path).status_code == 302
    assert groups.group(made).is_open


def test_tec9_two_people_set_a_control_aside(signed_in: As) -> None:
    made = group(level="high")
    day = (NOW + timedelta(days=20)).date().isoformat()
    path = f"/groups/{made}/safety/about/drill-held/set-aside/"
    assert signed_in(ALICE, made).post(path, {"reason": "being-fixed", "until": "2028-01-01"}).status_code == 422
    assert signed_in(ALICE, made).post(path, {"reason": "being-fixed", "until": day}).status_code == 302
    (waiver,) = queries.open_waivers(made)
    agree = f"/groups/{made}/safety/exceptions/{waiver.id}/"
    assert signed_in(ALICE, made).post(agree, {"do": "agree"}).status_code == 409
    assert signed_in(PRIYA, group()).post(agree, {"do": "agree"}).status_code == 404
    assert signed_in(PRIYA, made).post(agree, {"do": "agree"}).status_code == 302
    assert [shown.approved_by for shown in queries.waivers_shown(made, NOW)] == [PRIYA]
    assert "Agreed to by" in _text(signed_in(BOB, made).get(f"/groups/{made}/safety/exceptions/"))


def test_tec9_a_locked_control_is_refused_in_words(signed_in: As) -> None:
    made = group(level="high")
    response = signed_in(ALICE, made).post(
        f"/groups/{made}/safety/about/recording-off/set-aside/", {"reason": "adviser", "until": "2026-11-30"}
    )
    assert response.status_code == 403
    assert "keeps people safe" in _text(response)


def test_lvl0_a_lower_level_waits_and_a_second_person_agrees(signed_in: As) -> None:
    made = group(level="high", state="open")
    path = f"/groups/{made}/safety/level/"
    given = {"level": "medium", "reason": "members"}
    assert signed_in(ALICE, made).post(path + "change/", given).status_code == 302
    assert groups.group(made).level == "high"
    assert "waits for a second person" in _text(signed_in(PRIYA, made).get(path))
    assert signed_in(ALICE, made).post(path + "decide/", {"do": "agree"}).status_code == 409
    assert signed_in(PRIYA, made).post(path + "decide/", {"do": "agree"}).status_code == 302
    assert groups.group(made).level == "medium"


def test_ret4_an_advisers_answer_is_entered(signed_in: As) -> None:
    made = group(level="professional")
    client, path = signed_in(ALICE, made), f"/groups/{made}/safety/periods/"
    assert "Your adviser has to say how long" in _text(client.get(path))
    given = {"amount": "7", "unit": "Y", "answered_by": "adviser"}
    assert client.post(path + "roster/", given).status_code == 302
    assert str(queries.keep_for(made, "roster")) == "P7Y"


def test_the_set_up_makes_a_group_in_seven_steps(signed_in: As) -> None:
    client = signed_in(ALICE)
    _with_keys(ALICE)
    path = client.post("/new-group/").headers["Location"]
    draft_id = path.split("/")[2]
    assert client.get(f"/new-group/{draft_id}/5/").headers["Location"] == path
    for step in range(1, 8):
        at = f"/new-group/{draft_id}/{step}/"
        assert client.get(at).status_code == 200, step
        response = client.post(at, _answers(step))
        assert response.status_code == 302, (step, _text(response))
    group_id = response.headers["Location"].split("/")[2]
    facts = groups.group(group_id)
    assert (facts.level, facts.state) == ("high", "draft")
    assert {"survivors", "uk"} <= facts.overlays
    assert "minors" not in facts.overlays
    assert queries.drafts_of(ALICE) == []
    assert queries.level_history(group_id)[0].decided_by == ALICE


def test_the_set_up_suggests_with_reasons_and_never_less(signed_in: As) -> None:
    client = signed_in(ALICE)
    _with_keys(ALICE)
    draft_id = client.post("/new-group/").headers["Location"].split("/")[2]
    for step in range(1, 5):
        client.post(f"/new-group/{draft_id}/{step}/", _answers(step))
    shown = _text(client.get(f"/new-group/{draft_id}/5/"))
    assert "Your answers lead to: High" in shown
    assert "Being found here could put someone in danger." in shown
    assert "You are spared" in shown
    assert client.post(f"/new-group/{draft_id}/5/", {"level": "low"}).status_code == 422


def test_why3_dont_know_counts_as_yes_in_the_set_up(signed_in: As) -> None:
    client = signed_in(ALICE)
    _with_keys(ALICE)
    draft_id = client.post("/new-group/").headers["Location"].split("/")[2]
    for step in range(1, 5):
        answers = {name: "dont-know" if name == "funded" else value for name, value in _answers(step).items()}
        client.post(f"/new-group/{draft_id}/{step}/", answers)
    client.post(f"/new-group/{draft_id}/5/", {"level": "high"})
    client.post(f"/new-group/{draft_id}/6/")
    assert "Public money for survivor services" in _text(client.get(f"/new-group/{draft_id}/7/"))


def test_nobody_elses_draft_is_there(signed_in: As) -> None:
    client = signed_in(ALICE)
    path = client.post("/new-group/").headers["Location"]
    assert client.get(path).status_code == 200
    assert signed_in(BOB).get(path).status_code == 404


def _with_keys(person: str) -> None:
    with guard.outside_action("test data"):
        Person.objects.create(pk=person, handle=person, joined_at=NOW)
        userkeys.make_person_keys(person_id=person, kek=bytes(32), now=NOW)


def _answers(step: int) -> dict[str, str]:
    if step == 1:
        return {
            "public_name": "Thursday circle",
            "about": "",
            "purpose": "survivors",
            "time_zone": "Europe/London",
        }
    if step == 5:
        return {"level": "high"}
    kinds = {2: "people", 3: "place", 4: "way"}
    yes = {"found", "survivors", "uk"}
    return {
        question.id: "yes" if question.id in yes else "no"
        for question in playbook.book().interview.question
        if question.step == kinds.get(step)
    }
