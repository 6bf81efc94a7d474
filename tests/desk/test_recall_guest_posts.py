"""A guest's post that waits for its date does not appear when nobody speaks for it; its people may take it back."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.drafts.jobs import recall_unspoken
from app.drafts.models import State
from app.extensions import db
from app.kit import clock
from app.people.models import Member, Organisation
from tests.cast import SignedIn, letters_to, read_posts, within
from tests.conftest import At
from tests.drafts.desk import begin, copy_of, draft_of, hand_in, release, save

PAGE = "/posts/zur-lage-im-netz"


@pytest.fixture
def scheduled(gabi: SignedIn, eda: SignedIn) -> str:
    path = begin(gabi, "Zur Lage im Netz")
    save(gabi, path, body="Wir bauen **aus**.", authors="Gabi")
    hand_in(gabi, path)
    moment = (clock.now() + timedelta(hours=30)).astimezone(clock.BERLIN)
    assert release(eda, path, "later", day=f"{moment:%Y-%m-%d}", time=f"{moment:%H:%M}").status_code == 303
    return path


def lapse(app: Flask) -> None:
    found = db.update(Organisation).where(Organisation.slug == "o2").values(lapsed_at=clock.now())

    def deed() -> None:
        db.session.execute(found)
        db.session.commit()

    within(app, deed)


def revoke(app: Flask, email: str) -> None:
    found = db.update(Member).where(Member.email == email).values(active=False, revoked_at=clock.now())

    def deed() -> None:
        db.session.execute(found)
        db.session.commit()

    within(app, deed)


@pytest.mark.parametrize("ends", ["lapse", "revocation", "nothing"])
def test_it_goes_back_before_its_date_where_nobody_speaks_for_it(  # noqa: PLR0917 -- fixtures
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, at: At, scheduled: str, ends: str
) -> None:
    before = len(letters_to(app, eda.email))
    if ends == "lapse":
        lapse(app)
    elif ends == "revocation":
        revoke(app, gabi.email)
    with app.app_context():
        recall_unspoken.now()
        recall_unspoken.now()
    is_back = ends != "nothing"
    assert draft_of(app, scheduled).state is (State.HANDED_IN if is_back else State.RELEASED)
    assert copy_of(app, scheduled).exists() is not is_back
    assert len(letters_to(app, eda.email)) - before == is_back
    at(31 * 60)
    read_posts(app)
    assert client.get(PAGE).status_code == (404 if is_back else 200)


def test_its_people_take_it_back_until_its_date(  # noqa: PLR0917 -- fixtures
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, at: At, scheduled: str
) -> None:
    assert f"{scheduled}/withdrawals" in gabi.get(scheduled).text
    assert {gabi.post(f"{scheduled}/withdrawals").status_code for _ in range(2)} == {303}
    assert (draft_of(app, scheduled).state, copy_of(app, scheduled).exists()) == (State.DRAFT, False)
    assert any("/desk/handed-in/" in letter and "zur-lage" in letter for letter in letters_to(app, eda.email)[-1:])
    at(31 * 60)
    read_posts(app)
    assert client.get(PAGE).status_code == 404


def test_after_its_date_they_do_not(app: Flask, gabi: SignedIn, at: At, scheduled: str) -> None:
    at(31 * 60)
    gabi.post(f"{scheduled}/withdrawals")
    assert draft_of(app, scheduled).state is State.RELEASED
