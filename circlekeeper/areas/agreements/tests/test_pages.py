"""Pages as browsers get them."""

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pikepdf
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from circlekeeper.areas.agreements import actions, queries
from circlekeeper.areas.agreements.models import Document, Kind
from circlekeeper.areas.agreements.tests.factories import NOW, REACH, connected, group, published
from circlekeeper.foundation.accounts.tests.factories import Someone, browser, person, sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "shred"]),
    pytest.mark.urls("circlekeeper.areas.agreements.tests.addresses"),
]
PUBLIC = ("policy", "norms", "statement", "packet", "policy-file", "statement-file", "packet-file")
TOPICS = re.compile(r"surviv|abuse|grief|bereav|cancer|addict|recover|therap|thursday circle", re.IGNORECASE)


class _Words(HTMLParser):
    """The text of the article, cell by cell."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "article" and ("id", "text") in attrs:
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.pieces.append(data)


def _web_words(page: bytes) -> list[str]:
    reader = _Words()
    reader.feed(page.decode())
    return _split(" ".join(reader.pieces))


def _pdf_words(made: bytes) -> list[str]:
    return _split(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages))


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text))


@pytest.fixture
def leader() -> Someone:
    return person("alice")


@pytest.fixture
def texts(leader: Someone) -> Iterator[str]:
    """A group with everything published."""
    with connected():
        yield published(by=leader.id)


@pytest.fixture
def staff(leader: Someone) -> Client:
    client = browser()
    sign_in(client, leader)
    return client


@pytest.mark.parametrize("name", PUBLIC)
def test_pol3_anyone_reads_the_texts_without_a_cookie_or_another_host(texts: str, client: Client, name: str):
    answer = client.get(reverse(f"agreements:{name}", args=[texts]))

    assert answer.status_code == 200
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers
    if not name.endswith("file"):
        page = answer.content.decode()
        assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", page)
        assert "<form" not in page
        assert "csrf" not in page


@pytest.mark.parametrize("name", PUBLIC)
def test_pol3_nothing_published_is_not_found(client: Client, name: str):
    with connected():
        assert client.get(reverse(f"agreements:{name}", args=[group()])).status_code == 404
        assert client.get(reverse(f"agreements:{name}", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("name", PUBLIC)
def test_why1_no_title_and_no_file_name_says_what_kind_of_group_it_is(texts: str, client: Client, name: str):
    answer = client.get(reverse(f"agreements:{name}", args=[texts]))

    if name.endswith("file"):
        with pikepdf.open(io.BytesIO(answer.content)) as opened:
            told = [answer.headers["Content-Disposition"], *(str(value) for value in opened.docinfo.values())]
    else:
        told = re.findall(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
    assert told
    assert not [each for each in told if TOPICS.search(each)]
    assert not TOPICS.search(answer.content.decode("latin-1")) or name == "packet"


@pytest.mark.parametrize("name", ["statement", "policy", "packet"])
def test_kit2_the_pdf_says_the_same_words_as_the_page(texts: str, client: Client, name: str):
    page = client.get(reverse(f"agreements:{name}", args=[texts])).content
    made = client.get(reverse(f"agreements:{name}-file", args=[texts]))

    on_paper, on_screen = _pdf_words(made.content), _web_words(page)
    if name == "statement":
        assert on_paper == on_screen
    else:
        # On several pages come page numbers, and a table's headings again at the top of the next page.
        assert not Counter(on_screen) - Counter(on_paper)
        assert {word for word in set(on_paper) - set(on_screen) if not word.isdigit()} == set()


def test_kit2_the_statement_shows_its_version_and_hash_and_names_nobody(texts: str, client: Client):
    found = queries.current(texts, Kind.STATEMENT)
    assert found is not None
    answer = client.get(reverse("agreements:statement-file", args=[texts]))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    words = _pdf_words(answer.content)
    assert found.mark in words
    assert "alice" not in words
    with pikepdf.open(io.BytesIO(answer.content)) as opened, opened.open_metadata() as about:
        assert about.get("pdfuaid:part") == "1"
        assert set(opened.docinfo.keys()) == {"/Title", "/Creator"}


def test_con5_the_packet_has_policy_norms_and_where_to_turn(texts: str, client: Client):
    page = client.get(reverse("agreements:packet", args=[texts])).content.decode()

    for said in (*queries.norms(texts)[:3], "tell a facilitator", "/help-now/", "/leaving/", "/me/"):
        assert said in page


def test_the_shelf_shows_one_next_step_and_publishing_takes_two_presses(leader: Someone, staff: Client):
    with connected():
        group_id = group(by=leader.id)
        shelf = reverse("agreements:shelf", args=[group_id])
        assert "Publish them as they are" in staff.get(shelf).content.decode()

        asked = staff.get(reverse("agreements:publish-all", args=[group_id]))
        assert "Publish these texts?" in asked.content.decode()
        assert not Document.objects.exists()
        staff.post(reverse("agreements:publish-all", args=[group_id]))

        page = staff.get(shelf).content.decode()
    assert "Everything is published and up to date." in page
    assert "Not published yet" not in page


def test_con3_every_norm_opens_its_card(texts: str, staff: Client):
    page = staff.get(reverse("agreements:shelf", args=[texts])).content.decode()
    assert page.count("<details>") == len(queries.norms(texts))


def _fields(page: str) -> dict[str, str]:
    """What a browser would send back from the hidden fields of a preview."""
    found = {}
    for tag in re.findall(r"<input type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = (value[1] if value else "").replace("&#x27;", "'").replace("&quot;", '"')
    return found


@pytest.mark.parametrize("slug", ["policy", "norms", "statement", "promise", "consents"])
def test_each_text_can_be_opened_looked_at_and_published(texts: str, staff: Client, slug: str):
    edit = reverse("agreements:edit", args=[texts, slug])
    page = staff.get(edit)
    assert page.status_code == 200
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    first = form.names[0]
    data["note"] = "Kinder words."
    data[first] = (data[first] + "\nBe kind.").strip() if slug == "norms" else f"{data[first]} We are kind."

    preview = staff.post(edit, data)
    assert preview.status_code == 200, preview.content
    assert "This is how people will read it" in preview.content.decode()
    before = Document.objects.count()
    done = staff.post(edit, _fields(preview.content.decode()) | {"step": "publish"})

    assert done.status_code == 302, done.content
    assert Document.objects.count() == before + 1
    newest = Document.objects.order_by("-version").first()
    assert newest is not None
    assert "kind." in newest.text


def test_pol2_what_was_typed_stays_and_the_sentence_is_named(texts: str, staff: Client):
    edit = reverse("agreements:edit", args=[texts, "policy"])
    form = staff.get(edit).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    hard = "Pursuant to law we shall disseminate it."

    answer = staff.post(edit, data | {"see": f"Nobody. {hard}", "collect": "A name.", "note": "Law."})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["form"]["see"].value() == f"Nobody. {hard}"
    assert answer.context["form"]["collect"].value() == "A name."
    assert "Plainer words, please" in page
    assert hard in page
    assert Document.objects.filter(kind=Kind.POLICY).count() == 1


def test_kit1_a_statement_of_200_words_is_refused_by_the_form(texts: str, staff: Client):
    edit = reverse("agreements:edit", args=[texts, "statement"])
    data = {"after": "1", "asks": "everyone", "note": "Clearer.", "private": "Stay. " * 197}
    answer = staff.post(edit, data | {"not-private": "a", "exceptions": "b", "report": "c", "step": "publish"})

    assert answer.status_code == 422
    assert "Too long by 1 word" in answer.content.decode()


def test_asking_nobody_again_needs_a_reason(texts: str, staff: Client):
    edit = reverse("agreements:edit", args=[texts, "promise"])
    data = {"words": "I keep what I hear here.", "after": "1", "asks": "nobody"}

    assert staff.post(edit, data).status_code == 422
    staff.post(edit, data | {"note": "Spelling.", "step": "publish"})

    newest = queries.history(texts, Kind.PLEDGE, "typed")[0]
    assert (newest.version, newest.material, newest.change_note) == (2, False, "Spelling.")


def test_a_page_left_open_does_not_overwrite_a_newer_text(texts: str, staff: Client):
    actions.publish_pledge(by="bob", group_id=texts, words="I keep what I hear here.", now=NOW)
    edit = reverse("agreements:edit", args=[texts, "promise"])
    answer = staff.post(
        edit, {"words": "Mine.", "after": "1", "asks": "everyone", "note": "Clearer.", "step": "publish"}
    )

    assert answer.status_code == 422
    assert "newer version" in answer.content.decode()


def test_a_fixed_norm_is_not_even_a_field(texts: str, staff: Client):
    edit = reverse("agreements:edit", args=[texts, "norms"])
    fixed = {norm.id for norm in queries.defaults().norms if norm.fixed}
    assert fixed.isdisjoint(staff.get(edit).context["form"].fields)

    staff.post(edit, {"own": "", "after": "1", "asks": "everyone", "note": "Clearer.", "step": "publish"})

    assert fixed == {norm.id for norm in queries.norm_texts(texts)}


def test_strangers_and_visitors_see_no_editor(texts: str, client: Client):
    other = browser()
    sign_in(other, person("charlie"))
    for name, args in (("shelf", [texts]), ("publish-all", [texts]), ("edit", [texts, "policy"])):
        url = reverse(f"agreements:{name}", args=args)
        assert other.get(url).status_code == 404
        assert other.post(url).status_code in (404, 405)
        assert client.get(url).status_code == 302


def test_an_unknown_text_is_not_found(texts: str, staff: Client):
    assert staff.get(reverse("agreements:edit", args=[texts, "minutes"])).status_code == 404


def test_a_leader_is_told_in_one_line_what_waits(texts: str, leader: Someone, staff: Client):
    who = staff.get(reverse("agreements:shelf", args=[texts])).wsgi_request.who  # type: ignore[attr-defined]
    assert queries.todo(who, NOW) == []
    with connected(fields=[REACH]):
        told = queries.todo(who, NOW)
    assert [each.title for each in told] == ["Your privacy policy no longer says what you do"]


def test_pol1_what_must_be_said_is_not_called_optional(texts: str, staff: Client):
    for slug, optional in (("policy", 2), ("statement", 0), ("promise", 0), ("consents", 0), ("norms", 1)):
        page = staff.get(reverse("agreements:edit", args=[texts, slug])).content.decode()
        assert page.count("(optional)") == optional, slug


def test_con2_a_new_version_needs_a_reason_and_the_preview_lists_what_changes(texts: str, staff: Client):
    edit = reverse("agreements:edit", args=[texts, "promise"])
    data = {"words": "I keep what I hear here.", "after": "1", "asks": "everyone", "note": ""}

    refused = staff.post(edit, data)
    assert refused.status_code == 422
    assert "Say in one sentence what changed" in refused.content.decode()

    page = staff.post(edit, data | {"note": "Much shorter."}).content.decode()
    assert "<ins>I keep what I hear here.</ins>" in page
    assert "<del>I do not record" in page
    assert "What changed: Much shorter." in page
    assert "6 words, 6 in a sentence" in page


def test_con5_no_text_leads_to_a_page_that_does_not_exist(texts: str, client: Client):
    for name in ("packet", "norms", "statement", "policy"):
        assert "concern" not in client.get(reverse(f"agreements:{name}", args=[texts])).content.decode()
