"""Signing out ends the session, not only the cookie."""

from flask import Flask

from app.people.models import SignIn
from tests.cast import EDA, OLGA, SignedIn, csrf_token, make_editor, make_owner, within
from tests.conftest import At


def copied(member: SignedIn) -> SignedIn:
    """The same cookie on another machine."""
    thief = object.__new__(SignedIn)
    thief.app, thief.email, thief.client = member.app, member.email, member.app.test_client()
    cookie = member.client.get_cookie("desk", path="/desk")
    assert cookie
    thief.client.set_cookie("desk", cookie.value, path="/desk")
    return thief


def test_a_copied_cookie_is_worth_nothing_after_sign_out(olga: SignedIn) -> None:
    thief = copied(olga)
    assert thief.get("/desk/").status_code == 200
    olga.post("/desk/sign-out")
    assert thief.get("/desk/").status_code == 303


def test_whoever_signs_out_is_out(olga: SignedIn) -> None:
    assert olga.post("/desk/sign-out").location == "/desk/sign-in"
    assert olga.get("/desk/").location == "/desk/sign-in?next=/desk/"


def test_other_devices_stay_signed_in(app: Flask, olga: SignedIn) -> None:
    phone = SignedIn(app, OLGA)
    olga.post("/desk/sign-out")
    assert phone.get("/desk/").status_code == 200


def test_a_link_cannot_sign_anybody_out(olga: SignedIn) -> None:
    assert olga.get("/desk/sign-out").status_code == 405
    assert olga.get("/desk/").status_code == 200


def test_without_the_token_of_a_page_nobody_is_signed_out(olga: SignedIn) -> None:
    assert olga.client.post("/desk/sign-out").status_code == 400
    assert olga.get("/desk/").status_code == 200


def test_signing_out_twice_does_no_harm(olga: SignedIn) -> None:
    token = olga.token
    olga.post("/desk/sign-out")
    again = olga.client.post("/desk/sign-out", data={"csrf_token": csrf_token(olga.client)})
    assert again.status_code == 303
    assert olga.client.post("/desk/sign-out", data={"csrf_token": token}).status_code == 400


def test_a_session_of_ones_own_is_ended_from_another_device(app: Flask, olga: SignedIn) -> None:
    phone = SignedIn(app, OLGA)
    page = phone.page("/desk/sign-ins")
    rows = [form.values["id"] for form in page.forms if "id" in form.values]
    assert len(rows) == 2
    oldest = min(rows, key=int)
    assert phone.post("/desk/sign-ins", {"id": oldest}).status_code == 303
    assert olga.get("/desk/").status_code == 303
    assert phone.get("/desk/").status_code == 200


def test_nobody_ends_or_sees_sessions_of_others(app: Flask) -> None:
    make_owner(app)
    eda, olga = make_editor(app), SignedIn(app, OLGA)
    other = SignedIn(app, EDA)
    (row,) = within(app, lambda: SignIn.open_for(eda.id))
    assert olga.post("/desk/sign-ins", {"id": row.id}).status_code == 404
    assert other.get("/desk/").status_code == 200
    shown = [form.values.get("id") for form in olga.page("/desk/sign-ins").forms]
    assert str(row.id) not in shown


def test_a_session_that_is_none_is_not_found(olga: SignedIn) -> None:
    for id_ in ("", "0", "x", "99999999999999999999"):
        assert olga.post("/desk/sign-ins", {"id": id_}).status_code == 404


def test_a_session_ends_after_two_weeks(app: Flask, at: At) -> None:
    at(0)
    make_owner(app)
    olga = SignedIn(app, OLGA)
    at(14 * 24 * 60 - 1)
    assert olga.get("/desk/").status_code == 200
    at(14 * 24 * 60 + 1)
    assert olga.get("/desk/").status_code == 303
