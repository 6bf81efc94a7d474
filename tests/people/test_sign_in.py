"""Signing in: a code by mail, and nothing else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.people.models import Code, Member, SignIn
from tests.akismet_server import closed_port
from tests.cast import (
    CHARLIE,
    EDA,
    MO,
    OLGA,
    SignedIn,
    ask_for_code,
    come_in,
    csrf_token,
    letters_to,
    make_editor,
    make_moderator,
    make_owner,
    newest_code,
    reload,
    type_code,
    within,
)
from tests.conftest import At
from tests.page import Page, Pages

CODE_PAGE = "/desk/sign-in/code"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_member_comes_in_with_the_code_from_the_mail(app: Flask) -> None:
    make_owner(app)
    assert Page(come_in(app, OLGA).get("/desk/").text, "/desk/").heading


def test_the_cast_is_let_in_as_by_the_code(app: Flask) -> None:
    """Other tests sign in without the pages; what they then have is what the pages give."""
    make_owner(app)
    cookies = []
    for client in (come_in(app, OLGA), SignedIn(app, OLGA).client):
        client.get("/desk/")
        with client.session_transaction("/desk/") as cookie:
            own = [cookie.pop(name) for name in ("sign_in", "csrf_token", "fs_paa")]  # random, and when it began
            assert all(own)
            cookies.append(dict(cookie))
    assert cookies[0].pop("led_to") == "/desk/"
    assert cookies[0] == cookies[1]
    assert cookies[0]["_user_id"]


def test_the_code_may_be_typed_with_spaces_around_and_between(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    code = newest_code(app, OLGA)
    assert type_code(client, f" {code[:3]} {code[3:]} ").status_code == 303


def test_the_address_may_be_typed_in_capitals(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, f"  {OLGA.upper()} ")
    assert type_code(client, newest_code(app, OLGA)).status_code == 303


def test_the_letter_carries_no_link(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    (letter,) = letters_to(app, OLGA)
    assert "http" not in letter
    assert "/desk" not in letter


@pytest.mark.parametrize(
    "email", ["", "   ", "olga", "olga@", "@campaign.example", "a@b@c.de", "o lga@campaign.example"]
)
def test_what_is_no_address_is_refused_with_its_field_named(app: Flask, pages: Pages, email: str) -> None:
    page = pages.send(pages.open("/desk/sign-in").form("email"), 422, email=email)
    assert page.with_class("fault")
    assert page.form("email").values["email"] == email.strip()


def test_a_stranger_gets_the_same_answer_and_no_letter(app: Flask) -> None:
    make_owner(app)
    pages = []
    for email in (OLGA, CHARLIE):
        client = app.test_client()
        answer = ask_for_code(client, email)
        assert (answer.status_code, answer.location) == (303, CODE_PAGE)
        token = csrf_token(client, CODE_PAGE)
        pages.append(client.get(CODE_PAGE).text.replace(email, "WHO").replace(token, "TOKEN"))
    assert blind(pages[0]) == blind(pages[1])
    assert letters_to(app, OLGA)
    assert not letters_to(app, CHARLIE)


def test_a_stranger_cannot_guess_a_way_in(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, CHARLIE)
    assert type_code(client, "123456").status_code == 422
    assert client.get("/desk/").location.startswith("/desk/sign-in")


def test_a_code_without_having_asked_leads_nowhere(app: Flask, client: FlaskClient) -> None:
    assert client.get(CODE_PAGE).location == "/desk/sign-in"
    answer = client.post(CODE_PAGE, data={"csrf_token": csrf_token(client), "code": "123456"})
    assert answer.status_code == 422


def test_five_wrong_codes_and_the_right_one_no_longer_counts(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    code = newest_code(app, OLGA)
    for _ in range(5):
        assert type_code(client, wrong(code)).status_code == 422
    assert type_code(client, code).status_code == 422
    assert client.get("/desk/").status_code == 303


def test_the_fifth_try_may_still_be_the_right_one(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    code = newest_code(app, OLGA)
    for _ in range(4):
        type_code(client, wrong(code))
    assert type_code(client, code).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(9.9, 303), (10.1, 422)])
def test_a_code_lasts_ten_minutes(app: Flask, client: FlaskClient, at: At, minutes: float, status: int) -> None:
    at(0)
    make_owner(app)
    ask_for_code(client, OLGA)
    code = newest_code(app, OLGA)
    at(minutes)
    assert type_code(client, code).status_code == status


def test_a_code_works_once(app: Flask) -> None:
    make_owner(app)
    first, second = app.test_client(), app.test_client()
    ask_for_code(first, OLGA)
    code = newest_code(app, OLGA)
    with second.session_transaction("/desk/") as session:
        session["email"] = OLGA
    assert type_code(first, code).status_code == 303
    assert type_code(second, code).status_code == 422


def test_only_the_newest_code_counts(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    older = newest_code(app, OLGA)
    ask_for_code(client, OLGA)
    newer = newest_code(app, OLGA)
    if older != newer:  # one in a million
        assert type_code(client, older).status_code == 422
    assert type_code(client, newer).status_code == 303


def test_a_code_is_good_for_its_own_address_only(app: Flask) -> None:
    make_owner(app)
    make_moderator(app)
    mo, olga = app.test_client(), app.test_client()
    ask_for_code(mo, MO)
    ask_for_code(olga, OLGA)
    if newest_code(app, MO) != newest_code(app, OLGA):  # one in a million
        assert type_code(olga, newest_code(app, MO)).status_code == 422


def test_the_code_is_kept_as_a_keyed_hash_only(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    code = newest_code(app, OLGA)
    row = within(app, lambda: db.session.scalars(db.select(Code)).one())
    assert code not in row.code_hash


def test_neither_address_nor_code_is_in_the_log(
    capsys: pytest.CaptureFixture[str], app: Flask, client: FlaskClient
) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    code = newest_code(app, OLGA)
    type_code(client, code)
    logged = "".join(capsys.readouterr())
    assert '"route": "/desk/sign-in"' in logged
    assert code not in logged
    assert OLGA not in logged


def test_a_revoked_member_gets_no_code(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    mo = make_moderator(app)
    within(app, lambda: db.session.get_one(Member, mo.id).revoke("left"))
    ask_for_code(client, MO)
    assert not letters_to(app, MO)


def test_a_code_asked_for_before_the_revocation_opens_nothing(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    mo = make_moderator(app)
    ask_for_code(client, MO)
    code = newest_code(app, MO)
    within(app, lambda: db.session.get_one(Member, mo.id).revoke("left"))
    assert type_code(client, code).status_code == 403
    assert within(app, lambda: SignIn.open_for(mo.id)) == []


def test_after_sign_in_the_page_that_was_asked_for_opens(app: Flask, client: FlaskClient) -> None:
    make_editor(app)
    asked = client.get("/desk/comments?state=spam")
    assert asked.status_code == 303
    client.get(asked.location)
    with client.session_transaction("/desk/") as session:
        assert session["next"] == "/desk/comments?state=spam"
    token = csrf_token(client, asked.location)
    client.post("/desk/sign-in", data={"csrf_token": token, "email": EDA})
    assert type_code(client, newest_code(app, EDA)).location == "/desk/comments?state=spam"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/desk/",
        "//evil.example/desk/",
        "/desk/\\evil.example",
        "/posts/",
        "/desk//evil.example",
        "x",
    ],
)
def test_the_way_back_leads_into_the_desk_and_nowhere_else(app: Flask, client: FlaskClient, target: str) -> None:
    make_owner(app)
    path = f"/desk/sign-in?next={target}"
    client.post("/desk/sign-in", data={"csrf_token": csrf_token(client, path), "email": OLGA})
    answer = type_code(client, newest_code(app, OLGA))
    assert answer.location.startswith("/desk/")
    assert "\\" not in answer.location


def test_without_the_token_of_the_page_no_code_is_sent(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    assert client.post("/desk/sign-in", data={"email": OLGA}).status_code == 400
    assert not letters_to(app, OLGA)


def test_the_code_sent_twice_leads_on_where_it_led(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    path = "/desk/sign-in?next=/desk/people"
    client.post("/desk/sign-in", data={"csrf_token": csrf_token(client, path), "email": OLGA})
    data = {"csrf_token": csrf_token(client, CODE_PAGE), "code": newest_code(app, OLGA)}
    assert [client.post(CODE_PAGE, data=data).location for _ in range(2)] == ["/desk/people"] * 2
    assert len(within(app, lambda: db.session.scalars(db.select(SignIn)).all())) == 1
    assert client.post("/desk/sign-out", data=data).status_code == 400  # of nothing else
    assert app.test_client().post(CODE_PAGE, data=data).status_code == 400  # nor for anybody else


def held(client: FlaskClient) -> dict[str, object]:
    """What the cookie of the desk says."""
    with client.session_transaction("/desk/") as session:
        return dict(session)


def hold(client: FlaskClient, cookie: dict[str, object]) -> None:
    """Have the browser send just this: the answer to an earlier click was never read."""
    with client.session_transaction("/desk/") as session:
        session.clear()
        session.update(cookie)


def test_a_double_click_on_the_code_leads_on_by_whichever_answer_is_read(
    app: Flask, client: FlaskClient, at: At
) -> None:
    at(0)
    make_owner(app)
    path = "/desk/sign-in?next=/desk/people"
    client.post("/desk/sign-in", data={"csrf_token": csrf_token(client, path), "email": OLGA})
    data = {"csrf_token": csrf_token(client, CODE_PAGE), "code": newest_code(app, OLGA)}
    before = held(client)
    tokens = []
    for minute in (0, 0.3):
        at(minute)
        hold(client, before)
        answer = client.post(CODE_PAGE, data=data)
        assert (answer.status_code, answer.location) == (303, "/desk/people")
        tokens.append(held(client)["sign_in"])
        assert client.get("/desk/people").status_code == 200
    assert tokens[0] == tokens[1]
    assert len(within(app, lambda: db.session.scalars(db.select(SignIn)).all())) == 1


@pytest.mark.parametrize("how", ["late", "wrong code", "another browser", "signed out", "revoked"])
def test_a_code_sent_again_lets_nobody_in_who_was_not_let_in_by_it_just_now(
    app: Flask, client: FlaskClient, at: At, how: str
) -> None:
    at(0)
    make_owner(app)
    make_editor(app)
    ask_for_code(client, EDA)
    data = {"csrf_token": csrf_token(client, CODE_PAGE), "code": newest_code(app, EDA)}
    before = held(client)
    assert client.post(CODE_PAGE, data=data).status_code == 303
    if how == "signed out":
        client.post("/desk/sign-out", data={"csrf_token": csrf_token(client, "/desk/")})
    if how == "revoked":
        within(app, lambda: Member.of(EDA).revoke("left"))  # type: ignore[union-attr]  # she is there
    at(0.4 if how == "late" else 0.1)
    hold(client, before | ({"browser": "another"} if how == "another browser" else {}))
    answer = client.post(CODE_PAGE, data=data | ({"code": wrong(data["code"])} if how == "wrong code" else {}))
    assert answer.status_code == 422
    assert client.get("/desk/people").status_code == 303


def test_two_clicks_at_the_same_moment_are_one_sign_in(on_each: Flask) -> None:
    make_owner(on_each)
    client = on_each.test_client()
    ask_for_code(client, OLGA)
    data = {"csrf_token": csrf_token(client, CODE_PAGE), "code": newest_code(on_each, OLGA)}
    before, both = held(client), [on_each.test_client() for _ in range(2)]
    for each in both:
        hold(each, before)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: each.post(CODE_PAGE, data=data), both))
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/desk/")] * 2
    assert held(both[0])["sign_in"] == held(both[1])["sign_in"]
    assert len(within(on_each, lambda: db.session.scalars(db.select(SignIn)).all())) == 1


def test_what_was_in_the_cookie_before_does_not_live_on(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    with client.session_transaction("/desk/") as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    type_code(client, newest_code(app, OLGA))
    with client.session_transaction("/desk/") as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_asking_again_and_again_is_slowed_down_for_members_and_strangers_alike(app: Flask) -> None:
    make_owner(app)
    for email in (OLGA, CHARLIE):
        client = app.test_client()
        answers = [ask_for_code(client, email).status_code for _ in range(7)]
        assert answers == [303] * 6 + [429]


class TestWithADeadMailServer:
    @pytest.fixture
    def environ(self, environ: dict[str, str]) -> dict[str, str]:
        return environ | {"EINZELFALL_MAIL_URL": f"smtp://127.0.0.1:{closed_port()}"}

    def test_asking_for_a_code_is_answered_and_the_letter_waits(self, app: Flask, client: FlaskClient) -> None:
        make_owner(app)
        assert ask_for_code(client, OLGA).status_code == 303
        assert letters_to(app, OLGA) == []


def test_who_is_signed_in_is_not_asked_again(olga: SignedIn) -> None:
    assert olga.get("/desk/sign-in").location == "/desk/"


def test_the_cookie_is_for_the_desk_alone_and_out_of_reach_of_scripts(app: Flask) -> None:
    make_owner(app)
    client = app.test_client()
    cookie = client.get("/desk/sign-in").headers["Set-Cookie"]
    assert "Path=/desk" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_an_agent_of_any_length_is_kept_as_a_short_device(app: Flask) -> None:
    make_owner(app)
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux) Firefox/130 " + "x" * 5000
    ask_for_code(client, OLGA)
    type_code(client, newest_code(app, OLGA))
    row = within(app, lambda: db.session.scalars(db.select(SignIn)).one())
    assert reload(app, row).device == "Firefox · Linux"


def blind(html: str) -> str:
    """The page without what differs from request to request."""
    return "\n".join(line for line in html.splitlines() if "csrf_token" not in line)
