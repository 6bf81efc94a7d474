"""A guest's published post is corrected: readers see the released words until other ones are, and then both."""

import hashlib
import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.drafts import recount
from app.drafts.jobs import restore_files
from app.drafts.models import EarlierRelease, State
from app.extensions import db
from app.kit import clock
from app.ledger.models import Entry, Kind
from app.posts.publication import unrecorded
from app.posts.shelf import shelf
from app.transparency import recount as told_by_count
from app.transparency.jobs import count_everything
from tests.cast import SignedIn, letters_to, make_other_guest, read_posts, sign_in, within
from tests.comments.test_read_thread import queries
from tests.conftest import At
from tests.drafts.desk import begin, copy_of, draft_of, hand_in, release, review, save, says
from tests.ledger.telling import faults
from tests.page import Pages

PUBLIC, FIRST, SECOND = "/posts/zur-lage-im-netz", "Wir bauen **aus**.", "Wir bauen ab Mai aus."


@pytest.fixture
def lage(gabi: SignedIn, eda: SignedIn) -> str:
    """A guest's post that readers see; the path of its page."""
    path = begin(gabi, "Zur Lage im Netz")
    save(gabi, path, body=FIRST, authors="Gabi")
    assert hand_in(gabi, path).status_code == 303
    assert release(eda, path).status_code == 303
    return path


def correct(gabi: SignedIn, path: str, body: str = SECOND) -> None:
    """Begin a correction and write other words."""
    form = gabi.page(f"{path}?lang=en").form("corrections")
    assert gabi.client.post(form.action, data=form.filled()).status_code == 303
    assert save(gabi, path, body=body).status_code == 303


def corrected(gabi: SignedIn, eda: SignedIn, path: str, body: str = SECOND) -> None:
    correct(gabi, path, body)
    assert hand_in(gabi, path).status_code == 303
    assert release(eda, path).status_code == 303


def restore(app: Flask) -> None:
    with app.app_context():
        restore_files.now()


def audit(app: Flask) -> list[str]:
    return within(app, lambda: [*recount.faults(), *faults(), *told_by_count.faults()])


def test_readers_see_the_released_words_until_the_correction_is_released(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str, at: At
) -> None:
    client = app.test_client()
    at(3)
    before, released = client.get(f"{PUBLIC}/words").data, copy_of(app, lage).read_bytes()

    def nothing_has_changed() -> None:
        assert client.get(f"{PUBLIC}/words").data == before
        assert copy_of(app, lage).read_bytes() == released
        assert "ab Mai" not in client.get(PUBLIC).text + client.get(f"{PUBLIC}/versions").text
        assert audit(app) == []

    correct(gabi, lage)
    nothing_has_changed()
    hand_in(gabi, lage)
    nothing_has_changed()
    assert any("correction" in letter or "Berichtigung" in letter for letter in letters_to(app, eda.email))
    form = eda.page(f"{review(lage)}?lang=en").form("text")
    assert eda.client.post(form.action, data=form.filled(text="Ab Mai?")).status_code == 303
    nothing_has_changed()
    answer = gabi.page(f"{lage}?lang=en").form("answers")
    assert gabi.client.post(answer.action, data=answer.filled(text="Ja.")).status_code == 303
    page = eda.page(f"{review(lage)}?lang=en")
    assert "ab Mai" in " ".join(one.text for one in page.root.all("ins"))
    assert "at a moment to come" not in page.text
    assert release(eda, lage).status_code == 303
    assert draft_of(app, lage).state is State.RELEASED
    text = client.get(f"{PUBLIC}?lang=en").text
    assert "ab Mai" in text
    assert "Corrected on" in text
    assert "updated" in text
    assert b"ab Mai" in client.get(f"{PUBLIC}/words").data
    assert client.get(f"{PUBLIC}/words/1").data == before
    assert audit(app) == []


def test_every_version_has_its_hash_its_day_and_its_words(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str, at: At
) -> None:
    client = app.test_client()
    for minutes, body in ((2, SECOND), (4, "Wir bauen ab Juni aus.")):
        at(minutes)
        corrected(gabi, eda, lage, body)
    page = Pages(client).open(f"{PUBLIC}/versions?lang=en")
    shown = [code.text for code in page.root.all("code") if len(code.text) == 64]
    files = [client.get(f"{PUBLIC}/words/{number}") for number in (3, 2, 1)]
    assert shown == [hashlib.sha256(one.data).hexdigest() for one in files]
    assert len(set(shown)) == 3
    assert [one.cache_control.public for one in files] == [True] * 3
    assert client.get(f"{PUBLIC}/words").data == files[0].data
    assert [client.get(f"{PUBLIC}/words/{number}").status_code for number in (0, 4)] == [404, 404]
    assert len(list(page.root.all("ins"))) >= 2
    assert {"**aus**.", "Mai"} <= set(" ".join(one.text for one in page.root.all("del")).split())


def test_the_ledger_has_each_correction_and_the_post_keeps_its_date(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str, at: At
) -> None:
    date = draft_of(app, lage).publish_at
    at(3)
    corrected(gabi, eda, lage)

    def work() -> tuple[list[tuple[str | None, str]], int]:
        found = db.session.scalars(db.select(Entry).where(Entry.kind == Kind.PUBLISHED).order_by(Entry.seq))
        lines = [(one.subject, (one.commitment or b"").hex()) for one in found]
        return lines, len([one for one in unrecorded(shelf()) if one.slug == "zur-lage-im-netz"])

    lines, unknown = within(app, work)
    assert [subject.partition("@")[0] for subject, _ in lines if subject] == ["post:zur-lage-im-netz"] * 2
    assert lines[1][1] == hashlib.sha256(copy_of(app, lage).read_bytes()).hexdigest()
    assert (draft_of(app, lage).publish_at, unknown) == (date, 0)


def test_a_correction_is_of_its_people_alone_until_it_is_handed_in(
    app: Flask, gabi: SignedIn, eda: SignedIn, mo: SignedIn, lage: str
) -> None:
    correct(gabi, lage)
    for path in (review(lage), f"{review(lage)}/page", "/desk/handed-in"):
        text = eda.page(f"{path}?lang=en").text
        assert "ab Mai" not in text
        assert "Zur Lage im Netz" in text
    assert eda.get(f"{review(lage)}/proposal").status_code == 404
    assert eda.get(f"{lage}/signing").status_code == 404
    vera = sign_in(app, make_other_guest(app))
    assert [who.post(f"{lage}/corrections").status_code for who in (vera, eda, mo)] == [404, 404, 403]


def test_a_correction_that_corrects_nothing_is_not_handed_in(app: Flask, gabi: SignedIn, lage: str) -> None:
    form = gabi.page(f"{lage}?lang=en").form("corrections")
    for _ in range(2):
        gabi.client.post(form.action, data=form.filled())
    hand_in(gabi, lage)
    assert draft_of(app, lage).state is State.DRAFT


def test_what_is_not_published_cannot_be_corrected(app: Flask, gabi: SignedIn, eda: SignedIn, lage: str) -> None:
    eda.post(f"{review(lage)}/archivings", {"reason": "Auf Wunsch"})
    gabi.post(f"{lage}/corrections", {"revision": draft_of(app, lage).current})
    assert draft_of(app, lage).state is State.RELEASED
    assert not [form for form in gabi.page(lage).forms if "corrections" in form.action]


def test_a_dropped_correction_leaves_the_post_as_it_was_released_and_its_words_among_the_revisions(
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, lage: str
) -> None:
    released = draft_of(app, lage).released
    correct(gabi, lage)
    form = gabi.page(f"{lage}?lang=en").form("discards")
    assert gabi.client.post(form.action, data=form.filled()).status_code == 303
    now = draft_of(app, lage)
    assert (now.state, now.current, now.released) == (State.RELEASED, released, released)
    assert "Correct this post" in gabi.page(f"{lage}?lang=en").text
    assert audit(app) == []
    corrected(gabi, eda, lage, "Dann eben so.")
    assert "Dann eben so." in client.get(PUBLIC).text
    assert audit(app) == []


@pytest.mark.parametrize("is_handed_in", [False, True])
def test_editors_archive_a_post_whose_correction_is_on_its_way(
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, lage: str, *, is_handed_in: bool
) -> None:
    before = client.get(f"{PUBLIC}/words").data
    correct(gabi, lage)
    if is_handed_in:
        hand_in(gabi, lage)
    form = eda.page(f"{review(lage)}?lang=en").form("reason")
    assert eda.client.post(form.action, data=form.filled(reason="Auf Wunsch")).status_code == 303
    assert draft_of(app, lage).archived_at
    assert "ab Mai" not in says(app, lage)
    assert client.get(f"{PUBLIC}/words").data == before
    assert audit(app) == []


def test_the_job_restores_what_was_released_last(
    app: Flask, gabi: SignedIn, eda: SignedIn, client: FlaskClient, lage: str
) -> None:
    released = copy_of(app, lage).read_bytes()
    correct(gabi, lage)
    copy_of(app, lage).unlink()
    restore(app)
    assert copy_of(app, lage).read_bytes() == released
    copy_of(app, lage).write_text(released.decode().replace("bauen", "bauen nicht"), "utf-8")
    restore(app)
    assert copy_of(app, lage).read_bytes() == released
    hand_in(gabi, lage)
    release(eda, lage)
    newest = copy_of(app, lage).read_bytes()
    copy_of(app, lage).unlink()
    restore(app)
    assert copy_of(app, lage).read_bytes() == newest != released


def test_an_earlier_revision_without_a_date_becomes_no_post_of_another_day(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str, at: At
) -> None:
    date = draft_of(app, lage).publish_at
    at(3)
    form = gabi.page(f"{lage}?lang=en").form("corrections")
    gabi.client.post(form.action, data=form.filled())
    seen = draft_of(app, lage).current
    gabi.post(f"{lage}/restorations", {"number": 1, "revision": seen})
    save(gabi, lage, body="Von vorn.", authors="Gabi")
    hand_in(gabi, lage)
    assert release(eda, lage).status_code == 303
    assert (draft_of(app, lage).state, draft_of(app, lage).publish_at) == (State.RELEASED, date)


def test_a_worker_that_has_not_read_the_corrected_file_yet_shows_the_corrected_words(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str
) -> None:
    file, client = copy_of(app, lage), app.test_client()
    before = file.read_bytes()
    corrected(gabi, eda, lage)
    file.write_bytes(before)
    read_posts(app)
    text = client.get(f"{PUBLIC}?lang=en").text
    assert ["Not the words" in text, SECOND in text, FIRST in text, "Signed off by Gabi" in text] == [
        False,
        True,
        False,
        True,
    ]
    file.write_bytes(before.replace(b"title: ", b"title: FALSCH "))
    read_posts(app)
    assert "Not the words that were signed off" in client.get(f"{PUBLIC}?lang=en").text


def test_the_count_tells_of_a_correction_and_the_audit_finds_words_that_were_changed_later(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str, at: At
) -> None:
    client = app.test_client()
    with app.app_context():
        count_everything.now()
    at(3)
    corrected(gabi, eda, lage)
    assert audit(app) == []
    with app.app_context():
        count_everything.now()
    posts = json.loads(client.get("/transparency.json").text)["posts"]
    assert [one["deed"] for one in posts] == ["corrected", "published"]
    assert "was corrected" in client.get("/transparency?lang=en").text
    assert audit(app) == []
    within(app, lambda: db.session.execute(db.update(EarlierRelease).values(words="title: Anders\n")))
    assert len(audit(app)) == 1


@pytest.mark.parametrize("many", [1, 3])
def test_versions_are_shown_with_the_same_few_questions(
    app: Flask, gabi: SignedIn, eda: SignedIn, lage: str, many: int
) -> None:
    client = app.test_client()
    for number in range(many):
        corrected(gabi, eda, lage, f"Worte {number}.")
    read_posts(app)
    with queries(app) as asked:
        assert client.get(f"{PUBLIC}/versions").status_code == 200
    assert len([one for one in asked if ("FROM" in one and "release" in one) or "FROM member" in one]) == 3


def test_a_correction_cannot_be_dated(app: Flask, gabi: SignedIn, eda: SignedIn, lage: str) -> None:
    correct(gabi, lage)
    hand_in(gabi, lage)
    moment = (clock.now() + timedelta(hours=30)).astimezone(clock.BERLIN)
    release(eda, lage, "later", day=f"{moment:%Y-%m-%d}", time=f"{moment:%H:%M}")
    assert draft_of(app, lage).state is State.HANDED_IN
