"""What may pile up has a bound, and whoever comes to it keeps what was typed and is told what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.drafts import quota
from app.drafts.models import DraftRevision, How
from app.kit import clock
from tests.cast import SignedIn, make_post, read_posts, within
from tests.drafts.desk import (
    begin,
    draft_of,
    hand_in,
    open_file,
    page_of,
    publish,
    release,
    review,
    revisions,
    save,
    says,
)

JSON = {"Accept": "application/json"}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bounds, so near that a test reaches them by hand."""
    for name, most in {"MOST_UNRELEASED": 3, "MOST_BEGUN": 5, "MOST_REVISIONS": 6}.items():
        monkeypatch.setattr(quota, name, most)


def fill(app: Flask, path: str, most: int) -> None:
    """As many revisions as there may be."""

    def work() -> None:
        draft = draft_of(app, path)
        for number in range(1001, 1001 + most - len(revisions(app, path))):
            DraftRevision.write(draft.id, number, "Früher.", how=How.WRITTEN, by=None)

    within(app, work)


def refused(who: SignedIn, title: str) -> str:
    """What is told where no post can be begun; the title stays."""
    form = who.page("/desk/drafts/new?lang=en").form("title")
    answer = who.client.post(form.action, data=form.filled(title=title))
    assert answer.status_code == 409
    page = page_of(who, answer, form.action)
    assert page.form("title").values["title"] == title
    return page.text


@pytest.mark.usefixtures("few")
def test_an_organisation_has_so_many_drafts_and_makes_room_by_putting_one_away(
    app: Flask, eda: SignedIn, gabi: SignedIn
) -> None:
    paths = [begin(gabi, f"Unser Netz {number}") for number in "abc"]
    assert "There are 3 drafts" in refused(gabi, "Noch einer")
    begin(eda, "Die Redaktion hat ihren eigenen Platz")
    seen = {"revision": draft_of(app, paths[0]).current}
    gabi.post(f"{paths[0]}/discards", seen)
    begin(gabi, "Noch einer")
    gabi.post(f"{paths[0]}/discards", seen)
    assert draft_of(app, paths[0]).state == "discarded"  # nor can one be brought back into a full room


@pytest.mark.usefixtures("few")
def test_what_is_released_takes_no_room_but_of_a_day(
    app: Flask, eda: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in "abcde":
        path = begin(eda, f"Eigenes {number}")
        save(eda, path, body="Eins.", authors="Eda")
        assert publish(eda, path).status_code == 303
    assert "5 posts were begun within a day" in refused(eda, "Noch einer")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1, minutes=1))
    begin(eda, "Am Tag darauf")


@pytest.mark.usefixtures("few")
def test_a_file_that_was_opened_is_not_begun(app: Flask, posts: Path, eda: SignedIn) -> None:
    slugs = [make_post(posts, f"alt-{letter}") for letter in "abcdef"]
    read_posts(app)
    for slug in slugs:
        open_file(eda, slug)
    begin(eda, "Ein neuer")


@pytest.mark.usefixtures("few")
def test_a_draft_keeps_so_many_revisions_and_whoever_writes_on_loses_no_word(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Eins.", authors="Eda")
    form = eda.page(f"{path}?lang=en").form("body")
    fill(app, path, 6)
    answer = eda.client.post(form.action, data=form.filled(body="Zu viel."))
    page = page_of(eda, answer, path)
    assert (answer.status_code, "has 6 revisions" in page.text) == (409, True)
    assert page.form("body").values["body"] == "Zu viel."
    assert eda.client.post(form.action, data=form.filled(body="Zu viel."), headers=JSON).status_code == 409
    assert eda.client.post(form.action, data=form.filled()).status_code == 303  # nothing new is no revision
    stale = eda.client.post(form.action, data=form.filled(body="Alt.", revision=1))
    assert (stale.status_code, page_of(eda, stale, path).form("body").values["body"]) == (409, "Alt.")
    eda.post(f"{path}/restorations", {"number": 1, "revision": draft_of(app, path).current})
    assert len(revisions(app, path)) == 6
    assert publish(eda, path).status_code == 303  # what stands there can be published all the same
    assert "status: published" in says(app, path)


@pytest.mark.usefixtures("few")
def test_what_saves_itself_goes_on_in_the_place_of_the_last(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Eigenes")
    fill(app, path, 5)
    for body in ("Eins.", "Zwei.", "Drei."):
        form = eda.page(f"{path}?lang=en").form("body")
        assert eda.client.post(form.action, data=form.filled(body=body), headers=JSON).status_code == 200
    assert len(revisions(app, path)) == 6


@pytest.mark.usefixtures("few")
def test_what_loses_a_race_again_and_again_is_kept_so_often_and_no_more(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Netz")
    form = eda.page(path).form("body")
    saved = eda.client.post(form.action, data=form.filled(body="Von selbst"), headers={"Accept": "application/json"})
    assert saved.status_code == 200
    stale = [eda.client.post(form.action, data=form.filled(body=f"Worte {number}.")) for number in range(12)]
    assert {answer.status_code for answer in stale} == {409}
    assert "Worte 11." in stale[-1].text
    assert len(revisions(app, path)) == 6


@pytest.mark.usefixtures("few")
def test_a_proposal_finds_no_room_and_stays_typed_while_the_release_does(
    app: Flask, eda: SignedIn, gabi: SignedIn
) -> None:
    path = begin(gabi, "Zur Lage im Netz")
    save(gabi, path, body="Wir bauen aus.", authors="Gabi")
    assert hand_in(gabi, path).status_code == 303
    form = eda.page(f"{review(path)}/proposal?lang=en").form("note")
    fill(app, path, 6)
    answer = eda.client.post(form.action, data=form.filled(note="Klarer", body="Wir bauen überall aus."))
    assert answer.status_code == 409
    assert page_of(eda, answer, path).form("note").values["body"] == "Wir bauen überall aus."
    assert release(eda, path).status_code == 303
