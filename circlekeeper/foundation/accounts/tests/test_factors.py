"""Second factors: proved again for serious things, taken away with their powers, passkeys in full."""

import html
import json
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.http import HttpResponse
from django.test import RequestFactory

from circlekeeper.foundation import clock, page
from circlekeeper.foundation.accounts import actions, factors, queries
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.accounts.tests.device import Device
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE, browser, ring_of, sign_in, who_of
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.permissions import MACHINE, Permission, RoleName
from circlekeeper.foundation.vault.envelope import SealBroken

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


@page.page(needs=Permission.SIGNED_IN, step_up=True)
def serious(request):
    return HttpResponse("done")


def open_serious(client):
    """What a page that wants a fresh proof answers to this browser."""
    request = RequestFactory().get("/serious/")
    request.who = who_of(client)  # type: ignore[attr-defined]
    return serious(request)


def options_of(answer):
    (options,) = re.findall(r'data-options="([^"]+)"', answer.content.decode())
    return json.loads(html.unescape(options))


def add_passkey(client, device):
    options = options_of(client.get("/account/factor/passkey/"))
    return client.post("/account/factor/passkey/", {"credential": device.create(options)})


def test_a_proof_counts_for_five_minutes(signed_in, wren):
    assert open_serious(signed_in).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=2), tick=False):
        assert open_serious(signed_in).headers["Location"] == "/confirm/?next=%2Fserious%2F"
        wrong = signed_in.post("/confirm/?next=/serious/", {"code": "000000"})
        assert (wrong.status_code, open_serious(signed_in).status_code) == (422, 302)
        right = signed_in.post("/confirm/?next=/serious/", {"code": wren.code()})
        assert right.headers["Location"] == "/serious/"
        assert open_serious(signed_in).content == b"done"


def test_the_code_of_the_sign_in_cannot_be_used_to_confirm(client, wren):
    with time_machine.travel(clock.now(), tick=False):
        code = wren.code()
        sign_in(client, wren)
        assert client.post("/confirm/", {"code": code}).status_code == 422


def test_tec11_with_the_last_factor_every_power_goes_at_once(signed_in, wren):
    now = clock.now()
    actions.grant_role(by=wren.id, person_id=wren.id, place="g1", role=RoleName.LEADER, now=now)
    actions.grant_role(by=wren.id, person_id=wren.id, place=MACHINE, role=RoleName.ADMINISTRATOR, now=now)
    assert who_of(signed_in).can(Permission.ROSTER_OPEN, "g1")
    app = Authenticator.objects.get(user_id=wren.id, type="totp")

    assert b"your last one" in signed_in.get(f"/account/factor/{app.pk}/remove/").content
    signed_in.post(f"/account/factor/{app.pk}/remove/")

    who = who_of(signed_in, "/account/factor/")
    assert not who.has_factor
    assert not who.can(Permission.ROSTER_OPEN, "g1")
    assert not who.can(Permission.MACHINE_RUN)
    assert not Authenticator.objects.filter(user_id=wren.id).exists()
    assert "accounts.factor.remove" in set(Entry.objects.values_list("action", flat=True))


def test_nobody_takes_away_what_is_not_theirs(signed_in):
    other = factories.person("finch")
    app = Authenticator.objects.get(user_id=other.id, type="totp")
    assert signed_in.post(f"/account/factor/{app.pk}/remove/").status_code == 404
    assert queries.has_factor(other.id)


def test_another_factor_is_added_only_after_a_fresh_proof(signed_in):
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        for path in ("/account/factor/app/", "/account/factor/passkey/", "/account/spare-codes/new/"):
            assert signed_in.get(path).headers["Location"].startswith("/confirm/"), path
            assert signed_in.post(path, {"code": "1"}).headers["Location"].startswith("/confirm/"), path


def test_secrets_are_sealed_to_their_person(wren):
    other = factories.person("finch")
    row = Authenticator.objects.get(user_id=wren.id, type="totp")

    assert wren.app_secret not in json.dumps(row.data)
    with factors.secrets_of(wren.id):
        assert decrypt(row.data["secret"]) == wren.app_secret
    with factors.secrets_of(other.id), pytest.raises(SealBroken):
        decrypt(row.data["secret"])


def test_the_picture_is_in_the_page_and_so_is_the_secret_as_text(client):
    factories.person("finch", factor=False)
    client.post("/sign-in/", {"login": "finch", "password": PASSPHRASE})

    text = client.get("/account/factor/app/").content.decode()

    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    assert "data:" not in text
    assert "style=" not in text
    (secret,) = re.findall(r"<bdi>((?:[A-Z2-7]{4} ?)+)</bdi>", text)
    assert client.post("/account/factor/app/", {"code": "000000"}).status_code == 422
    again = client.post("/account/factor/app/", {"code": "000000"}).content.decode()
    assert secret in again, "a typing error must not change the picture"
    assert client.post("/account/factor/app/", {"code": factories.code_of(secret)}).status_code == 302


def test_new_spare_codes_replace_the_old(signed_in, wren):
    with factors.secrets_of(wren.id):
        old = set(Authenticator.objects.get(user_id=wren.id, type="recovery_codes").wrap().get_unused_codes())
    assert signed_in.post("/account/spare-codes/new/").headers["Location"] == "/account/spare-codes/"
    page_text = signed_in.get("/account/spare-codes/").content.decode()
    new = set(re.findall(r"<li><bdi>(\d{8})</bdi></li>", page_text))
    assert len(new) == 10
    assert not old & new


def test_a_passkey_signs_in_alone_and_then_the_passphrase_opens_the_keys(signed_in, wren):
    device = Device()
    assert add_passkey(signed_in, device).status_code == 302
    there = browser()
    options = there.get("/sign-in/passkey/").json()["options"]

    answer = there.post("/sign-in/passkey/?next=/account/", {"credential": device.get(options)})

    assert answer.headers["Location"] == "/account/"
    who = who_of(there)
    assert (who.id, who.ring) == (wren.id, None)
    assert open_serious(there).status_code == 200
    assert there.get("/account/kit/").headers["Location"].startswith("/unlock/")
    there.post("/unlock/", {"passphrase": PASSPHRASE})
    assert ring_of(there).person_id == wren.id


def test_a_passkey_is_a_second_factor_and_a_proof(signed_in, wren):
    device = Device()
    add_passkey(signed_in, device)
    there = browser()
    there.post("/sign-in/", {"login": "wren", "password": PASSPHRASE})
    question = options_of(there.get("/sign-in/factor/"))
    assert there.post("/sign-in/factor/", {"credential": device.get(question)}).status_code == 302
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        question = options_of(there.get("/confirm/"))
        wrong = there.post("/confirm/", {"credential": Device(user_handle=device.user_handle).get(question)})
        assert wrong.status_code == 422
        assert b"That passkey did not work here" in wrong.content
        question = options_of(there.get("/confirm/"))
        assert there.post("/confirm/", {"credential": device.get(question)}).status_code == 302
        assert open_serious(there).status_code == 200


@pytest.mark.parametrize("credential", ["", "{}", "[]", "nonsense", '{"response": {"userHandle": "AAAA"}}'])
def test_a_broken_answer_of_a_device_is_met_calmly(client, credential):
    client.get("/sign-in/passkey/")
    answer = client.post("/sign-in/passkey/", {"credential": credential})
    assert answer.status_code == 422
    assert b"That passkey did not work here" in answer.content


def test_an_answer_to_an_old_question_opens_nothing(signed_in):
    device = Device()
    add_passkey(signed_in, device)
    there = browser()
    credential = device.get(there.get("/sign-in/passkey/").json()["options"])
    there.get("/sign-in/passkey/")
    assert there.post("/sign-in/passkey/", {"credential": credential}).status_code == 422


def test_a_passkey_that_did_not_check_its_owner_is_not_kept(signed_in, wren):
    assert add_passkey(signed_in, Device(verified=False)).status_code == 422
    assert queries.factors_of(wren.id).passkeys == 0


def test_a_passkey_has_a_number_for_a_name(signed_in, wren):
    for _ in range(2):
        add_passkey(signed_in, Device())
    names = [
        row.data["name"] for row in Authenticator.objects.filter(user_id=wren.id, type="webauthn").order_by("pk")
    ]
    assert names == ["Passkey 1", "Passkey 2"]
    assert b"Passkey 2" in signed_in.get("/account/").content


def test_who_has_a_passkey_only_may_still_type_a_spare_code(signed_in, wren):
    add_passkey(signed_in, Device())
    app = Authenticator.objects.get(user_id=wren.id, type="totp")
    signed_in.post(f"/account/factor/{app.pk}/remove/")
    held = queries.factors_of(wren.id)
    assert (held.totp, held.passkeys, held.spare_codes, held.any) == (False, 1, True, True)
