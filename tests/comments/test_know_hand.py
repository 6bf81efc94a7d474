"""A device is known again only where its owner asked for it; its token names nobody and is sent with comments alone."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, Hand, State, Subscription, hand
from app.comments.models.erasure import erase
from app.comments.models.expiry import forget_spam
from app.comments.models.hand import earlier_of_same_hand
from app.extensions import db
from tests.cast import SignedIn, within
from tests.comments.own import decided, newest, told, wrote
from tests.comments.reader import URL, filled, stored, write
from tests.conftest import At
from tests.page import Page, Pages

JSON = {"Accept": "application/json"}
DAY = 24 * 60  # minutes


def remembered(client: FlaskClient, page: str, token: str = "") -> str:
    """The token that a device is told when it asks to be remembered."""
    answer = client.post(f"{page}/hands", data={"hand": token}, headers=JSON)
    assert answer.get_json()["state"] == "remembered", answer.text
    return str(answer.get_json()["hand"])


def hands(app: Flask) -> list[tuple[int, ...]]:
    """The numbers of the comments of each hand."""
    rows = within(app, lambda: db.session.execute(db.select(hand.ByHand.hand_id, hand.ByHand.comment_id)).all())
    return [tuple(id_ for of, id_ in rows if of == each) for each in sorted({of for of, _id in rows})]


def count(app: Flask) -> int:
    return within(app, lambda: db.session.scalar(db.select(db.func.count()).select_from(Hand))) or 0


def test_comments_that_bring_the_token_are_of_one_hand_whatever_name_they_bear(app: Flask, client: FlaskClient) -> None:
    token = remembered(client, wrote(client, app))
    write(client, app, name="Otto", hand=token)
    write(client, app, name="Lena")
    first, second, _third = stored(app)
    assert hands(app) == [(first.id, second.id)]
    assert within(app, lambda: [one.id for one in earlier_of_same_hand(db.session.get_one(Comment, second.id))]) == [
        first.id
    ]
    assert within(app, lambda: earlier_of_same_hand(db.session.get_one(Comment, first.id))) == []


def test_an_earlier_comment_is_added_by_its_own_private_link(app: Flask, client: FlaskClient) -> None:
    first, second = wrote(client, app), wrote(client, app)
    token = remembered(client, first)
    assert remembered(client, second, token) == token
    assert [len(ids) for ids in hands(app)] == [2]
    assert remembered(client, first, token) == token, "twice is once"


def test_a_comment_of_one_device_is_not_moved_to_another(app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    remembered(client, page)
    answer = client.post(f"{page}/hands", headers=JSON).get_json()
    assert answer["state"] == "other-hand"
    assert "hand" not in answer
    assert "vergiss erst jenes" in Page(client.get(answer["url"]).text).text
    assert count(app) == 1


@pytest.mark.parametrize("change", ["1.x.{}", "{}x", "", "x", "0" * 200, "1..{}", "é.é.é"])
def test_a_token_that_we_did_not_make_is_nobodys_and_hinders_no_comment(
    change: str, app: Flask, client: FlaskClient
) -> None:
    token = remembered(client, wrote(client, app))
    assert write(client, app, hand=change.replace("{}", token)).status_code == 303
    assert (len(stored(app)), [len(ids) for ids in hands(app)]) == (2, [1])


def test_the_token_of_a_copied_database_cannot_be_made_from_it(app: Flask, client: FlaskClient) -> None:
    token = remembered(client, wrote(client, app))
    row = within(app, lambda: db.session.scalars(db.select(Hand)).one())
    assert token.split(".")[1] not in str(vars(row))
    with app.app_context():
        assert hand.known([f"{row.id}.{row.secret_hash}.{token.rpartition('.')[2]}"]) == {}


def test_forgotten_on_the_device_or_by_the_private_link_it_is_known_no_more(app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    token = remembered(client, page)
    assert client.post("/comments/hands/endings", data={"hand": token}).get_json() == {"state": "forgotten"}
    assert client.post("/comments/hands/endings", data={"hand": token}).get_json() == {"state": "forgotten"}
    assert (count(app), hands(app)) == (0, [])
    token = remembered(client, page, token)
    form = Page(client.get(page).text).form("endings")
    assert client.post(form.action).location == f"{page}?done=forgotten"
    write(client, app, hand=token)
    assert (count(app), hands(app)) == (0, [])


def test_without_a_script_nothing_is_remembered(app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    assert client.post(f"{page}/hands").location == f"{page}?done=nothing"
    assert count(app) == 0


def test_nothing_is_remembered_by_a_comment_that_a_person_took_away(app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    decided(app, State.REMOVED, reason="Werbung")
    assert client.post(f"{page}/hands", headers=JSON).get_json()["state"] == "removed"
    assert count(app) == 0


def test_a_confirmed_mailbox_lets_the_device_be_remembered_an_unconfirmed_one_does_not(
    app: Flask, client: FlaskClient
) -> None:
    write(client, app, follow="yes")
    link = within(app, lambda: db.session.scalars(db.select(Subscription)).one().link)
    page = f"/comments/subscriptions/{link}"
    assert client.post(f"{page}/hands", headers=JSON).get_json() == {"state": "nothing", "url": page}
    assert "data-remember" not in client.get(page).text
    client.post(f"{page}/confirmations")
    assert "data-remember" in client.get(page).text
    remembered(client, page)
    assert hands(app) == [(newest(app).id,)]
    assert client.post("/comments/subscriptions/nobodys/hands", headers=JSON).status_code == 404


def test_no_page_sets_a_cookie_and_no_public_page_knows_of_it(app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    decided(app, State.PUBLISHED)
    before = client.get("/posts/netz").data
    answer = client.post(f"{page}/hands", headers=JSON)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/posts/netz").data == before
    assert client.get(page).headers["Cache-Control"] == "no-store"


def test_the_token_survives_a_refused_form_and_the_check_page(app: Flask, client: FlaskClient) -> None:
    token = remembered(client, wrote(client, app))
    refused = Page(client.post(URL, data=filled(app, hand=token, text="")).text).form("comments")
    assert refused.filled()["hand"] == [token]
    check = Page(client.post(URL, data=filled(app, hand=token) | {"key": ""}).text).form("comments")
    assert check.values["hand"] == token
    left_out = Page(client.post(URL, data=filled(app, text="")).text).form("comments")
    assert "hand" not in left_out.filled()


def test_the_export_says_it_and_an_erasure_takes_it(app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    assert told(client, page)["device_remembered_at"] is None
    remembered(client, page)
    assert told(client, page)["device_remembered_at"]
    within(app, lambda: erase(db.session.get_one(Comment, newest(app).id)))
    assert (count(app), hands(app)) == (0, [])


def test_spam_whose_time_is_over_takes_its_hand_along(app: Flask, client: FlaskClient, at: At) -> None:
    at(0)
    remembered(client, wrote(client, app))
    decided(app, State.SPAM)
    at(31 * DAY)
    assert within(app, forget_spam) == 1
    assert count(app) == 0


def test_a_hand_ends_half_a_year_after_its_last_comment(app: Flask, client: FlaskClient, at: At) -> None:
    at(0)
    token = remembered(client, wrote(client, app))
    at(100 * DAY)
    write(client, app, hand=token)
    over = 100 * DAY + hand.KEPT_FOR / timedelta(minutes=1)
    at(over - 1)
    assert within(app, hand.forget) == 0
    at(over + 1)
    assert (within(app, hand.forget), within(app, hand.forget)) == (1, 0)
    assert (len(stored(app)), hands(app)) == (2, [])


def test_the_desk_shows_earlier_comments_of_the_same_hand(app: Flask, pages: Pages, mo: SignedIn) -> None:
    token = remembered(pages.client, wrote(pages.client, app, text="Am Bahnhof in Köln geht gar nichts."))
    write(pages.client, app, name="Lena", text="Auch in Köln.")
    write(pages.client, app, name="Otto", hand=token)
    _first, stranger, same = stored(app)
    seen = mo.page(f"/desk/comments/{same.id}").text
    assert "Frühere Kommentare derselben Hand" in seen
    assert "Am Bahnhof in Köln" in seen
    assert "Frühere Kommentare" not in mo.page(f"/desk/comments/{stranger.id}").text
