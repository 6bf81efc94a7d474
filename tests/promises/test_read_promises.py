"""What readers see of promises: every one word for word, what became of it, and nothing hidden."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from app.kit import clock
from app.people.models import Member
from app.promises.models import Event, Promise, Tally
from app.promises.verdict import HALF, LEAST, State
from app.web.language import percent
from tests.cast import make_editor, make_guest, make_post, read_posts, within
from tests.elements import Element
from tests.page import Page, Pages
from tests.promises.told import MADE_ON, SENTENCE, make_event, make_guest_post, make_promise
from tests.reports.receipts import make_report
from tests.site.test_pages import queries

ATOM = {"a": "http://www.w3.org/2005/Atom"}
BERLIN = "11000000"
DUE: dict[str, Any] = {
    "due_words": "in den nächsten Monaten",
    "due_translation": "in the next months",
    "due_on": date(2012, 2, 29),
}


@pytest.fixture
def editor(app: Flask, posts: Path) -> Member:
    make_guest_post(app, posts)
    return make_editor(app)


def lines(page: Page) -> list[Element]:
    return page.with_class("promised")


def publish(app: Flask, promise: Promise, claim: Event, votes: tuple[int, int], days: int = 1) -> None:
    """The numbers of a day on one claim: how many confirm it, how many contradict it."""

    def work() -> None:
        with clock.standing_at(clock.now() + timedelta(days=days)):
            assert Tally.make(promise.id, claim.id, claim.said_on, *votes)

    within(app, work)


def test_without_any_promise_the_page_says_what_will_be_here(pages: Pages) -> None:
    page = pages.open("/promises/?lang=en")
    assert "Nothing has been marked as a promise so far" in page.text
    assert page.forms == []
    assert str(LEAST) in page.text


def test_a_line_has_words_source_date_verdict_and_that_the_carrier_is_silent(
    app: Flask, pages: Pages, editor: Member
) -> None:
    made = make_promise(app, editor, translation="We expand the network.", areas=[BERLIN], **DUE)
    page = pages.open("/promises/?lang=en")
    (line,) = lines(page)
    (words,) = line.with_class("said-words")
    assert words.text == f"„{SENTENCE}“"
    assert [element.get("lang") for element in words.all("span")] == ["de"]
    for said in (
        "Translation: “We expand the network.”",
        "Gregor, November 29, 2011",
        "“in den nächsten Monaten” (in the next months)".replace("“", "„", 1).replace("”", "“"),
        "overdue after February 29, 2012",
        "O2 has not commented.",
        "asked as soon as somebody says that it is done",
    ):
        assert said in line.text, said
    assert [element.text for element in line.with_class("verdict")] == ["Overdue"]
    sources = [element.get("href") for element in line.all("a")]
    assert "/posts/lage?lang=en#:~:text=Wir%20erweitern%20das%20Netz%20in%20den%20n%C3%A4chsten%20Monaten." in sources
    assert "/places/berlin?lang=en" in sources
    assert f"/promises/{made.slug}?lang=en" in sources


def test_an_old_date_stays_readable_and_the_new_one_counts(app: Flask, pages: Pages, editor: Member) -> None:
    made = make_promise(app, editor, **DUE)
    later = clock.today() + timedelta(days=90)
    make_event(app, made, editor, "postpone", said_on=date(2012, 2, 1), due_words="im Sommer", due_on=later)
    for path in ("/promises/?lang=en", f"/promises/{made.slug}?lang=en"):
        line = lines(pages.open(path))[0]
        (old,) = line.all("del")
        assert old.text == "No longer so: „in den nächsten Monaten“ (in the next months) (until February 29, 2012)"
        assert "„im Sommer“" in line.text
        assert [element.text for element in line.with_class("verdict")] == ["Open"]


def test_every_page_says_when_the_sentence_does_not_stand_in_its_post_any_more(
    app: Flask, pages: Pages, editor: Member, posts: Path
) -> None:
    slug = make_promise(app, editor).slug
    paths = ("/promises/?lang=en", f"/promises/{slug}?lang=en", "/posts/lage?lang=en")
    assert [len(pages.open(path).with_class("is-gone")) for path in paths] == [0, 0, 0]
    make_post(posts, "lage", "Wir schweigen.", kind="guest", organisation="o2", date="2011-11-29T10:00:00+01:00")
    read_posts(app)
    assert [len(pages.open(path).with_class("is-gone")) for path in paths] == [1, 1, 1]


def test_another_organisation_s_promise_is_not_shown_as_the_carrier_s_when_its_post_is_gone(
    app: Flask, pages: Pages, editor: Member, posts: Path
) -> None:
    made = make_promise(app, editor, make_guest_post(app, posts, "andere", organisation="vodafone"))
    for path in posts.glob("andere*"):
        path.unlink()
    read_posts(app)
    assert "vodafone has not commented." in pages.open(f"/promises/{made.slug}?lang=en").text


def test_a_promise_that_was_taken_back_stays_in_the_feed_with_the_reason(
    app: Flask, pages: Pages, editor: Member
) -> None:
    made = make_promise(app, editor, due_on=date(2012, 3, 31))
    make_event(app, made, editor, "take_back", about=None, reason="Kein Versprechen.")
    feed = pages.client.get("/promises/feed.json?lang=en").get_json()
    assert any("Kein Versprechen." in item["content_text"] for item in feed["items"])
    assert any("until March 31, 2012" in item["content_text"] for item in feed["items"])


def test_the_story_tells_every_event_with_its_source_and_what_was_taken_back(
    app: Flask, pages: Pages, editor: Member
) -> None:
    made = make_promise(app, editor)
    wrong = make_event(app, made, editor, words="Alles fertig.", translation="All done.")
    make_event(app, made, editor, "clarify", words="Gemeint war Berlin.", source="/posts/lage")
    make_event(app, made, editor, "take_back", about=wrong, reason="Das stand dort nicht.")
    make_event(app, made, make_guest(app), "reply", words="Wir bleiben dabei.", translation="We stand by it.")
    page = pages.open(f"/promises/{made.slug}?lang=en")
    told = [item.text for item in page.with_class("story")[0].all("li")]
    assert len(told) == 4
    assert "„Alles fertig.“" in told[1]
    assert "Das stand dort nicht." in told[1]
    assert "All done." not in told[1]
    assert "/posts/lage#:~:text=Gemeint%20war%20Berlin." in page.html.replace("?lang=en", "")
    assert "„Wir bleiben dabei.“" in page.with_class("has-words")[0].text
    assert "Wir bleiben dabei." in pages.open("/promises/?lang=en").with_class("has-words")[0].text


@pytest.mark.parametrize(
    ("votes", "shown"),
    [
        ((47, 125), (State.CLAIMED_CONTRADICTED, "At least 40 confirm it, at least 120 contradict it.")),
        ((0, 9), (State.CLAIMED_TOO_FEW, "Nothing is published yet")),
        ((3, 12), (State.CLAIMED_TOO_FEW, "Fewer than 10 confirm it, at least 10 contradict it.")),
        ((99, 12), (State.CLAIMED_CONFIRMED, "At least 90 confirm it, at least 10 contradict it.")),
        ((55, 55), (State.CLAIMED_MIXED, "between ")),
    ],
)
def test_numbers_are_lower_bounds_and_the_verdict_is_in_words(
    app: Flask, pages: Pages, editor: Member, votes: tuple[int, int], shown: tuple[State, str]
) -> None:
    made = make_promise(app, editor)
    claim = make_event(app, made, editor)
    if max(votes) >= 10:
        publish(app, made, claim, votes)
    line = lines(pages.open("/promises/?lang=en"))[0]
    state, words = shown
    assert words in line.text
    assert line.with_class(f"is-{state}")[0].text.startswith("Said to be done, ")
    assert line.with_class("verdict")[0].with_class("full") or list(line.with_class("verdict")[0].all("svg"))


def test_filters_combine_and_stand_in_every_address_of_the_page(app: Flask, pages: Pages, editor: Member) -> None:
    make_promise(app, editor, areas=[BERLIN], **DUE)
    claimed = make_promise(app, editor, sentence="Das kostet z. B. in Berlin viel Geld.")
    make_event(app, claimed, editor)
    for query, count in (
        ("", 2), ("state=overdue", 1), ("state=claimed-too-few", 1), ("state=open", 0), ("place=berlin", 2),
        ("place=hamburg", 1), ("place=berlin-mitte", 2), ("state=overdue&place=berlin", 1),
        ("state=overdue&place=hamburg", 0), ("state=&place=", 2),
    ):  # fmt: skip
        page = pages.open(f"/promises/?{query}&lang=en")
        assert len(lines(page)) == count, query
        assert count or page.links["Show all promises"] == "/promises/?lang=en"
    page = pages.open("/promises/?state=claimed-too-few&place=hamburg&lang=en")
    assert "So Hamburg is meant, too." in page.text
    assert page.form("state").values == {"state": "claimed-too-few", "place": "hamburg", "lang": "en"}
    links = {element.get("rel"): element["href"] for element in page.root.all("link")}
    assert links["canonical"].endswith("/promises/?state=claimed-too-few&place=hamburg&lang=en")
    assert page.links["Deutsch"] == "/promises/?state=claimed-too-few&place=hamburg"
    for query in ("state=done", "place=atlantis", "state=overdue&place=nirgendwo", "place=%00"):
        pages.open(f"/promises/?{query}", 404)


def test_the_rule_says_the_numbers_that_the_code_has(app: Flask, pages: Pages) -> None:
    rule = pages.open("/promises/?lang=en").with_class("rule")[0].text
    with app.test_request_context("/?lang=en"):
        half = percent(HALF)
    assert f"Fewer than {LEAST} answers" in rule
    assert rule.count(half) == 3


def test_a_post_lists_its_promises_below_an_unaltered_text(app: Flask, pages: Pages, editor: Member) -> None:
    before = pages.open("/posts/lage?lang=en").with_class("prose")[0].text
    assert "Promised in this post" not in pages.open("/posts/lage?lang=en").text
    made = make_promise(app, editor)
    page = pages.open("/posts/lage?lang=en")
    assert page.with_class("prose")[0].text == before
    (below,) = page.with_class("promised-here")
    assert f"„{SENTENCE}“" in below.text
    assert [element["href"] for element in below.all("a")] == [f"/promises/{made.slug}?lang=en"]
    assert pages.open("/places/berlin?lang=en").links["What O2 promised here"] == "/promises/?place=berlin&lang=en"


def test_a_promise_marked_by_mistake_is_in_no_list_and_its_page_says_why(
    app: Flask, pages: Pages, editor: Member
) -> None:
    made = make_promise(app, editor)
    make_event(app, made, editor)
    make_event(app, made, editor, "take_back", about=None, reason="Das war keine Zusage.")
    assert lines(pages.open("/promises/")) == []
    page = pages.open(f"/promises/{made.slug}?lang=en")
    assert "Das war keine Zusage." in page.with_class("is-taken-back")[0].text
    assert page.forms == []


def test_the_feeds_tell_of_promises_events_and_changed_verdicts(app: Flask, pages: Pages, editor: Member) -> None:
    assert ET.fromstring(pages.client.get("/promises/feed.atom").data).findall("a:entry", ATOM) == []  # noqa: S314 -- our own feed
    late = make_promise(app, editor, **DUE)
    made = make_promise(app, editor, sentence="Das kostet z. B. in Berlin viel Geld.")
    claim = make_event(app, made, editor)
    publish(app, made, claim, (12, 0), days=1)
    publish(app, made, claim, (90, 10), days=2)
    publish(app, made, claim, (150, 10), days=3)
    answer = pages.client.get("/promises/feed.atom?lang=en")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    found = ET.fromstring(answer.data).findall("a:entry", ATOM)  # noqa: S314 -- our own feed
    titles = [entry.findtext("a:title", "", ATOM).partition(":")[0] for entry in found]
    assert titles[0] == "Said to be done, and customers confirm it"
    assert sorted(titles[1:]) == ["Overdue", "Promised", "Promised", "Said to be done"]
    ids = [entry.findtext("a:id", "", ATOM) for entry in found]
    assert len(set(ids)) == len(ids)
    assert f"http://localhost:8000/promises/{late.slug}#verdict-2012-03-01" in ids
    as_json = json.loads(pages.client.get("/promises/feed.json?lang=en").data)
    assert [item["id"] for item in as_json["items"]] == ids
    again = pages.client.get("/promises/feed.atom?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/promises/", "/promises/feed.atom", "/posts/lage", "one", "/reports"])
def test_a_page_asks_the_same_with_one_promise_and_with_three(
    app: Flask, pages: Pages, editor: Member, posts: Path, path: str
) -> None:
    slug = make_promise(app, editor, **DUE).slug
    address = {"one": f"/promises/{slug}", "/reports": f"/reports/{make_report(app)}"}.get(path, path)
    counts = []
    for sentences in (["Das kostet z. B. in Berlin viel Geld."], ["Zusage A gilt.", "Zusage B gilt."]):
        make_post(posts, "mehr", " ".join(sentences), kind="guest", organisation="o2")
        read_posts(app)
        for sentence in sentences:
            made = make_promise(app, editor, "lage" if len(sentences) == 1 else "mehr", sentence)
            publish(app, made, make_event(app, made, editor, said_on=clock.today()), (30, 10))
        with queries(app) as asked:
            assert pages.client.get(address).status_code == 200
        counts.append(len([one for one in asked if not one.startswith("BEGIN")]))
    assert counts[0] == counts[1] <= 14, counts  # two of them ask, where an organisation speaks, what was signed off


def test_pages_of_promises_are_public_and_write_nothing(app: Flask, pages: Pages, editor: Member) -> None:
    made = make_promise(app, editor)
    for path in ("/promises/", f"/promises/{made.slug}", f"/promises/{made.slug}/thanks", "/promises/feed.json"):
        with queries(app) as asked:
            answer = pages.client.get(path)
        assert answer.cache_control.public, path
        assert answer.headers["ETag"], path
        assert not [one for one in asked if one.startswith(("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE"))], path
    pages.open("/promises/no-such-promise", 404)
    assert made.made_on == MADE_ON
