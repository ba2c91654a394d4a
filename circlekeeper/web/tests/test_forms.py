"""Any plain form: errors first, linked, said again at the field, and nothing typed is lost."""

import re

from django.test import Client

from circlekeeper.web.tests.gallery import OneQuestion, Questions


def test_errors_come_first_linked_and_again_at_the_field(client: Client) -> None:
    answer = client.post("/gallery/", {"alias": "", "more": "keep me", "zone": "UTC"})
    text = answer.content.decode()

    assert answer.status_code == 422
    assert text.index('id="problem"') < text.index('name="alias"')
    assert "<title>Error: Gallery</title>" in text
    for target in re.findall(r'<li><a href="#(id_\w+)">', text):
        assert f'id="{target}"' in text
    assert text.count("Please answer this.") == 4
    assert "Please tick this to go on." in text
    assert 'aria-describedby="id_alias_helptext id_alias_error"' in text
    assert 'id="id_alias_error"' in text
    assert 'aria-invalid="true"' in text


def test_what_was_typed_is_kept(client: Client) -> None:
    text = client.post("/gallery/", {"more": "keep me", "reach": "text", "days": ["sat"]}).content.decode()

    assert "keep me</textarea>" in text
    assert re.search(r'value="text"[^>]*checked', text)
    assert re.search(r'value="sat"[^>]*checked', text)


def test_an_error_of_the_whole_form_stands_in_the_summary(client: Client) -> None:
    good = {"alias": "taken", "reach": "no", "zone": "UTC", "agreed": "on"}
    text = client.post("/gallery/", good).content.decode()

    assert "<li>Somebody chose that name a moment ago.</li>" in text


def test_the_page_lands_on_the_problem_without_script(client: Client) -> None:
    text = client.get("/gallery/").content.decode()

    assert 'action="#problem"' in text
    assert 'id="problem"' not in text
    assert "<title>Gallery</title>" in text


def test_a_form_alone_has_fields_hints_and_reasons() -> None:
    text = str(Questions())

    assert "Why we ask" in text
    assert "It need not be your name." in text
    assert 'id="id_alias_helptext">Two letters or more.' in text
    assert text.count("(optional)") == 3
    assert text.count("<fieldset") == 2
    assert not re.search(r"\sstyle=|<script", text)


def test_hints_and_labels_are_text_not_markup() -> None:
    class Hostile(OneQuestion):
        pass

    form = Hostile(data={"alias": ""})
    form.fields["alias"].help_text = "<script>x</script>"
    form.fields["alias"].label = "<b>who</b>"

    assert "<script>x" not in str(form)
    assert "<b>who" not in str(form)


def test_one_question_makes_its_label_the_heading() -> None:
    text = str(OneQuestion())

    assert re.search(r'<h1><label for="id_alias">What should we call you\?</label></h1>', text)


def test_saved_is_said_once(client: Client, db: None) -> None:
    good = {"alias": "Wren", "reach": "no", "zone": "UTC", "agreed": "on"}

    assert "Saved." in client.post("/gallery/", good, follow=True).content.decode()
    assert "Saved." not in client.get("/gallery/").content.decode()
