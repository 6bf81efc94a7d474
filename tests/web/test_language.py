"""The reader's language: in the address, kept by every link; numbers and dates as people there write them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from app import close_app, create_app
from app.config import Settings
from app.web import language
from tests.cast import make_post, read_posts
from tests.page import Page, Pages
from tests.web.street import addresses, furnish

MOMENT = datetime(2011, 11, 15, 13, 5, tzinfo=UTC)


@pytest.fixture
def street(app: Flask, client: FlaskClient) -> dict[str, str]:
    return addresses(app, furnish(app, client))


def _html(client: FlaskClient, path: str) -> Page | None:
    answer = client.get(path)
    return Page(answer.text, path) if answer.mimetype == "text/html" else None


def test_it_is_german_unless_the_address_says_otherwise(pages: Pages, client: FlaskClient) -> None:
    assert pages.open("/").lang == "de"
    assert pages.open("/?lang=en").lang == "en"
    assert pages.open("/?lang=fr").lang == "de"
    assert Page(client.get("/", headers={"Accept-Language": "en"}).text).lang == "de"


def test_every_link_keeps_it(client: FlaskClient, street: dict[str, str]) -> None:
    for address in street.values():
        page = _html(client, f"{address}?lang=en")
        if page is None:
            continue
        assert page.lang == "en", address
        for link in page.root.all("a", "form"):
            target = urlsplit(link.get("href") or link.get("action"))
            if target.scheme or not target.path or link.get("hreflang") or target.path.startswith("/static"):
                continue
            assert "lang=en" in target.query, f"{address}: {target.geturl()}"


def test_each_page_leads_to_itself_in_the_other_language(client: FlaskClient, street: dict[str, str]) -> None:
    for address in street.values():
        if page := _html(client, address):
            other = [e["href"] for e in page.root.all("a") if e.get("hreflang") == "en"]
            assert [urlsplit(href).path for href in other] == [urlsplit(address).path], address
            assert (back := _html(client, other[0]))
            assert [e["href"] for e in back.root.all("a") if e.get("hreflang") == "de"] == [address]


@pytest.mark.parametrize("odd", ["_external=1", "_scheme=javascript", "_anchor=x", "endpoint=site.post", "slug=other"])
def test_odd_arguments_bend_no_link(client: FlaskClient, street: dict[str, str], odd: str) -> None:
    page = _html(client, f"/posts/netz?{odd}")
    assert page
    assert [e["href"] for e in page.root.all("a") if e.get("hreflang") == "en"] == ["/posts/netz?lang=en"]


@pytest.mark.parametrize("path", ["/", "/accessibility", "/imprint"])
def test_arguments_of_other_pages_are_in_no_link(client: FlaskClient, path: str) -> None:
    page, odd = _html(client, path), _html(client, f"{path}?page=7&place=elsewhere&parent=3&utm=x")
    assert page
    assert odd
    assert [e["href"] for e in odd.root.all("a", "link")] == [e["href"] for e in page.root.all("a", "link")]


@pytest.mark.parametrize(("path", "there"), [("/posts", "/posts/"), ("/desk?lang=en", "/desk/?lang=en")])
def test_a_missing_slash_leads_on_without_naming_a_host(client: FlaskClient, path: str, there: str) -> None:
    answer = client.get(path, base_url="http://127.0.0.1:9999")
    assert (answer.status_code, answer.location) == (308, there)


def test_a_translated_post_leads_to_its_translation(app: Flask, pages: Pages) -> None:
    posts = Path(app.extensions["settings"].posts)
    make_post(posts, "netz")
    make_post(posts, "network", lang="en", translation_of="netz")
    read_posts(app)
    for here, code, there in (
        ("/posts/netz", "en", "/posts/network?lang=en"),
        ("/posts/network?lang=en", "de", "/posts/netz"),
    ):
        (link,) = [e["href"] for e in pages.open(here).root.all("a") if e.get("hreflang") == code]
        assert link == there


def test_absolute_links_carry_the_configured_name(environ: dict[str, str], app: Flask) -> None:
    known = create_app(Settings.load(environ | {"EINZELFALL_BASE_URL": "https://einzelfall.example"}))
    client = known.test_client()
    for endpoint, address in addresses(known, furnish(known, client)).items():
        answer = client.get(address, headers={"Host": "localhost"})
        assert answer.status_code == 200, address
        assert "http://localhost" not in answer.text, (endpoint, address)
        if page := _html(client, address):
            (canonical,) = [e["href"] for e in page.root.all("link") if e.get("rel") == "canonical"]
            assert canonical == f"https://einzelfall.example{address}"
    close_app(known)


def test_a_translation_says_which_address_is_its_own(pages: Pages) -> None:
    page = pages.open("/?lang=en")
    (canonical,) = [e["href"] for e in page.root.all("link") if e.get("rel") == "canonical"]
    assert canonical == "http://localhost:8000/?lang=en"


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example", "einzelfall.example:80@x"])
def test_a_host_that_is_not_ours_is_refused(client: FlaskClient, host: str) -> None:
    for path in ("/", "/reports/new", "/feed.atom", "/no/such/page"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert "elsewhere" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000"])
def test_our_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_numbers_have_their_marks(app: Flask) -> None:
    with app.test_request_context("/"):
        assert (language.number(8000), language.decimal(12.34)) == ("8.000", "12,3")
    with app.test_request_context("/?lang=en"):
        assert (language.number(8000), language.decimal(12.34)) == ("8,000", "12.3")


def test_days_and_moments_in_german_time(app: Flask) -> None:
    with app.test_request_context("/"):
        assert language.day(MOMENT) == "15. November 2011"
        assert language.moment(MOMENT) == "15. November 2011, 14:05 Uhr"
        assert language.iso(MOMENT) == "2011-11-15T14:05+01:00"
    with app.test_request_context("/?lang=en"):
        assert language.day(MOMENT) == "November 15, 2011"
        assert language.moment(MOMENT) == "November 15, 2011, 14:05"


def test_a_day_is_the_day_in_germany(app: Flask) -> None:
    late = datetime(2011, 11, 15, 23, 30, tzinfo=UTC)
    with app.test_request_context("/"):
        assert language.day(late) == "16. November 2011"
        assert language.moment(late) == "16. November 2011, 00:30 Uhr"


def test_readers_are_told_du_with_a_capital_letter_everywhere() -> None:
    small = re.compile(r"(?<![\w„{%(<])(?:du|dein(?:e[mnrs]?)?|dir|dich)(?!\w)")
    with (Path(__file__).parents[2] / "app/translations/de/LC_MESSAGES/messages.po").open("rb") as file:
        words = [text for message in read_po(file) for text in _texts(message)]
    assert len(words) > 1000
    assert [text for text in words if small.search(text)] == []


def _texts(message: Message) -> list[str]:
    """What stands for it: one text, or one for each number."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())
