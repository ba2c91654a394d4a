"""Teams' traps, each with one test."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from circlekeeper.areas.meetings.provider import EventKind, Evidence, Forged, Trouble, Unavailable, Wanted
from circlekeeper.areas.meetings.tests.contract import CANARY, GUEST, NOW
from circlekeeper.connectors.teams import client, notices, provider
from circlekeeper.connectors.teams.provider import Teams
from circlekeeper.connectors.teams.tests import fake
from circlekeeper.connectors.teams.tests.test_contract import ROOM, graph, session
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.tests.webserver import Said

__all__ = ["graph", "session"]
WAY = Teams()
MARK = notices.mark(fake.SECRET, ROOM)


def made(session):
    return replace(session, remote=WAY.apply(session, now=NOW))


def kept(graph):
    return next(iter(graph.meetings.values()))


def seen(session):
    return {(each.control, each.setting): each for each in WAY.verify(session, now=NOW)}


def hear(session, call, *, known=True):
    return WAY.handle_event(session.connected, call, find=lambda room: session if known else None, now=NOW)


def test_tec3_a_meeting_is_made_with_every_switch_and_no_level_loosens_recording(graph, session):
    made(replace(session, wanted=Wanted(recording_off=False, share_off=False, waiting_room=False, password=False)))
    assert (
        kept(graph)["recordAutomatically"],
        kept(graph)["allowRecording"],
        kept(graph)["allowTranscription"],
    ) == (
        False,
        False,
        False,
    )
    assert kept(graph)["lobbyBypassSettings"] == {"scope": "organizer", "isDialInBypassEnabled": False}
    assert kept(graph)["joinMeetingIdSettings"] == {"isPasscodeRequired": True}
    assert kept(graph)["subject"] == "Meeting"
    # A watermark would show each viewer's own e-mail address to whoever looks over their shoulder.
    assert kept(graph)["watermarkProtection"] == {"isEnabledForContentSharing": False, "isEnabledForVideo": False}


def test_tec3_set_again_it_is_the_same_meeting_and_one_that_is_gone_is_made_anew(graph, session):
    first = made(session)
    moved = replace(first, ends_at=first.ends_at + timedelta(hours=1), wanted=Wanted(private_chat_off=False))
    again = replace(moved, remote=WAY.apply(moved, now=NOW))
    assert again.remote == first.remote
    assert kept(graph)["endDateTime"] == "2026-11-23T20:00:00Z"
    assert kept(graph)["allowMeetingChat"] == "limited"
    assert len(graph.subscriptions) == 2
    graph.meetings.clear()
    anew = WAY.apply(again, now=NOW)
    assert anew["meeting"] != first.remote["meeting"]
    assert len(graph.subscriptions) == 2
    assert not set(graph.subscriptions) & set(notices.agreed(first))


@pytest.mark.parametrize("way", ["ignores", "lacks"])
def test_tec7_success_is_not_believed_and_what_an_answer_lacks_is_unknown(graph, session, way):
    """An older tenant has no ``allowRecording``; a licence may take a value and not keep it."""
    setattr(graph, way, ("allowRecording", "lobbyBypassSettings"))
    found = seen(made(session))
    read = found["recording-off", "allowRecording"], found["waiting-room-tested", "lobbyBypassSettings.scope"]
    assert not any(each.holds for each in read)
    assert [each.seen for each in read] == (["true", "organization"] if way == "ignores" else ["unknown"] * 2)


def test_tec6_an_empty_list_is_no_proof_and_a_full_one_is_bad_news(graph, session):
    """Of meetings that stand in nobody's calendar Graph may list nothing."""
    held = made(session)
    before = seen(held)
    for kind in notices.KINDS:
        assert (before["recording-off", kind].evidence, before["recording-off", kind].seen) == (
            Evidence.ATTESTED,
            "unknown",
        )
    assert before["phone-numbers-hidden", "audioConferencing"].seen == "unknown"
    graph.recordings[held.remote["meeting"]] = [CANARY]
    kept(graph)["audioConferencing"] = {"tollNumber": "+12525634478", "conferenceId": "2425999"}
    after = seen(held)
    for where in (("recording-off", "recordings"), ("phone-numbers-hidden", "audioConferencing")):
        assert (after[where].evidence, after[where].holds) == (Evidence.OBSERVED, False)
    assert not {CANARY, "2425999"} & set(repr(after).split("'"))


def test_tec7_what_nobody_can_read_is_never_said_to_hold(graph, session):
    found = seen(made(session))
    for where in (
        ("room-locked", "Lock meeting"),
        ("links-sent-privately", "joinWebUrl"),
        ("meeting-password", "joinWebUrl"),
        ("recording-off", "Copilot, Facilitator"),
    ):
        assert (found[where].evidence, found[where].holds) == (Evidence.ATTESTED, False)
    assert not any(each.evidence is Evidence.LOCKED for each in found.values())


def test_tec4_members_are_sent_to_teams_and_nowhere_else(graph, session):
    held = made(session)
    assert WAY.mint_link(held, GUEST, now=NOW) == kept(graph)["joinWebUrl"]
    graph.ignores = ("startDateTime",)
    for bad in (
        "https://teams.microsoft.com@evil.example/x",
        "http://teams.microsoft.com/x",
        "https://evil.example/",
        "https://[",
    ):
        kept(graph)["joinWebUrl"] = bad
        with pytest.raises(Unavailable) as failure:
            WAY.apply(held, now=NOW)
        assert failure.value.trouble is Trouble.HALF_DONE
        with pytest.raises(Unavailable):
            WAY.mint_link(replace(held, remote={"address": bad}), GUEST, now=NOW)
    with pytest.raises(Unavailable) as failure:
        WAY.mint_link(session, GUEST, now=NOW)
    assert failure.value.trouble is Trouble.GONE


def test_tec3_notices_are_agreed_validated_renewed_and_missed(graph, session):
    """Graph asks our address back while it is being told of it; after an hour it wants to be asked again."""
    graph.hook = lambda call: hear(session, call)
    held = made(session)
    assert {each["clientState"] for each in graph.subscriptions.values()} == {MARK}
    assert len(graph.subscriptions) == 2
    later = NOW + timedelta(days=3)
    graph.clock = later
    moved = replace(held, ends_at=later + timedelta(hours=1))
    assert {each.setting: each for each in WAY.verify(moved, now=later)}["subscriptions"].holds
    assert {each["expirationDateTime"] for each in graph.subscriptions.values()} == {"2026-11-27T06:50:00Z"}
    graph.subscriptions.popitem()
    found = {each.setting: each for each in WAY.verify(moved, now=later)}["subscriptions"]
    assert (found.evidence, found.seen, found.holds) == (Evidence.OBSERVED, "gone", False)
    WAY.apply(moved, now=later)
    assert len(graph.subscriptions) == 2


def test_tec3_a_meeting_far_off_asks_for_no_more_than_graph_gives(graph, session):
    far = replace(session, ends_at=NOW + timedelta(days=20))
    assert WAY.apply(far, now=NOW)["notices"].count(",") == 1


def test_tec2_without_the_permission_for_notices_a_meeting_stands_and_says_so(graph, session):
    graph.may_subscribe = False
    held = made(session)
    found = seen(held)["recording-off", "subscriptions"]
    assert (found.evidence, found.seen) == (Evidence.ATTESTED, "unknown")
    inside = replace(session, hook="http://localhost/hooks/c1/")
    graph.may_subscribe = True
    assert WAY.apply(inside, now=NOW)["notices"] == ""


def test_tec7_a_recording_is_told_at_once_and_lifecycle_notices_look_again(session):
    heard = hear(session, fake.notice(MARK))
    assert [(each.kind, each.room) for each in heard.events] == [(EventKind.RECORDING, ROOM)]
    assert heard.status == 202
    assert hear(session, fake.notice(MARK), known=False).events == ()
    for said in ("reauthorizationRequired", "subscriptionRemoved", "missed"):
        call = fake.notice(MARK, path="lifecycle", lifecycleEvent=said)
        assert [each.kind for each in hear(session, call).events] == [EventKind.CHANGED]


def test_tec7_a_call_without_our_mark_is_refused_whole(session):
    right = fake.notice(MARK)
    bad = (
        fake.notice(f"other.{MARK.partition('.')[2]}"),
        fake.notice(""),
        fake.notice("é.é"),
        fake.notice(MARK, tenantId="00000000-0000-0000-0000-000000000000"),
        replace(right, body=b'{"value": []}'),
        replace(right, body=b'{"value": [1]}'),
        replace(right, body=b"[]"),
        replace(right, body=b"\xff"),
        replace(right, body=right.body.replace(b"]}", b', {"clientState": "x"}]}')),
        replace(right, method="GET"),
        replace(right, path="other"),
        replace(right, body=b"", query="validationToken=a%0d%0ab"),
        replace(right, body=b"", query="validationToken=" + "a" * 2000),
    )
    for call in bad:
        with pytest.raises(Forged):
            hear(session, call)
    with pytest.raises(Forged):
        hear(replace(session, connected={}), right)


def test_tec3_purge_counts_first_deletes_and_asks_again(graph, session):
    assert WAY.purge(session, now=NOW) == []
    held = made(session)
    graph.transcripts[held.remote["meeting"]] = ["t1"]
    graph.stuck = True
    told = {each.setting: each for each in WAY.purge(held, now=NOW)}
    assert (told["onlineMeeting"].seen, told["transcripts"].seen, told["transcripts"].holds) == (
        "there",
        "there",
        False,
    )
    assert graph.subscriptions == {}
    graph.stuck = False
    assert {each.setting: each.seen for each in WAY.purge(held, now=NOW)}["onlineMeeting"] == "gone"


def test_connecting_needs_the_access_policy_and_makes_no_meeting(graph, session):
    assert WAY.check_connection(session.connected, now=NOW) == []
    assert graph.made == 0
    graph.policy = False
    with pytest.raises(Unavailable) as failure:
        WAY.check_connection(session.connected, now=NOW)
    assert failure.value.trouble is Trouble.NOT_ALLOWED
    assert CANARY not in repr(failure.value)
    for name, value in (
        ("tenant", "../common"),
        ("app", ""),
        ("organizer", "ada.organizer"),
        ("secret", "short"),
    ):
        with pytest.raises(Refused) as refusal:
            WAY.check_connection({**session.connected, name: value}, now=NOW)
        assert refusal.value.field == name
    for wrong in ({"app": fake.TENANT}, {"secret": ""}):  # an unknown app is answered with 400
        with pytest.raises(Unavailable) as failure:
            WAY.apply(replace(session, connected={**session.connected, **wrong}), now=NOW)
        assert failure.value.trouble is Trouble.NOT_ALLOWED


def test_a_service_that_does_not_answer_in_time_is_told_apart(graph, session, monkeypatch):
    monkeypatch.setattr(outgoing, "TIMEOUT", 0.05)
    graph.spoiled = Said(after=5)
    with pytest.raises(Unavailable) as failure:
        WAY.apply(session, now=NOW)
    assert failure.value.trouble is Trouble.TIMEOUT


def test_the_apps_secret_goes_to_microsoft_alone():
    assert (client.LOGIN, client.GRAPH) == ("https://login.microsoftonline.com", "https://graph.microsoft.com")
    assert [each.name for each in WAY.settings] == list(client.NEEDED)


def test_tec3_teams_create_verify_drift_end_purge(graph, session):
    """The README's table is what these steps really gave."""
    held = made(session)
    told = {"verify": WAY.verify(held, now=NOW)}
    kept(graph)["allowRecording"] = True
    graph.recordings[held.remote["meeting"]] = ["r1"]
    later = [each for each in WAY.verify(held, now=NOW) if each.setting in ("allowRecording", "recordings")]
    told["drift"] = later
    WAY.end(held, now=NOW)
    told["purge"] = WAY.purge(held, now=NOW)
    lines = ["| step | control | setting | evidence | expected | seen | holds |", "|---|---|---|---|---|---|---|"]
    for step, proofs in told.items():
        for one in proofs:
            row = [
                step,
                one.control,
                one.setting,
                one.evidence,
                one.expected,
                one.seen,
                "yes" if one.holds else "no",
            ]
            lines.append(f"| {' | '.join(row)} |")
    readme = (Path(provider.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in readme, "\n" + "\n".join(lines)
