"""Letters against a real mail server."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from circlekeeper.foundation import guard
from circlekeeper.foundation.post import mailer, outbox, sealing
from circlekeeper.foundation.post.contact import Says
from circlekeeper.foundation.post.models import Ended, Letter, LetterState
from circlekeeper.foundation.post.tests.conftest import NOW, Sink
from circlekeeper.foundation.post.tests.factories import MARA, REACH, at_times, call_back, queue, word

pytestmark = pytest.mark.django_db


def test_a_due_letter_arrives_once_and_its_recipient_is_destroyed(sink: Sink):
    letter_id = queue(by="system", now=NOW)

    first, second = outbox.send_due(NOW), outbox.send_due(NOW + timedelta(hours=1))

    assert (first.sent, second.sent) == (1, 0)
    assert [to for _, to, _ in sink.letters] == [[MARA]]
    kept = Letter.objects.get(pk=letter_id)
    assert (kept.state, kept.sealed_recipient, kept.sent_at) == (LetterState.SENT, None, NOW)


def test_why1_sender_subject_and_body_are_the_same_for_every_event(sink: Sink):
    for number in range(4):
        queue(by="system", now=NOW, address=f"person{number}@example.net", once=f"event-{number}")
    outbox.send_due(NOW)

    def seen(number: int) -> tuple[str, ...]:
        sender, _, message = sink.letters[number]
        heads = tuple(f"{name}: {value}" for name, value in message.items() if name not in _DIFFER)
        return (sender, *heads, str(message.get_payload()))

    assert len(sink.letters) == 4
    assert len({seen(number) for number in range(4)}) == 1


_DIFFER = {"To", "Date", "Message-ID"}


def test_each_letter_has_one_recipient(sink: Sink):
    queue(by="system", now=NOW, address="one@example.net")
    queue(by="system", now=NOW, address="two@example.net")
    outbox.send_due(NOW)

    assert sorted(to for _, to, _ in sink.letters) == [["one@example.net"], ["two@example.net"]]
    assert all("two@" not in str(message) for _, to, message in sink.letters if to == ["one@example.net"])


def test_the_envelope_names_the_public_host_and_not_this_machine(sink: Sink):
    queue(by="system", now=NOW)
    outbox.send_due(NOW)

    _, _, message = sink.letters[0]
    assert sink.greetings == ["page.example.org"]
    assert message["Message-ID"].endswith("@page.example.org>")
    assert message["Date"].endswith("-0000")
    assert message["From"] == "Notice <page@page.example.org>"


def test_a_greylisting_server_gets_it_later_and_once(sink: Sink):
    sink.at_recipient = ["450 4.2.0 come back later"]
    queue(by="system", now=NOW)

    assert outbox.send_due(NOW).put_off == 1
    assert outbox.send_due(NOW + timedelta(seconds=30)) == outbox.Round()
    assert outbox.send_due(NOW + timedelta(minutes=3)).sent == 1
    assert outbox.send_due(NOW + timedelta(minutes=9)).sent == 0
    assert len(sink.letters) == 1


def test_a_letter_put_off_at_the_end_is_tried_again(sink: Sink):
    sink.at_data = ["451 4.3.0 not now"]
    queue(by="system", now=NOW)

    assert outbox.send_due(NOW).put_off == 1
    assert outbox.send_due(NOW + timedelta(minutes=3)).sent == 1
    assert len(sink.letters) == 1


@pytest.mark.parametrize("answers", [{"at_recipient": ["550 5.1.1 unknown"]}, {"at_data": ["554 5.7.1 no"]}])
def test_a_refusal_for_good_drops_the_letter_and_its_recipient(sink: Sink, answers: dict[str, list[str]]):
    for name, said in answers.items():
        setattr(sink, name, list(said))
    letter_id = queue(by="system", now=NOW)

    assert outbox.send_due(NOW).dropped == 1
    assert outbox.send_due(NOW + timedelta(days=1)) == outbox.Round()
    assert Letter.objects.get(pk=letter_id).sealed_recipient is None


def test_one_refused_letter_does_not_hold_up_the_next(sink: Sink):
    sink.at_recipient = ["421 4.3.2 shutting down", "550 5.1.1 unknown"]
    for number in range(4):
        queue(by="system", now=NOW + timedelta(seconds=number - 9), address=f"p{number}@example.net")

    done = outbox.send_due(NOW)

    assert (done.put_off, done.dropped, done.sent) == (1, 1, 2)


def test_silence_after_the_words_were_given_is_never_sent_again(sink: Sink):
    sink.at_data = ["vanish"]
    letter_id = queue(by="system", now=NOW)

    assert outbox.send_due(NOW).unsure == 1
    assert outbox.send_due(NOW + timedelta(days=1)) == outbox.Round()
    assert len(sink.letters) == 1
    assert Letter.objects.get(pk=letter_id).state == LetterState.UNSURE
    assert outbox.backlog(NOW).unsure == 1


def test_a_server_that_hangs_up_before_the_words_gets_another_try(sink: Sink):
    sink.at_recipient = ["vanish"]
    queue(by="system", now=NOW)
    queue(by="system", now=NOW, address="next@example.net")

    done = outbox.send_due(NOW)

    assert (done.put_off, done.sent, done.unsure) == (1, 1, 0)
    assert outbox.send_due(NOW + timedelta(minutes=3)).sent == 1


def test_a_server_that_is_gone_for_a_day_costs_one_late_letter(sink: Sink, settings: Settings):
    queue(by="system", now=NOW)
    queue(by="system", now=NOW, address="other@example.net")
    settings.EMAIL_PORT = 1  # nobody listens there
    tries = 0
    for minute in range(0, 24 * 60, 7):
        done = outbox.send_due(NOW + timedelta(minutes=minute))
        assert (done.sent, done.unsure, done.dropped) == (0, 0, 0)
        tries += done.put_off
    settings.EMAIL_PORT = sink.port

    assert outbox.send_due(NOW + timedelta(hours=26)).sent == 2
    assert len(sink.letters) == 2
    assert tries < 70


def test_a_letter_that_has_become_useless_is_destroyed_unsent(sink: Sink):
    letter_id = queue(by="system", now=NOW, useless_at=NOW + timedelta(hours=1))

    assert outbox.send_due(NOW + timedelta(hours=1)).dropped == 1
    assert sink.letters == []
    assert Letter.objects.get(pk=letter_id).sealed_recipient is None


def test_safe_hours_hold_for_the_first_try_and_for_every_other(sink: Sink):
    sink.at_recipient = ["450 later"]
    letter_id = queue(by="system", now=NOW, contact=at_times("09:00", "12:01"))

    assert outbox.send_due(NOW).put_off == 1
    assert outbox.send_due(NOW + timedelta(hours=2)).put_off == 1
    assert Letter.objects.get(pk=letter_id).due_at == NOW.replace(hour=9) + timedelta(days=1)
    assert outbox.send_due(NOW + timedelta(hours=21, minutes=1)).sent == 1


def test_a_run_that_comes_late_waits_for_the_next_safe_hour(sink: Sink):
    queue(by="system", now=NOW, contact=at_times("09:00", "13:00"))

    assert outbox.send_due(NOW + timedelta(hours=3)).put_off == 1
    assert sink.letters == []


def test_one_occasion_gives_one_letter(sink: Sink):
    first = queue(by="system", now=NOW, once="meeting-1:member-1")
    again = queue(by="system", now=NOW, once="meeting-1:member-1", address="new@example.net")
    queue(by="system", now=NOW, once="meeting-2:member-1")
    outbox.send_due(NOW)
    after = queue(by="system", now=NOW, once="meeting-1:member-1")

    assert first == again == after
    assert len(sink.letters) == 2


def test_a_letter_can_be_called_back_until_it_is_sent(sink: Sink):
    queue(by="system", now=NOW, once="a")

    assert call_back(by="system", now=NOW, once="a") is True
    assert outbox.send_due(NOW) == outbox.Round()
    assert call_back(by="system", now=NOW, once="a") is False


def test_without_a_mail_server_letters_wait(settings: Settings):
    settings.EMAIL_URL = ""
    queue(by="system", now=NOW)

    assert outbox.send_due(NOW) == outbox.Round()
    standing = outbox.backlog(NOW + timedelta(hours=1))
    assert (standing.waiting, standing.oldest_due_at, standing.mail_is_set_up) == (1, NOW, False)


def test_a_letter_is_not_queued_outside_an_action():
    with pytest.raises(guard.UnguardedWrite):
        outbox.queue(reach_id=REACH, contact=word(), now=NOW)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b\nBcc: c@d.org",
        "a@example.net, b@example.net",
        "a@x.org,b@x.org",
        "<a@example.net>",
        "a@b_.org",
    ],
)
def test_why1_a_word_without_a_whole_address_is_no_yes(address: str):
    assert queue(by="system", now=NOW, contact=word(address)) == ""
    assert Letter.objects.count() == 0


def test_why1_a_yes_withdrawn_after_queueing_stops_the_letter(sink: Sink, standing: set[str]):
    letter_id = queue(by="system", now=NOW, due_at=NOW + timedelta(hours=1))
    standing.add(REACH)

    assert outbox.send_due(NOW + timedelta(hours=1)).dropped == 1
    assert sink.letters == []
    kept = Letter.objects.get(pk=letter_id)
    assert (kept.ended, kept.sealed_recipient) == (Ended.WITHDRAWN, None)


def test_why1_a_yes_that_ran_out_after_queueing_stops_the_letter(sink: Sink):
    contact = word(said_on="2027-02-01", check_again_on="2027-03-02")
    letter_id = queue(by="system", now=NOW, contact=contact)

    assert outbox.send_due(NOW + timedelta(days=1)).dropped == 1
    assert sink.letters == []
    assert Letter.objects.get(pk=letter_id).ended == Ended.NOT_ALLOWED


def test_why1_until_somebody_can_be_asked_nothing_leaves(sink: Sink):
    outbox._stands.clear()
    queue(by="system", now=NOW)

    assert outbox.send_due(NOW).dropped == 1
    assert sink.letters == []


def test_what_could_not_be_delivered_is_known_until_something_is(sink: Sink):
    sink.at_recipient = ["550 5.1.1 unknown"]
    queue(by="system", now=NOW)
    outbox.send_due(NOW)
    assert outbox.unreached([REACH, "somebody-else"]) == {REACH}

    queue(by="system", now=NOW + timedelta(hours=1))
    outbox.send_due(NOW + timedelta(hours=1))
    assert outbox.unreached([REACH]) == frozenset()


def test_no_log_line_carries_an_address(sink: Sink, settings: Settings, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    answers = ["450 later mara.elsewhere@example.net", "550 mara.elsewhere@example.net unknown", "vanish", ""]
    sink.at_recipient = list(answers)
    sink.at_data = ["vanish"]
    for number, _ in enumerate(answers):
        queue(by="system", now=NOW + timedelta(seconds=number - 9))
    outbox.send_due(NOW)
    settings.EMAIL_PORT = 1
    outbox.send_due(NOW + timedelta(hours=1))

    own = [each for each in caplog.records if each.name.startswith("circlekeeper")]
    assert own
    assert not [each for each in own if "elsewhere" in each.getMessage() or each.exc_info]


def test_the_stored_row_shows_no_address_and_one_length():
    short = Letter.objects.get(pk=queue(by="system", now=NOW, address="a@b.io"))
    long = Letter.objects.get(
        pk=queue(
            by="system",
            now=NOW,
            contact=word(
                "a.very.long.local.part.indeed@subdomain.of.somewhere.example.net",
                says=Says.AT_TIMES,
                start="22:00",
                end="06:00",
                zone="America/Argentina/Buenos_Aires",
            ),
        )
    )

    assert len(short.sealed_recipient or b"") == len(long.sealed_recipient or b"")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM post_letter")
        assert "b.io" not in repr([[bytes(v) if isinstance(v, memoryview) else v for v in r] for r in cursor])


def test_a_recipient_moved_to_another_letter_does_not_open(sink: Sink):
    mine, other = queue(by="system", now=NOW), queue(by="system", now=NOW, address="other@example.net")
    with guard.outside_action("an attacker with the database"):
        stolen = Letter.objects.get(pk=mine).sealed_recipient
        Letter.objects.filter(pk=other).update(sealed_recipient=stolen)

    done = outbox.send_due(NOW)

    assert (done.sent, done.dropped) == (1, 1)
    with pytest.raises(sealing.Unreadable):
        sealing.open_sealed(bytes(stolen or b""), place=other)


def test_the_database_refuses_a_sent_letter_that_keeps_its_recipient():
    letter_id = queue(by="system", now=NOW)
    with guard.outside_action("test"), pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter_id).update(state=LetterState.SENT)


def test_a_worker_that_died_while_handing_over_leads_to_no_second_letter(sink: Sink):
    letter_id = queue(by="system", now=NOW)
    with mock.patch.object(mailer, "next_letter", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        outbox.send_due(NOW)

    assert Letter.objects.get(pk=letter_id).state == LetterState.HANDED
    assert outbox.send_due(NOW + timedelta(minutes=5)) == outbox.Round()
    assert outbox.send_due(NOW + timedelta(minutes=20)).unsure == 1
    assert sink.letters == []


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_send_each_letter_once(sink: Sink):
    for number in range(12):
        queue(by="system", now=NOW, address=f"p{number}@example.net")

    def work(_: int) -> int:
        try:
            return outbox.send_due(NOW).sent
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        sent = sum(workers.map(work, range(3)))

    assert sent == 12
    assert len({to[0] for _, to, _ in sink.letters}) == len(sink.letters) == 12
