"""Anyone objects to a comment, without an account; it is stored once, and nobody else reads it."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.comments.models import State as CommentState
from app.comments.models.withdrawal import withdraw
from app.extensions import db
from app.kit import tokens
from app.mail.models import Letter
from app.notices.models import Notice
from tests.cast import letters_to, make_comment, make_notice, make_post, within
from tests.conftest import At
from tests.page import Pages

ADA = "ada@reader.example"
NOTICE = {
    "ground": "privacy",
    "passage": "0171 2345678",
    "text": "Das ist meine Telefonnummer, ich habe sie nicht veröffentlicht.",
    "name": "Ada",
    "email": ADA,
    "good_faith": "yes",
}


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


def sent(app: Flask, comment_id: int, **fields: str) -> dict[str, str]:
    return {**NOTICE, "comment": str(comment_id), "key": tokens.new_key(), **fields}


def stored(app: Flask) -> list[Notice]:
    return within(app, lambda: list(db.session.scalars(db.select(Notice))))


def test_a_notice_is_stored_with_all_that_was_said_and_leads_to_its_receipt(app: Flask, pages: Pages) -> None:
    comment = make_comment(app, text="Ruft 0171 2345678 an!")
    page = pages.open(f"/notices/new?comment={comment.id}")
    assert "Ruft 0171 2345678 an!" in page.text
    answer = pages.client.post("/notices", data=page.form("/notices").filled(**NOTICE))
    assert answer.status_code == 303
    receipt = pages.open(answer.location)
    assert NOTICE["text"] in receipt.text
    (notice,) = stored(app)
    assert (notice.comment_id, notice.ground, notice.passage, notice.name, notice.email) == (
        comment.id,
        "privacy",
        NOTICE["passage"],
        "Ada",
        ADA,
    )


def test_an_address_is_told_at_once_where_to_look(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/notices", data=sent(app, make_comment(app).id))
    (letter,) = letters_to(app, ADA)
    assert answer.location.partition("?")[0] in letter
    assert NOTICE["text"] not in letter


def test_the_same_key_is_stored_once_whatever_it_says_the_second_time(app: Flask, client: FlaskClient) -> None:
    fields = sent(app, make_comment(app).id)
    first = client.post("/notices", data=fields)
    again = client.post("/notices", data=fields | {"text": "", "good_faith": ""})
    assert first.location == again.location
    assert len(stored(app)) == 1
    assert len(letters_to(app, ADA)) == 1


def test_without_a_key_nothing_is_stored_before_a_second_click(app: Flask, pages: Pages) -> None:
    fields = sent(app, make_comment(app).id)
    fields.pop("key")
    page = pages.read(pages.client.post("/notices", data=fields), "/notices", 200)
    assert stored(app) == []
    assert pages.client.post("/notices", data=page.form("/notices").filled()).status_code == 303
    (notice,) = stored(app)
    assert notice.text == NOTICE["text"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("ground", ""), ("ground", "other"), ("text", " "), ("text", "x" * 4001), ("email", "ada"), ("good_faith", "")],
)
def test_what_is_missing_is_named_at_its_field_and_nothing_is_lost(
    app: Flask, pages: Pages, field: str, value: str
) -> None:
    fields = sent(app, make_comment(app).id, **{field: value})
    if field == "good_faith":
        fields.pop("good_faith")
    page = pages.read(pages.client.post("/notices", data=fields), "/notices", 422)
    assert page.by_id(f"notice-{field}").get("aria-invalid") == "true"
    values = page.form("/notices").values
    typed = {name: value for name, value in fields.items() if name in values and name not in {"key", "good_faith"}}
    assert {name: values[name].strip() for name in typed} == {name: each.strip() for name, each in typed.items()}
    assert stored(app) == []


@pytest.mark.parametrize("state", [CommentState.WAITING, CommentState.SPAM, CommentState.REMOVED])
def test_comments_that_nobody_sees_are_answered_like_those_that_are_not_there(
    app: Flask, client: FlaskClient, state: CommentState
) -> None:
    hidden = make_comment(app, state=state)
    nothing, hid = (client.get(f"/notices/new?comment={number}") for number in (99999, hidden.id))
    assert nothing.status_code == hid.status_code == 404
    own = re.compile(
        rf"comment=(99999|{hidden.id})\b|<code>[0-9a-f]{{12}}</code>"
    )  # the address, and the request's number
    assert own.sub("", hid.text) == own.sub("", nothing.text)
    if state != CommentState.REMOVED or not hidden.published_at:
        assert client.post("/notices", data=sent(app, hidden.id)).status_code == 422
    assert stored(app) == []


def test_the_address_of_a_comment_can_be_typed(app: Flask, pages: Pages) -> None:
    comment = make_comment(app)
    page = pages.open("/notices/new")
    typed = page.form("/notices").filled(comment=f"https://site.example/posts/netz#c-{comment.id}", **NOTICE)
    assert pages.client.post("/notices", data=typed).status_code == 303
    assert [notice.comment_id for notice in stored(app)] == [comment.id]


def test_what_has_left_the_site_while_somebody_wrote_is_still_theirs_to_object_to(
    app: Flask, client: FlaskClient
) -> None:
    comment = make_comment(app)

    def remove() -> None:
        db.session.get_one(type(comment), comment.id).decide(
            CommentState.REMOVED, seen=CommentState.PUBLISHED, reason="Werbung"
        )

    within(app, remove)
    assert client.post("/notices", data=sent(app, comment.id)).status_code == 303


@pytest.mark.parametrize("state", [CommentState.REMOVED, CommentState.SPAM, "withdrawn"])
@pytest.mark.parametrize("fields", [{}, {**NOTICE}])
def test_what_has_left_the_site_is_not_read_here(
    app: Flask, client: FlaskClient, state: CommentState | str, fields: dict[str, str]
) -> None:
    """The form with its faults, and the page to check."""
    comment = make_comment(app, text="Geheimes", name="Heimlich")

    def leave() -> None:
        found = db.session.get_one(type(comment), comment.id)
        if isinstance(state, CommentState):
            found.decide(state, seen=CommentState.PUBLISHED)
        else:
            withdraw(found)

    within(app, leave)
    answer = client.post("/notices", data={**fields, "comment": str(comment.id)})
    assert answer.status_code == (200 if fields else 422)
    assert "nicht mehr zu sehen" in answer.text
    assert "Geheimes" not in answer.text
    assert "Heimlich" not in answer.text


def test_a_stranger_gets_three_letters_a_day_however_many_notices_name_the_address(
    app: Flask, client: FlaskClient, at: At
) -> None:
    comment = make_comment(app)
    spellings = [ADA, ADA.upper(), ADA, ADA, ADA.title()]
    for email in spellings:
        assert client.post("/notices", data=sent(app, comment.id, email=email)).status_code == 303
    assert [bool(notice.email) for notice in stored(app)] == [True, True, True, False, False]
    client.post("/notices", data=sent(app, comment.id, email="lena@reader.example"))
    assert len(letters_to(app, "lena@reader.example")) == 1
    assert letter_count(app) == 4
    at(25 * 60)
    client.post("/notices", data=sent(app, comment.id))
    assert letter_count(app) == 5


def letter_count(app: Flask) -> int:
    return within(app, lambda: db.session.query(Letter).count())


def test_the_same_sent_twice_at_once_is_answered_with_the_receipt_of_the_first(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = sent(app, make_comment(app).id)
    first = client.post("/notices", data=fields)
    really, asked = Notice.of_code, []

    def not_yet(code: str) -> Notice | None:
        """The other one commits after both looks at what is stored."""
        asked.append(code)
        return really(code) if len(asked) > 2 else None

    monkeypatch.setattr(Notice, "of_code", not_yet)
    second = client.post("/notices", data=fields)
    assert (second.status_code, second.location) == (303, first.location)
    monkeypatch.undo()
    assert len(stored(app)) == len(letters_to(app, ADA)) == 1


def test_a_wrong_code_is_not_found_and_a_right_one_may_be_copied_by_hand(app: Flask, client: FlaskClient) -> None:
    _, code = make_notice(app)
    assert client.get(f"/notices/{code[:-1]}0").status_code == 404
    read = client.get(f"/notices/{code.lower().replace('-', '')}")
    assert read.status_code == 200
    assert read.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in read.headers


def test_in_an_outage_everything_typed_stays(app: Flask, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = sent(app, make_comment(app).id)

    def fail(*_args: object, **_more: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Notice, "receive", fail)
    page = pages.read(pages.client.post("/notices", data=fields), "/notices", 503)
    values = page.form("/notices").values
    assert values["text"].strip() == NOTICE["text"]
    assert values["key"] == fields["key"]
    assert values["comment"] == fields["comment"]


def test_a_foreign_page_cannot_send_one(app: Flask, client: FlaskClient) -> None:
    fields = sent(app, make_comment(app).id)
    assert client.post("/notices", data=fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert stored(app) == []
