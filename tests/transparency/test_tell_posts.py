"""`/transparency` tells what became of companies' posts, in words; of what nobody has read yet it tells nothing."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.drafts.models import Draft, PostRelease
from app.extensions import db
from app.kit import clock
from app.transparency import recount
from app.transparency.jobs import count_everything
from app.transparency.models import Account
from tests.cast import SignedIn, read_posts, within
from tests.comments.test_read_thread import queries
from tests.conftest import At
from tests.drafts.desk import begin, hand_in, release, review, save
from tests.page import Pages

TITLE, REASON = "Zur <Lage> im Netz", "Der Vorstand will das nicht mehr."


def handed_in(gabi: SignedIn, title: str = TITLE) -> str:
    path = begin(gabi, title)
    save(gabi, path, body="Wir bauen aus.", authors="Gabi")
    assert hand_in(gabi, path).status_code == 303
    return path


def archive(eda: SignedIn, path: str) -> None:
    assert eda.post(f"{review(path)}/archivings", {"reason": REASON}).status_code == 303


def told(app: Flask) -> list[dict[str, Any]]:  # Any: JSON values
    """What the next count tells."""
    with app.app_context():
        count_everything.now()
    return list(json.loads(app.test_client().get("/transparency.json").text)["posts"])


def section(app: Flask, lang: str) -> str:
    page = Pages(app.test_client()).open(f"/transparency?lang={lang}")
    return page.text


def test_a_post_was_published_and_archived_and_everybody_reads_it_in_words(
    app: Flask, gabi: SignedIn, eda: SignedIn
) -> None:
    path = handed_in(gabi)
    assert told(app) == []
    assert "No company has published a post here so far." in section(app, "en")
    release(eda, path)
    archive(eda, path)
    lines = told(app)
    assert [(one["deed"], one["organisation"], one["by"]) for one in lines] == [
        ("archived", "O2", "editor"),
        ("published", "O2", "editor"),
    ]
    english, german = section(app, "en"), section(app, "de")
    assert f"“{TITLE}” by O2 was published" in english
    assert f"“{TITLE}” by O2 was archived" in english
    assert f"„{TITLE}“ von O2 wurde veröffentlicht" in german
    assert f"„{TITLE}“ von O2 wurde archiviert" in german
    assert REASON not in english + json.dumps(lines)
    assert not [one for one in ("Eda", "Gabi") if one in json.dumps(lines)]
    address = path.replace("/desk/drafts/", "/posts/")
    assert Pages(app.test_client()).open("/transparency?lang=en").links[TITLE].partition("?")[0] == address
    assert within(app, lambda: list(recount.faults())) == []


def test_what_is_to_come_is_not_told_and_what_was_taken_back_is_told_without_a_word_of_it(
    app: Flask, gabi: SignedIn, eda: SignedIn, at: At
) -> None:
    path = handed_in(gabi)
    moment = (clock.now() + timedelta(hours=30)).astimezone(clock.BERLIN)
    sent = {"day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}
    assert release(eda, path, "later", **sent).status_code == 303
    assert told(app) == []
    assert eda.post(f"{review(path)}/recalls").status_code == 303
    assert [one["deed"] for one in told(app)] == ["recalled"]
    assert "taken back before the moment" in section(app, "en")
    assert "Lage" not in section(app, "en") + json.dumps(told(app))
    assert release(eda, path, "later", **sent).status_code == 303
    at(31 * 60)
    read_posts(app)
    lines = told(app)
    assert [one["deed"] for one in lines] == ["published", "recalled"]
    assert lines[0]["day"] == moment.date().isoformat()
    assert within(app, lambda: list(recount.faults())) == []


def test_posts_of_the_team_are_none_of_a_company(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Worte.")
    form = eda.page(f"{path}/publication?lang=en").form("when")
    assert eda.client.post(form.action, data=form.filled(when="now")).status_code == 303
    assert told(app) == []


def unarchive() -> None:
    db.session.execute(db.update(Draft).values(archived_at=None))


def unrelease() -> None:
    db.session.execute(db.delete(PostRelease))


def date_later() -> None:
    db.session.execute(db.update(Draft).values(publish_at=clock.now() + timedelta(days=9)))


@pytest.mark.parametrize(("change", "many"), [(unarchive, 1), (unrelease, 2), (date_later, 2)])
def test_the_audit_finds_what_is_told_and_was_not(
    app: Flask, gabi: SignedIn, eda: SignedIn, change: Callable[[], None], many: int
) -> None:
    path = handed_in(gabi)
    release(eda, path)
    archive(eda, path)
    assert len(told(app)) == 2
    within(app, change)
    assert len(within(app, lambda: list(recount.faults()))) == many


def test_the_audit_finds_what_was_and_is_not_told(app: Flask, gabi: SignedIn, eda: SignedIn) -> None:
    release(eda, handed_in(gabi))
    assert len(told(app)) == 1

    def forget() -> None:
        last = Account.last()
        assert last
        last.numbers = {**last.numbers, "posts": []}
        db.session.commit()

    within(app, forget)
    assert within(app, lambda: list(recount.faults())) == [
        "transparency does not tell that post zur-lage-im-netz was published"
    ]


def test_one_and_three_posts_are_counted_with_the_same_questions(app: Flask, gabi: SignedIn, eda: SignedIn) -> None:
    counts, _first = [], told(app)
    for titles in (["Eins"], ["Zwei", "Drei"]):
        for title in titles:
            release(eda, handed_in(gabi, title))
        with app.app_context(), queries(app) as asked:
            count_everything.now()
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0, counts
