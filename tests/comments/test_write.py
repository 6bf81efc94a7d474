"""Writing a comment: stored once under its key, whatever happens, and nothing that was typed is lost."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import CommentContact, State
from app.extensions import db
from app.kit import tokens
from app.kit.markup import COMMENT_MAX
from app.people.models.member import ADDRESS_LIKE
from tests.cast import make_comment, make_post, read_posts, within
from tests.comments.reader import FIELDS, URL, filled, is_own_page, kept, own_page, stored, the_comment, write
from tests.cpu import STEEP, growth
from tests.page import Pages

ADDRESS = "lena@reader.example"
open_policy = pytest.mark.parametrize("policy", ["open"], indirect=True)


def test_a_comment_is_stored_and_waits(app: Flask, client: FlaskClient) -> None:
    answer = write(client, app)
    assert answer.status_code == 303
    assert is_own_page(answer.location)
    comment = the_comment(app)
    assert (comment.name, comment.text, comment.state) == ("Lena", FIELDS["text"], State.WAITING)


def test_the_thanks_are_a_page_that_nobody_keeps(app: Flask, pages: Pages, client: FlaskClient) -> None:
    thanks = str(write(client, app).location)
    assert pages.open(thanks).heading.startswith("Danke.")
    assert client.get(thanks).headers["Cache-Control"] == "no-store"


def test_who_waits_is_not_seen(app: Flask, pages: Pages) -> None:
    write(pages.client, app, text="Nur für die Redaktion zu sehen.")
    assert "Nur für die Redaktion" not in pages.open("/posts/netz").html


@open_policy
def test_a_published_comment_is_where_the_answer_leads(policy: str, app: Flask, pages: Pages) -> None:
    thanks = pages.open(str(write(pages.client, app).location))
    address, _, anchor = thanks.links["An seinem Platz ansehen"].partition("#")
    path, _, query = address.partition("?")
    assert path == "/posts/netz"
    assert query == f"new={stored(app)[0].id}", "no copy under this address can be older"
    assert FIELDS["text"] in pages.open(address).by_id(anchor).text


def test_the_same_key_twice_is_one_comment_and_the_same_answer(app: Flask, client: FlaskClient) -> None:
    data = filled(app)
    first, second = client.post(URL, data=data), client.post(URL, data=data)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert first.location == own_page(app, data["key"])
    assert len(stored(app)) == 1


@open_policy
def test_the_same_key_leads_to_the_published_comment_again(policy: str, app: Flask, client: FlaskClient) -> None:
    data = filled(app)
    assert client.post(URL, data=data).location == client.post(URL, data=data).location
    assert len(stored(app)) == 1


def test_the_same_key_with_other_words_changes_nothing(app: Flask, client: FlaskClient) -> None:
    data = filled(app)
    client.post(URL, data=data)
    assert client.post(URL, data=data | {"text": "Etwas anderes.", "name": ""}).status_code == 303
    assert the_comment(app).text == FIELDS["text"]


def test_two_keys_with_equal_words_are_two_comments(app: Flask, client: FlaskClient) -> None:
    write(client, app)
    write(client, app)
    assert [comment.text for comment in stored(app)] == [FIELDS["text"]] * 2


def test_only_the_hash_of_a_key_is_kept(app: Flask, client: FlaskClient) -> None:
    data = filled(app)
    client.post(URL, data=data)
    assert str(data["key"]) not in str(vars(the_comment(app)))


def test_without_a_key_nothing_is_stored_until_the_check_page_is_sent(app: Flask, pages: Pages) -> None:
    parent = make_comment(app)
    page = pages.open(f"/posts/netz/comments/new?parent={parent.id}")
    form = page.form("text")
    check = pages.send(form, 200, **{**FIELDS, "key": "", "age": ""})
    assert len(stored(app)) == 1
    again = check.form("text")
    assert kept(again.values) == kept(FIELDS)
    assert again.values["parent"] == str(parent.id)
    assert again.values["key"]
    assert FIELDS["text"] in check.text
    assert pages.post(again).location == own_page(app, again.values["key"])
    answer = stored(app)[1]
    assert (answer.text, answer.name, answer.parent_id) == (FIELDS["text"], "Lena", parent.id)


def test_the_check_page_is_kept_by_nobody_and_its_key_is_new_each_time(app: Flask, client: FlaskClient) -> None:
    answers = [write(client, app, key="") for _ in range(2)]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 2
    assert answers[0].text != answers[1].text


def test_sending_the_check_page_twice_is_one_comment(app: Flask, pages: Pages) -> None:
    check = pages.read(write(pages.client, app, key=""), URL)
    pages.post(check.form("text"))
    pages.post(check.form("text"))
    assert len(stored(app)) == 1


def test_the_form_on_its_own_page_is_sent_in_one_step(app: Flask, pages: Pages) -> None:
    form = pages.open("/posts/netz/comments/new").form("text")
    assert pages.post(form, **FIELDS).location == own_page(app, form.values["key"])
    assert len(stored(app)) == 1


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u200b\u00ad "}, "name"),
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": "x" * (COMMENT_MAX + 1)}, "text"),
        ({"email": "lena"}, "email"),
        ({"email": f"{'x' * 250}@reader.example"}, "email"),
    ],
)
def test_a_refused_comment_keeps_every_value_and_names_the_field(
    app: Flask, pages: Pages, fault: dict[str, str], named: str
) -> None:
    page = pages.read(write(pages.client, app, **fault), URL, 422)
    sent = {**FIELDS, **fault}
    form = page.form("text")
    for name in ("name", "email", "text"):
        if name != named or fault[name].strip(" \n\t\u200b\u00ad"):
            assert form.values[name] == sent[name]
    assert page.by_id(f"comment-{named}").get("aria-invalid") == "true"
    assert page.by_id(f"comment-{named}-fault").text
    assert stored(app) == []


@pytest.mark.parametrize("piece", [".", "a.", "a", "a@", "@", "-"])
def test_an_address_of_60000_signs_is_refused_and_costs_no_more_than_its_length(
    app: Flask, client: FlaskClient, piece: str
) -> None:
    def address(length: int) -> str:
        return f"a@{piece * length}"[:length] + "@"

    assert write(client, app, email=address(60_000)).status_code == 422
    assert growth(lambda length: ADDRESS_LIKE.match(address(length)), 60_000) < STEEP


def test_a_refused_form_sent_again_is_stored_once(app: Flask, pages: Pages) -> None:
    page = pages.read(write(pages.client, app, text=""), URL, 422)
    form = page.form("text")
    pages.post(form, text="Jetzt mit Text.")
    pages.post(form, text="Jetzt mit Text.")
    assert the_comment(app).text == "Jetzt mit Text."


@pytest.mark.parametrize(
    "key", ["short", "x" * 101, "with space in it", "schlüssel-mit-ü", "\x00\x00\x00\x00\x00\x00\x00\x00"]
)
def test_a_key_that_is_none_stores_nothing_and_a_fresh_one_is_given(app: Flask, client: FlaskClient, key: str) -> None:
    answer = write(client, app, key=key)
    assert answer.status_code in {200, 422}
    assert stored(app) == []


def test_scripts_get_the_same_as_json(app: Flask, client: FlaskClient) -> None:
    ask = {"Accept": "application/json"}
    data = filled(app)
    done = client.post(URL, data=data, headers=ask)
    assert done.status_code == 200
    assert done.get_json()["url"] == own_page(app, data["key"])
    assert done.get_json()["state"] == "waiting"
    refused = client.post(URL, data=filled(app, text="", name=""), headers=ask)
    assert refused.status_code == 422
    assert set(refused.get_json()["errors"]) == {"text", "name"}
    check = client.post(URL, data=filled(app, key=""), headers=ask).get_json()
    assert check["check"] is True
    assert len(check["key"]) > 16


def test_the_honeypot_is_spam_with_the_same_thanks(app: Flask, client: FlaskClient) -> None:
    ask = {"Accept": "application/json"}
    person = client.post(URL, data=filled(app), headers=ask).get_json()
    machine = client.post(URL, data=filled(app, website="https://pills.example"), headers=ask).get_json()
    own = {"url", "link"}  # each writer's
    assert {name: machine[name] for name in machine.keys() - own} == {
        name: person[name] for name in person.keys() - own
    }
    assert machine.keys() == person.keys()
    assert [comment.state for comment in stored(app)] == [State.WAITING, State.SPAM]
    page = write(client, app, website="x")
    assert page.status_code == 303
    assert is_own_page(page.location)


def test_an_answer_to_a_comment_of_another_post_is_no_answer(posts: Path, app: Flask, client: FlaskClient) -> None:
    make_post(posts, "anderswo")
    read_posts(app)
    elsewhere = make_comment(app, "anderswo")
    write(client, app, parent=str(elsewhere.id))
    comment = stored(app)[-1]
    assert (comment.post_slug, comment.parent_id, comment.thread_id) == ("netz", None, None)


@pytest.mark.parametrize("state", [State.WAITING, State.SPAM, State.REMOVED])
def test_what_readers_do_not_see_cannot_be_answered(app: Flask, pages: Pages, state: State) -> None:
    hidden = make_comment(app, state=state, text="Das sieht niemand.")
    assert "Das sieht niemand" not in pages.open(f"/posts/netz/comments/new?parent={hidden.id}").html
    write(pages.client, app, parent=str(hidden.id))
    assert stored(app)[-1].parent_id is None


@pytest.mark.parametrize("parent", ["", "x", "-1", "0", "99999999999999999999", "٣", "1e3", "999999999"])
def test_a_parent_that_is_none_is_left_out(app: Flask, client: FlaskClient, parent: str) -> None:
    assert write(client, app, parent=parent).status_code == 303
    assert the_comment(app).parent_id is None


def test_the_address_is_kept_apart_and_in_no_public_answer(app: Flask, pages: Pages) -> None:
    comment = make_comment(app, email=ADDRESS)
    assert ADDRESS not in str(vars(comment))
    assert within(app, lambda: db.session.get_one(CommentContact, comment.id).email) == ADDRESS
    for path in ("/", "/posts/", "/posts/netz", f"/posts/netz/comments/new?parent={comment.id}"):
        assert ADDRESS not in pages.open(path).html
    for path in ("/feed.atom", "/feed.json", "/counter.json"):
        assert ADDRESS not in pages.client.get(path).text


@open_policy
def test_the_answer_to_a_comment_with_address_does_not_hold_it(policy: str, app: Flask, client: FlaskClient) -> None:
    data = filled(app)
    for headers in ({}, {"Accept": "application/json"}):
        answer = client.post(URL, data=data, headers=headers)
        assert ADDRESS not in answer.text + str(answer.headers)


def test_neither_words_nor_name_nor_address_are_in_the_log(
    capsys: pytest.CaptureFixture[str], app: Flask, client: FlaskClient
) -> None:
    write(client, app, name="Lena Unverwechselbar")
    write(client, app, text="")
    logged = "".join(capsys.readouterr())
    assert "/posts/<slug>/comments" in logged
    assert not [word for word in (ADDRESS, "Unverwechselbar", "Eimsbüttel", "127.0.0.1") if word in logged]


@pytest.mark.parametrize(("comments", "status"), [("closed", 422), ("off", 404)])
def test_a_closed_post_takes_no_comment_and_gives_the_text_back(
    posts: Path, app: Flask, pages: Pages, comments: str, status: int
) -> None:
    make_post(posts, "zu", comments=comments)
    read_posts(app)
    answer = pages.client.post("/posts/zu/comments", data=filled(app))
    page = pages.read(answer, "/posts/zu/comments", status)
    if status == 422:
        assert page.form("text").values["text"] == FIELDS["text"]
    assert "/posts/zu/comments" not in [form.action for form in pages.open("/posts/zu").forms]
    assert stored(app) == []


@pytest.mark.parametrize("front", [{"status": "draft"}, {"date": "2999-01-01T00:00:00+01:00"}])
def test_a_post_that_is_not_public_takes_none(
    posts: Path, app: Flask, client: FlaskClient, front: dict[str, str]
) -> None:
    make_post(posts, "morgen", **front)
    read_posts(app)
    assert client.post("/posts/morgen/comments", data=filled(app)).status_code == 404
    assert stored(app) == []


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_site_cannot_send_the_form(app: Flask, client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post(URL, data=filled(app), headers=headers).status_code == 403
    assert stored(app) == []


def test_more_than_the_body_may_hold_is_refused_calmly(app: Flask, client: FlaskClient) -> None:
    assert write(client, app, text="x" * 70_000).status_code == 413
    assert stored(app) == []


def test_a_name_and_text_are_cleaned_of_what_no_database_holds(app: Flask, client: FlaskClient) -> None:
    write(client, app, name="Le\0na\n", text="Kein\0 Netz\r\nhier <kein Netz>")
    comment = the_comment(app)
    assert comment.name == "Lena"
    assert comment.text == "Kein Netz\nhier <kein Netz>"
    assert "&lt;kein Netz&gt;" in comment.html


def test_key_and_words_from_another_post_do_not_travel(posts: Path, app: Flask, client: FlaskClient) -> None:
    """The key is of the submission; sent to another post it finds the comment that is stored."""
    make_post(posts, "anderswo")
    read_posts(app)
    data = filled(app)
    client.post(URL, data=data)
    again = client.post("/posts/anderswo/comments", data=data)
    assert again.status_code == 303
    assert len(stored(app)) == 1


def test_a_fresh_key_is_on_the_own_page_and_none_on_the_shared_one(pages: Pages) -> None:
    keys = {pages.open("/posts/netz/comments/new").form("text").values["key"] for _ in range(2)}
    assert len(keys) == 2
    assert pages.open("/posts/netz").form("text").values["key"] == ""
    assert tokens.new_key() not in keys
