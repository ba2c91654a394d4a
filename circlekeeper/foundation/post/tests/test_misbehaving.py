"""A mail server at its worst: slow, without encryption, with a false certificate, putting off for days, gone and back."""

import logging
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings

from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.post.models import Ended, Letter, LetterState
from circlekeeper.foundation.post.tests.conftest import NOW, Sink, free_port
from circlekeeper.foundation.post.tests.factories import REACH, queue

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def state() -> tuple[str, str]:
    kept = Letter.objects.get()
    return kept.state, kept.ended


def test_a_server_too_slow_to_hear_the_address_gets_another_try(sink: Sink, hurried: None):
    sink.at_recipient = ["slow"]
    queue(by="system", now=NOW)

    assert outbox.send_due(NOW).put_off == 1
    assert state() == (LetterState.WAITING, "")
    assert outbox.send_due(NOW + HOUR).sent == 1
    assert len(sink.letters) == 1


def test_a_server_too_slow_to_say_that_it_took_the_words_never_gets_them_again(sink: Sink, hurried: None):
    sink.at_data = ["slow"]
    queue(by="system", now=NOW)

    assert outbox.send_due(NOW).unsure == 1
    assert outbox.send_due(NOW + HOUR) == outbox.Round()
    assert state() == (LetterState.UNSURE, "")
    assert len(sink.letters) == 1


def test_where_encryption_is_asked_for_and_not_offered_no_word_leaves(sink: Sink, settings: Settings):
    settings.EMAIL_USE_TLS = True
    queue(by="system", now=NOW)

    done = outbox.send_due(NOW)

    assert (done.put_off, done.down) == (1, True)
    assert sink.letters == []
    assert state() == (LetterState.WAITING, "")


@pytest.fixture
def false_certificate(sink: Sink, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The server offers encryption under a certificate that nobody vouches for."""
    key, certificate = _self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    settings.EMAIL_PORT = free_port()
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=settings.EMAIL_PORT,
        ready_timeout=10,
        server_hostname="sink",
        tls_context=context,
    )
    controller.start()
    settings.EMAIL_USE_TLS = True
    yield
    controller.stop()


def _self_signed(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(NOW - 900 * 24 * HOUR).not_valid_after(NOW + 900 * 24 * HOUR)
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "key.pem", folder / "cert.pem"


def test_a_server_with_a_false_certificate_gets_no_word(false_certificate: None, sink: Sink):
    queue(by="system", now=NOW)

    done = outbox.send_due(NOW)

    assert (done.put_off, done.down) == (1, True)
    assert sink.letters == []


def test_a_letter_put_off_for_days_is_given_up_and_the_team_can_know_it(sink: Sink):
    queue(by="system", now=NOW)
    tries = 0
    for hours in range(0, 80):
        sink.at_recipient = ["450 4.2.1 mara.elsewhere@example.net is over quota"]
        tries += outbox.send_due(NOW + hours * HOUR).put_off

    assert state() == (LetterState.DROPPED, Ended.GAVE_UP)
    assert 24 < tries <= 73
    assert outbox.unreached([REACH]) == {REACH}
    assert Letter.objects.get().sealed_recipient is None
    assert sink.letters == []


def test_a_refusal_for_good_is_known_to_the_team(sink: Sink):
    sink.at_data = ["554 5.7.1 no"]
    queue(by="system", now=NOW)
    outbox.send_due(NOW)

    assert state() == (LetterState.DROPPED, Ended.REFUSED)
    assert outbox.unreached([REACH]) == {REACH}


def test_what_was_withdrawn_or_came_too_late_is_nobodys_fault(sink: Sink, standing: set[str], settings: Settings):
    queue(by="system", now=NOW, useless_at=NOW + HOUR)
    outbox.send_due(NOW + 2 * HOUR)
    queue(by="system", now=NOW)
    standing.add(REACH)
    outbox.send_due(NOW + 2 * HOUR)

    assert set(Letter.objects.values_list("ended", flat=True)) == {Ended.TOO_LATE, Ended.WITHDRAWN}
    assert outbox.unreached([REACH]) == frozenset()


def test_tries_come_further_and_further_apart(sink: Sink):
    queue(by="system", now=NOW)
    waits, now = [], NOW
    for _ in range(8):
        sink.at_recipient = ["450 later"]
        outbox.send_due(now)
        due = Letter.objects.get().due_at
        waits.append(due - now)
        now = due

    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes == [2, 4, 8, 16, 32, 60, 60, 60]


def test_whatever_the_server_does_no_log_line_of_ours_carries_an_address(
    sink: Sink, settings: Settings, hurried: None, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    sink.at_recipient = ["slow", "550 mara.elsewhere@example.net unknown", "vanish"]
    sink.at_data = ["slow"]
    for number in range(5):
        queue(by="system", now=NOW + timedelta(seconds=number - 9), reach_id=f"reach-{number}")
    outbox.send_due(NOW)
    settings.EMAIL_USE_TLS = True
    outbox.send_due(NOW + HOUR)

    own = [each for each in caplog.records if not each.name.startswith("mail.") and each.name != "asyncio"]
    assert [each for each in own if each.name.startswith("circlekeeper")]
    assert not [each for each in own if "elsewhere" in f"{each.getMessage()}{each.exc_text or ''}"]
