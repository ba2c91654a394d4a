"""The words that leave the house, held by golden files, and their previews held to the words."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from pytest_django import Settings

from circlekeeper.foundation.post import catalogue, outbox, preview
from circlekeeper.foundation.post.contact import CHANNELS
from circlekeeper.foundation.post.tests.conftest import NOW, Sink
from circlekeeper.foundation.post.tests.factories import queue

GOLDEN = Path(__file__).parent / "golden"
MESSAGES = {
    "mail": catalogue.mail,
    "text": catalogue.text,
    "voicemail": catalogue.voicemail,
    "someone-else": catalogue.someone_else_answered,
    "post": catalogue.post,
}
# Words that would tell a housemate, an employer or a mail provider what this is about.
TELLING = re.compile(
    r"\b(group|circle|meeting|session|support|survivor|violence|abuse|grief|bereave\w*|loss|death|recovery|sober|"
    r"addict\w*|cancer|illness|health|clinic\w*|therap\w*|counsel\w*|member|join\w*|confiden\w*|private|secret|"
    r"urgent|safe\w*|incident|remind\w*|facilitator|leader|help)\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def address(settings: Settings) -> None:
    """One public address, whatever this machine is called."""
    settings.PUBLIC_URL = "https://page.example.org"


@pytest.mark.parametrize("name", MESSAGES)
def test_why1_the_words_that_leave_are_these(name: str):
    said = MESSAGES[name]("en")

    assert f"{said.sender}\n{said.subject}\n{said.body}" == (GOLDEN / f"{name}.en.txt").read_text()


def test_why1_every_golden_file_is_a_message_of_the_catalogue():
    assert {path.name.split(".")[0] for path in GOLDEN.glob("*.txt")} == set(MESSAGES)


def test_why1_file_names_and_calendar_titles_are_these():
    assert dict(catalogue.FILES) == {
        "record": "page.html",
        "record-data": "page.json",
        "text": "page.pdf",
        "packet": "packet.pdf",
        "entry": "entry.ics",
        "entries": "calendar.ics",
    }
    assert catalogue.entry_title("en") == "Appointment"


def test_why1_no_word_of_a_message_tells_what_it_is_about(settings: Settings):
    for code, _name in settings.LANGUAGES:
        for message in MESSAGES.values():
            said = message(code)
            assert TELLING.search(" ".join((said.sender, said.subject, said.body))) is None
            assert not re.search(r"\d", said.subject + said.sender)
        assert TELLING.search(catalogue.entry_title(code)) is None


@pytest.mark.parametrize("host", ["https://a.org", "https://a.much.longer.address.example.org:8443"])
def test_why1_all_letters_have_one_length(settings: Settings, host: str):
    settings.PUBLIC_URL = host
    lengths = {len(catalogue.mail(code).body.encode()) for code, _name in settings.LANGUAGES}

    assert lengths == {catalogue.LENGTH_CLASS}
    assert len(catalogue.filled("ü" * 300).encode()) == 3 * catalogue.LENGTH_CLASS


@pytest.mark.django_db
def test_why1_the_preview_is_what_arrives_to_the_letter(sink: Sink):
    queue(by="system", now=NOW)
    outbox.send_due(NOW)
    _from, _to, arrived = sink.letters[0]
    body = str(arrived.get_payload()).replace("\r\n", "\n")
    shown = preview.of("mail")

    assert arrived["From"] == f"{shown.sender} <{shown.rows[0][1]}>"
    assert arrived["Subject"] == shown.subject
    assert body.strip() == shown.body
    assert (
        preview.first_words(body)
        == shown.first_words
        == "You have something to read. Open your page. https://page.example.org/me/"
    )


def test_why1_every_channel_can_be_looked_at_before_it_is_chosen():
    shown = preview.every()

    assert [each.channel for each in shown] == list(CHANNELS)
    for each in shown:
        page = render_to_string("post/preview.html", {"preview": each})
        said = [
            each.sender,
            each.subject,
            each.first_words,
            each.body.split("\n")[0],
            *(row[1] for row in each.rows),
        ]
        assert all(word in page for word in said)


def test_first_words_are_cut_at_a_word():
    cut = preview.first_words("word " * 40)

    assert len(cut) <= preview.FIRST_WORDS + 1
    assert cut.endswith("word…")
