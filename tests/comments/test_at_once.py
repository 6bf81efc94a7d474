"""The same submission from several hands at the same moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from math import inf

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.jobs import carry_on
from app.comments.models import Bulk, Comment, CommentContact, MovedMeanwhile, State, size, upkeep
from app.extensions import db
from app.people.models import Decision, Member
from tests.cast import make_comment, make_moderator, reload, sign_in, within
from tests.comments.reader import URL, filled, own_page, stored

HANDS = 5  # as many as a worker has seats for writers


def test_one_key_sent_by_many_at_once_is_one_comment_and_one_answer(database: str, app: Flask) -> None:
    data = filled(app)
    with ThreadPoolExecutor(HANDS) as pool:
        answers = list(pool.map(lambda _: app.test_client().post(URL, data=data), range(HANDS)))
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, own_page(app, data["key"]))}
    assert len(stored(app)) == 1


def test_many_keys_at_once_are_as_many_comments(database: str, app: Flask) -> None:
    sent = [filled(app) for _ in range(HANDS)]
    with ThreadPoolExecutor(HANDS) as pool:
        answers = list(pool.map(lambda data: app.test_client().post(URL, data=data), sent))
    assert {answer.status_code for answer in answers} == {303}
    assert len(stored(app)) == HANDS


def test_the_same_text_from_many_at_once_is_counted_as_if_one_had_come_after_the_other(
    database: str, app: Flask
) -> None:
    sent = [filled(app, name=f"Lena {number}", email=f"lena{number}@reader.example") for number in range(HANDS)]
    with ThreadPoolExecutor(HANDS) as pool:
        answers = list(pool.map(lambda data: app.test_client().post(URL, data=data), sent))
    assert {answer.status_code for answer in answers} == {303}
    comments = stored(app)
    assert sorted(comment.repeats for comment in comments) == list(range(HANDS))
    assert [comment.reasons for comment in comments if not comment.repeats] == [[]]
    assert {tuple(comment.reasons) for comment in comments if comment.repeats} == {("repeats",)}
    contacts = within(app, lambda: list(db.session.scalars(select(CommentContact))))
    left = {contact.comment_id: contact.email for contact in contacts}
    assert [left[comment.id] for comment in comments] == [
        f"lena{comment.name.removeprefix('Lena ')}@reader.example" for comment in comments
    ], "to each the address of its own writer"


def test_of_two_who_decide_at_once_one_is_told(database: str, app: Flask) -> None:
    comment = make_comment(app, state=State.WAITING)

    def decide(to: State) -> bool:
        try:
            within(app, lambda: db.session.get_one(Comment, comment.id).decide(to, seen=State.WAITING))
        except MovedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = dict(zip((State.SPAM, State.PUBLISHED), pool.map(decide, (State.SPAM, State.PUBLISHED)), strict=True))
    assert sum(won.values()) == 1
    assert won[reload(app, comment).state]


@pytest.mark.parametrize("start", [State.WAITING, State.SPAM])
def test_of_five_moderators_at_one_comment_one_decides_and_four_are_told(
    database: str, app: Flask, start: State
) -> None:
    comment = make_comment(app, state=State.WAITING)
    within(app, lambda: setattr(db.session.get_one(Comment, comment.id), "state", start))
    people = [sign_in(app, make_moderator(app, f"m{n}@einzelfall.example", f"Mo {n}")) for n in range(HANDS)]
    deeds = ("publish", "spam", "remove", "publish", "spam")
    sent = {"seen": start.value, "edits": "0", "decided": "no", "reason": "Werbung"}
    with ThreadPoolExecutor(HANDS) as pool:
        work = [
            pool.submit(one.post, address(comment), {**sent, "deed": deed})
            for one, deed in zip(people, deeds, strict=True)
        ]
    landings = Counter(str(one.result().location) for one in work)
    assert landings.pop(f"/desk/comments/{comment.id}") == HANDS - 1, "they are led to the comment, and told"
    assert sum(landings.values()) == 1
    log = within(
        app, lambda: db.session.scalars(select(Decision.deed).where(Decision.about == f"comment:{comment.id}")).all()
    )
    assert len(log) == 1
    assert (
        reload(app, comment).state == {"publish": State.PUBLISHED, "spam": State.SPAM, "remove": State.REMOVED}[log[0]]
    )


def test_a_single_decision_and_a_bulk_at_once_make_one(database: str, app: Flask) -> None:
    comments = [make_comment(app, state=State.WAITING) for _ in range(HANDS)]
    mo = sign_in(app, make_moderator(app))
    ids = [one.id for one in comments]

    def singly() -> list[str]:
        sent = {"seen": "waiting", "edits": "0", "decided": "no", "deed": "publish"}
        return [str(mo.post(address(one), sent).location) for one in comments]

    def together() -> tuple[int, int]:
        def work() -> int:
            by = db.session.scalars(select(Member)).one()
            return Bulk.begin("k" * 20, dict.fromkeys(ids, 0), was=State.WAITING, to=State.SPAM, by=by)[0].id

        id_ = within(app, work)
        with app.app_context():
            assert carry_on(id_, inf)
            done = db.session.get_one(Bulk, id_)
            return done.done, done.left

    with ThreadPoolExecutor(2) as pool:
        told, (done, left) = (one.result() for one in (pool.submit(singly), pool.submit(together)))
    states = Counter(reload(app, one).state for one in comments)
    assert states[State.SPAM] == done
    assert states[State.PUBLISHED] == left == HANDS - done
    assert sum(f"/desk/comments/{id_}" == landing for id_, landing in zip(ids, told, strict=True)) == done
    assert within(app, lambda: [*size.faults(), *upkeep.faults()]) == []


def address(comment: Comment) -> str:
    return f"/desk/comments/{comment.id}/decisions"
