"""What is kept of a meeting: heard or read by those named, until its day, and by nobody after it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from circlekeeper.areas.ballots import actions, pieces, rules
from circlekeeper.areas.ballots.models import Keepsake, Piece
from circlekeeper.areas.meetings.tests.conftest import as_host, as_member, at
from circlekeeper.areas.meetings.tests.factories import NOW, Circle, doors_open
from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.vault import shredstore

__all__ = ["as_host", "as_member", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])
SOUND = b"OggS" + bytes(range(256)) * 1200  # a little more than one piece
PLAYER = {"Sec-Fetch-Dest": "audio"}


def allowed(found: Circle) -> None:
    """As a ballot leaves it in the log when everybody said yes."""
    ledger.append_alone(by="system", about=found.meeting_id, at=NOW, verb="ballots.recording.allowed")


def hand_in(found: Circle, **more: object) -> str:
    said: dict[str, object] = {"content": SOUND, "viewers": [found.second.id], "only_yes": True}
    return actions.keep_sound(by=found.leader.id, now=NOW, **found.here, **(said | more))  # type: ignore[arg-type]


def test_faq1b_a_recording_is_heard_by_those_named_and_never_handed_out(as_host, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = doors_open("Wren")
    with pytest.raises(Refused, match="Not everyone said yes"):
        hand_in(found)
    allowed(found)
    with pytest.raises(Refused, match="over 10 MB"):
        hand_in(found, content=b"OggS" + bytes(actions.LARGEST))
    with pytest.raises(Refused, match="Nobody may be heard"):
        hand_in(found, only_yes=False)
    leader, second = as_host(found.leader), as_host(found.second)
    sent = {
        "do": "sound",
        "viewers": found.second.id,
        "only_yes": "on",
        "file": SimpleUploadedFile("a.ogg", SOUND),
    }
    kept = leader.post(f"/groups/{found.id}/meetings/{found.meeting_id}/keep/", sent).headers["Location"]

    shown = second.get(kept).content.decode()
    assert "nodownload" in shown
    assert "second device" in shown
    assert "not among the people" in leader.get(kept).content.decode()
    first = second.get(kept + "sound/", headers={**PLAYER, "Range": "bytes=0-"})
    assert (first.status_code, first.content) == (206, SOUND)
    middle = second.get(kept + "sound/", headers={**PLAYER, "Range": f"bytes={pieces.SIZE - 2}-{pieces.SIZE + 1}"})
    assert middle.content == SOUND[pieces.SIZE - 2 : pieces.SIZE + 2]
    assert second.get(kept + "sound/").status_code == 409, "it is not handed out as a file"
    assert (
        second.get(kept + "sound/", headers={"Sec-Fetch-Dest": "document", "Range": "bytes=0-"}).status_code == 409
    )
    assert leader.get(kept + "sound/", headers={**PLAYER, "Range": "bytes=0-"}).status_code == 409

    looks = [(each.verb, each.by) for each in log.entries_about(Keepsake.objects.get().pk)]
    assert looks.count(("ballots.keepsake.open", found.second.id)) == 2
    assert ("ballots.keepsake.open.denied", found.leader.id) in looks
    assert not any(SOUND[4:40] in bytes(each.sealed) for each in Piece.objects.all())
    assert list(Path(tmp_path).iterdir()) == []


def test_faq1b_a_recording_is_destroyed_when_somebody_takes_their_yes_back(as_host):
    found = doors_open("Wren")
    allowed(found)
    keepsake_id, secret = hand_in(found), Keepsake.objects.get().secret_id
    assert as_host(found.leader).post(f"/groups/{found.id}/kept/{keepsake_id}/").status_code == 302
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(secret)


def test_faq1b_nothing_is_handed_in_at_high():
    found = doors_open("Wren", level="high")
    allowed(found)
    with pytest.raises(Refused, match="nothing is ever recorded"):
        hand_in(found)


def test_faq1b_a_summary_names_nobody_and_members_read_it(as_host, as_member):
    found = doors_open("Wren", "Robin")
    host, wren = as_host(found.leader), as_member(found, "Wren")
    page = f"/groups/{found.id}/meetings/{found.meeting_id}/keep/"

    def kept(words: str, **more: str) -> tuple[int, str]:
        response = host.post(page, {"do": "summary", "words": words, "agreed": "on", **more})
        return response.status_code, response.content.decode()

    status, shown = kept("We spoke about sleep. wren said it helps to walk.", no_names="on")
    assert (status, "This names somebody: wren" in shown) == (422, True), "a member's name is never let through"
    status, shown = kept("We spoke about sleep, and how Peter walks.")
    assert (status, "Is one of these a name? Peter" in shown) == (422, True)
    status, shown = kept("We spoke about sleep, and about walks by the Danube.", no_names="on")
    assert status == 302

    assert "What was said, in short" in wren.get("/me/").content.decode()
    keepsake_id = Keepsake.objects.get().pk
    assert "walks by the Danube" in wren.get(f"/me/said/{keepsake_id}/").content.decode()
    assert not any(b"Danube" in bytes(each.sealed) for each in Piece.objects.all())
    assert log.entries_about(keepsake_id)[0].verb == "ballots.summary.read"
    other = doors_open("Finch")
    assert as_member(other, "Finch").get(f"/me/said/{keepsake_id}/").status_code == 404


def test_faq1b_names_are_found_in_whatever_shape():
    found = rules.names_in(
        "MARIE's sister came. On Monday I saw Ben-Luca, and I’m glad.", names=["Marie Lou", "Finch"]
    )
    assert found.known == ("MARIE",)
    assert found.perhaps == ("Ben-Luca",)
    assert rules.names_in("Then marie lou spoke.", names=["Marie Lou"]).known == ("Marie Lou", "marie", "lou")
