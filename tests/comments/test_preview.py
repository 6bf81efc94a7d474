"""Looking at a comment before it is sent: by the renderer that readers' pages are made with."""

from flask import Flask
from flask.testing import FlaskClient

from tests.comments.reader import FIELDS, URL, filled, own_page, stored
from tests.page import Pages

WORDS = "**Laut** und [hier](https://example.org) <script>x</script>"


def test_without_script_the_button_shows_it_and_nothing_is_stored(app: Flask, pages: Pages) -> None:
    form = pages.open("/posts/netz/comments/new").form("text")
    assert ("preview", "yes") in form.buttons
    check = pages.send(form, 200, **FIELDS | {"text": WORDS}, preview="yes")
    assert "<strong>Laut</strong>" in check.html
    assert "<script>x" not in check.html
    assert stored(app) == []


def test_the_form_that_was_looked_at_is_the_same_submission(app: Flask, pages: Pages) -> None:
    form = pages.open("/posts/netz/comments/new").form("text")
    check = pages.send(form, 200, **FIELDS, preview="yes").form("text")
    assert check.values["key"] == form.values["key"]
    assert pages.post(check).location == own_page(app, form.values["key"])
    assert pages.post(form, **FIELDS).location == own_page(app, form.values["key"])
    assert len(stored(app)) == 1


def test_who_wants_to_change_something_gets_the_form_with_every_value(app: Flask, pages: Pages) -> None:
    form = pages.open("/posts/netz/comments/new").form("text")
    check = pages.send(form, 200, **FIELDS, preview="yes").form("text")
    again = pages.send(check, 200, preview="change").form("text")
    assert {name: again.values[name] for name in ("name", "email", "text", "key")} == {
        name: check.values[name] for name in ("name", "email", "text", "key")
    }
    assert stored(app) == []


def test_scripts_get_the_rendered_words(app: Flask, client: FlaskClient) -> None:
    data = filled(app, text=WORDS, preview="yes")
    said = client.post(URL, data=data, headers={"Accept": "application/json"}).get_json()
    assert (said["check"], said["key"], said["name"]) == (True, data["key"], "Lena")
    assert "<strong>Laut</strong>" in said["preview"]
    assert stored(app) == []


def test_faults_are_told_before_anything_is_shown(app: Flask, pages: Pages) -> None:
    form = pages.open("/posts/netz/comments/new").form("text")
    assert pages.send(form, 422, text="", name="Lena", preview="yes").title.startswith("Fehler:")
