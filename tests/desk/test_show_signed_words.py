"""Readers are never shown other words in the place of those that an organisation signed off."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.drafts.jobs import restore
from app.drafts.recount import faults
from tests.cast import SignedIn, read_posts, within
from tests.drafts.desk import begin, copy_of, hand_in, release, save

PAGE = "/posts/zur-lage-im-netz"


@pytest.fixture
def released(app: Flask, gabi: SignedIn, eda: SignedIn) -> str:
    """A guest's post that readers see; the path of its draft."""
    path = begin(gabi, "Zur Lage im Netz")
    save(gabi, path, body="Wir bauen **aus**.", authors="Gabi")
    assert hand_in(gabi, path).status_code == 303
    assert release(eda, path).status_code == 303
    return path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Wir bauen", "FALSCH Wir bauen"),
        ("kind: guest", "kind: press\nsummary: FALSCH"),
        ("organisation: o2", "organisation: FALSCH"),
        ("kind: guest", "kind: guest\nimage: /pictures/FALSCH.jpg\nimage_alt: FALSCH"),
    ],
)
def test_a_file_changed_by_hand_is_not_shown_as_what_was_signed_off(
    app: Flask, client: FlaskClient, released: str, old: str, new: str
) -> None:
    signed, file = client.get(f"{PAGE}/words").text, copy_of(app, released)
    assert "Signed off by Gabi" in client.get(f"{PAGE}?lang=en").text
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    read_posts(app)
    text = client.get(f"{PAGE}?lang=en").text
    assert "Not the words that were signed off" in text
    assert [word in text for word in ("FALSCH", "Signed off by", "Guest post", "SHA-256")] == [False] * 4
    assert client.get(f"{PAGE}/words").text == signed


def test_a_second_file_at_its_address_is_not_shown_either(app: Flask, client: FlaskClient, released: str) -> None:
    file = copy_of(app, released)
    file.with_name("aaa.md").write_text(file.read_text("utf-8").replace("Wir bauen", "FALSCH"), "utf-8")
    read_posts(app)
    assert "FALSCH" not in client.get(PAGE).text


def test_another_date_or_tag_is_no_word(app: Flask, client: FlaskClient, released: str) -> None:
    file = copy_of(app, released)
    file.write_text(file.read_text("utf-8").replace("kind: guest", "kind: guest\ntags: [Netz]"), "utf-8")
    read_posts(app)
    assert "Signed off by Gabi" in client.get(f"{PAGE}?lang=en").text


LISTS = ("/", "/posts/", "/feed.atom", "/feed.json", "/organisations/o2", "/authors/gabi", PAGE, f"{PAGE}/versions")


@pytest.mark.parametrize(
    ("old", "new"), [("title: ", "title: FALSCH "), ("kind: guest\norganisation: o2", "summary: FALSCH")]
)
def test_no_list_feed_or_card_shows_a_word_of_a_file_changed_by_hand(
    app: Flask, client: FlaskClient, released: str, old: str, new: str
) -> None:
    shown = [client.get(path).text for path in LISTS]
    assert all("Zur Lage im Netz" in page for page in shown)
    file = copy_of(app, released)
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    read_posts(app)
    assert not [path for path in LISTS if "FALSCH" in client.get(path).text]
    within(app, restore)
    assert [client.get(path).text.count("Zur Lage im Netz") for path in LISTS] == [
        page.count("Zur Lage im Netz") for page in shown
    ]


def test_the_audit_names_another_file_that_took_its_address(app: Flask, released: str) -> None:
    file = copy_of(app, released)
    file.with_name("aaa.md").write_bytes(file.read_bytes())
    read_posts(app)
    assert within(app, lambda: list(faults())) == [
        "guest post zur-lage-im-netz has its address taken by another file, aaa.md"
    ]


def test_another_file_that_took_its_address_is_set_aside_by_the_clock(
    app: Flask, client: FlaskClient, released: str
) -> None:
    file = copy_of(app, released)
    other = file.with_name("aaa.md")
    other.write_text(file.read_text("utf-8").replace("Wir bauen", "FALSCH"), "utf-8")
    read_posts(app)
    within(app, restore)
    assert "Signed off by Gabi" in client.get(f"{PAGE}?lang=en").text
    assert not other.exists()
    assert ["FALSCH" in one.read_text("utf-8") for one in file.parent.glob(".aaa.md.*.changed-by-hand")] == [True]
    assert within(app, lambda: list(faults())) == []
