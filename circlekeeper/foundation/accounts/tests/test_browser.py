"""In a real browser: the whole set-up with a passkey under our content policy, and every page for everyone."""

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test.testcases import LiveServerThread

from circlekeeper.foundation.accounts import queries, setup_code
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE, code_of

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    if not os.path.exists(CHROMIUM):
        pytest.skip("no Chromium on this machine")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous face runs an event loop; Django would refuse the database beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def house(transactional_db: None) -> Iterator[str]:
    server = LiveServerThread("localhost", lambda app: app)  # type: ignore[arg-type]
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://localhost:{server.port}"
    server.terminate()


def complaints_of(page: Any) -> list[str]:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda failure: heard.append(str(failure)))
    return heard


def serious_of(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in ("serious", "critical")]


def plug_in(context: Any, page: Any) -> None:
    """Give the browser a device that holds passkeys and knows its owner."""
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    wanted = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = wanted | {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def arrived(page: Any, path: str) -> None:
    """Wait until this page stands there; a redirect after a form keeps the form's "#problem"."""
    page.wait_for_url(lambda url: urlsplit(url).path == path, timeout=15_000)


def first_account(page: Any, house: str) -> None:
    page.goto(house + "/")
    page.fill("[name=code]", str(setup_code.current()))
    page.click("main button")
    page.fill("[name=handle]", "wren")
    page.fill("[name=new]", PASSPHRASE)
    page.fill("[name=again]", PASSPHRASE)
    page.click("main button")
    arrived(page, "/account/factor/")


def on_paper(page: Any) -> None:
    """Spare codes seen, kit shown and typed back."""
    arrived(page, "/account/spare-codes/")
    assert serious_of(page) == []
    page.click("text=I have them on paper")
    page.click("text=Show my twelve words")
    words = page.locator(".words li").all_inner_texts()
    page.click("text=I have them on paper")
    page.fill("[name=words]", " ".join(words))
    page.click("main button")
    arrived(page, "/account/ready/")


def test_the_set_up_and_a_sign_in_with_a_passkey(chromium: Any, house: str) -> None:
    # axe brings a script of its own, which our policy would stop; what the policy says about ours is tested below.
    context = chromium.new_context(bypass_csp=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    heard = complaints_of(page)
    plug_in(context, page)

    first_account(page, house)
    assert serious_of(page) == []
    page.click("text=Use a passkey")
    assert serious_of(page) == []
    page.click("form[data-passkey] button")
    on_paper(page)
    person_id = Person.objects.get().pk
    assert queries.factors_of(person_id).passkeys == 1

    page.goto(house + "/account/")
    assert serious_of(page) == []
    page.goto(house + "/sign-out/")
    page.click("main button")
    arrived(page, "/sign-in/")
    assert serious_of(page) == []
    page.click("form[data-passkey] button")
    page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in/", timeout=15_000)
    page.goto(house + "/account/kit/")
    assert page.url.endswith("/unlock/?next=%2Faccount%2Fkit%2F")
    assert serious_of(page) == []
    page.fill("[name=passphrase]", PASSPHRASE)
    page.click("main button")
    arrived(page, "/account/kit/")
    page.goto(house + "/confirm/?next=/account/")
    page.click("form[data-passkey] button")
    arrived(page, "/account/")
    assert [line for line in heard if "404" not in line] == []
    context.close()


def test_without_script_under_our_policy_the_app_way_works(chromium: Any, house: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    heard = complaints_of(page)
    first_account(page, house)
    page.click("text=Use an app")
    box = page.locator("svg.qr").bounding_box()
    assert box["width"] > 150
    assert page.locator("form[data-passkey]").count() == 0
    (secret,) = re.findall(r'class="letters"[^>]*><bdi>([A-Z2-7 ]+)</bdi>', page.content())
    page.fill("[name=code]", code_of(secret))
    page.click("main button")
    arrived(page, "/account/spare-codes/")
    page.goto(house + "/account/factor/passkey/")
    assert "Passkeys need JavaScript" in page.content()
    assert heard == []
    context.close()


def test_our_policy_lets_our_own_script_ask_the_device(chromium: Any, house: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    heard = complaints_of(page)
    plug_in(context, page)
    page.goto(house + "/sign-in/")
    page.wait_for_selector("form[data-passkey]:not([hidden])")
    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-failed]:not([hidden])")
    assert heard == []
    context.close()
