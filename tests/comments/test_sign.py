"""Nobody signs as somebody verified; the badge is drawn by the server alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, State
from app.extensions import db
from tests.cast import make_comment, make_editor, make_guest, make_organisation, make_other_guest, within
from tests.comments.reader import URL, stored, write
from tests.page import Element, Pages

TAKEN = [
    "O2",
    "o2",
    "О2",  # Cyrillic О
    "02",
    "O₂",
    "O 2",
    "O\u200b2",
    "Anna · O2 · verified",
    "Anna · O2 · verifiziert",
    "Anna (O2)",
    "O2-Team",
    "Redaktion",
    "REDAKTION",
    "Rеdaktion",  # Cyrillic е
    "Die Moderation",
    "Admin",
    "Vodafone",
]


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_of_verified_people_or_one_that_looks_like_it_is_refused(app: Flask, pages: Pages, name: str) -> None:
    make_organisation(app)
    page = pages.read(write(pages.client, app, name=name), URL, 422)
    assert page.by_id("comment-name").get("aria-invalid") == "true"
    assert stored(app) == []


@pytest.mark.parametrize("name", ["Lena", "Otto2", "CO2-Sparer", "Anna", "Müller, Köln", "李雷", "محمد"])
def test_other_names_are_free(app: Flask, client: FlaskClient, name: str) -> None:
    assert write(client, app, name=name).status_code == 303
    assert len(stored(app)) == 1


def comment(pages: Pages, id_: int) -> Element:
    return pages.open("/posts/netz").by_id(f"c-{id_}")


def test_a_guests_answer_carries_the_badge_and_the_way_to_its_proof(app: Flask, pages: Pages) -> None:
    gabi = make_guest(app)
    shown = comment(pages, make_comment(app, by=gabi, text="Wir bauen aus.").id)
    (badge,) = shown.with_class("badge")
    assert badge.tag == "a"
    assert badge["href"] == "/organisations/o2"
    assert "O2" in badge.text
    assert "Gabi" in shown.text
    assert pages.open(badge["href"]).heading


def test_a_guest_of_another_organisation_carries_its_name(app: Flask, pages: Pages) -> None:
    vera = make_other_guest(app)
    (badge,) = comment(pages, make_comment(app, by=vera).id).with_class("badge")
    assert badge["href"] == "/organisations/vodafone"
    assert "O2" not in badge.text


def test_an_editor_carries_another_badge(app: Flask, pages: Pages) -> None:
    (badge,) = comment(pages, make_comment(app, by=make_editor(app)).id).with_class("badge")
    assert "editor" in badge["class"]


def test_a_reader_of_the_same_first_name_carries_none(app: Flask, pages: Pages) -> None:
    make_guest(app)
    shown = comment(pages, make_comment(app, name="Gabi").id)
    assert not shown.with_class("badge")
    assert not shown.with_class("is-official")


def test_a_badge_cannot_be_written(app: Flask, pages: Pages) -> None:
    forged = 'Hallo <a class="badge" href="/organisations/o2">O2 · verifiziert</a> [O2](/organisations/o2 "x")'
    shown = comment(pages, make_comment(app, text=forged).id)
    assert not shown.with_class("badge")
    assert '<a class="badge"' in shown.text


def test_the_badge_of_a_removed_answer_is_gone_too(app: Flask, pages: Pages) -> None:
    made = make_comment(app, by=make_guest(app))
    within(app, lambda: db.session.get_one(Comment, made.id).decide(State.REMOVED, seen=State.PUBLISHED, reason="x"))
    assert not comment(pages, made.id).with_class("badge")
