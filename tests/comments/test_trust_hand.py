"""Of a known writer readers see at once what would wait only because nobody vouches for it; all else waits as ever."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, Hand, Revision, State, trust
from app.comments.models.advice import KNOWN, PERSONAL
from app.comments.models.bulk import Bulk
from app.comments.models.bulk_moving import step
from app.extensions import db
from app.kit import tokens
from app.people.models import Decision, Member
from tests.akismet_server import AkismetServer
from tests.cast import SignedIn, make_post, read_posts, within
from tests.comments.own import decided, newest, told, wrote
from tests.comments.reader import stored, write
from tests.comments.test_know_hand import DAY, remembered
from tests.comments.test_read_thread import queries
from tests.conftest import At
from tests.page import Pages

EARLIER = ("Am Bahnhof in Köln geht gar nichts mehr.", "In Deutz kommt seit dem Umbau keine SMS an.")
NEXT = "Heute ging im Zug nach Bonn eine halbe Stunde lang nichts."
SEVEN = (
    NEXT,
    "Meine Mutter in Siegburg erreicht mich seit Tagen nicht.",
    "Der Techniker wollte gestern kommen und kam nicht.",
    "Abends um acht bricht jedes Gespräch nach einer Minute ab.",
    "Auf dem Land war es früher besser als jetzt in der Stadt.",
    "SMS kommen doppelt an, manche erst am nächsten Morgen.",
    "An der Hotline hieß es wieder, ich sei ein Einzelfall.",
)


@pytest.fixture
def known(app: Flask, client: FlaskClient, at: At) -> str:
    return make_known(app, client, at)


def make_known(app: Flask, client: FlaskClient, at: At) -> str:
    """The token of a writer of whom a person published two comments two days ago."""
    at(0)
    token = remembered(client, wrote(client, app, text=EARLIER[0]))
    decided(app, State.PUBLISHED)
    write(client, app, text=EARLIER[1], hand=token)
    decided(app, State.PUBLISHED)
    at(2 * DAY)
    return token


def sends(client: FlaskClient, app: Flask, token: str, text: str = NEXT, **fields: object) -> Comment:
    write(client, app, text=text, hand=token, **fields)
    return newest(app)


def in_bulk(app: Flask, by: SignedIn, was: State, to: State) -> int:
    """A decision on all comments in a state; the number of the bulk."""

    def begin() -> int:
        counted = dict.fromkeys(db.session.scalars(db.select(Comment.id).where(Comment.state == was)), 0)
        who = Member.of(by.email)
        assert who
        return Bulk.begin(tokens.new_key(), counted, was=was, to=to, by=who, reason="Werbung")[0].id

    bulk = within(app, begin)
    work_off(app, bulk)
    return bulk


def work_off(app: Flask, bulk: int) -> None:
    while within(app, lambda: step(bulk)):
        pass


def hand_of(app: Flask) -> Hand:
    found: Hand = within(app, lambda: db.session.scalars(db.select(Hand)).one())
    return found


def test_what_no_rule_finds_anything_in_appears_at_once(known: str, app: Flask, client: FlaskClient) -> None:
    comment = sends(client, app, known)
    assert (comment.state, comment.is_decided, comment.reasons) == (State.PUBLISHED, False, [KNOWN])
    assert NEXT in client.get("/posts/netz").text


@pytest.mark.parametrize("other", ["", "1.x.y"])
def test_name_and_address_vouch_for_nobody(known: str, other: str, app: Flask, client: FlaskClient) -> None:
    assert sends(client, app, other).state == State.WAITING


@pytest.mark.parametrize("after", [0, 23 * 60])
def test_two_published_a_moment_ago_are_too_young(app: Flask, client: FlaskClient, at: At, after: int) -> None:
    at(0)
    token = remembered(client, wrote(client, app, text=EARLIER[0]))
    decided(app, State.PUBLISHED)
    sends(client, app, token, EARLIER[1])
    decided(app, State.PUBLISHED)
    at(after)
    assert sends(client, app, token).state == State.WAITING


def test_what_was_published_in_bulk_vouches_for_nobody(
    known: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    in_bulk(app, mo, State.PUBLISHED, State.REMOVED)
    in_bulk(app, mo, State.REMOVED, State.PUBLISHED)
    standing = within(app, lambda: trust.of(hand_of(app).id))
    assert (standing.published, standing.by_people, standing.is_known) == (2, 0, False)


def test_what_is_found_to_be_spam_in_bulk_costs_all_trust_until_that_is_undone(
    known: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    assert sends(client, app, known, "Купите наш новый телефон, он работает всегда и везде.").state == State.WAITING
    bulk = in_bulk(app, mo, State.WAITING, State.SPAM)
    assert hand_of(app).lost_by == newest(app).id
    within(app, lambda: db.session.get_one(Bulk, bulk).undo())
    work_off(app, bulk)
    assert hand_of(app).lost_at is None
    assert sends(client, app, known).state == State.PUBLISHED


def test_one_is_too_few_and_what_waits_counts_for_nothing(app: Flask, client: FlaskClient, at: At) -> None:
    at(0)
    token = remembered(client, wrote(client, app, text=EARLIER[0]))
    decided(app, State.PUBLISHED)
    sends(client, app, token, EARLIER[1])
    at(30 * DAY)
    assert sends(client, app, token).state == State.WAITING


@pytest.mark.parametrize("policy", ["open"], indirect=True)
def test_what_no_person_has_read_does_not_make_a_writer_known(
    policy: str, app: Flask, client: FlaskClient, posts: Path, at: At
) -> None:
    at(0)
    token = remembered(client, wrote(client, app, text=EARLIER[0]))
    for text in EARLIER:
        assert sends(client, app, token, f"{text} Wirklich.").state == State.PUBLISHED
    make_post(posts, "netz", comment_policy="judged")
    read_posts(app)
    at(30 * DAY)
    assert sends(client, app, token).state == State.WAITING


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"text": f"{NEXT} Mehr dazu: https://netz.example/bonn"}, "links"),
        ({"text": f"{NEXT} Ruft mich an: 0221 4710815."}, PERSONAL),
        ({"name": "Redaktiom"}, "imitates-staff"),
        ({"text": "Купите наш новый телефон, он работает всегда и везде."}, "script"),
        ({"stays": "y"}, "declined"),
    ],
)
def test_no_rule_is_passed_over(
    known: str, app: Flask, client: FlaskClient, fields: dict[str, object], why: str
) -> None:
    comment = sends(client, app, known, **{"text": NEXT, **fields})  # type: ignore[arg-type]  # texts, all of them
    assert comment.state == State.WAITING
    assert why in comment.reasons
    assert KNOWN not in comment.reasons


def test_the_same_text_once_more_waits(known: str, app: Flask, client: FlaskClient) -> None:
    assert sends(client, app, known).state == State.PUBLISHED
    again = sends(client, app, known)
    assert (again.state, KNOWN in again.reasons, "repeats" in again.reasons) == (State.WAITING, False, True)


def test_a_protected_name_is_refused_to_known_writers_too(known: str, app: Flask, client: FlaskClient) -> None:
    answer = write(client, app, text=NEXT, hand=known, name="Redaktion")
    assert (answer.status_code, len(stored(app))) == (422, 2)


def test_where_a_person_reads_everything_it_gives_nothing(
    known: str, app: Flask, client: FlaskClient, posts: Path
) -> None:
    make_post(posts, "netz", comment_policy="all")
    read_posts(app)
    assert sends(client, app, known).state == State.WAITING


@pytest.mark.parametrize(("mode", "state"), [("500", State.WAITING), ("spam", State.SPAM), ("ham", State.PUBLISHED)])
def test_where_akismet_is_asked_its_word_counts_and_its_silence_holds(
    with_akismet: AkismetServer, known: str, app: Flask, client: FlaskClient, *, mode: str, state: State
) -> None:
    with_akismet.says(mode)
    comment = sends(client, app, known)
    assert comment.state == state
    assert KNOWN not in comment.reasons


@pytest.mark.parametrize("to", [State.REMOVED, State.SPAM])
def test_all_trust_is_lost_at_once_when_a_person_removes_one_and_is_back_when_that_is_undone(
    known: str, app: Flask, client: FlaskClient, to: State
) -> None:
    assert sends(client, app, known).state == State.PUBLISHED
    decided(app, to, reason="Werbung")
    assert hand_of(app).lost_by == newest(app).id
    bad = newest(app).id
    assert sends(client, app, known, f"{NEXT} Schon wieder.").state == State.WAITING
    within(app, lambda: db.session.get_one(Comment, bad).decide(State.PUBLISHED, seen=to))
    assert sends(client, app, known, f"{NEXT} Und noch einmal.").state == State.PUBLISHED


def test_trust_does_not_come_back_when_the_bad_one_is_erased(known: str, app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app, text=NEXT, hand=known)
    decided(app, State.REMOVED, reason="Werbung")
    client.post(f"{page}/erasures", data={"sure": "yes"})
    assert sends(client, app, known, f"{NEXT} Schon wieder.").state == State.WAITING


def test_a_copied_token_is_good_for_five_a_day(known: str, app: Flask, client: FlaskClient, at: At) -> None:
    states = [sends(client, app, known, text).state for text in SEVEN]
    assert states == [State.PUBLISHED] * trust.A_DAY + [State.WAITING] * 2
    at(3 * DAY + 1)
    assert sends(client, app, known, "Am Morgen war in Siegburg wieder alles tot.").state == State.PUBLISHED


def test_an_edit_of_it_waits_for_a_person(known: str, app: Flask, pages: Pages) -> None:
    page = wrote(pages.client, app, text=NEXT, hand=known)
    assert newest(app).state == State.PUBLISHED
    pages.post(pages.open(f"{page}/edits/new").form("text"), text=f"{NEXT} https://netz.example")
    assert newest(app).text == NEXT
    assert within(app, lambda: db.session.scalars(db.select(Revision.place)).one()) == "waiting"


def test_what_was_published_for_its_sake_does_not_vouch_for_it(
    known: str, app: Flask, client: FlaskClient, at: At
) -> None:
    for one in range(3):
        sends(client, app, known, f"{NEXT} Bahnsteig {one * 7} und Gleis {one}.")
    at(20 * DAY)
    standing = within(app, lambda: trust.of(hand_of(app).id))
    assert (standing.published, standing.vouching, standing.by_people) == (5, 2, 2)


def test_the_export_says_it(known: str, app: Flask, client: FlaskClient) -> None:
    assert told(client, wrote(client, app, text=NEXT, hand=known))["known_writer"] is True
    assert told(client, wrote(client, app, text=NEXT))["known_writer"] is False


def test_a_comment_without_a_token_asks_nothing_more_and_one_with_it_the_same_for_one_and_three_earlier(
    known: str, app: Flask, client: FlaskClient
) -> None:
    def asked(**fields: object) -> int:
        with queries(app) as statements:
            write(client, app, text=f"{NEXT} {tokens.new_key()}", **fields)
        return len([one for one in statements if "hand" in one])

    assert asked() == 0
    first = asked(hand=known)
    sends(client, app, known, f"{NEXT} Bahnsteig 7.")
    assert asked(hand=known) == first <= 5


def test_the_desk_says_who_is_known_shows_the_hand_and_takes_trust_away(
    known: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    comment = sends(client, app, known)
    page = mo.page(f"/desk/comments/{comment.id}")
    assert "Bekannte Hand: 3 veröffentlicht" in page.text
    assert "von bekannter Hand" in page.text
    here = f"/desk/hands/{hand_of(app).id}"
    assert all(text in mo.page(here).text for text in (*EARLIER, NEXT))
    assert mo.post(f"{here}/decisions", {"deed": "distrust"}).location == here
    assert "Kein Vertrauen: 3 veröffentlicht" in mo.page(here).text
    assert sends(client, app, known, f"{NEXT} Schon wieder.").state == State.WAITING
    assert mo.post(f"{here}/decisions", {"deed": "distrust"}).location == here, "somebody was first"
    mo.post(f"{here}/decisions", {"deed": "trust", "undo": "yes"})
    assert sends(client, app, known, f"{NEXT} Und noch einmal.").state == State.PUBLISHED
    deeds = within(app, lambda: [row.deed for row in db.session.scalars(db.select(Decision).order_by(Decision.id))])
    assert deeds[-2:] == ["distrust", "trust"]
    assert mo.post(f"{here}/decisions", {"deed": "love"}).status_code == 400
