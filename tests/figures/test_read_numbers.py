"""All numbers, now and as of any minute: what was said once stays as it was said."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.kit import clock
from app.ledger.models import Checkpoint, Reason, size_at
from app.reports.models import Report, Source, Told
from tests.cast import make_post, read_posts
from tests.figures.telling import FIRST, on_day, publish_on, tell
from tests.page import Pages
from tests.site.test_pages import queries


def _story(app: Flask) -> None:
    """Two days of the campaign."""
    with app.app_context():
        with clock.standing_at(on_day(0)):
            for number in range(30):
                told = Told(symptoms=("no_data",), place="Berlin", hotline="isolated_case", claimed_at=FIRST)
                Report.tell(told, f"import-{number}", source=Source.IMPORT)
            tell(41, "Hamburg", hotline="other")
            Checkpoint.make()
        publish_on(1)
        with clock.standing_at(on_day(1) + timedelta(hours=3)):
            tell(29, "Berlin")
            Checkpoint.make()
        db.session.commit()


def _later(app: Flask) -> None:
    """What happens after what is quoted."""
    with app.app_context():
        with clock.standing_at(on_day(3)):
            for report in db.session.query(Report).limit(25):
                report.uncount(Reason.SPAM)
            for number in range(60):
                told = Told(symptoms=("sms",), place="München", claimed_at=FIRST)
                Report.tell(told, f"late-import-{number}", source=Source.IMPORT)
            Checkpoint.make()
        publish_on(4)


def test_every_number_stands_there_with_its_moment(app: Flask, pages: Pages) -> None:
    _story(app)
    page = pages.open("/numbers/2011-11-15T20:00?lang=en")
    for words in (
        "Reports that count, exactly 100",
        "Lines of the ledger 100",
        "Imported reports among them, at least 30",
        "No data connection 70",
        "Of at least 70 reports",
        "at least 30 of 70",
        "As of November 15, 2011, 20:00",
    ):
        assert words in page.text, words
    table = next(each for each in page.root.all("table") if "day by day" in each.text)
    rows = [row.text for row in table.all("tr")]
    assert "November 14, 2011 71 71" in rows
    assert "November 15, 2011 100 –" in rows


def test_a_moment_that_has_passed_never_changes_again(app: Flask, pages: Pages) -> None:
    _story(app)
    paths = [f"/numbers/{at}{lang}" for at in ("2011-11-14T18:00", "2011-11-15T20:00") for lang in ("", "?lang=en")]
    before = [pages.client.get(path) for path in paths]
    _later(app)
    after = [pages.client.get(path) for path in paths]
    assert [one.data for one in after] == [one.data for one in before]
    assert all(one.cache_control.max_age == 86_400 for one in after)
    assert len({one.data for one in after}) == 4


@pytest.mark.parametrize(
    "moment",
    [
        "2031-11-15T20:00",
        "2011-11-11T23:59",
        "2011-11-15",
        "2011-11-15T20:00:00",
        "2011-11-15T24:00",
        "2011-13-15T20:00",
        "2012-03-25T02:30",  # left out when summer time began
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "٢٠١١-١١-١٥T20:00",
        "2011-11-15t20:00",
    ],
)
def test_a_moment_that_was_not_is_not_there(pages: Pages, moment: str) -> None:
    pages.open(f"/numbers/{moment}", 404)


def test_the_page_of_now_leads_to_the_one_that_stays(app: Flask, pages: Pages) -> None:
    _story(app)
    with clock.standing_at(on_day(2)):
        page = pages.open("/numbers")
        links = [link for link in page.links.values() if link.startswith("/numbers/")]
        assert links == ["/numbers/2011-11-16T13:00"]
        answer = pages.client.get(links[0])
        assert (answer.status_code, answer.cache_control.max_age) == (200, 1), "the minute is not over"
    with clock.standing_at(on_day(2) + timedelta(minutes=6)):
        assert pages.client.get(links[0]).cache_control.max_age == 86_400


def test_milestones_so_far_stand_in_the_curve_and_below_it(app: Flask, pages: Pages, posts: Path) -> None:
    make_post(posts, "gestern", title="Der Auftakt", kind="milestone", date="2011-11-14T10:00:00+01:00")
    make_post(posts, "presse", title="Die Zeitung", kind="press", date="2011-11-15T10:00:00+01:00")
    make_post(posts, "morgen", title="Das Ende", kind="milestone", date="2011-11-20T10:00:00+01:00")
    make_post(posts, "sonst", title="Nebenbei", date="2011-11-14T10:00:00+01:00")
    read_posts(app)
    _story(app)
    page = pages.open("/numbers/2011-11-15T20:00")
    assert {"Der Auftakt", "Die Zeitung"} <= set(page.links)
    assert not {"Das Ende", "Nebenbei"} & set(page.links)
    for drawing in page.with_class("chart"):
        assert [text.text for text in drawing.with_class("events")[1].all("text")] == ["1", "2"]


def test_a_curve_of_years_is_marked_with_years(app: Flask, pages: Pages) -> None:
    with app.app_context():
        with clock.standing_at(on_day(800)):
            tell(10)
        publish_on(800)
    with clock.standing_at(on_day(801)):
        page = pages.open("/numbers?lang=en")
    assert "Nov 2011" in page.html.split('class="chart wide"')[1].split("</svg>")[0]


def test_before_the_first_report_the_numbers_are_nought(pages: Pages) -> None:
    page = pages.open("/numbers?lang=en")
    assert "Reports that count, exactly 0" in page.text
    assert "from 10 reports on" in page.text


def test_the_numbers_ask_no_more_than_the_depth_of_the_tree(app: Flask, pages: Pages) -> None:
    _story(app)
    with queries(app) as asked:
        assert pages.client.get("/numbers").status_code == 200
    few = len(asked)
    with app.app_context():
        tell(411)
        db.session.commit()
        depth = size_at(clock.now()).bit_length()
    with queries(app) as asked:
        assert pages.client.get("/numbers").status_code == 200
    assert len(asked) <= few + depth
    assert few <= 20
