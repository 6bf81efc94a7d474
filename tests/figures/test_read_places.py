"""Places: what was published of each, nothing of the others, at the same cost however much there is."""

import re
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.figures.quota import Quota
from app.kit import tokens, wilson
from app.places import gazetteer
from app.reports.models import Answer, FollowUp, MeToo, Report, TextState, withdrawal
from tests.figures.telling import publish_on, tell
from tests.page import Page, Pages
from tests.site.test_pages import queries

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MUNICH = "/places/muenchen"
MUENSTER = "05515000"
NUMBER = re.compile(r"\d+")


def _body(page: Page) -> str:
    """The page without the live counter and what stands in its foot."""
    return page.html[page.html.index("<main") : page.html.index("</main>")]


def _entries(feed: bytes) -> list[ET.Element]:
    return ET.fromstring(feed).findall("a:entry", ATOM)  # noqa: S314 -- our own feed


def _publish(app: Flask, day: int = 1) -> None:
    with app.app_context():
        publish_on(day)


def _tell(app: Flask, count: int, place: str = "Berlin", district: str = "", text: str = "") -> None:
    with app.app_context():
        for report in tell(count, place, district, text=text):
            db.session.flush()
            if text:
                report.decide_text(TextState.RELEASED)
        db.session.commit()


def test_before_the_first_batch_the_page_says_from_when_on_a_place_appears(app: Flask, pages: Pages) -> None:
    _tell(app, 30)
    page = pages.open("/places/?lang=en")
    assert "From 10 reports on" in page.text
    assert "Berlin" not in page.text
    assert not list(page.root.all("table"))


def test_both_rankings_map_and_states_name_places_from_the_minimum_on(app: Flask, pages: Pages) -> None:
    _tell(app, 29, "Berlin")
    _tell(app, 12, "Mannheim")
    _tell(app, 9, "Münster")
    _publish(app)
    page = pages.open("/places/?lang=en")
    raw, per_capita, on_map = page.root.all("table")
    assert [NUMBER.findall(row.text) for row in raw.all("tr")][1:] == [["1", "20"], ["2", "10"]]
    assert [row.text.split()[1] for row in per_capita.all("tr")][1:] == ["Mannheim", "Berlin"]
    assert len(list(on_map.all("tr"))) == 3
    assert "Münster" not in page.text
    (drawing,) = page.with_class("map")
    circles = list(drawing.with_class("map-places")[0].all("circle"))
    radii = [float(circle["r"]) for circle in circles]
    assert radii[0] ** 2 / radii[1] ** 2 == pytest.approx(2, rel=0.02), "the area goes with the number"
    assert [title.text for title in drawing.all("title")] == ["Berlin: 20", "Mannheim: 10"]
    assert {a["href"] for a in drawing.all("a")} == {"/places/berlin?lang=en", "/places/mannheim?lang=en"}
    assert len(list(drawing.with_class("map-land")[0].all("path"))) == 16


def test_a_place_shows_all_that_was_published_of_it(app: Flask, pages: Pages) -> None:
    with app.app_context():
        for report in tell(64, "Berlin", "Mitte", symptoms=("no_data", "sms"), text="Am Alex ist nichts."):
            db.session.flush()
            FollowUp.say(report, Answer.BETTER)
            report.decide_text(TextState.RELEASED)
        for _ in range(15):
            MeToo.say("11000000", "calls_drop", tokens.new_key())
        publish_on(1)
    page = pages.open("/places/berlin?lang=en")
    assert page.heading == "Berlin"
    for words in ("60 reports at least", "No data connection 60", "better 60", "Calls drop 10", "at least 60 of 60"):
        assert words in page.text, words
    assert page.links["Mitte"] == "/places/berlin-mitte?lang=en"
    assert page.links["Report a problem here"] == "/reports/new?place=Berlin&lang=en"
    assert "Am Alex ist nichts. Mitte (Berlin), " in page.text
    district = pages.open("/places/berlin-mitte?lang=en")
    assert "60 reports at least" in district.text
    assert district.links["Deutschland"] == "/places/deutschland?lang=en"
    assert "60 reports at least" in pages.open("/places/deutschland?lang=en").text
    assert pages.open("/places/state-berlin?lang=en").links["Berlin"] == "/places/berlin?lang=en"
    pages.open("/places/nirgendwo", 404)
    pages.open("/places/suggest%00", 404)


def test_a_place_with_few_reports_looks_like_one_without_any(app: Flask, pages: Pages) -> None:
    before = _body(pages.open("/places/muenster?lang=en"))
    _tell(app, 9, "Münster", text="Am Aasee ist nichts.")
    _tell(app, 10, "Berlin")
    _publish(app)
    page = pages.open("/places/muenster?lang=en")
    assert _body(page) == before
    assert "Fewer than 10 reports so far." in page.text
    assert page.form("symptom")
    assert "Aasee" not in page.html
    feed = pages.client.get("/places/muenster/feed.atom").data
    assert not _entries(feed)


def test_words_name_no_place_that_has_few_reports(app: Flask, pages: Pages) -> None:
    _tell(app, 1, "Münster", text="Am Aasee ist nichts.")
    _tell(app, 20, "Köln")
    _publish(app)
    for path in ("/", "/places/deutschland"):
        page = pages.open(path)
        assert "Am Aasee ist nichts. Nordrhein-Westfalen, " in page.text
        assert "Münster" not in page.text


def test_a_feed_tells_of_each_batch_that_changed_the_place(app: Flask, pages: Pages) -> None:
    _tell(app, 12, "Berlin", text="Am Alex ist nichts.")
    _publish(app, 1)
    _tell(app, 10, "Hamburg")
    _publish(app, 2)
    _tell(app, 10, "Berlin")
    _publish(app, 3)
    answer = pages.client.get("/places/berlin/feed.atom?lang=en")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    entries = _entries(answer.data)
    titles = [entry.findtext("a:title", "", ATOM) for entry in entries]
    assert [title for title in titles if "at least" in title] == [
        "Berlin: at least 20 reports",
        "Berlin: at least 10 reports",
    ]
    assert titles.count("In their own words: Berlin") == 12
    ids = [entry.findtext("a:id", "", ATOM) for entry in entries]
    assert len(set(ids)) == len(ids)
    assert "http://localhost:8000/places/berlin#figures-2011-11-17" in ids
    again = pages.client.get("/places/berlin/feed.atom?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_feed_says_nothing_of_the_days_before_the_place_was_named(app: Flask, pages: Pages) -> None:
    with app.app_context():
        for _ in range(10):
            MeToo.say(MUENSTER, "sms", tokens.new_key())
        db.session.commit()
    _tell(app, 10, "Berlin")
    _publish(app, 1)
    _tell(app, 10, "Münster")
    _publish(app, 2)
    entries = _entries(pages.client.get("/places/muenster/feed.atom?lang=en").data)
    assert [entry.findtext("a:title", "", ATOM) for entry in entries] == ["Münster: at least 10 reports"]


def test_a_feed_does_not_repeat_a_number_that_had_ended(app: Flask, pages: Pages) -> None:
    _tell(app, 10, "Münster")
    _publish(app, 1)
    with app.app_context():
        for report in db.session.scalars(select(Report)):
            withdrawal.withdraw(report)
        db.session.commit()
    _tell(app, 10, "Berlin")
    _publish(app, 2)
    _tell(app, 20, "Münster")
    _publish(app, 3)
    titles = [
        entry.findtext("a:title", "", ATOM)
        for entry in _entries(pages.client.get("/places/muenster/feed.atom?lang=en").data)
    ]
    assert titles == ["Münster: at least 20 reports", "Münster: at least 10 reports"]


@pytest.mark.parametrize(("most", "key"), [(10, ["10"]), (60, ["50"]), (200, ["100", "10"])])
def test_the_key_of_the_map_shows_only_numbers_that_a_place_can_have(
    app: Flask, pages: Pages, most: int, key: list[str]
) -> None:
    _tell(app, most, "Berlin")
    _publish(app)
    drawn = pages.open("/places/?lang=en").html.split('class="map-key"')[1].split("</g>")[0]
    assert re.findall(r">(\d+) reports<", drawn) == key


def test_nothing_private_of_a_report_is_on_any_page(app: Flask, pages: Pages) -> None:
    with app.app_context():
        made = Report.tell(
            tell(1, "Berlin", "Mitte", hotline="Geheimwort Hotline", text="Geheimwort Text")[0].as_told(),
            "geheimer-schluessel",
        )
        tell(30, "Berlin", "Mitte")
        db.session.commit()
        secrets = (made.receipt_hash, made.nonce.hex(), "Geheimwort", "geheimer-schluessel")
        publish_on(1)
    paths = ("/", "/places/", "/places/berlin", "/places/berlin-mitte", "/places/berlin/feed.atom", "/numbers")
    for path in paths:
        body = pages.client.get(path).text
        assert [secret for secret in secrets if secret in body] == [], path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/places/",
        "/places/deutschland",
        "/places/bayern",
        "/places/muenchen",
        "/places/muenchen/feed.atom",
    ],
)
def test_a_page_asks_the_same_with_one_place_and_with_three_hundred(app: Flask, pages: Pages, path: str) -> None:
    _rounds_to(app, 1)
    counts = []
    for day, number in enumerate((1, 300)):
        with app.app_context():
            for place in islice(gazetteer(), 0, 6 * number, 6):
                tell(1, place.label, text="Nichts.")
            tell(20, "München")
            publish_on(day + 1)
        with queries(app) as asked:
            assert pages.client.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8, counts


def _rounds_to(app: Flask, step: int) -> None:
    """A smaller step than a campaign may choose, so that few reports name many places."""
    own = app.extensions["campaign"]
    app.extensions["campaign"] = own.model_copy(update={"figure_step": step, "rank_minimum": step})


def test_pages_of_places_are_public_and_the_same_for_all(app: Flask, pages: Pages) -> None:
    _tell(app, 30)
    _publish(app)
    for path in ("/places/", "/places/berlin", "/places/berlin/thanks", "/numbers"):
        answer = pages.client.get(path)
        assert answer.cache_control.public, path
        assert answer.headers["ETag"], path
        assert "Set-Cookie" not in answer.headers, path
    assert pages.client.head("/places/berlin").status_code == 200


def test_the_bounds_of_a_quota_hold_whatever_the_rounding_hides() -> None:
    quota = Quota.of(20, 60, 10)
    assert quota
    for told in range(20, 30):
        for asked in range(60, 70):
            low, high = wilson.interval(told, asked)
            assert quota.low <= low < high <= quota.high
    assert Quota.of(10, 40, 10) is None


def test_a_wilson_interval_is_the_one_in_the_books() -> None:
    assert wilson.interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe 1998, table I
    assert wilson.interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson.interval(1, 29)[0] == pytest.approx(0.0061, abs=5e-5)
    assert wilson.interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no share"):
        wilson.interval(3, 2)


def test_a_campaign_in_another_country_has_its_own_map(environ: dict[str, str], request: pytest.FixtureRequest) -> None:
    instance = Path(environ["EINZELFALL_INSTANCE"])
    instance.mkdir(parents=True, exist_ok=True)
    (instance / "campaign.toml").write_text('country = "us"\nlanguage = "en"\n')
    app: Flask = request.getfixturevalue("app")
    _tell(app, 20, "Chicago")
    _publish(app)
    pages = Pages(app.test_client())
    page = pages.open("/places/")
    (drawing,) = page.with_class("map")
    assert len(list(drawing.with_class("map-land")[0].all("path"))) >= 50
    assert page.links["Illinois"] == "/places/illinois"
    assert "20 reports at least" in pages.open("/places/illinois").text
