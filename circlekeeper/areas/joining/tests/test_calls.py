"""Times for a call, notes that die with the decision, and files that are never taken (REG7, FAQ4)."""

import importlib
import pkgutil
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

import circlekeeper
from circlekeeper.areas.joining import actions, queries, rules
from circlekeeper.areas.joining.models import CallSlot, WorkingNote
from circlekeeper.areas.joining.tests.factories import NOW, Circle, Visitor, applicant, circle
from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.shred.models import Secret

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 11, 24)


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def offer(found: Circle, day: date = TUESDAY, at: time = time(18, 30)) -> str:
    return actions.offer_call(by=found.leader.id, group_id=found.id, day=day, at=at, now=NOW)


def test_reg7_a_time_the_clocks_skip_is_none_and_one_that_comes_twice_is_the_first():
    assert rules.local_moment(date(2027, 3, 28), time(2, 30), BERLIN) is None
    twice = rules.local_moment(date(2026, 10, 25), time(2, 30), BERLIN)
    assert twice is not None
    assert twice.isoformat() == "2026-10-25T00:30:00+00:00"
    for day, hour in (
        (date(2027, 3, 27), 17),
        (date(2027, 3, 28), 16),
        (date(2027, 10, 30), 16),
        (date(2027, 10, 31), 17),
    ):
        found = rules.local_moment(day, time(18), BERLIN)
        assert found is not None
        assert found.hour == hour


@pytest.mark.django_db(databases=["default", "shred"])
def test_reg7_offered_times_stay_as_the_clock_shows_them_across_both_changes():
    found = circle(level="high")
    for day in (date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 31)):
        offer(found, day, time(18))
    assert [each.words for each in queries.slots(found.id, NOW)] == [
        "Saturday 27 March 2027, 18:00 (CET)",
        "Sunday 28 March 2027, 18:00 (CEST)",
        "Sunday 31 October 2027, 18:00 (CET)",
    ]
    with pytest.raises(Refused, match="clocks go forward"):
        offer(found, date(2027, 3, 28), time(2, 30))
    with pytest.raises(Refused, match="past"):
        offer(found, date(2026, 11, 23), time(9))
    with pytest.raises(Refused, match="already"):
        offer(found, date(2027, 3, 27), time(18))


@pytest.mark.django_db(databases=["default", "shred"])
def test_reg7_an_applicant_chooses_a_time_on_their_own_page_without_an_account(as_host, as_owner):
    found = circle(level="high")
    host, page = as_host(found.leader), f"/groups/{found.id}/joining/calls/"
    for at in ("18:30", "19:30"):
        assert host.post(page, {"day": "2026-11-24", "at": at}).status_code == 302
    assert host.post(page, {"day": "2026-11-24", "at": "19:30"}).status_code == 422
    visitor = Visitor(found.id).to_agree().finish()
    owner = as_owner(visitor.key)
    assert "Choose a time" in text(owner.get("/me/"))
    first, second = queries.slots(found.id, NOW)
    assert "Choose a time." in text(owner.post("/me/call/", {}))
    assert owner.post("/me/call/", {"slot": first.id}).headers["Location"] == "/me/"
    assert "Tuesday 24 November 2026, 18:30 (CET)" in text(owner.get("/me/"))

    (waiting,) = queries.waiting(found.id)
    assert "They chose: Tuesday 24 November 2026, 18:30" in text(
        host.get(f"/groups/{found.id}/joining/{waiting.id}/")
    )
    assert "Wren" in text(host.get(page))
    other = as_owner(Visitor(found.id).to_agree(alias="Robin").finish().key)
    gone = other.post("/me/call/", {"slot": first.id})
    assert gone.status_code == 422
    assert "This time is gone" in text(gone)
    assert other.post("/me/call/", {"slot": second.id}).status_code == 302
    assert owner.post("/me/call/", {"do": "free"}).status_code == 302
    assert other.post("/me/call/", {"slot": first.id}).status_code == 302
    assert [bool(each.member_id) for each in queries.slots(found.id, NOW)] == [True, False]
    assert host.post(page, {"take-back": first.id}).status_code == 302
    assert host.post(page, {"take-back": first.id}).status_code == 404
    assert "Choose a time" in text(other.get("/me/"))


@pytest.mark.django_db(databases=["default", "shred"])
def test_reg7_two_who_want_one_time_get_one_each():
    found = circle(level="high")
    wren, robin, slot = applicant(found, "Wren"), applicant(found, "Robin"), offer(found)
    actions.choose_call(by=wren.member_id, group_id=found.id, slot_id=slot, now=NOW)
    with pytest.raises(Refused, match="gone"):
        actions.choose_call(by=robin.member_id, group_id=found.id, slot_id=slot, now=NOW)
    with pytest.raises(Refused, match="gone"):
        other = circle(level="high")
        actions.choose_call(by=robin.member_id, group_id=found.id, slot_id=offer(other), now=NOW)


@pytest.mark.django_db(databases=["default", "shred"])
def test_reg7_a_group_without_calls_offers_none_and_the_decision_frees_the_time(as_owner):
    low = circle(level="low")
    slot = offer(low)
    owner = as_owner(Visitor(low.id).to_agree().finish().key)
    assert owner.get("/me/call/").status_code == 404
    (waiting,) = queries.waiting(low.id)
    with pytest.raises(NotHere):
        actions.choose_call(by=waiting.member_id, group_id=low.id, slot_id=slot, now=NOW)

    high = circle(level="high")
    waiting = applicant(high)
    actions.choose_call(by=waiting.member_id, group_id=high.id, slot_id=offer(high), now=NOW)
    _no(high, waiting.id)
    assert CallSlot.objects.filter(group_id=high.id).count() == 0


def _no(found: Circle, application_id: str, now: datetime = NOW) -> None:
    actions.vote(
        by=found.leader.id,
        ring=found.leader.ring,
        group_id=found.id,
        application_id=application_id,
        yes=False,
        reason="full",
        now=now,
    )


def write(found: Circle, application_id: str, words: str) -> None:
    actions.write_note(by=found.leader.id, group_id=found.id, application_id=application_id, words=words, now=NOW)


@pytest.mark.django_db(databases=["default", "shred"])
def test_reg7_notes_are_sealed_and_their_keys_are_gone_after_the_decision(as_host):
    found = circle(level="medium")
    waiting = applicant(found)
    host, page = as_host(found.leader), f"/groups/{found.id}/joining/{waiting.id}/notes/"
    assert host.post(page, {"words": "canary-note"}).status_code == 302
    assert "canary-note" in host.get(page).content.decode()
    assert "joining.note.open" in {leaf.verb for leaf in ledger.queries.entries_about(waiting.id)}
    row = WorkingNote.objects.get()
    assert b"canary" not in bytes(row.blob) + bytes(row.wrap)
    write(found, waiting.id, "another canary")
    again = WorkingNote.objects.get()
    assert not Secret.objects.filter(pk=row.secret_id).exists()

    _no(found, waiting.id)
    assert WorkingNote.objects.count() == 0
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(again.secret_id)
    assert host.get(page).status_code == 404


@pytest.mark.django_db(databases=["default", "shred"])
@pytest.mark.parametrize("how", [{"level": "high"}, {"level": "medium", "overlays": ("survivors",)}])
def test_reg7_hi1_at_high_there_is_no_field_for_notes_at_all(as_host, how):
    found = circle(**how)
    waiting = applicant(found)
    host, page = as_host(found.leader), f"/groups/{found.id}/joining/{waiting.id}/"
    assert host.get(page + "notes/").status_code == 404
    assert host.post(page + "notes/", {"words": "canary"}).status_code == 404
    assert "textarea" not in host.get(page).content.decode()
    host.post(page, {"do": "call-yes", "words": "canary", "note": "canary"})
    with pytest.raises(Refused, match="no notes"):
        write(found, waiting.id, "canary")
    assert WorkingNote.objects.count() == 0


@pytest.mark.django_db(databases=["default", "shred"])
def test_reg7_notes_go_with_whoever_leaves_before_the_answer():
    found = circle(level="medium")
    waiting = applicant(found)
    write(found, waiting.id, "canary")
    secret_id = WorkingNote.objects.get().secret_id
    actions.drop_application(
        by="system", group_id=found.id, member_id=waiting.member_id, now=NOW + timedelta(days=1)
    )
    assert WorkingNote.objects.count() == 0
    assert not Secret.objects.filter(pk=secret_id).exists()


def _modules() -> list[str]:
    found = pkgutil.walk_packages(circlekeeper.__path__, "circlekeeper.")
    return [
        each.name for each in found if re.search(r"\.(forms|pages)(\.|$)", each.name) and ".tests" not in each.name
    ]


def _subclasses(cls: Any) -> set[Any]:
    return {cls} | {each for child in cls.__subclasses__() for each in _subclasses(child)}


def test_faq4_no_form_takes_a_file_but_the_leaders_list_the_check_of_a_copy_and_sound_that_all_allowed():
    for name in _modules():
        importlib.import_module(name)
    ours = [each for each in _subclasses(forms.BaseForm) if each.__module__.startswith("circlekeeper.")]
    assert len(ours) > 30
    takes = {
        each.__name__
        for each in ours
        for field in getattr(each, "base_fields", {}).values()
        if isinstance(field, forms.FileField) or isinstance(field.widget, forms.FileInput)
    }
    assert takes == {"CheckForm", "ListForm", "SoundForm"}
    templates = Path(circlekeeper.__file__).parent.rglob("*.html")
    assert [path.name for path in templates if re.search(r"type=.?file", path.read_text())] == []


def test_faq4_three_pages_alone_take_a_file():
    def views(patterns):
        for each in patterns:
            if hasattr(each, "url_patterns"):
                yield from views(each.url_patterns)
            else:
                yield str(each.pattern), each.callback

    taking = [path for path, view in views(get_resolver().url_patterns) if view.page_rule.files]
    kept = "groups/<str:group_id>/meetings/<str:meeting_id>/keep/"
    assert sorted(taking) == ["check-copy/", kept, "groups/<str:group_id>/people/import/"]


@pytest.mark.django_db(databases=["default", "shred"])
def test_faq4_a_picture_posted_to_vetting_is_refused_and_not_stored(as_host, as_owner, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = circle(level="high")
    offer(found)
    visitor = Visitor(found.id).to_agree().finish()
    (waiting,) = queries.waiting(found.id)
    host, owner = as_host(found.leader), as_owner(visitor.key)
    team = f"/groups/{found.id}/joining/"
    for browser, path in (
        (host, f"{team}{waiting.id}/"),
        (host, team + "calls/"),
        (host, team + "way/"),
        (owner, "/me/call/"),
        (owner, "/me/code/"),
    ):
        passport = SimpleUploadedFile("passport.png", b"\x89PNG" + b"x" * 3_000_000, content_type="image/png")
        answer = browser.post(path, {"do": "call-yes", "passport": passport})
        assert answer.status_code == 409
        assert "We never take pictures" in text(answer)
    assert list(tmp_path.iterdir()) == []
    (waiting,) = queries.waiting(found.id)
    assert waiting.call == ""
