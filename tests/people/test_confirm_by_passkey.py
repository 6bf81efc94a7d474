"""Who speaks for an organisation shows that it is them; what was sent meanwhile is kept and goes on."""

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.comments.models import Comment
from app.extensions import db
from app.people.models import Decision
from tests.authenticator import Authenticator, asked, register
from tests.cast import (
    GABI,
    SignedIn,
    letters_to,
    make_comment,
    make_guest,
    make_moderator,
    make_post,
    read_posts,
    sign_in,
)
from tests.conftest import At
from tests.page import Form, Page

ANSWER = "Ab Montag sind drei neue Stationen am Netz.\n\nÜber „Altona“ <b>reden</b> wir noch."
SENT = {"text": ANSWER, "key": "k" * 22, "more": ["one", "two"]}


@pytest.fixture
def path(app: Flask, posts: object) -> str:
    make_post(posts)  # type: ignore[arg-type]  # the folder of posts
    read_posts(app)
    return f"/desk/comments/{make_comment(app).id}/answer"


@pytest.fixture
def unproven(app: Flask) -> SignedIn:
    """Gabi, who has come in by a code and shown nothing else."""
    make_guest(app)
    return SignedIn(app, GABI, is_proven=False)


def answers(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Comment.text).where(Comment.member_id.is_not(None))))


def check_page(answer: TestResponse, status: int = 403) -> Form:
    """The page that asks, which carries everything that was sent."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    page = Page(answer.text, "/desk/confirm")
    form = page.form("text")
    kept = [each.get("value") for each in form.element.all("input") if each.get("name") == "more"]
    assert (form.values["text"].replace("\r\n", "\n"), form.values["key"], kept) == (ANSWER, "k" * 22, ["one", "two"])
    return form


def test_without_a_passkey_nothing_is_published_and_nothing_is_lost(app: Flask, path: str, unproven: SignedIn) -> None:
    form = check_page(unproven.post(path, SENT))
    assert form.action == path
    assert answers(app) == []


def test_who_has_none_sets_one_up_there_and_the_answer_goes_on(app: Flask, path: str, unproven: SignedIn) -> None:
    asks = unproven.post(path, SENT)
    made = Authenticator().make(asked(Page(asks.text, path), "proof_new_passkey"))
    done = unproven.post(path, check_page(asks).filled(proof_new_passkey=made, proof_name="Gabis Telefon"))
    assert done.status_code == 303
    assert answers(app) == [ANSWER]
    assert "Gabis Telefon" in unproven.page("/desk/passkeys").text
    assert "Gabis Telefon" in letters_to(app, GABI)[-1]


def test_who_has_one_confirms_with_it_once_a_session(app: Flask, path: str, unproven: SignedIn) -> None:
    device = register(SignedIn(app, GABI))
    asks = unproven.post(path, SENT)
    said = device.sign(asked(Page(asks.text, path), "proof_passkey"))
    done = unproven.post(path, check_page(asks).filled(proof_passkey=said))
    assert done.status_code == 303
    assert unproven.post(path, {"text": "Noch eine."}).status_code == 303
    assert len(answers(app)) == 2
    assert "bestätigt durch Passkey" in unproven.page("/desk/sign-ins").text


def test_a_wrong_device_is_refused_in_words_and_the_form_is_still_there(
    app: Flask, path: str, unproven: SignedIn
) -> None:
    register(SignedIn(app, GABI))
    others = register(sign_in(app, make_moderator(app)))
    asks = unproven.post(path, SENT)
    said = others.sign(asked(Page(asks.text, path), "proof_passkey"))
    refused = unproven.post(path, {**SENT, "proof_passkey": said})
    check_page(refused, 422)
    assert "gehört jemand anderem" in refused.text
    assert answers(app) == []


def test_a_recovery_code_works_without_scripts_once_and_is_told_by_mail(
    app: Flask, path: str, unproven: SignedIn
) -> None:
    own = SignedIn(app, GABI)
    register(own)
    codes = Page(own.post("/desk/passkeys/recovery-codes").text, path).by_id("recovery-codes").all("code")
    code = next(iter(codes)).text
    again = check_page(unproven.post(path, {**SENT, "proof_code": "AAAAA-AAAAA"}), 422)
    assert unproven.post(path, again.filled(proof_code=code.lower())).status_code == 303
    assert answers(app) == [ANSWER]
    assert "9" in letters_to(app, GABI)[-1]
    third = SignedIn(app, GABI, is_proven=False)
    refused = third.post(path, {**SENT, "proof_code": code})
    assert "falsch oder schon benutzt" in check_page(refused, 422).element.text + refused.text
    with app.app_context():
        assert db.session.scalars(select(Decision.deed)).all().count("recovery-code-used") == 1


def test_nobody_guesses_codes_by_the_hundred(app: Flask, path: str, unproven: SignedIn) -> None:
    register(SignedIn(app, GABI))
    for _ in range(20):
        unproven.post(path, {**SENT, "proof_code": "AAAAA-AAAAA"})
    refused = unproven.post(path, {**SENT, "proof_code": "AAAAA-AAAAA"})
    check_page(refused, 422)
    assert "Viertelstunde" in refused.text


def test_what_must_be_confirmed_anew_is_asked_again_after_ten_minutes(app: Flask, at: At) -> None:
    mo = sign_in(app, make_moderator(app))
    register(mo)
    at(9)
    assert mo.post("/desk/passkeys/proofs", {"next": "/desk/sign-ins"}).location == "/desk/sign-ins"
    at(11)
    asks = mo.post("/desk/passkeys/proofs", {"next": "/desk/sign-ins"})
    assert asks.status_code == 403
    assert Page(asks.text, "/desk/confirm").form("next").values["next"] == "/desk/sign-ins"


def test_after_confirming_nobody_is_led_elsewhere(app: Flask, mo: SignedIn) -> None:
    register(mo)
    assert mo.post("/desk/passkeys/proofs", {"next": "https://evil.example/desk/"}).location == "/desk/passkeys"


def test_the_team_is_not_forced(app: Flask, path: str, mo: SignedIn) -> None:
    assert mo.post(path, SENT).status_code == 303


@pytest.mark.parametrize("where", ["promises/in/netz", "promises/x/events", "promises/x/notes", "handovers/1/answers"])
def test_every_deed_of_a_guest_asks(app: Flask, path: str, unproven: SignedIn, where: str) -> None:
    check_page(unproven.post(f"/desk/{where}", SENT))
