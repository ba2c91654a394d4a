"""Four pages, no account, no script: what a visitor meets, and what is kept of it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from circlekeeper.areas.joining import draft, queries
from circlekeeper.areas.joining.models import Application
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, REACH, SAFE, Visitor
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.models import Compartment, Member
from circlekeeper.areas.roster.rules import Says
from circlekeeper.foundation.vault import memberkeys

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def own_record(key: str):
    raw = memberkeys.parse_member_key(key)
    member = roster.by_key(raw)
    assert member is not None
    return roster.own_record(member_id=member.id, group_id=member.group_id, holder=raw)


@pytest.mark.parametrize("level", ["low", "medium", "high", "professional", "experimental"])
def test_hi1_med1_four_pages_at_every_level(level):
    found = factories.circle(level=level)
    visitor = Visitor(found.id).to_agree().finish()

    assert visitor.status == 200
    assert "Keep this key" in visitor.text
    assert "We cannot give it to you again" in visitor.text
    assert own_record(visitor.key).alias == "Wren"
    assert len(re.findall(r'<ol class="words".*?</ol>', visitor.html, re.DOTALL)[0].split("<li>")) == 13
    (waiting,) = queries.waiting(found.id)
    assert (waiting.answer_by - factories.TODAY).days in (7, 10, 14)


def test_reg3_a_name_a_no_and_the_consents_that_are_needed_are_enough():
    found = factories.circle(level="low")
    visitor = Visitor(found.id).begin().send(alias="Wren").send(says="no").send()
    needed = {name: "on" for name in visitor.agreed() if name in ("policy", "pledge", "consent-join")}
    visitor.send(**needed, **({"signature": "W"} if "signature" in visitor.agreed() else {}))

    record = own_record(visitor.key)
    assert set(record.parts) == {"alias", "contact"}
    assert record.contact.says is Says.NO
    assert record.contact.address == ""


def test_pol3_pol4_the_last_page_links_the_policy_and_shows_its_version():
    found = factories.circle()
    visitor = Visitor(found.id).to_agree()
    assert f'href="/g/{found.id}/policy/"' in visitor.html
    assert "version 1" in visitor.text
    refused = visitor.finish(policy="")
    assert refused.status == 422
    assert "Please read what happens to your data" in refused.text
    assert Application.objects.count() == 0


@pytest.mark.parametrize("skipped", ["name", "contact", "help"])
def test_pol4_a_direct_post_cannot_skip_a_step(skipped):
    found = factories.circle()
    whole = Visitor(found.id).to_agree()
    everything = whole.agreed() | REACH | SAFE | {"alias": "Wren"}
    visitor = Visitor(found.id).begin()
    if skipped != "name":
        visitor.send(alias="Wren")
    if skipped == "help":
        visitor.send(**REACH)

    visitor.send(step="agree", **everything)

    assert visitor.step == skipped
    assert "Please go on from here." in visitor.text
    assert Application.objects.count() == Member.objects.count() == 0


def test_pol4_a_draft_that_never_showed_the_texts_is_not_enough():
    found = factories.circle()
    packed = draft.pack(factories.filled(), found.id)
    visitor = Visitor(found.id)
    shown = Visitor(found.id).to_agree()
    visitor.send(draft=packed, step="agree", **shown.agreed())

    assert visitor.step == "agree"
    assert "Please read it again" in visitor.text
    assert Application.objects.count() == 0


def test_pol4_con1_a_text_that_changed_while_the_page_was_open_is_shown_again():
    found = factories.circle()
    visitor = Visitor(found.id).to_agree()
    agreed = visitor.agreed()
    _publish_policy_again(found)

    visitor.send(**agreed)

    assert visitor.step == "agree"
    assert "A text changed while this page was open" in visitor.text
    assert Application.objects.count() == 0
    visitor.finish()
    assert "Keep this key" in visitor.text


def _publish_policy_again(found) -> None:
    from circlekeeper.areas.agreements.models import Document
    from circlekeeper.foundation import guard

    with guard.outside_action("test"):
        current = Document.objects.get(group_id=found.id, kind="policy", superseded_at__isnull=True)
        current.superseded_at = NOW
        current.save(update_fields=["superseded_at"])
        current.pk, current.version, current.superseded_at = "p" * 26, current.version + 1, None
        current.sha256 = "0" * 64
        current.save(force_insert=True)


def test_out_of_order_an_older_page_sent_again_goes_on_from_there():
    found = factories.circle()
    visitor = Visitor(found.id).begin()
    first = {"draft": visitor.draft, "step": "name"}
    visitor.send(alias="Wren").send(**REACH)
    assert visitor.step == "help"

    visitor.send(**first, alias="Robin")
    assert visitor.step == "contact"
    visitor.send(**REACH).send(**SAFE).finish()
    assert own_record(visitor.key).alias == "Robin"


def test_twice_is_one_application_and_the_same_key():
    found = factories.circle()
    visitor = Visitor(found.id).to_agree()
    sent = visitor.agreed() | {"draft": visitor.draft, "step": "agree"}
    keys = [visitor.send(**sent).key for _ in range(3)]

    assert len(set(keys)) == 1
    assert Application.objects.count() == Member.objects.count() == 1


def test_reg5_extra_keys_are_dropped():
    found = factories.circle()
    extra = {"diagnosis": "canary-diagnosis", "birth_date": "1980-01-01", "is_admin": "1", "state": "member"}
    visitor = Visitor(found.id).begin().send(alias="Wren", **extra).send(**REACH, **extra).send(**SAFE, **extra)
    visitor.finish(**extra)

    record = own_record(visitor.key)
    assert "canary" not in repr(record.parts)
    assert record.facts.state == "applied"
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert "canary" not in repr(cursor.fetchall()), table


def test_faq4_a_picture_is_refused_and_not_stored(tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = factories.circle()
    visitor = Visitor(found.id).begin()
    passport = SimpleUploadedFile(
        "passport.png", b"\x89PNG\r\n\x1a\n" + b"x" * 3_000_000, content_type="image/png"
    )
    visitor.send(alias="Wren", passport=passport)

    assert visitor.status == 409
    assert "We never take pictures" in visitor.text
    assert list(tmp_path.iterdir()) == []
    assert Application.objects.count() == 0
    for path in (f"/g/{found.id}/join/", f"/g/{found.id}/"):
        assert 'type="file"' not in Client().get(path).content.decode()


@pytest.mark.parametrize("spoil", ["expired", "tampered", "another group", "missing", "nonsense"])
def test_a_draft_that_cannot_be_used_begins_anew_and_says_so(spoil, at):
    found, other = factories.circle(), factories.circle()
    visitor = Visitor(found.id).begin().send(alias="Wren")
    packed = visitor.draft
    if spoil == "expired":
        at(NOW + timedelta(hours=2, seconds=1))
    changed = {
        "expired": packed,
        "tampered": packed[:60] + ("A" if packed[60] != "A" else "B") + packed[61:],
        "another group": Visitor(other.id).begin().send(alias="Wren").draft,
        "missing": "",
        "nonsense": "é" * 50,
    }[spoil]
    visitor.send(draft=changed, **REACH)

    assert visitor.step == "name"
    assert "nothing was kept" in visitor.text


def test_back_keeps_what_was_written_on_every_page():
    found = factories.circle()
    visitor = Visitor(found.id).begin().send(alias="Wren").send(**REACH)
    visitor.send("back", area="Northtown", access="a lamp")
    assert visitor.step == "contact"
    assert 'value="someone@example.org"' in visitor.html
    visitor.send("back", says="yes", channel="mail", address="someone.else@example.org")
    assert visitor.step == "name"
    assert 'value="Wren"' in visitor.html

    visitor.send(alias="Robin")
    assert 'value="someone.else@example.org"' in visitor.html
    visitor.send(says="yes", channel="mail", address="someone.else@example.org")
    assert visitor.step == "help"
    assert 'value="Northtown"' in visitor.html
    assert "a lamp" in visitor.html
    visitor.send(area="Northtown", number="112").send("back")
    assert visitor.step == "help"
    visitor.send(area="Northtown", number="112").finish()

    record = own_record(visitor.key)
    assert (record.alias, record.contact.address) == ("Robin", "someone.else@example.org")


def test_back_from_the_first_page_stays_there():
    visitor = Visitor(factories.circle().id).begin().send("back", alias="Wren")
    assert (visitor.step, visitor.status) == ("name", 200)


@pytest.mark.parametrize(
    ("alias", "words"),
    [
        ("", "Please choose a name."),
        ("   ", "Please choose a name."),
        ("x" * 41, "shorter name"),
        ("me@example.org", "looks like an address"),
        ("Call 0171 555123", "phone number"),
        ("\u200b...", "at least one letter"),
    ],
)
def test_reg1_a_name_that_leads_to_a_person_is_refused_and_kept_on_the_page(alias, words):
    visitor = Visitor(factories.circle().id).begin().send(alias=alias)
    assert (visitor.step, visitor.status) == ("name", 422)
    assert words in visitor.text
    if alias.strip(" \u200b."):
        assert alias in visitor.html


def test_reg1_a_name_that_gives_its_bearer_away_is_pointed_out_and_not_refused():
    found = factories.circle()
    visitor = Visitor(found.id).begin().send(alias="Margarete Schneider")
    assert visitor.step == "contact"
    assert "looks like a full name" in visitor.text
    visitor = Visitor(found.id).begin().send(alias="Zephyrine")
    assert "full name" not in visitor.text
    visitor.send(says="yes", channel="mail", address="zephyrine.marlow@example.org")
    assert visitor.step == "help"
    assert "part of your mail address" in visitor.text


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ({"says": "yes"}, "Choose how we may reach you."),
        ({"says": "yes", "channel": "mail", "address": "nowhere"}, "Give an address or number"),
        ({"says": "yes", "channel": "mail", "address": "a@b_.org"}, "Give an address or number"),
        ({"says": "yes", "channel": "text", "address": "at home"}, "Give an address or number"),
        ({"says": "at-times", "channel": "call", "address": "0171 555"}, "Say from when until when."),
        ({"says": "maybe"}, "Select a valid choice"),
    ],
)
def test_a_yes_that_is_none_is_refused_and_kept_on_the_page(contact, words):
    visitor = Visitor(factories.circle().id).begin().send(alias="Wren").send(**contact)
    assert (visitor.step, visitor.status) == ("contact", 422)
    assert words in visitor.text
    if contact.get("address"):
        assert contact["address"] in visitor.html


def test_why1_a_no_keeps_no_address_even_if_one_was_typed():
    found = factories.circle(level="high")
    typed = {"says": "no", "channel": "mail", "address": "canary@example.org", "voicemail": "on"}
    visitor = Visitor(found.id).to_agree(contact=typed)
    assert "canary" not in repr(draft.unpack(visitor.draft, found.id, NOW))
    visitor.finish()

    contact = own_record(visitor.key).contact
    assert (contact.says, contact.channel, contact.address, contact.voicemail) == (Says.NO, "", "", False)


def test_only_at_certain_times_keeps_the_times_and_the_groups_zone():
    found = factories.circle(level="high")
    times = {"says": "at-times", "channel": "call", "address": "0171 5550", "start": "10:00", "end": "14:30"}
    contact = own_record(Visitor(found.id).to_agree(contact=times).finish().key).contact
    assert (contact.says, contact.start, contact.end, contact.zone) == (
        Says.AT_TIMES,
        "10:00",
        "14:30",
        "Europe/Berlin",
    )


@pytest.mark.parametrize(
    "about", [{}, {"area": "Northtown"}, {"number": "112"}, {"person": "Ash"}, {"access": "a lamp"}]
)
def test_faq2a_kit9_hi1_at_high_somewhere_to_send_help_is_needed(about):
    visitor = Visitor(factories.circle(level="high").id).begin().send(alias="Wren").send(says="no")
    assert "needs one way to send help" in visitor.text
    visitor.send(**about)
    assert (visitor.step, visitor.status) == ("help", 422)
    for typed in about.values():
        assert typed in visitor.html
    visitor.send(person="Ash", reach="555 0101")
    assert visitor.step == "agree"


def test_at_medium_the_page_about_help_may_be_left_open():
    visitor = Visitor(factories.circle().id).begin().send(alias="Wren").send(**REACH).send()
    assert visitor.step == "agree"


def test_cnf1_con1_each_tick_that_is_needed_is_asked_for_by_itself_and_typed_text_stays():
    found = factories.circle()
    visitor = Visitor(found.id).to_agree()
    missing = visitor.send(signature="By my own hand", policy="on")
    assert missing.status == 422
    assert "please agree to this" in missing.text
    assert 'value="By my own hand"' in missing.html
    assert not re.search(r'name="consent-[a-z-]+"[^>]*\bchecked', missing.html)
    unsigned = missing.finish(signature="")
    assert "Please write your name under the promise." in unsigned.text
    assert re.search(r'name="consent-join"[^>]*\bchecked', unsigned.html)


def test_con1_no_box_is_ticked_beforehand():
    visitor = Visitor(factories.circle().id).to_agree()
    assert "checked" not in visitor.html


def test_reg1_nobody_is_asked_for_a_legal_name_except_where_the_profession_needs_it():
    assert "Nobody will ask for your legal name" in Visitor(factories.circle(level="high").id).begin().text
    visitor = Visitor(factories.circle(level="professional").id).begin()
    assert "asks for your legal name" in visitor.text
    visitor.to_agree(alias="Wren")
    refused = visitor.finish(signature="Wren")
    assert refused.status == 422
    assert "legal name" in refused.text
    assert "Keep this key" in visitor.finish(signature="Margarete Schneider").text


def test_med1_a_no_at_medium_needs_somebody_who_sent_them():
    found = factories.circle()
    visitor = Visitor(found.id).begin().send(alias="Wren").send(says="no")
    assert (visitor.step, visitor.status) == ("contact", 422)
    assert "finds out once whether it reaches you" in visitor.text


def test_what_was_written_is_nowhere_in_clear():
    found = factories.circle(level="high")
    canaries = {
        "alias": "Quillfeather",
        "address": "zephyrine@example.org",
        "area": "Tanglebrookshire",
        "access": "heliotrope glass",
        "signature": "Isolde Vantongeren",
    }
    contact = {"says": "yes", "channel": "mail", "address": canaries["address"]}
    about = {"area": canaries["area"], "number": "112", "access": canaries["access"]}
    visitor = Visitor(found.id).to_agree(canaries["alias"], contact, about)
    visitor.finish(signature=canaries["signature"])

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
            for word in (*canaries.values(), visitor.key, visitor.key.replace("-", "")):
                assert word not in rows, (table, word)
    assert Compartment.objects.count() == 4


def test_the_last_page_takes_few_statements():
    found = factories.circle(level="high")
    visitor = Visitor(found.id).to_agree()
    agreed = visitor.agreed()
    frame = re.compile(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK|SELECT pg_advisory", re.IGNORECASE)
    with CaptureQueriesContext(connection) as captured:
        visitor.send(**agreed)
    asked = [each["sql"] for each in captured.captured_queries if not frame.match(each["sql"])]

    assert "Keep this key" in visitor.text
    assert len(asked) <= 25, "\n".join(each[:150] for each in asked)
