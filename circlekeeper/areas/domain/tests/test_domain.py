"""A group's own domain (TEC14), asked of a real name server on this machine."""

import json
import socket
import ssl
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client

from circlekeeper.areas.domain import actions, checks, events, jobs, lookup, queries, rules, words
from circlekeeper.areas.domain.rules import Part, State, Told
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.areas.safeguards.tests.factories import ALICE, BOB, NOW, PRIYA, ROLES, group
from circlekeeper.foundation import announce, clock
from circlekeeper.foundation.accounts import who
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.jobs import tables

pytestmark = pytest.mark.django_db(databases=["default", "shred"])

NAME = "circle.example"
POLICY = "version: STSv1\nmode: enforce\nmx: mail.example\nmax_age: 604800\n"
TOLD = Told(date(2027, 11, 1), True, NOW.date())
LATER = NOW + timedelta(days=1)


def healthy():
    return {
        "checked": True,
        NAME: {
            "TXT": ['"v=spf1 include:mail.example -all"', '"other=1"'],
            "CAA": ['0 issue "ca.example"'],
            "DS": ["12345 13 2 " + "ab" * 32],
            "A": ["192.0.2.7"],
        },
        f"_dmarc.{NAME}": {"TXT": ['"v=DMARC1; p=reject"']},
        f"_mta-sts.{NAME}": {"TXT": ['"v=STSv1; id=20261101"']},
        f"mta-sts.{NAME}": {"A": ["192.0.2.8"]},
        f"k1._domainkey.{NAME}": {"TXT": ['"v=DKIM1; k=rsa; " "p=MIIB"']},
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The process, and the file its zone is read from."""
    zone = tmp_path_factory.mktemp("names") / "zone.json"
    zone.write_text("{}")
    command = [sys.executable, "-m", "circlekeeper.areas.domain.tests.nameserver", str(zone)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    yield zone, f"127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=5)
    process.stdout.close()


@pytest.fixture
def names(server, settings, monkeypatch):
    """Write a zone; every look asks this server, and every certificate is good until the next spring."""
    zone, address = server
    settings.DNS_SERVER = address
    monkeypatch.setattr(lookup, "_SECONDS", 0.2)
    good_until = datetime(2027, 3, 1, tzinfo=UTC)
    real = lookup.look
    given: dict[str, Any] = {
        "certificate": lambda name, address: good_until,
        "policy": lambda name, address: POLICY,
    }
    monkeypatch.setattr(lookup, "look", lambda asked, *, now: real(asked, now=now, **given))

    def write(changed=None, **flags):
        zone.write_text(json.dumps({**healthy(), **(changed or {}), **flags}))

    write()
    return write


def looked(names=None):
    found = lookup.look(lookup.Asked(NAME, "k1", TOLD), now=NOW)
    return {each.part: (each.state, each.why) for each in found}


def told(group_id, *, by=ALICE, now=NOW, **other):
    given = {"name": NAME, "selector": "k1", "paid_until": TOLD.paid_until, "locked": True}
    actions.tell_domain(by=by, group_id=group_id, now=now, **(given | other))


def test_tec14_a_domain_with_everything_is_good(names):
    assert {state for state, _why in looked().values()} == {State.GOOD}
    assert set(looked()) == set(Part)


@pytest.mark.parametrize(
    ("changed", "part", "why"),
    [
        ({f"_dmarc.{NAME}": {}}, Part.DMARC, "none"),
        ({f"_dmarc.{NAME}": {"TXT": ['"v=DMARC1; p=none"']}}, Part.DMARC, "open"),
        ({f"_dmarc.{NAME}": {"TXT": ['"v=DMARC1; p=reject; pct=10"']}}, Part.DMARC, "open"),
        ({f"_dmarc.{NAME}": {"TXT": ['"v=DMARC1; p=reject"', '"v=DMARC1; p=none"']}}, Part.DMARC, "twice"),
        ({f"k1._domainkey.{NAME}": {"TXT": ['"v=DKIM1; p="']}}, Part.DKIM, "revoked"),
        ({f"k1._domainkey.{NAME}": {}}, Part.DKIM, "none"),
        ({f"_mta-sts.{NAME}": {}}, Part.MTA_STS, "none"),
        ({NAME: {**healthy()[NAME], "TXT": ['"v=spf1 +all"']}}, Part.SPF, "open"),
        ({NAME: {**healthy()[NAME], "TXT": ['"v=spf1 -all"', '"v=spf1 ~all"']}}, Part.SPF, "twice"),
        ({NAME: {**healthy()[NAME], "TXT": []}}, Part.SPF, "none"),
        ({NAME: {**healthy()[NAME], "CAA": []}}, Part.CAA, "none"),
        ({NAME: {**healthy()[NAME], "DS": []}}, Part.DNSSEC, "none"),
    ],
)
def test_tec14_each_fault_is_told_apart_and_has_one_next_step(names, changed, part, why):
    names(changed)
    found = looked()
    assert found[part] == (State.LACKING, why)
    assert {each for each, (state, _why) in found.items() if state is not State.GOOD} == {part}
    assert str(words.step(part, why))


@pytest.mark.parametrize("flag", ["mute", "broken"])
def test_tec14_when_nobody_answers_everything_asked_is_unknown_never_good(names, flag):
    names(**{flag: True})
    asked = {part: each for part, each in looked().items() if part not in (Part.PAID, Part.LOCK)}
    assert set(asked.values()) == {(State.UNKNOWN, "no-answer")}


def test_tec14_signed_but_not_checked_is_unknown(names):
    names(checked=False)
    assert looked()[Part.DNSSEC] == (State.UNKNOWN, "not-checked")


def test_tec14_a_dropped_dmarc_alarms_once_and_silence_does_not(names):
    made = group(level="high")
    told(made)
    jobs.look_at_all(NOW)
    names(mute=True)
    jobs.look_at_all(LATER)
    assert queries.looks(made)[Part.DMARC].known_state == State.GOOD
    assert tables.events().filter(name=announce.name_of(events.DomainFell)).count() == 0
    names({f"_dmarc.{NAME}": {}})
    for day in (2, 3):
        jobs.look_at_all(NOW + timedelta(days=day))
    assert tables.events().filter(name=announce.name_of(events.DomainFell)).count() == 1
    assert queries.looks(made)[Part.DMARC].fell_at == NOW + timedelta(days=2)
    names()
    jobs.look_at_all(NOW + timedelta(days=4))
    assert queries.looks(made)[Part.DMARC].fell_at is None


def test_tec14_whoever_answers_for_the_group_is_told_of_the_fall(names, signed_in):
    made = group(level="high")
    told(made)
    jobs.look_at_all(NOW)
    names({f"_dmarc.{NAME}": {}})
    jobs.look_at_all(LATER)
    for person, count in ((ALICE, 1), (PRIYA, 1), (BOB, 0)):
        signed_in(person, made)
        assert len(queries.todo(who.of(None), LATER)) == count, person  # type: ignore[arg-type]


def test_tec14_evidence_is_met_only_when_every_part_was_seen_good(names):
    made = group(level="high")
    ask = Question(made, NOW)
    assert checks.the_public_records_were_read(ask).verdict is Verdict.UNKNOWN
    told(made)
    assert checks.the_public_records_were_read(ask).verdict is Verdict.UNKNOWN
    jobs.look_at_all(NOW)
    found = checks.the_public_records_were_read(ask)
    assert (found.verdict, found.checked_at) == (Verdict.MET, NOW)
    names(mute=True)
    jobs.look_at_all(LATER)
    assert checks.the_public_records_were_read(ask).verdict is Verdict.UNKNOWN
    names({f"_dmarc.{NAME}": {}})
    jobs.look_at_all(LATER)
    assert checks.the_public_records_were_read(ask).verdict is Verdict.NOT_MET


def test_tec14_another_domain_starts_from_nothing_known(names):
    made = group()
    told(made)
    jobs.look_at_all(NOW)
    told(made, name="other.example")
    assert queries.looks(made) == {}
    with pytest.raises(NotHere):
        actions.note_look(by="system", group_id=made, name=NAME, found=[], now=NOW)


@pytest.mark.parametrize(
    ("told_until", "told_on", "state", "why"),
    [
        (None, None, State.UNKNOWN, "not-told"),
        (NOW.date(), NOW.date(), State.LACKING, "over"),
        (NOW.date() + timedelta(days=29), NOW.date(), State.LACKING, "soon"),
        (NOW.date() + timedelta(days=300), NOW.date() - timedelta(days=400), State.UNKNOWN, "old"),
        (NOW.date() + timedelta(days=300), NOW.date(), State.GOOD, "good"),
    ],
)
def test_tec14_what_the_owner_told_has_a_date_and_grows_old(told_until, told_on, state, why):
    found = rules.paid(Told(told_until, True, told_on), today=NOW.date())
    assert (found.state, found.why) == (state, why)


@pytest.mark.parametrize(
    "typed",
    ["localhost", "127.0.0.1", "[::1]", "a b.example", "x" * 64 + ".example", "", "-a.example", "ex ample"],
)
def test_tec14_what_is_no_public_name_is_not_asked_about(typed):
    with pytest.raises(Refused):
        told(group(), name=typed)


@pytest.mark.parametrize("typed", ["Circle.Example.", "https://circle.example/join", " circle.example "])
def test_tec14_a_name_is_understood_as_people_type_it(typed):
    assert rules.tidy_domain(typed) == NAME


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """A web page with a certificate of its own making; gives its port and the certificate's end."""
    room = tmp_path_factory.mktemp("tls")
    key, ends = ec.generate_private_key(ec.SECP256R1()), datetime(2027, 2, 3, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, datetime(2026, 1, 1, tzinfo=UTC), ends)
    (room / "c.pem").write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(room / "c.pem")
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        line, _ = listening.accept()
        with context.wrap_socket(line, server_side=True) as closed:
            closed.recv(1)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield listening.getsockname()[1], ends
    listening.close()


def test_tec14_the_certificates_end_is_read_from_the_page_itself(web):
    port, ends = web
    assert lookup.certificate_at(NAME, "127.0.0.1", port) == ends
    assert lookup.certificate_at(NAME, "127.0.0.1", 9) is None


def test_tec14_an_address_inside_our_own_network_is_never_called(server, monkeypatch):
    zone, address = server
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: pytest.fail("it was called"))
    for inside in ("127.0.0.1", "10.1.2.3", "169.254.169.254"):
        zone.write_text(json.dumps({**healthy(), NAME: {"A": [inside]}, f"mta-sts.{NAME}": {"A": [inside]}}))
        found = lookup.look(lookup.Asked(NAME, "", TOLD), now=NOW, names=lookup.Names(address))
        assert {each.why for each in found if each.part in (Part.TLS, Part.MTA_STS)} == {"no-answer"}


@pytest.mark.parametrize(("days", "state"), [(60, State.GOOD), (13, State.LACKING), (0, State.LACKING)])
def test_tec14_a_certificate_that_ends_soon_is_lacking(days, state):
    assert rules.tls(NOW + timedelta(days=days), now=NOW).state is state


@pytest.fixture
def signed_in(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def sign_in(person, group_id):
        roles = {group_id: frozenset({ROLES[person]})}

        def of(request):
            return who.Who(
                kind="person",
                id=person,
                has_factor=True,
                proved_at=NOW,
                find_roles=lambda: roles,
                find_ring=lambda: None,
            )

        monkeypatch.setattr(who, "of", of)
        return Client()

    return sign_in


def test_tec14_the_page_tells_each_part_and_one_step_and_never_green_by_silence(names, signed_in):
    made = group(level="high")
    client, path = signed_in(ALICE, made), f"/groups/{made}/address/"
    assert "Nobody has told us an address" in client.get(path).content.decode()
    assert client.post(path + "tell/", {"name": "no domain"}).status_code == 422
    names({f"_dmarc.{NAME}": {}})
    assert client.post(path + "tell/", {"name": NAME, "selector": "k1", "locked": "on"}).status_code == 302
    shown = client.get(path).content.decode()
    assert "begin with p=quarantine" in shown
    assert "Nobody has told us. Look it up" in shown
    names(mute=True)
    assert client.post(path + "tell/", {"name": NAME, "selector": "k1"}).status_code == 302
    shown = client.get(path).content.decode()
    assert "as it should be</p>" not in shown.split("When it was last known")[0]
    assert "Nobody answered" in shown
    assert client.post(path + "forget/").status_code == 302
    assert queries.domain(made) is None


def test_tec14_a_facilitator_looks_and_changes_nothing(names, signed_in):
    made = group(level="high")
    told(made)
    client = signed_in(BOB, made)
    assert client.get(f"/groups/{made}/address/").status_code == 200
    assert client.post(f"/groups/{made}/address/tell/", {"name": NAME}).status_code == 404
