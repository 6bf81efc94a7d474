"""Signing in with a passkey: nothing is typed, and whatever is not exactly right is refused in words."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.people.models import Decision, Member, Passkey
from tests.authenticator import Authenticator, Options, asked, register
from tests.cast import MO, SignedIn, letters_to, make_moderator, reload, sign_in, within
from tests.conftest import At
from tests.page import Page

DOOR = "/desk/sign-in"
NAMES = st.sampled_from(
    ["id", "rawId", "type", "response", "clientDataJSON", "signature", "authenticatorData", "userHandle"]
)
JSON = st.recursive(
    st.none() | st.text(max_size=20) | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)
)


@pytest.fixture
def device(app: Flask) -> Authenticator:
    """Mo's, who has signed out."""
    return register(sign_in(app, make_moderator(app)))


def question(client: FlaskClient) -> tuple[Options, str]:
    """What the sign-in page asks, and the token of its forms."""
    page = Page(client.get(DOOR).text, DOOR)
    return asked(page, "passkey"), page.form("passkey").values["csrf_token"]


def answer(client: FlaskClient, said: str, token: str) -> tuple[int, str]:
    done = client.post(f"{DOOR}/passkey", data={"passkey": said, "csrf_token": token})
    return done.status_code, Page(done.text, DOOR).text if done.status_code == 422 else done.location


def test_a_passkey_signs_in_and_has_confirmed_the_session(
    app: Flask, client: FlaskClient, device: Authenticator
) -> None:
    client.get(f"{DOOR}?next=/desk/passkeys")
    options, token = question(client)
    assert options["allowCredentials"] == []  # nobody learns who has one
    assert options["userVerification"] == "required"
    assert answer(client, device.sign(options), token)[0] == 303
    page = Page(client.get("/desk/passkeys").text, "/desk/passkeys")
    assert "In dieser Sitzung bestätigt" in page.text
    assert "zuletzt benutzt" in page.text


def test_where_one_wanted_to_go_is_where_one_comes(client: FlaskClient, device: Authenticator) -> None:
    page = Page(client.get(f"{DOOR}?next=/desk/sign-ins").text, DOOR)
    said = device.sign(asked(page, "passkey"))
    assert answer(client, said, page.form("passkey").values["csrf_token"]) == (303, "/desk/sign-ins")


def test_an_answer_that_was_sent_before_is_refused(app: Flask, client: FlaskClient, device: Authenticator) -> None:
    options, token = question(client)
    said, before = device.sign(options), dict(client._cookies or {})
    assert answer(client, said, token)[0] == 303
    client._cookies = before  # the same browser as it was: only what the site has noted tells
    status, words = answer(client, said, token)
    assert status == 422
    assert "schon gesendet oder mehr als zehn Minuten" in words


def test_an_answer_that_failed_is_used_up_too(client: FlaskClient, device: Authenticator) -> None:
    options, token = question(client)
    stranger = Authenticator(owner=device.owner)
    assert "nicht bekannt" in answer(client, stranger.sign(options), token)[1]
    assert "schon gesendet" in answer(client, device.sign(options), token)[1]


def test_after_ten_minutes_a_question_is_too_old(client: FlaskClient, device: Authenticator, at: At) -> None:
    options, token = question(client)
    at(9)
    fresh, _ = question(client)
    at(11)
    assert "mehr als zehn Minuten" in answer(client, device.sign(options), token)[1]
    assert answer(client, device.sign(fresh), token)[0] == 303


def test_a_question_of_another_browser_is_refused(app: Flask, client: FlaskClient, device: Authenticator) -> None:
    options, _ = question(app.test_client())
    _, token = question(client)
    assert "schon gesendet oder mehr als zehn" in answer(client, device.sign(options), token)[1]


def test_a_question_for_another_purpose_is_refused(app: Flask, device: Authenticator) -> None:
    mo = SignedIn(app, MO)
    confirming = asked(Page(mo.post("/desk/passkeys/proofs").text, DOOR), "proof_passkey")
    said = device.sign(confirming)
    done = mo.client.post(f"{DOOR}/passkey", data={"passkey": said, "csrf_token": mo.token})
    assert "schon gesendet oder mehr als zehn" in done.text


WRONG: dict[str, tuple[Callable[[Authenticator], object], str]] = {
    "asked by another site": (
        lambda one: setattr(one, "origin", "https://einzelfall.example.evil"),
        "eine andere Seite",
    ),
    "a key for another host": (lambda one: setattr(one, "host", "evil.example"), "passt nicht zu localhost"),
    "nobody has shown a PIN": (lambda one: setattr(one, "asks_for_pin", False), "passt nicht zu localhost"),
    "signed by another key": (lambda one: setattr(one, "key", Authenticator().key), "passt nicht zu localhost"),
    "of nobody here": (lambda one: setattr(one, "id", b"unknown" * 4), "nicht bekannt"),
    "of somebody else": (lambda one: setattr(one, "owner", "c29tZWJvZHk"), "nicht bekannt"),
    "a copy that was used less": (lambda one: setattr(one, "count", -1), "eine Kopie"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_exactly_right_is_refused_in_words(
    app: Flask, client: FlaskClient, device: Authenticator, what: str
) -> None:
    change, words = WRONG[what]
    change(device)
    options, token = question(client)
    status, said = answer(client, device.sign(options), token)
    assert (status, words in said) == (422, True), said
    assert client.get("/desk/").status_code == 303


def test_a_copied_key_is_logged_and_its_owner_warned(app: Flask, client: FlaskClient, device: Authenticator) -> None:
    device.count = 0  # the copy has counted as far as the original when it was added
    options, token = question(client)
    assert answer(client, device.sign(options), token)[0] == 422
    with app.app_context():
        assert db.session.scalars(select(Decision.deed).order_by(Decision.id.desc())).first() == "passkey-copied"
    assert "eine Kopie" in letters_to(app, MO)[-1]


def test_a_key_that_does_not_count_works_again_and_again(app: Flask) -> None:
    device = register(sign_in(app, make_moderator(app)), Authenticator(counts=False))
    for _ in range(2):
        client = app.test_client()
        options, token = question(client)
        assert answer(client, device.sign(options), token)[0] == 303


def test_of_two_uses_of_the_same_number_the_second_is_refused(app: Flask, device: Authenticator) -> None:
    """As at the same moment: both have read the row before either has written."""
    one, other = app.test_client(), app.test_client()
    (asked_one, token_one), (asked_other, token_other) = question(one), question(other)
    first = device.sign(asked_one)
    device.count -= 1
    second = device.sign(asked_other)
    assert answer(one, first, token_one)[0] == 303
    assert answer(other, second, token_other)[0] == 422


def test_a_revoked_member_is_told_that_the_membership_has_ended(
    app: Flask, client: FlaskClient, device: Authenticator
) -> None:
    def revoke() -> None:
        member = Member.of(MO)
        assert member
        member.revoke("ist gegangen")

    within(app, revoke)
    options, token = question(client)
    assert "Mitgliedschaft ist beendet" in answer(client, device.sign(options), token)[1]
    assert client.get("/desk/").status_code == 303


@given(st.one_of(st.text(max_size=60), JSON.map(json.dumps)))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_sent_as_an_answer_is_refused_and_no_fault(client: FlaskClient, said: str) -> None:
    _, token = question(client)
    assert answer(client, said, token)[0] == 422


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("instead", ["", "not base64 ¡", 7, "A" * 900])
def test_an_answer_with_a_broken_part_is_refused(
    client: FlaskClient, device: Authenticator, part: str, instead: object
) -> None:
    options, token = question(client)
    told = json.loads(device.sign(options))
    told["response"][part] = instead
    if part == "userHandle" and not instead:
        return  # a device need not say it
    assert answer(client, json.dumps(told), token)[0] == 422


def test_the_public_half_is_all_that_is_kept(app: Flask, device: Authenticator) -> None:
    with app.app_context():
        key = db.session.scalars(select(Passkey)).one()
    private = device.key.private_numbers().private_value.to_bytes(32)
    assert private not in key.public_key + key.credential_id + key.handle
    assert reload(app, key).used_at is None
