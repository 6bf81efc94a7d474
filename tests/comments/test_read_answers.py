"""What readers ask for of a thread: official answers, what is newest; long threads folded, from answer to answer."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event

from app.comments.models import PER_PAGE, Comment, State
from app.comments.models.thread import FIRST, FOLDED_OVER
from app.extensions import db
from tests.cast import make_comment, make_editor, make_guest, make_other_guest, within
from tests.comments.test_read_thread import POST, canonical, fill, ids, queries
from tests.elements import Element
from tests.page import Page, Pages

OFFICIAL, NEWEST = f"{POST}?filter=official", f"{POST}?filter=newest"


def folded(page: Page) -> list[list[int]]:
    """The comments behind each fold."""
    folds = [one for one in page.root.all("details") if list(one.all("article"))]
    return [[int(e["id"][2:]) for e in fold.all("article")] for fold in folds]


def next_of(element: Element) -> list[str]:
    return [one["href"] for one in element.all("a") if "data-next" in one.attributes]


def remove(app: Flask, comment: Comment, to: State = State.REMOVED) -> None:
    within(app, lambda: db.session.get_one(Comment, comment.id).decide(to, seen=State.PUBLISHED, reason="Beleidigung"))


def test_the_line_above_counts_comments_answers_and_what_editors_said(app: Flask, pages: Pages) -> None:
    first = make_comment(app)
    for by in (make_guest(app), make_other_guest(app), make_editor(app)):
        make_comment(app, by=by, parent=first)
    english, german = (pages.open(f"{POST}?lang={code}").by_id("comments").text for code in ("en", "de"))
    assert "4 comments · 2 answers by O2 · 1 by the editors" in english
    assert "4 Kommentare · 2 Antworten von O2 · 1 der Redaktion" in german


def test_a_thread_of_few_answers_is_not_folded(app: Flask, pages: Pages) -> None:
    top = make_comment(app)
    fill(app, FOLDED_OVER, parent=top.id)
    make_comment(app, by=make_guest(app), parent=top)
    assert folded(pages.open(POST)) == []


def test_of_many_answers_all_but_the_first_are_folded_and_official_ones_never(app: Flask, pages: Pages) -> None:
    top = make_comment(app)
    early = fill(app, FIRST + 2, parent=top.id)
    official = make_comment(app, by=make_guest(app), parent=top)
    late = fill(app, 2, parent=top.id)
    page = pages.open(f"{POST}?lang=en")
    assert folded(page) == [early[FIRST:], late]
    assert ids(page) == [top.id, *early, official.id, *late]
    assert "2 more answers" in page.text


def test_a_single_answer_is_not_worth_a_fold(app: Flask, pages: Pages) -> None:
    top = make_comment(app)
    fill(app, FIRST + 1, parent=top.id)
    make_comment(app, by=make_guest(app), parent=top)
    late = fill(app, 2, parent=top.id)
    assert folded(pages.open(POST)) == [late]


def test_nothing_is_nested_deeper_than_twice(app: Flask, pages: Pages) -> None:
    above = make_comment(app)
    for _ in range(FOLDED_OVER + 3):
        above = make_comment(app, parent=above)
    lists = [one for one in pages.open(POST).root.all("ol") if "comments" in one.get("class")]
    assert max(sum(up.tag == "ol" for up in one.above) for one in lists) == 1


def test_an_official_answer_says_whom_it_answers_wherever_it_stands(app: Flask, pages: Pages) -> None:
    top = make_comment(app, name="Sabine")
    answer = make_comment(app, by=make_guest(app), parent=top)
    (said,) = pages.open(POST).by_id(f"c-{answer.id}").with_class("answers-to")
    assert "Sabine" in said.text


def test_each_official_answer_leads_to_the_next_also_to_that_on_a_later_page(app: Flask, pages: Pages) -> None:
    guest = make_guest(app)
    top = make_comment(app)
    last_of_all = make_comment(app)
    second = make_comment(app, by=guest, parent=last_of_all)
    first = make_comment(app, by=guest, parent=top)  # written later, read earlier
    page = pages.open(POST)
    assert next_of(page.by_id(f"c-{first.id}")) == [f"#c-{second.id}"]
    assert next_of(page.by_id(f"c-{second.id}")) == []

    far = fill(app, PER_PAGE)[-1]
    later = make_comment(app, by=guest, parent=within(app, lambda: db.session.get_one(Comment, far)))
    page = pages.open(POST)
    assert next_of(page.root)[0] == f"#c-{first.id}"  # above the thread
    assert next_of(page.by_id(f"c-{second.id}")) == [f"{POST}/comments/{later.id}"]
    assert pages.client.get(f"{POST}/comments/{later.id}").location == f"{POST}?page=2#c-{later.id}"


def test_a_page_without_an_official_answer_leads_to_the_first_one_after_it(app: Flask, pages: Pages) -> None:
    fill(app, PER_PAGE)
    later = make_comment(app, by=make_guest(app))
    assert next_of(pages.open(POST).root) == [f"{POST}/comments/{later.id}"]
    assert next_of(pages.open(f"{POST}?page=2").root) == [f"#c-{later.id}"]


def test_answers_of_editors_and_removed_ones_are_no_next_answer(app: Flask, pages: Pages) -> None:
    make_comment(app, by=make_editor(app))
    remove(app, make_comment(app, by=make_guest(app)))
    assert next_of(pages.open(POST).root) == []


def test_a_permalink_leads_to_where_a_comment_stands_now(app: Flask, client: FlaskClient) -> None:
    gone = make_comment(app)
    made = fill(app, PER_PAGE)
    way = f"{POST}/comments/{made[-1]}"
    assert client.get(way).location == f"{POST}?page=2#c-{made[-1]}"
    remove(app, gone, State.SPAM)
    answer = client.get(way)
    assert (answer.status_code, answer.location) == (303, f"{POST}#c-{made[-1]}")
    assert "Set-Cookie" not in answer.headers
    assert client.get(f"{way}?lang=en").location == f"{POST}?lang=en#c-{made[-1]}"


@pytest.mark.parametrize("state", [State.WAITING, State.SPAM])
def test_nobody_is_led_to_what_no_reader_sees(app: Flask, client: FlaskClient, state: State) -> None:
    made = make_comment(app, state=state)
    assert client.get(f"{POST}/comments/{made.id}").status_code == 404


def test_a_permalink_belongs_to_its_post(app: Flask, client: FlaskClient) -> None:
    made = make_comment(app, "anderswo")
    for way in (f"{POST}/comments/{made.id}", f"{POST}/comments/99", f"{POST}/comments/{2**63}"):
        assert client.get(way).status_code == 404


def test_official_answers_stand_below_what_they_answer(app: Flask, pages: Pages) -> None:
    make_comment(app, text="Davon will niemand wissen.")
    asked = make_comment(app, name="Sabine")
    guest = make_guest(app)
    answers = [make_comment(app, by=guest, parent=asked).id for _ in range(2)]
    alone = make_comment(app, by=guest)
    make_comment(app, by=make_editor(app), parent=asked)
    page = pages.open(OFFICIAL)
    assert ids(page) == [asked.id, *answers, alone.id]
    assert "Davon will niemand" not in page.text
    assert f"{POST}/comments/{answers[0]}" in [one["href"] for one in page.root.all("a")]


def test_an_official_answer_to_an_official_answer_says_so_and_stands_once(app: Flask, pages: Pages) -> None:
    guest = make_guest(app)
    first = make_comment(app, by=guest)
    second = make_comment(app, by=make_other_guest(app), parent=first)
    page = pages.open(OFFICIAL)
    assert ids(page) == [first.id, second.id]
    assert "Gabi" in page.by_id(f"c-{second.id}").with_class("answers-to")[0].text


def test_below_a_removed_question_its_stub_stands_and_nothing_else(app: Flask, pages: Pages) -> None:
    asked = make_comment(app, name="Lena Unverwechselbar")
    answer = make_comment(app, by=make_guest(app), parent=asked)
    remove(app, asked)
    page = pages.open(OFFICIAL)
    assert ids(page) == [asked.id, answer.id]
    assert "Unverwechselbar" not in page.html


def test_the_newest_stand_first_by_when_readers_could_see_them(app: Flask, pages: Pages) -> None:
    waited = make_comment(app, state=State.WAITING)
    top = make_comment(app, name="Sabine")
    reply = make_comment(app, parent=top)
    within(app, lambda: db.session.get_one(Comment, waited.id).decide(State.PUBLISHED, seen=State.WAITING))
    page = pages.open(NEWEST)
    assert ids(page) == [waited.id, reply.id, top.id]
    assert "Sabine" in page.by_id(f"c-{reply.id}").with_class("answers-to")[0].text


def test_whom_a_comment_answers_is_linked_where_it_stands(app: Flask, pages: Pages) -> None:
    top = make_comment(app, name="Sabine")
    fill(app, PER_PAGE)
    reply = make_comment(app, parent=top)
    link = next(iter(pages.open(NEWEST).by_id(f"c-{reply.id}").with_class("answers-to")[0].all("a")))
    assert link["href"] == f"{POST}/comments/{top.id}"


def test_a_filter_has_pages_of_its_own_which_end_where_the_comments_do(app: Flask, pages: Pages) -> None:
    made = [make_comment(app).id, *fill(app, PER_PAGE)]
    page = pages.open(NEWEST)
    assert ids(page) == made[:0:-1]
    assert f"{POST}?page=2&filter=newest#comments" in page.links.values()
    assert ids(pages.open(f"{NEWEST}&page=2")) == made[:1]
    pages.open(f"{NEWEST}&page=3", 404)
    pages.open(f"{OFFICIAL}&page=2", 404)


def test_what_is_shown_is_marked_and_search_engines_keep_the_thread_alone(app: Flask, pages: Pages) -> None:
    make_comment(app)
    page = pages.open(NEWEST)
    (nav,) = page.with_class("filters")
    assert [one["href"] for one in nav.all("a") if one.get("aria-current")] == [f"{POST}?filter=newest#comments"]
    assert canonical(page).endswith(NEWEST)
    assert [one["content"] for one in page.root.all("meta") if one.get("name") == "robots"] == ["noindex"]
    assert not [one for one in pages.open(POST).root.all("meta") if one.get("name") == "robots"]


@pytest.mark.parametrize("asked", ["best", "OFFICIAL", "official,newest", "%00"])
def test_what_is_no_filter_is_not_found(app: Flask, pages: Pages, asked: str) -> None:
    make_comment(app)
    pages.open(f"{POST}?filter={asked}", 404)


def test_where_nobody_has_answered_the_list_says_so(app: Flask, pages: Pages) -> None:
    make_comment(app)
    assert "Nothing here yet." in pages.open(f"{OFFICIAL}&lang=en").by_id("comments").text


@pytest.mark.parametrize("address", [POST, OFFICIAL, NEWEST])
def test_few_questions_are_asked_however_many_answers_there_are(app: Flask, pages: Pages, address: str) -> None:
    guest, asked = make_guest(app), []
    pages.open(POST)
    for more in (1, 3, 60):
        made = fill(app, more)
        for parent in made[:3]:
            make_comment(app, by=guest, parent=within(app, lambda id_=parent: db.session.get_one(Comment, id_)))  # type: ignore[misc]  # mypy does not know defaults of lambdas
        with queries(app) as found:
            pages.open(address)
        asked.append(len(found))
    assert max(asked) <= 7, asked
    assert asked[0] == asked[1], asked
    assert asked[2] <= asked[0] + 1, asked  # the first answer of a later page


@pytest.mark.sqlite("the plan is SQLite's")
@pytest.mark.parametrize(("address", "index"), [(POST, "ix_comment_page"), (NEWEST, "ix_comment_newest")])
def test_each_page_is_found_by_the_index_that_is_made_for_it(
    app: Flask, pages: Pages, address: str, index: str
) -> None:
    """An index that fits nearly as well once led SQLite through all that is said under a post."""
    fill(app, 3, parent=fill(app, 1)[0])
    used = set()
    with app.app_context():
        engine = db.engine

    def explain(connection: Connection, _cursor: object, text: str, told: object, *_rest: object) -> None:
        if "FROM comment" in text and "EXPLAIN" not in text:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", told).all()  # type: ignore[arg-type]  # what the event hands on
            used.update(re.findall(r"SEARCH comment USING INDEX (\w+)", " ".join(row[3] for row in plan)))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        with queries(app):
            pages.open(address)
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    assert used == {index}
