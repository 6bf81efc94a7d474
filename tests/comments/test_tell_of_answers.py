"""Letters about answers: asked for, confirmed by a button, one an hour, ended by one click or a bounce."""

import re
from email import message_from_bytes, policy

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.jobs import write_letters
from app.comments.models import Comment, CommentContact, State, Subscription, subscription
from app.extensions import db
from app.mail.jobs import send_letters
from tests.cast import letters_to, make_comment, within
from tests.comments.own import decided, newest, wrote
from tests.comments.reader import FIELDS, URL, filled, stored
from tests.conftest import At
from tests.mail_server import MailServer
from tests.page import Pages

LENA = str(FIELDS["email"])
LINK = re.compile(r"/comments/subscriptions/[\w-]+")


def post(app: Flask) -> None:
    """The minute's job."""
    with app.app_context():
        write_letters.now()
        send_letters.now()


def subscriptions(app: Flask) -> list[Subscription]:
    return within(app, lambda: list(db.session.scalars(db.select(Subscription))))


def follow(app: Flask, client: FlaskClient, **fields: object) -> Comment:
    """A published comment whose writer ticked that answers be told; the letter that asks has been written."""
    wrote(client, app, follow="yes", **fields)
    decided(app, State.PUBLISHED)
    post(app)
    return newest(app)


def link_of(letter: str) -> str:
    found = LINK.search(letter)
    assert found, letter
    return found[0]


def confirmed(app: Flask, pages: Pages) -> tuple[Comment, str]:
    """A comment that is followed, and the link to that."""
    comment = follow(app, pages.client)
    link = link_of(letters_to(app, LENA)[0])
    assert pages.post(pages.open(link).form("confirmations")).status_code == 303
    return comment, link


def answered(app: Flask, comment: Comment, name: str = "Gero", **fields: str) -> Comment:
    """Somebody answers, and is seen by readers; a letter may go once that is a moment ago."""
    return make_comment(app, name=name, text="Bei mir auch.", parent=comment, **fields)  # type: ignore[arg-type]  # an address


def test_nobody_is_written_to_who_did_not_ask(app: Flask, client: FlaskClient) -> None:
    wrote(client, app)
    decided(app, State.PUBLISHED)
    post(app)
    assert (letters_to(app, LENA), subscriptions(app)) == ([], [])


def test_the_tick_is_out_until_somebody_makes_it(pages: Pages) -> None:
    assert "follow" not in pages.open("/posts/netz/comments/new").form("text").lists


def test_a_tick_without_an_address_is_refused_and_every_value_kept(app: Flask, pages: Pages) -> None:
    form = pages.open("/posts/netz/comments/new").form("text")
    page = pages.send(form, 422, **FIELDS | {"email": ""}, follow="yes")
    assert page.form("text").lists["follow"] == ["yes"]
    assert stored(app) == []


def test_a_tick_survives_the_check_page(app: Flask, pages: Pages) -> None:
    form = pages.open("/posts/netz/comments/new").form("text")
    check = pages.send(form, 200, **FIELDS | {"key": ""}, follow="yes")
    pages.post(check.form("text"))
    assert [one.email for one in subscriptions(app)] == [LENA]


def test_a_letter_asks_first_and_looking_at_its_link_does_nothing(app: Flask, pages: Pages) -> None:
    follow(app, pages.client)
    (letter,) = letters_to(app, LENA)
    page = pages.open(link_of(letter))
    assert LENA not in page.html, "links lie about"
    assert not subscriptions(app)[0].is_confirmed
    assert pages.client.get(link_of(letter)).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("website", ["", "https://pills.example"])
def test_nobody_is_written_to_for_a_comment_that_nobody_published(
    app: Flask, client: FlaskClient, website: str
) -> None:
    wrote(client, app, follow="yes", website=website)
    post(app)
    assert letters_to(app, LENA) == []


def test_one_address_is_asked_three_times_a_day_at_most(app: Flask, client: FlaskClient) -> None:
    for number in range(5):
        follow(app, client, text=f"Text Nummer {number}.", email=LENA.upper() if number % 2 else LENA)
    assert len(letters_to(app, LENA)) + len(letters_to(app, LENA.upper())) == subscription.ASKED_A_DAY


def test_who_confirmed_is_told_who_answered_and_where(app: Flask, pages: Pages, at: At) -> None:
    at(0)
    comment, link = confirmed(app, pages)
    at(0.1)
    answered(app, comment)
    at(1)
    post(app)
    letter = letters_to(app, LENA)[-1]
    assert "Gero" in letter
    assert f"#c-{newest(app).id}" in letter
    assert link in letter
    assert "Bei mir auch." not in letter, "words can still be taken back on the site"


def test_who_did_not_confirm_is_told_nothing(app: Flask, client: FlaskClient, at: At) -> None:
    at(0)
    answered(app, follow(app, client))
    at(1)
    post(app)
    assert len(letters_to(app, LENA)) == 1, "the one that asks"


def test_what_waits_is_no_news_and_neither_is_what_was_said_before_or_by_oneself(
    app: Flask, pages: Pages, at: At
) -> None:
    at(0)
    comment = follow(app, pages.client)
    answered(app, comment)
    at(1)
    pages.post(pages.open(link_of(letters_to(app, LENA)[0])).form("confirmations"))
    make_comment(app, parent=comment, state=State.WAITING)
    make_comment(app, parent=comment, state=State.SPAM)
    answered(app, comment, email=LENA.upper())
    make_comment(app, name="Nebenan")
    at(2)
    post(app)
    assert len(letters_to(app, LENA)) == 1


def test_at_most_one_letter_an_hour_collects_what_came(app: Flask, pages: Pages, at: At) -> None:
    at(0)
    comment, _link = confirmed(app, pages)
    at(0.1)
    answered(app, comment, "Eins")
    at(1)
    post(app)
    for name in ("Zwei", "Drei"):
        answered(app, comment, name)
    at(30)
    post(app)
    assert len(letters_to(app, LENA)) == 2
    at(62)
    post(app)
    post(app)
    _ask, first, second = letters_to(app, LENA)
    assert ("Eins" in first, "Zwei" in first) == (True, False)
    assert ("Eins" in second, "Zwei" in second, "Drei" in second) == (False, True, True)


def test_nobody_is_told_of_answers_to_what_was_taken_back(app: Flask, pages: Pages, at: At) -> None:
    at(0)
    page = wrote(pages.client, app, follow="yes")
    decided(app, State.PUBLISHED)
    post(app)
    comment = newest(app)
    pages.post(pages.open(link_of(letters_to(app, LENA)[0])).form("confirmations"))
    at(0.1)
    answered(app, comment)
    pages.client.post(f"{page}/withdrawals", data={"sure": "yes"})
    at(1)
    post(app)
    assert len(letters_to(app, LENA)) == 1
    pages.client.post(f"{page}/erasures", data={"sure": "yes"})
    assert subscriptions(app) == []


def test_a_letter_s_headers_offer_one_click_and_one_click_is_enough(
    over_smtp: MailServer, app: Flask, pages: Pages, at: At
) -> None:
    at(0)
    comment = follow(app, pages.client)
    link = link_of(over_smtp.letters[0].decode())
    pages.post(pages.open(link).form("confirmations"))
    at(0.1)
    answered(app, comment)
    at(1)
    post(app)
    letter = message_from_bytes(over_smtp.letters[-1], policy=policy.default)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way = re.sub(r"^<https?://[^/]+|>$", "", "".join(letter["List-Unsubscribe"].split()))
    assert pages.open(way).form("endings"), "looking at it shows the button, and does nothing"
    assert subscriptions(app)
    for _ in range(2):  # a mail program may say it twice
        done = pages.client.post(way, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 204
        assert done.location is None
    assert subscriptions(app) == []
    assert "List-Unsubscribe" not in message_from_bytes(over_smtp.letters[0]), "the one that asks is a single one"


def test_ending_it_by_the_page_deletes_the_address(app: Flask, pages: Pages) -> None:
    comment, link = confirmed(app, pages)
    assert pages.post(pages.open(link).form("endings")).status_code == 303
    assert subscriptions(app) == []
    assert within(app, lambda: db.session.get(CommentContact, comment.id)) is None, "no moderator has to ask any more"
    assert pages.open(link).heading == "Es kommen keine Briefe mehr"
    assert pages.client.post(f"{link}/confirmations").status_code == 303
    assert subscriptions(app) == []


@pytest.mark.parametrize("change", [lambda link: f"{link[:-1]}{'0' if link[-1] != '0' else '1'}", lambda _link: "x"])
def test_a_link_that_is_none_of_ours_is_not_found(app: Flask, pages: Pages, change: object) -> None:
    _comment, link = confirmed(app, pages)
    other = f"/comments/subscriptions/{change(link.rpartition('/')[2])}"  # type: ignore[operator]  # a function
    assert pages.client.get(other).status_code == 404
    assert pages.client.post(f"{other}/endings").status_code == 404
    assert len(subscriptions(app)) == 1


def test_an_address_that_the_mail_server_does_not_know_ends_it(
    over_smtp: MailServer, app: Flask, pages: Pages, at: At
) -> None:
    at(0)
    comment = follow(app, pages.client)
    pages.post(pages.open(link_of(over_smtp.letters[0].decode())).form("confirmations"))
    at(0.1)
    answered(app, comment)
    at(1)
    over_smtp.says("refuse")
    post(app)
    assert subscriptions(app) == []
    over_smtp.says("well")
    at(100)
    with app.app_context():
        send_letters.now()
    assert len(over_smtp.letters) == 1, "and its letter is not tried again"


def test_two_who_write_letters_at_once_write_one(app: Flask, pages: Pages, at: At) -> None:
    at(0)
    comment, _link = confirmed(app, pages)
    at(0.1)
    answered(app, comment)
    at(1)
    id_ = subscriptions(app)[0].id
    first = within(app, lambda: Subscription.take_to_tell(id_) is not None)
    second = within(app, lambda: Subscription.take_to_tell(id_) is not None)
    assert (first, second) == (True, False)


def test_what_nobody_confirmed_goes_after_a_week_and_the_rest_after_a_year(app: Flask, pages: Pages, at: At) -> None:
    day = 24 * 60
    at(0)
    confirmed(app, pages)
    follow(app, pages.client, text="Noch einer.")
    at(6.9 * day)
    assert within(app, subscription.forget) == 0
    at(7.1 * day)
    assert within(app, subscription.forget) == 1
    at(364 * day)
    assert within(app, subscription.forget) == 0
    at(366 * day)
    assert (within(app, subscription.forget), subscriptions(app)) == (1, [])


def test_a_repeated_form_asks_once(app: Flask, client: FlaskClient) -> None:
    data = filled(app, follow="yes")
    for _ in range(2):
        client.post(URL, data=data)
    assert len(subscriptions(app)) == 1


def test_an_address_that_says_no_is_not_asked_again_for_ninety_days(app: Flask, pages: Pages, at: At) -> None:
    at(0)
    follow(app, pages.client)
    link = link_of(letters_to(app, LENA)[0])
    pages.client.post(f"{link}/endings")
    follow(app, pages.client, text="Noch ein Kommentar.", email=LENA.replace("@", "+2@"))
    assert len(letters_to(app, LENA)) == 1
    assert letters_to(app, LENA.replace("@", "+2@")) == []
    at(91 * 24 * 60)
    follow(app, pages.client, text="Und noch einer.")
    assert len(letters_to(app, LENA)) == 2


def test_who_ends_what_was_wanted_may_want_another_one(app: Flask, pages: Pages) -> None:
    _, link = confirmed(app, pages)
    pages.client.post(f"{link}/endings")
    follow(app, pages.client, text="Noch ein Kommentar.")
    assert len(letters_to(app, LENA)) == 2
