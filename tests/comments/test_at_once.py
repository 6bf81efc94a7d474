"""The same submission from several hands at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment, CommentContact, MovedMeanwhile, State
from app.extensions import db
from tests.cast import make_comment, reload, within
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
