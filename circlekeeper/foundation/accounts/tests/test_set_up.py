"""From an empty machine to a person with a second factor and a checked kit."""

import re
import stat

import pytest
from django.conf import settings

from circlekeeper.foundation.accounts import queries, setup_code
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE, browser, code_of
from circlekeeper.foundation.permissions import MACHINE, RoleName

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def words_of(page):
    return re.findall(r"<li><bdi>(\w+)</bdi></li>", page.content.decode())


def connect_app(client):
    page = client.get("/account/factor/app/")
    (secret,) = re.findall(r'class="letters"[^>]*><bdi>([A-Z2-7 ]+)</bdi>', page.content.decode())
    return secret, client.post("/account/factor/app/", {"code": code_of(secret)})


def test_the_whole_set_up(client):
    code = str(setup_code.current())
    assert client.get("/").headers["Location"] == "/set-up/"
    assert client.post("/set-up/", {"code": code.upper().replace("-", " ")}).headers["Location"] == "/set-up/you/"
    you = {"handle": " Wren ", "new": PASSPHRASE, "again": PASSPHRASE}
    assert client.post("/set-up/you/", you).headers["Location"] == "/account/factor/"

    secret, answer = connect_app(client)
    assert answer.headers["Location"] == "/account/spare-codes/"
    codes = words_of(client.get("/account/spare-codes/"))
    assert len(codes) == 10
    assert words_of(client.get("/account/spare-codes/")) == []

    assert client.get("/").headers["Location"] == "/account/kit/"
    words = words_of(client.post("/account/kit/"))
    assert len(words) == 12
    wrong = client.post("/account/kit/check/", {"words": " ".join(reversed(words))})
    assert wrong.status_code == 422
    assert client.post("/account/kit/check/", {"words": " ".join(words)}).headers["Location"] == "/account/ready/"
    assert b"Administrator" in client.get("/account/ready/").content
    assert client.get("/").headers["Location"] == "/today/"

    person = Person.objects.get()
    assert person.handle == "wren"
    assert queries.roles_of(person.pk) == {MACHINE: frozenset({RoleName.ADMINISTRATOR})}
    assert queries.kit_checked(person.pk)


def test_every_step_of_the_set_up_can_be_left_and_taken_up_again(client):
    client.post("/set-up/", {"code": setup_code.current()})
    client.post("/set-up/you/", {"handle": "wren", "new": PASSPHRASE, "again": PASSPHRASE})

    later = browser()
    later.post("/sign-in/", {"login": "wren", "password": PASSPHRASE})
    assert later.get("/").headers["Location"] == "/account/factor/"
    connect_app(later)
    assert later.get("/").headers["Location"] == "/account/kit/"


def test_the_code_is_for_the_owner_of_the_machine_alone_and_goes_with_the_first_account(client):
    assert setup_code.current() == setup_code.current()
    file = settings.DATA_DIR / setup_code.FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    client.post("/set-up/", {"code": setup_code.current()})
    client.post("/set-up/you/", {"handle": "wren", "new": PASSPHRASE, "again": PASSPHRASE})

    assert not file.exists()
    assert setup_code.current() is None
    assert browser().get("/set-up/").status_code == 404
    assert browser().get("/set-up/you/").status_code == 404


def test_without_the_code_there_is_no_first_account(client):
    assert client.post("/set-up/", {"code": "aaaa-aaaa-aaaa-aaaa"}).status_code == 422
    assert client.post("/set-up/you/", {"handle": "x", "new": PASSPHRASE, "again": PASSPHRASE}).status_code == 302
    assert not Person.objects.exists()


def test_the_code_cannot_be_guessed_for_long(client):
    setup_code.current()
    answers = [client.post("/set-up/", {"code": f"aaaa-aaaa-aaaa-{n:04}"}) for n in range(11)]
    assert b"Too many tries" not in answers[9].content
    assert b"Too many tries" in answers[10].content
    assert b"Too many tries" in client.post("/set-up/", {"code": setup_code.current()}).content


@pytest.mark.parametrize("handle", ["wren@example.org", "a", "-", "x" * 41])
def test_a_handle_is_never_an_address(client, handle):
    client.post("/set-up/", {"code": setup_code.current()})
    page = client.post("/set-up/you/", {"handle": handle, "new": PASSPHRASE, "again": PASSPHRASE})
    assert page.status_code == 422
    assert not Person.objects.exists()
