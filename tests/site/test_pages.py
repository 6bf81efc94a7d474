"""The street side: pages cost the same however much there is, and tell machines the truth."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.config import Campaign
from app.extensions import db
from app.kit import tokens
from app.reports.models import Report, Told
from app.site import theme
from tests.cache.asking import forget, remember
from tests.cast import make_comment, make_guest, make_post, read_posts
from tests.figures.telling import publish_on
from tests.page import Page, Pages

AMOUNTS = (1, 3, 200)
PLACES = ("Hamburg", "Berlin", "München", "Köln", "Mannheim")
COLOURS = ("#000000", "#ffffff", "#ffff00", "#0019a5", "#808080", "#0a5a44", "#b3261e")


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.extensions["settings"].posts)


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    """What the database is asked meanwhile, by pages that are made from nothing."""
    forget(app)
    remember(app)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _tell(app: Flask, count: int) -> None:
    with app.app_context():
        for number in range(count):
            told = Told(symptoms=("no_data",), place=PLACES[number % len(PLACES)], text="Nichts geht.")
            Report.tell(told, tokens.new_key()).decide_text("released")  # type: ignore[arg-type]
        db.session.commit()


def _asked(app: Flask, pages: Pages, path: str) -> list[str]:
    with queries(app) as asked:
        pages.open(path)
    return asked


@pytest.mark.parametrize("path", ["/", "/posts/", "/tags/netz", "/posts/netz-0", "/counter.json", "/feed.atom"])
def test_a_page_asks_the_same_however_much_there_is(app: Flask, pages: Pages, folder: Path, path: str) -> None:
    found = {}
    for amount in AMOUNTS:
        _tell(app, amount)
        for number in range(amount):
            make_post(folder, f"netz-{number}", tags="[Netz]", kind="milestone")
        read_posts(app)
        make_comment(app, "netz-0")
        with queries(app) as asked:
            assert pages.client.get(path).status_code == 200
        found[amount] = asked
    assert {amount: len(asked) for amount, asked in found.items()} == dict.fromkeys(AMOUNTS, len(found[1]))
    assert len(found[1]) <= 8, found[1]


def test_a_thread_asks_the_same_however_long_it_is(app: Flask, pages: Pages, folder: Path) -> None:
    make_post(folder)
    read_posts(app)
    guest = make_guest(app)
    counts = []
    for amount in (1, 3, 60, 60):
        for _ in range(amount):
            make_comment(app, parent=make_comment(app), by=guest)
        counts.append(len(_asked(app, pages, "/posts/netz")))
    on_one, is_more = counts[:2], counts[2:]
    assert len(set(on_one)) == len(set(is_more)) == 1, counts
    assert is_more[0] - on_one[0] <= 1, "where there is a later page, its first official answer is asked for"


def test_public_pages_write_nothing(app: Flask, pages: Pages, folder: Path) -> None:
    make_post(folder)
    read_posts(app)
    for path in ("/", "/posts/", "/posts/netz", "/imprint", "/how-we-count"):
        asked = " ".join(_asked(app, pages, path)).upper()
        assert not re.search(r"\b(INSERT|UPDATE|DELETE|BEGIN IMMEDIATE)\b", asked), path


def _canonical(page: Page) -> list[str]:
    return [e["href"] for e in page.root.all("link") if e.get("rel") == "canonical"]


def test_a_page_has_one_address(app: Flask, pages: Pages, folder: Path) -> None:
    make_post(folder)
    read_posts(app)
    assert _canonical(pages.open("/posts/netz?utm_source=x&fbclid=y")) == ["http://localhost:8000/posts/netz"]
    assert _canonical(pages.open("/?new=1")) == ["http://localhost:8000/"]
    for number in range(60):
        make_comment(app, text=f"Bei mir auch, zum {number}. Mal.")
    assert _canonical(pages.open("/posts/netz?page=2")) == ["http://localhost:8000/posts/netz?page=2"]
    assert _canonical(pages.open("/posts/netz?page=1")) == ["http://localhost:8000/posts/netz"]


def test_pages_beyond_the_last_are_not_there(app: Flask, pages: Pages, folder: Path) -> None:
    make_post(folder)
    read_posts(app)
    for page in ("2", "0", "-1", "9" * 30):
        pages.open(f"/posts/netz?page={page}", 404)


def test_machines_read_what_a_post_is(app: Flask, pages: Pages, folder: Path) -> None:
    title = '"Netz </script><script>alert(1)</script>"'
    make_post(folder, title=title, kind="guest", organisation="o2", authors="[{name: Gregor, role: Leiter Netz}]")
    read_posts(app)
    make_comment(app)
    page = pages.open("/posts/netz")
    (block,) = [e for e in page.root.all("script") if e.get("type") == "application/ld+json"]
    facts = json.loads("".join(child for child in block.children if isinstance(child, str)))
    assert facts["@context"] == "https://schema.org"
    assert "Netz </script>" in facts["headline"]
    assert facts["commentCount"] == 1
    graph = {e["property"]: e["content"] for e in page.root.all("meta") if "property" in e.attributes}
    assert graph["og:url"] == "http://localhost:8000/posts/netz"
    assert graph["og:type"] == "article"
    assert "Gastbeitrag" in graph["og:title"] + graph.get("og:description", "")


def test_an_alias_leads_on_for_good(app: Flask, pages: Pages, folder: Path) -> None:
    make_post(folder, aliases="[/blog/alt]")
    read_posts(app)
    answer = pages.client.get("/blog/alt?lang=en")
    assert (answer.status_code, answer.location) == (308, "/posts/netz?lang=en")
    assert pages.client.post("/blog/alt").status_code in {404, 405}


def test_a_mistyped_address_is_helped(app: Flask, pages: Pages, folder: Path) -> None:
    make_post(folder, "gespraech-mit-o2", title="Das Gespräch")
    make_post(folder, "erste-dreihundert", title="Dreihundert")
    read_posts(app)
    links = pages.open("/posts/gesprach-mit-02", 404).links
    assert links["Das Gespräch"] == "/posts/gespraech-mit-o2"
    assert "Dreihundert" not in links
    pages.open("/" + "x" * 5000, 404)


def test_home_shows_both_rankings_from_the_minimum_on(app: Flask, pages: Pages) -> None:
    _tell(app, 49)
    with app.app_context():
        publish_on(1)
    words = pages.open("/").text
    assert "Hamburg" in words
    assert "Mannheim" not in words, "nine reports are one too few"
    _tell(app, 50)
    assert "Mannheim" not in pages.open("/").text, "places are published once a day"
    with app.app_context():
        publish_on(2)
    page = pages.open("/")
    assert len(list(page.root.all("table"))) == 2
    assert page.links["Mannheim"] == "/places/mannheim"


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_of_a_campaign_can_be_read(tmp_path: Path, colour: str) -> None:
    own = Campaign.load(tmp_path).model_copy(
        update={"colour": colour, "warning_colour": colour, "carrier_colour": colour}
    )
    light, dark = theme.sheet(own).split("@media")
    for half, ground in ((light, theme.WHITE), (dark, theme.DARK_GROUND)):
        found = re.findall(r"#[0-9a-f]{6}", half)
        assert len(found) == 3
        assert min(theme.contrast(theme._rgb(each), ground) for each in found) >= 4.5


def test_the_theme_s_address_changes_with_its_colours(tmp_path: Path) -> None:
    own = Campaign.load(tmp_path)
    assert theme.theme_hash(own) != theme.theme_hash(own.model_copy(update={"colour": "#123456"}))
