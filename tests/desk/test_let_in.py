"""Who may open which door of the desk; reading changes nothing."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.people.models import Role
from app.people.models.member import REACH
from tests.cast import EDA, GABI, VERA, SignedIn, csrf_token, make_moderator, make_owner, sign_in
from tests.desk.asking import ask
from tests.desk.rooms import DOORS, FILES, OF_COMPANIES, counts, desk_rules, furnish, path_of


def is_read(rule: Rule) -> bool:
    return "GET" in (rule.methods or ())


def test_every_route_of_the_desk_is_guarded_or_a_door(app: Flask) -> None:
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in desk_rules(app)}
    assert {endpoint for endpoint, view in views.items() if not hasattr(view, "needs_roles")} == DOORS


def test_no_guarded_page_lies_outside_the_desk_where_nobody_is_signed_in(app: Flask) -> None:
    outside = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/desk")]
    assert not [rule for rule in outside if hasattr(app.view_functions[rule.endpoint], "needs_roles")]


def test_what_changes_something_is_a_post_and_what_reads_is_not(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}
        assert methods in ({"GET"}, {"POST"}), f"{rule.rule} answers {methods}"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_any_page_changes_nothing(app: Flask, posts: Path, olga: SignedIn, method: str) -> None:
    values = furnish(app, posts)
    before = counts(app)
    for rule in filter(is_read, app.url_map.iter_rules()):
        path = path_of(app, rule, values)
        status = olga.client.open(path, method=method, buffered=True).status_code
        is_nothing = rule.endpoint in OF_COMPANIES and status == 404
        assert status in {200, 303} or is_nothing or rule.endpoint == "places.districts", (
            f"{method} {path} answered {status}"
        )
        assert counts(app) == before, f"{method} {path} changed something"


def test_query_strings_with_deeds_in_them_change_nothing(app: Flask, posts: Path, olga: SignedIn) -> None:
    values = furnish(app, posts)
    before = counts(app)
    deeds = "?deed=publish&seen=waiting&reason=x&email=a@b.example&code=123456&id=1&text=x&key=abcdefgh&sure=yes"
    for rule in filter(is_read, app.url_map.iter_rules()):
        olga.client.get(path_of(app, rule, values) + deeds, buffered=True)
    assert counts(app) == before


def test_every_page_of_the_desk_obeys_the_house_rules_in_both_languages(
    app: Flask, posts: Path, olga: SignedIn
) -> None:
    values = furnish(app, posts)
    for rule in filter(is_read, desk_rules(app)):
        if rule.endpoint not in DOORS | FILES | OF_COMPANIES:
            path = path_of(app, rule, values)
            for lang in ("", "?lang=en"):
                assert olga.page(path + lang).lang == ("en" if lang else "de")
            assert olga.get(path).headers["Cache-Control"] == "no-store"


def test_the_rooms_of_companies_obey_them_too(app: Flask, posts: Path) -> None:
    values, gabi = furnish(app, posts), SignedIn(app, GABI)
    values["id"] = ask(app).id
    for endpoint in ("desk.guest", "desk.question", "desk.granted"):
        (rule,) = app.url_map.iter_rules(endpoint)
        path = path_of(app, rule, values)
        for lang in ("", "?lang=en"):
            assert gabi.page(path + lang).lang == ("en" if lang else "de")
        assert gabi.get(path).headers["Cache-Control"] == "no-store"


def test_a_stranger_is_shown_the_sign_in_page_and_changes_nothing(app: Flask, posts: Path, client: FlaskClient) -> None:
    values = furnish(app, posts)
    before = counts(app)
    token = csrf_token(client)
    for rule in desk_rules(app):
        if rule.endpoint in DOORS:
            continue
        path = path_of(app, rule, values)
        answer = client.get(path) if is_read(rule) else client.post(path, data={"csrf_token": token, "deed": "publish"})
        assert answer.status_code == 303, f"{path} answered {answer.status_code}"
        assert answer.location.startswith("/desk/sign-in")
    assert counts(app) == before


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.GUEST])
def test_nobody_passes_a_door_that_is_not_theirs(app: Flask, posts: Path, role: Role) -> None:
    values = furnish(app, posts)
    make_owner(app)
    who = sign_in(app, make_moderator(app)) if role == Role.MODERATOR else SignedIn(app, VERA)
    token, before, refused = who.token, counts(app), 0
    for rule in desk_rules(app):
        roles = getattr(app.view_functions[rule.endpoint], "needs_roles", tuple(Role))
        if REACH[role] & set(roles):
            continue
        path, refused = path_of(app, rule, values), refused + 1
        answer = who.get(path) if is_read(rule) else who.client.post(path, data={"csrf_token": token})
        assert answer.status_code == 403, f"{path} answered {answer.status_code}"
    assert refused >= 5
    assert counts(app) == before


def test_without_the_token_of_a_page_no_post_of_the_desk_works(app: Flask, posts: Path, olga: SignedIn) -> None:
    values = furnish(app, posts)
    before = counts(app)
    for rule in desk_rules(app):
        if not is_read(rule):
            path = path_of(app, rule, values)
            assert olga.client.post(path, data={"deed": "publish"}).status_code == 400, path
    assert counts(app) == before


def test_a_guest_sees_no_lane_but_the_one_for_answers(app: Flask, posts: Path) -> None:
    furnish(app, posts)
    gabi = SignedIn(app, GABI)
    page = gabi.page("/desk/answers")
    assert not [link for link in page.links.values() if link.split("?")[0] in {"/desk/comments", "/desk/people"}]
    for secret in ("lena@reader.example", EDA, VERA, "Seit Wochen kein Netz.", "Hinterm Deich"):
        assert secret not in page.html


def test_a_moderator_sees_the_address_of_no_member(app: Flask, posts: Path, mo: SignedIn) -> None:
    values = furnish(app, posts)
    for rule in filter(is_read, desk_rules(app)):
        roles = getattr(app.view_functions[rule.endpoint], "needs_roles", ())
        if REACH[Role.MODERATOR] & set(roles):
            assert EDA not in mo.get(path_of(app, rule, values)).text


@pytest.mark.parametrize("id_", ["0", "999999", "99999999999999999999"])
def test_numbers_of_nothing_are_not_found(app: Flask, posts: Path, olga: SignedIn, id_: str) -> None:
    values = furnish(app, posts) | {"id": int(id_)}
    token = olga.token
    for rule in desk_rules(app):
        if "id" in rule.arguments:
            path = path_of(app, rule, values)
            answer = olga.get(path) if is_read(rule) else olga.client.post(path, data={"csrf_token": token})
            assert answer.status_code == 404, f"{path} answered {answer.status_code}"
