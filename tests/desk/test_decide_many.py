"""Deciding on many comments at once: counted, confirmed, done to exactly those, and undone."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.jobs import carry_on_bulks
from app.comments.models import (
    Bulk,
    Comment,
    Feedback,
    Snapshot,
    Stage,
    State,
    ThreadSize,
    bulk_moving,
    revision,
    size,
    upkeep,
)
from app.comments.models.appeal import decision_against
from app.comments.models.counted import MOST, NotCounted, pack, unpack
from app.comments.models.selection import MOST_PUBLISHED
from app.extensions import db
from app.kit import clock, tokens
from app.people.models import Decision, Member
from app.spam.models import CommentCluster
from app.spam.submission import Submission
from tests.cast import SignedIn, make_comment, make_post, reload, within
from tests.comments.test_read_thread import queries
from tests.comments.test_teach_words import lessons
from tests.elements import Element
from tests.page import Form, Page

CLEAR = "/desk/comments/bulk?state=spam&deed=spam"
WAITING_SPAM = "/desk/comments/bulk?state=waiting&deed=spam"
SENT = Submission(
    kind="comment",
    text="Billige Pillen",
    name="Otto",
    permalink="https://netz.example/",
    user_ip="192.0.2.1",
    submitted_at=clock.now(),
    language="de",
)
TABLES = ("comment", "comment_snapshot", "comment_enquiry", "comment_fragment", "thread_size", "comment_helpful")


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


def spam(app: Flask, count: int, state: State = State.SPAM, *, text: str = "Billige Pillen, frei Haus") -> list[int]:
    """Comments as judges leave them: nobody has decided."""

    def work() -> list[int]:
        made = []
        for number in range(count):
            one = Comment.write("netz", f"Otto {number}", f"{text} {number}", key=tokens.new_key())
            one.state, one.reasons, one.cluster = state, ["links"], f"{number % 3:016x}" if number % 4 else None
            made.append(one)
        db.session.flush()
        CommentCluster.note_all(list(range(3)), clock.now())
        Snapshot.take_all([(one.id, SENT) for one in made[::2]])
        return [one.id for one in made]

    return within(app, work)


def form_of(page: Page) -> Form:
    return page.form("/desk/bulks")


def confirm(mo: SignedIn, path: str, **values: object) -> Page:
    """Count, confirm, and see what is said."""
    form = form_of(mo.page(path))
    if "typed" in form.names:
        values["typed"] = len(unpack(str(form.values["counted"])))
    answer = mo.client.post(form.action, data=form.filled(**values))
    assert answer.status_code == 303, answer.text
    return mo.page(answer.location)


def rows(app: Flask, *tables: str) -> dict[str, list[Any]]:
    """Every row of these tables."""

    def read() -> dict[str, list[Any]]:
        found = {name: db.metadata.tables[name] for name in tables or TABLES}
        return {name: sorted(map(tuple, db.session.execute(select(one)))) for name, one in found.items()}

    return within(app, read)


def decided(app: Flask, state: State) -> int:
    found = select(Comment.id).where(Comment.state == state, Comment.is_decided.is_(True))
    return len(within(app, lambda: db.session.scalars(found).all()))


def faults(app: Flask) -> list[str]:
    return within(app, lambda: [*size.faults(), *upkeep.faults()])


def test_the_spam_folder_is_cleared_and_what_was_confirmed_lies_in_it_no_more(
    database: str, app: Flask, mo: SignedIn
) -> None:
    spam(app, 60)
    landing = confirm(mo, CLEAR)
    assert "60 von 60 Kommentaren sind jetzt Spam." in landing.text
    assert decided(app, State.SPAM) == 60
    assert "Otto 59" not in mo.page("/desk/comments?state=spam").text
    assert "Otto 59" in mo.page("/desk/comments?state=spam&all=yes").text
    assert faults(app) == []


def test_counting_says_how_many_what_is_among_them_and_what_will_happen(app: Flask, mo: SignedIn) -> None:
    spam(app, 30)
    page = mo.page(CLEAR + "&lang=en")
    assert page.heading == "Clear the spam folder?"
    assert "30 comments." in page.text
    assert "30 comments are spam" in page.text
    assert len(page.with_class("item")) == 3 + 5, "the groups, and some of the comments"


@pytest.mark.parametrize("ticked", ["", "&id=x", "&id=0"])
def test_where_nothing_is_ticked_nothing_is_meant(app: Flask, mo: SignedIn, ticked: str) -> None:
    spam(app, 12)
    lane = f"/desk/comments?state=spam&cluster={1:016x}"
    form = mo.page(lane).form("/comments/bulk")
    sent = "&".join(f"{name}={value}" for name, value in form.values.items())
    answer = mo.get(f"{form.action}?{sent}&deed=publish{ticked}")
    assert (answer.status_code, answer.location) == (303, lane)
    assert "Nichts ist angekreuzt." in mo.page(lane).text
    assert mo.get(f"/desk/comments/bulk?state=spam&deed=publish{ticked or '&ticked=1'}").status_code == 303


def test_ticked_in_a_cluster_none_of_another_is_meant(app: Flask, mo: SignedIn) -> None:
    ids = spam(app, 12)
    form = mo.page(f"/desk/comments?state=spam&cluster={1:016x}").form("/comments/bulk")
    sent = "&".join(f"{name}={value}" for name, value in form.values.items() if name != "id")
    counted = form_of(mo.page(f"{form.action}?{sent}&deed=spam&id={ids[1]}&id={ids[2]}")).values["counted"]
    assert unpack(str(counted)) == {ids[1]: 0}


def test_publishing_many_takes_more_than_pressing_enter(app: Flask, mo: SignedIn) -> None:
    spam(app, 3, State.WAITING)
    focused = {deed: any("autofocus" in one.attributes for one in asked(mo, deed)) for deed in ("spam", "publish")}
    assert focused == {"spam": True, "publish": False}


def asked(mo: SignedIn, deed: str) -> list[Element]:
    """The buttons of the question whether many are to be decided on."""
    return list(form_of(mo.page(f"/desk/comments/bulk?state=waiting&deed={deed}")).element.all("button"))


def test_no_more_are_published_at_once_than_are_counted(app: Flask, mo: SignedIn) -> None:
    spam(app, MOST_PUBLISHED + 1, State.WAITING)
    form = form_of(mo.page("/desk/comments/bulk?state=waiting&deed=publish"))
    forged = pack(dict.fromkeys(range(1, MOST_PUBLISHED + 2), 0))
    answer = mo.client.post(form.action, data=form.filled(counted=forged, typed=MOST_PUBLISHED + 1))
    assert answer.status_code == 400
    assert rows(app, "comment_bulk")["comment_bulk"] == []


def test_over_fifty_the_number_is_typed_and_what_was_typed_wrong_changes_nothing(app: Flask, mo: SignedIn) -> None:
    spam(app, 51)
    form = form_of(mo.page(CLEAR))
    for typed in ("", "50", "all"):
        answer = mo.client.post(form.action, data=form.filled(typed=typed))
        assert answer.status_code == 422
        assert form_of(Page(answer.text)).values["counted"] == form.values["counted"]
    assert decided(app, State.SPAM) == 0
    assert mo.client.post(form.action, data=form.filled(typed=" 5.1")).status_code == 303
    assert decided(app, State.SPAM) == 51


def test_up_to_fifty_nothing_needs_to_be_typed(app: Flask, mo: SignedIn) -> None:
    spam(app, 50)
    form = form_of(mo.page(CLEAR))
    assert "typed" not in form.names
    assert mo.client.post(form.action, data=form.filled()).status_code == 303
    assert decided(app, State.SPAM) == 50


def test_a_removal_needs_a_reason_and_each_writer_reads_it(app: Flask, mo: SignedIn) -> None:
    ids = spam(app, 3, State.WAITING)
    form = form_of(mo.page("/desk/comments/bulk?state=waiting&deed=remove&id=" + "&id=".join(map(str, ids[:2]))))
    assert mo.client.post(form.action, data=form.filled(reason=" ")).status_code == 422
    assert mo.client.post(form.action, data=form.filled(reason="Werbung")).status_code == 303
    assert [reload(app, Comment(id=id_)).removed_because for id_ in ids] == ["Werbung", "Werbung", ""]


def test_exactly_those_are_decided_on_that_were_counted(database: str, app: Flask, mo: SignedIn, eda: SignedIn) -> None:
    gone, edited, back, *others = spam(app, 10, State.WAITING)
    form = form_of(mo.page(WAITING_SPAM))
    came = spam(app, 2, State.WAITING)
    eda.post(f"/desk/comments/{gone}/decisions", {"deed": "publish", "seen": "waiting", "edits": "0"})
    within(app, lambda: revision.edit(db.session.get_one(Comment, edited), "Ganz andere Worte"))
    within(app, lambda: setattr(db.session.get_one(Comment, back), "state", State.SPAM))
    page = mo.page(str(mo.client.post(form.action, data=form.filled()).location))
    assert "7 von 10 Kommentaren sind jetzt Spam. 3 waren inzwischen woanders." in page.text
    states = {id_: reload(app, Comment(id=id_)).state for id_ in (gone, edited, back, *came, *others)}
    assert states[gone] == State.PUBLISHED
    assert {states[id_] for id_ in (edited, *came)} == {State.WAITING}
    assert {states[id_] for id_ in others} == {State.SPAM}
    left = mo.page("/desk/bulks/1").links.values()
    assert {f"/desk/comments/{id_}" for id_ in (gone, edited, back)} <= set(left)


@pytest.mark.parametrize(
    ("start", "to"),
    [
        (State.WAITING, State.SPAM),
        (State.WAITING, State.REMOVED),
        (State.WAITING, State.PUBLISHED),
        (State.SPAM, State.SPAM),
        (State.SPAM, State.WAITING),
        (State.SPAM, State.PUBLISHED),
    ],
)
def test_a_bulk_leaves_behind_what_single_decisions_leave(
    app: Flask, tmp_path: Path, mo: SignedIn, start: State, to: State
) -> None:
    singly = spam(app, 9, start)
    seen_before(app, singly[:2])
    decide_singly(app, singly, start, to)
    single, learned = what_is_left(app, singly), lessons(app)
    decide_singly(app, singly, to, State.WAITING)
    together = spam(app, 9, start)
    seen_before(app, together[:2])
    bulk = begin(app, together, start, to, "Werbung")
    assert what_is_left(app, together) == single
    assert lessons(app) == learned
    assert faults(app) == []
    assert (bulk.done, bulk.stage) == (9, Stage.DONE)


def decide_singly(app: Flask, ids: list[int], seen: State, to: State) -> None:
    def work() -> None:
        for id_ in ids:
            db.session.get_one(Comment, id_).decide(to, seen=seen, reason="Werbung")

    within(app, work)


def seen_before(app: Flask, ids: list[int]) -> None:
    """Readers have seen them, and a moderator took them back."""

    def work() -> None:
        for id_ in ids:
            one = db.session.get_one(Comment, id_)
            start = one.state
            one.decide(State.PUBLISHED, seen=start)
            one.decide(start, seen=State.PUBLISHED)
            one.is_decided = False

    within(app, work)


def what_is_left(app: Flask, ids: list[int]) -> list[tuple[object, ...]]:
    def read() -> list[tuple[object, ...]]:
        found = list[tuple[object, ...]]()
        for id_ in ids:
            one, snapshot = db.session.get_one(Comment, id_), db.session.get(Snapshot, id_)
            told = (snapshot.feedback, bool(snapshot.feedback_at)) if snapshot else None
            shown = bool(one.published_at)
            found.append((one.state, one.is_decided, one.removed_because, one.lesson, one.ask_again_at, shown, told))
        return found

    return within(app, read)


def begin(app: Flask, ids: list[int], was: State, to: State, reason: str = "") -> Bulk:
    """A bulk by somebody, done to its end."""

    def work() -> Bulk:
        by = db.session.scalars(select(Member)).first()
        assert by
        return Bulk.begin(tokens.new_key(), dict.fromkeys(ids, 0), was=was, to=to, by=by, reason=reason)[0]

    bulk = within(app, work)
    with app.app_context():
        carry_on_bulks.now()
    return reload(app, bulk)


@pytest.mark.parametrize("path", [CLEAR, WAITING_SPAM])
def test_a_bulk_of_a_thousand_undone_leaves_every_row_as_it_was(
    database: str, app: Flask, mo: SignedIn, path: str
) -> None:
    state = State.SPAM if path == CLEAR else State.WAITING
    spam(app, 1_000, state)
    before, learned = rows(app), lessons(app)
    landing = confirm(mo, path)
    assert rows(app)["comment"] != before["comment"]
    undo = landing.form("/undo")
    page = mo.page(str(mo.client.post(undo.action, data=undo.filled()).location))
    assert "1.000 von 1.000 Kommentaren sind wieder, wo sie waren." in page.text
    assert rows(app) == before
    assert lessons(app) == learned
    assert faults(app) == []


def test_what_moved_since_stays_where_it_is_and_that_is_told(app: Flask, mo: SignedIn, eda: SignedIn) -> None:
    first, second, *others = spam(app, 6)
    landing = confirm(mo, CLEAR)
    for id_, deed in ((first, "publish"), (second, "wait")):
        eda.post(f"/desk/comments/{id_}/decisions", {"deed": deed, "seen": "spam", "edits": "0"})
    eda.post(f"/desk/comments/{second}/decisions", {"deed": "spam", "seen": "waiting", "edits": "0"})
    undo = landing.form("/undo")
    page = mo.page(str(mo.client.post(undo.action, data=undo.filled()).location))
    assert "4 von 6 Kommentaren sind wieder, wo sie waren. 2 waren inzwischen woanders." in page.text
    assert reload(app, Comment(id=first)).state == State.PUBLISHED
    assert reload(app, Comment(id=second)).is_decided, "spam again, but by another decision"
    assert not any(reload(app, Comment(id=id_)).is_decided for id_ in others)
    again = mo.page(str(mo.client.post(undo.action, data=undo.filled()).location))
    assert "wurde schon zurückgenommen" in again.text


def test_the_log_has_one_line_for_all_and_each_writer_one_to_appeal_against(app: Flask, mo: SignedIn) -> None:
    ids = spam(app, 4, State.WAITING)
    confirm(mo, WAITING_SPAM)
    page = mo.page("/desk/decisions?lang=en")
    assert "4 of 4 comments are spam now." in page.text
    assert page.form("/undo")
    assert f"comment:{ids[0]}" not in page.text
    against = within(app, lambda: decision_against(db.session.get_one(Comment, ids[0])))
    assert against
    assert (against.deed, against.about) == ("spam", f"comment:{ids[0]}")
    assert "moved to spam" in mo.page(f"/desk/comments/{ids[0]}?lang=en").text


def test_the_same_form_sent_twice_is_one_bulk(app: Flask, mo: SignedIn) -> None:
    spam(app, 5)
    form = form_of(mo.page(CLEAR))
    first, second = (mo.client.post(form.action, data=form.filled()) for _ in range(2))
    assert first.location == second.location
    assert len(rows(app, "comment_bulk")["comment_bulk"]) == 1
    deeds = within(app, lambda: db.session.scalars(select(Decision.deed).where(Decision.bulk_id.is_(None))).all())
    assert deeds == ["bulk-spam"]


def test_what_was_cut_short_goes_on_and_its_page_tells_how_far_it_is(
    app: Flask, mo: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = spam(app, 25)
    monkeypatch.setattr(bulk_moving, "SLICE", 10)

    def half() -> int:
        by = db.session.scalars(select(Member)).one()
        made = Bulk.begin(tokens.new_key(), dict.fromkeys(ids, 0), was=State.SPAM, to=State.SPAM, by=by)[0]
        bulk_moving.step(made.id)
        return made.id

    id_ = within(app, half)
    page = mo.page(f"/desk/bulks/{id_}?lang=en")
    assert "10 of 25 so far." in page.text
    assert decided(app, State.SPAM) == 10
    with app.app_context():
        carry_on_bulks.now()
    assert "25 of 25 comments are spam now." in mo.page(f"/desk/bulks/{id_}?lang=en").text


def test_what_is_undone_before_it_is_done_goes_back_as_far_as_it_came(
    app: Flask, mo: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = spam(app, 25)
    before = rows(app)
    monkeypatch.setattr(bulk_moving, "SLICE", 10)

    def half() -> int:
        by = db.session.scalars(select(Member)).one()
        made = Bulk.begin(tokens.new_key(), dict.fromkeys(ids, 0), was=State.SPAM, to=State.SPAM, by=by)[0]
        bulk_moving.step(made.id)
        return made.id

    form = mo.page(f"/desk/bulks/{within(app, half)}").form("/undo")
    mo.client.post(form.action, data=form.filled())
    assert rows(app) == before


def test_published_together_readers_see_them_but_for_those_that_tell_who_somebody_is(
    database: str, app: Flask, mo: SignedIn
) -> None:
    ids = spam(app, 3, text="In Altona ist das Netz weg, seit Wochen schon, Nummer")
    telling = make_comment(app, state=State.WAITING, text="Ruf mich an: 0171 2345678").id
    within(app, lambda: setattr(db.session.get_one(Comment, telling), "state", State.SPAM))
    ticked = "".join(f"&id={id_}" for id_ in [*ids, telling])
    landing = confirm(mo, f"/desk/comments/bulk?state=spam&deed=publish{ticked}")
    assert "3 von 3 Kommentaren veröffentlicht. 1 wurde ausgelassen" in landing.text
    assert within(app, lambda: ThreadSize.of("netz").shown) == 3
    assert reload(app, Comment(id=telling)).state == State.SPAM
    assert faults(app) == []
    undo = landing.form("/undo")
    mo.client.post(undo.action, data=undo.filled())
    assert within(app, lambda: ThreadSize.of("netz").shown) == 0
    assert faults(app) == []


def test_what_a_person_has_to_look_at_is_counted_before_and_left_out(app: Flask, mo: SignedIn) -> None:
    ids = spam(app, 3, text="In Altona ist das Netz weg, seit Wochen schon, Nummer")
    imitating, telling = ids[:2]

    def work() -> None:
        db.session.get_one(Comment, imitating).reasons = ["imitates-staff"]
        db.session.get_one(Comment, telling).text = "Ruf mich an: 0171 2345678"

    within(app, work)
    path = "/desk/comments/bulk?state=spam&deed=publish&lang=en&id=" + "&id=".join(map(str, ids))
    left_out = next(one for one in mo.page(path).root.all("div") if one.text.startswith("Left out"))
    assert left_out.text.split()[-1] == "2"
    assert "1 of 1 comments published. 2 were left out" in confirm(mo, path).text
    states = [reload(app, Comment(id=id_)).state for id_ in ids]
    assert states == [State.SPAM, State.SPAM, State.PUBLISHED]


def test_nobody_waits_while_the_words_to_be_published_are_looked_through(
    app: Flask, mo: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, under_lock = spam(app, 6, State.WAITING), list[bool]()

    def look(_one: Comment) -> bool:
        under_lock.append("only_reads" not in db.session.connection().get_execution_options())
        return False

    monkeypatch.setattr(bulk_moving, "is_held_back", look)
    begin(app, ids, State.WAITING, State.PUBLISHED)
    assert under_lock == [False] * 6


def test_a_bulk_that_fails_keeps_no_other_from_going_on(
    app: Flask, mo: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = begin_only(app, spam(app, 2, State.WAITING))
    step = bulk_moving.step

    def broken(id_: int, known: dict[int, bool]) -> bool:
        if id_ == stuck.id:
            raise ValueError("this one breaks")
        return step(id_, known)

    with monkeypatch.context() as patch:
        patch.setattr(bulk_moving, "step", broken)
        assert begin(app, spam(app, 2, State.WAITING), State.WAITING, State.SPAM).stage is Stage.DONE
    with app.app_context():
        carry_on_bulks.now()
    assert reload(app, stuck).stage is Stage.DONE


def begin_only(app: Flask, ids: list[int]) -> Bulk:
    """A bulk of which nothing has moved yet."""

    def work() -> Bulk:
        by = db.session.scalars(select(Member)).one()
        return Bulk.begin(tokens.new_key(), dict.fromkeys(ids, 0), was=State.WAITING, to=State.SPAM, by=by)[0]

    return within(app, work)


def test_the_log_tells_how_many_in_the_language_of_the_page(app: Flask, mo: SignedIn) -> None:
    spam(app, 3)
    confirm(mo, CLEAR)
    for lang, said in (("de", "3 Kommentare"), ("en", "3 comments")):
        cells = [one.text for one in mo.page(f"/desk/decisions?lang={lang}").root.all("td")]
        assert cells[-1] == said


def test_what_akismet_was_told_is_told_otherwise_and_what_was_not_is_never_told(app: Flask, mo: SignedIn) -> None:
    told, untold = spam(app, 3, State.WAITING)[::2]
    landing = confirm(mo, WAITING_SPAM)
    assert within(app, Snapshot.due) == [told, untold]
    within(app, lambda: db.session.get_one(Snapshot, told).was_told(Feedback.SPAM, is_done=True))
    undo = landing.form("/undo")
    mo.client.post(undo.action, data=undo.filled())
    assert within(app, Snapshot.due) == []


@pytest.mark.parametrize("more", [1, 40])
def test_many_take_no_more_statements_than_few(app: Flask, mo: SignedIn, more: int) -> None:
    asked = []
    for count in (3, 3 + more):
        ids = spam(app, count, State.WAITING)
        with queries(app) as found:
            begin(app, ids, State.WAITING, State.SPAM)
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_counting_asks_the_same_questions_for_few_and_more(app: Flask, mo: SignedIn) -> None:
    asked = []
    for more in (3, 9):
        spam(app, more)
        with queries(app) as found:
            mo.page(CLEAR)
        asked.append(len([one for one in found if "FROM surge" not in one]))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("said", ["", "!!", "AAAA", pack({1: 0})[:-6], pack(dict.fromkeys(range(1, MOST + 2), 0))])
def test_what_was_not_counted_is_refused(app: Flask, mo: SignedIn, said: str) -> None:
    spam(app, 2)
    form = form_of(mo.page(CLEAR))
    assert mo.client.post(form.action, data=form.filled(counted=said)).status_code == 400
    assert decided(app, State.SPAM) == 0


def test_numbers_and_edits_come_back_as_they_were_counted() -> None:
    edits = {id_: id_ % 7 if id_ % 5 == 0 else 0 for id_ in range(3, 40_000, 3)}
    assert unpack(pack(edits)) == edits
    assert len(pack(edits)) < 16_000
    with pytest.raises(NotCounted):
        unpack(pack({2**31: 0}))


def test_without_anything_to_decide_it_says_so(app: Flask, mo: SignedIn) -> None:
    page = mo.page(CLEAR + "&lang=en")
    assert "There is nothing to decide on any more." in page.text
    assert not [one for one in page.forms if "/bulks" in one.action]


@pytest.mark.parametrize(
    "query", ["state=published&deed=spam", "state=spam&deed=remove", "state=lost", "deed=black-out"]
)
def test_what_cannot_be_done_together_is_not_found(app: Flask, mo: SignedIn, query: str) -> None:
    assert mo.get(f"/desk/comments/bulk?{query}").status_code == 404


def test_a_cluster_is_shown_by_itself_and_decided_on_as_a_whole(app: Flask, mo: SignedIn) -> None:
    ids = spam(app, 12)
    page = mo.page("/desk/comments?state=spam&lang=en")
    assert "say nearly the same" in page.text
    confirm(mo, "/desk/comments/bulk?state=spam&deed=spam&cluster=" + f"{1:016x}")
    done = {id_ for id_ in ids if reload(app, Comment(id=id_)).is_decided}
    assert done == {id_ for number, id_ in enumerate(ids) if number % 3 == 1 and number % 4}
