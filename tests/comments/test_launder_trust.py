"""Trust that was lost or used up is not got back by forgetting, erasing or restoring; by undoing it is."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, Hand, Sample, SampleDay, State, confirmation, hand, sampling, trust
from app.comments.models.hand import Forgotten
from app.extensions import db
from app.kit import clock
from app.ledger import outside
from tests.cast import SignedIn, within
from tests.comments.own import decided, newest, told, wrote
from tests.comments.test_know_hand import DAY, remembered
from tests.comments.test_trust_hand import EARLIER, NEXT, SEVEN, hand_of, make_known, sends
from tests.conftest import At
from tests.site.backups import Instance, back_up

SURE = {"sure": "yes"}


@pytest.fixture
def known(app: Flask, client: FlaskClient, at: At) -> str:
    return make_known(app, client, at)


def goods(app: Flask, client: FlaskClient, at: At) -> tuple[list[str], str]:
    """The private pages of two comments that vouch for a hand, and its token."""
    at(0)
    pages = [wrote(client, app, text=EARLIER[0])]
    token = remembered(client, pages[0])
    decided(app, State.PUBLISHED)
    pages.append(wrote(client, app, text=EARLIER[1], hand=token))
    decided(app, State.PUBLISHED)
    at(2 * DAY)
    return pages, token


def forgotten_and_remembered(client: FlaskClient, pages: list[str], token: str) -> str:
    assert client.post("/comments/hands/endings", data={"hand": token}).get_json() == {"state": "forgotten"}
    new = ""
    for page in pages:
        new = remembered(client, page, new)
    return new


def standing(app: Flask) -> trust.Standing:
    return within(app, lambda: trust.of(hand_of(app).id))


def decide(app: Flask, id_: int, to: State) -> None:
    def work() -> None:
        comment = db.session.get_one(Comment, id_)
        comment.decide(to, seen=comment.state, reason="Werbung")

    within(app, work)


@pytest.mark.parametrize("is_removed_first", [True, False])
def test_the_good_comments_of_a_forgotten_hand_vouch_for_no_other_one(
    app: Flask, client: FlaskClient, at: At, *, is_removed_first: bool
) -> None:
    pages, token = goods(app, client, at)
    assert sends(client, app, token).state == State.PUBLISHED
    if is_removed_first:
        decided(app, State.REMOVED, reason="Werbung")
    new = forgotten_and_remembered(client, pages, token)
    assert (standing(app).bad, standing(app).vouching, standing(app).is_lost) == (0, 0, False)
    at(12 * DAY)
    assert sends(client, app, new, f"{NEXT} Wieder am Gleis.").state == State.WAITING


def test_what_is_written_anew_makes_a_remembered_hand_known_again(app: Flask, client: FlaskClient, at: At) -> None:
    pages, token = goods(app, client, at)
    new = forgotten_and_remembered(client, pages, token)
    new = forgotten_and_remembered(client, pages, new)
    for text in SEVEN[:2]:
        sends(client, app, new, text)
        decided(app, State.PUBLISHED)
    at(4 * DAY)
    assert sends(client, app, new, SEVEN[2]).state == State.PUBLISHED


def test_of_a_forgotten_hands_comments_nothing_is_kept_but_that_and_it_goes_with_the_comment(
    app: Flask, client: FlaskClient, at: At
) -> None:
    pages, token = goods(app, client, at)
    assert told(client, pages[0])["device_forgotten"] is False
    client.post("/comments/hands/endings", data={"hand": token})
    assert told(client, pages[0])["device_forgotten"] is True
    kept = within(app, lambda: list(db.session.execute(db.select(Forgotten.__table__)).mappings()))
    assert [list(row) for row in kept] == [["comment_id"]] * 2
    client.post(f"{pages[0]}/erasures", data=SURE)
    assert len(within(app, lambda: db.session.scalars(db.select(Forgotten)).all())) == 1


def test_a_hand_that_ends_by_its_time_is_remembered_anew_from_nothing(app: Flask, client: FlaskClient, at: At) -> None:
    pages, _token = goods(app, client, at)
    at(200 * DAY)
    assert within(app, hand.forget) == 1
    remembered(client, pages[1], remembered(client, pages[0]))
    assert standing(app).vouching == 0


def test_erasing_what_appeared_makes_no_room_for_more_on_the_same_day(
    known: str, app: Flask, client: FlaskClient, at: At
) -> None:
    for text in SEVEN[: trust.A_DAY]:
        page = wrote(client, app, text=text, hand=known)
        assert newest(app).state == State.PUBLISHED
        client.post(f"{page}/erasures", data=SURE)
    assert sends(client, app, known, SEVEN[5]).state == State.WAITING
    at(3 * DAY + 1)
    assert sends(client, app, known, SEVEN[6]).state == State.PUBLISHED


def test_never_more_than_five_appear_in_any_24_hours(known: str, app: Flask, client: FlaskClient, at: At) -> None:
    for text in SEVEN[:4]:
        assert sends(client, app, known, text).state == State.PUBLISHED
    at(3 * DAY - 1)
    assert sends(client, app, known, SEVEN[4]).state == State.PUBLISHED
    at(3 * DAY + 10)
    assert sends(client, app, known, SEVEN[5]).state == State.WAITING
    assert standing(app).left == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_trust_is_back_when_the_last_of_two_bad_ones_is_undone(
    known: str, app: Flask, client: FlaskClient, order: tuple[int, int]
) -> None:
    ids = [sends(client, app, known, text).id for text in SEVEN[:2]]
    for id_ in ids:
        decide(app, id_, State.SPAM)
    decide(app, ids[order[0]], State.PUBLISHED)
    assert (standing(app).is_lost, standing(app).is_known) == (True, False)
    decide(app, ids[order[1]], State.PUBLISHED)
    assert (standing(app).is_lost, standing(app).is_known) == (False, True)


@pytest.mark.parametrize("erased", [0, 1])
def test_no_other_decision_brings_back_what_an_erased_one_has_cost(
    known: str, app: Flask, client: FlaskClient, erased: int
) -> None:
    pages = [wrote(client, app, text=SEVEN[0], hand=known)]
    ids = [newest(app).id]
    pages.append(wrote(client, app, text=SEVEN[1], hand=known))
    ids.append(newest(app).id)
    for id_ in ids:
        decide(app, id_, State.REMOVED)
    client.post(f"{pages[erased]}/erasures", data=SURE)
    decide(app, ids[1 - erased], State.PUBLISHED)
    assert (standing(app).bad, standing(app).is_lost) == (0, True)
    assert sends(client, app, known, SEVEN[2]).state == State.WAITING


def test_publishing_another_one_does_not_bring_trust_back(known: str, app: Flask, client: FlaskClient) -> None:
    sends(client, app, known, SEVEN[0])
    decided(app, State.REMOVED, reason="Werbung")
    sends(client, app, known, SEVEN[1])
    decided(app, State.PUBLISHED)
    assert (standing(app).is_lost, standing(app).is_known) == (True, False)


def test_who_withdraws_a_comment_that_a_person_published_loses_nothing(
    known: str, app: Flask, client: FlaskClient
) -> None:
    page = wrote(client, app, text=SEVEN[0], hand=known)
    decided(app, State.PUBLISHED)
    client.post(f"{page}/withdrawals", data=SURE)
    assert newest(app).state == State.REMOVED
    assert (standing(app).bad, standing(app).is_known) == (0, True)
    assert sends(client, app, known, SEVEN[1]).state == State.PUBLISHED


def test_a_confirmation_that_is_taken_back_gives_trust_back(known: str, app: Flask, client: FlaskClient) -> None:
    id_ = sends(client, app, known).id
    decide(app, id_, State.SPAM)
    within(app, lambda: confirmation.take_back(db.session.get_one(Comment, id_)))
    assert (standing(app).bad, standing(app).is_lost, standing(app).is_known) == (0, False, True)


@pytest.mark.parametrize("to", [State.PUBLISHED, State.SPAM, State.REMOVED])
def test_a_word_about_the_sample_that_is_taken_back_costs_nothing(
    known: str, app: Flask, client: FlaskClient, to: State
) -> None:
    id_ = sends(client, app, known).id

    def drawn() -> None:
        db.session.execute(db.update(Comment).where(Comment.id == id_).values(state=State.SPAM))
        day = clock.today()
        db.session.add(SampleDay(day=day, spam=1, drawn_at=clock.now()))
        db.session.flush()
        db.session.add(Sample(comment_id=id_, day=day))

    def looked_at_and_taken_back() -> None:
        comment = db.session.get_one(Comment, id_)
        if to == State.SPAM:
            sampling.confirm(comment, edits=0)
        else:
            sampling.refute(comment, to, edits=0, is_redacted=False)
        sampling.reopen(comment, to, edits=0)

    within(app, drawn)
    within(app, looked_at_and_taken_back)
    assert (standing(app).bad, standing(app).is_lost, standing(app).is_known) == (0, False, True)


def test_the_desk_says_why_trust_cannot_be_given_while_a_bad_comment_stands(
    known: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    id_ = sends(client, app, known).id
    decide(app, id_, State.REMOVED)
    here = f"/desk/hands/{hand_of(app).id}"
    page = mo.page(here).text
    assert "Solange das so steht, zählt keiner" in page
    assert "wieder zählen" not in page
    assert mo.post(f"{here}/decisions", {"deed": "trust"}).location == here
    assert "Solange das so steht, zählt keiner" in mo.page(here).text
    assert (hand_of(app).lost_by, standing(app).is_lost) == (id_, True)
    decide(app, id_, State.PUBLISHED)
    assert standing(app).is_known


def test_a_moderators_word_gives_trust_back_when_the_bad_comment_is_gone(
    known: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    page = wrote(client, app, text=NEXT, hand=known)
    decided(app, State.REMOVED, reason="Werbung")
    client.post(f"{page}/erasures", data=SURE)
    mo.post(f"/desk/hands/{hand_of(app).id}/decisions", {"deed": "trust"})
    assert standing(app).is_known


def test_a_device_forgotten_after_the_backup_stays_forgotten(
    known: str, app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    archive, hash_ = back_up(app, tmp_path / "site.tar"), hand_of(app).secret_hash
    client.post("/comments/hands/endings", data={"hand": known})
    log = Path(app.instance_path) / outside.FILE
    assert [(line.kind, line.value) for line in outside.read(log)] == [(outside.HAND, hash_)]
    there = Instance(tmp_path / "elsewhere", tmp_path / "posts")
    with there.restored(archive, "--erasures", log).app():
        assert db.session.scalars(db.select(Hand)).all() == []
        assert len(db.session.scalars(db.select(Forgotten)).all()) == 2
