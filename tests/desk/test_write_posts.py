"""The team's own posts, written in the browser: saved, compared, brought back, published, scheduled, archived."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.drafts.models import How, State
from app.extensions import db
from app.kit import clock
from app.ledger.models import Entry, Kind
from app.people.models import Decision
from tests.cast import SignedIn, make_editor, make_post, read_posts, sign_in, within
from tests.conftest import At
from tests.drafts.desk import begin, copy_of, draft_of, open_file, page_of, publish, revisions, save, says, where

FILE = """---
# agreed on by all of us
title: "Alt"  # short
slug: netz
date: 2011-11-12T20:00+01:00
tags: [Netz]
---

Der erste Absatz.

Der zweite Absatz.
"""


@pytest.fixture
def netz(app: Flask, posts: Path) -> Path:
    """A post that ships with the site."""
    posts.mkdir(exist_ok=True)
    (posts / "2011-11-12-netz.md").write_text(FILE, "utf-8")
    read_posts(app)
    return posts / "2011-11-12-netz.md"


def test_a_post_begins_with_a_title_and_is_public_when_an_editor_says_so(
    app: Flask, eda: SignedIn, client: FlaskClient
) -> None:
    path = begin(eda, "Das Netz im Dezember")
    assert path == "/desk/drafts/das-netz-im-dezember"
    assert save(eda, path, body="Es ist **besser**.", authors="Eda, Redaktion\nBen").status_code == 303
    assert client.get("/posts/das-netz-im-dezember").status_code == 404
    assert not copy_of(app, path).exists()
    answer = publish(eda, path)
    assert answer.status_code == 303, answer.text
    page = client.get("/posts/das-netz-im-dezember").text
    assert "<strong>besser</strong>" in page
    assert "Redaktion" in page
    assert copy_of(app, path).read_text("utf-8") == says(app, path)
    kinds = within(
        app, lambda: [entry.subject for entry in db.session.scalars(db.select(Entry)) if entry.kind == Kind.PUBLISHED]
    )
    assert [subject.partition("@")[0] for subject in kinds if subject] == ["post:das-netz-im-dezember"]
    deeds = within(app, lambda: [row.deed for row in db.session.scalars(db.select(Decision).order_by(Decision.id))])
    assert deeds == ["draft-begun", "post-published"]


def test_an_opened_post_is_one_line_of_a_diff_after_its_title_has_changed(
    app: Flask, eda: SignedIn, netz: Path, client: FlaskClient
) -> None:
    path = open_file(eda, "netz")
    assert save(eda, path, title="Neu").status_code == 303
    assert "Alt" in client.get("/posts/netz").text
    assert publish(eda, path).status_code == 303
    written = copy_of(app, path).read_text("utf-8")
    assert copy_of(app, path).name == netz.name
    assert written == FILE.replace('title: "Alt"  # short', 'title: "Neu"  # short').replace(
        "2011-11-12T20:00+01:00\n", "2011-11-12T20:00+01:00\nstatus: published\n"
    )
    assert netz.read_text("utf-8") == FILE
    assert "Neu" in client.get("/posts/netz").text


def test_an_older_tab_neither_wins_nor_loses(app: Flask, eda: SignedIn, netz: Path) -> None:
    other, path = sign_in(app, make_editor(app, "uwe@campaign.example", "Uwe")), open_file(eda, "netz")
    stale = other.page(f"{path}?lang=en").form("body")
    assert save(eda, path, body="Edas Fassung.").status_code == 303
    answer = other.client.post(stale.action, data=stale.filled(body="Uwes Fassung."))
    assert answer.status_code == 409
    page = page_of(other, answer, path)
    assert "Edas" in page.text
    assert [mark.text for mark in page.root.all("ins")] == ["Uwes"]
    assert page.form("body").values["body"] == "Uwes Fassung."
    assert [one.source.splitlines()[-1] for one in revisions(app, path)] == [
        "Der zweite Absatz.",
        "Edas Fassung.",
        "Uwes Fassung.",
    ]
    assert says(app, path).endswith("Edas Fassung.\n")
    form = page.form("body")
    assert other.client.post(form.action, data=form.filled(body="Beide Fassungen.")).status_code == 303
    assert says(app, path).endswith("Beide Fassungen.\n")


def test_what_saves_itself_makes_room_for_the_next_and_stops_where_somebody_else_saved(
    app: Flask, eda: SignedIn, netz: Path
) -> None:
    path = open_file(eda, "netz")
    form, sent = eda.page(f"{path}?lang=en").form("body"), {"Accept": "application/json"}
    for number, body in enumerate(["Eins.", "Zwei.", "Drei."], 2):
        answer = eda.client.post(form.action, data=form.filled(body=body, revision=number - 1), headers=sent)
        assert json.loads(answer.text)["revision"] == number
    assert [(one.number, one.how) for one in revisions(app, path)] == [(1, How.FROM_DISK), (4, How.AUTOSAVED)]
    late = eda.client.post(form.action, data=form.filled(body="Zu spät.", revision=2), headers=sent)
    assert (late.status_code, len(revisions(app, path))) == (409, 2)
    assert "Drei." in says(app, path)


def test_a_revision_shows_what_it_changed_and_can_be_brought_back(app: Flask, eda: SignedIn, netz: Path) -> None:
    path = open_file(eda, "netz")
    save(eda, path, body="Etwas anderes.")
    page = eda.page(f"{path}/revisions/1?against=now&lang=en")
    assert any("Etwas" in mark.text for mark in page.root.all("ins"))
    form = page.form("number")
    answers = [eda.client.post(form.action, data=form.filled()) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert says(app, path) == FILE
    assert [one.how for one in revisions(app, path)] == [How.FROM_DISK, How.WRITTEN, How.RESTORED]


def test_a_file_changed_by_hand_leads_to_both_and_nothing_is_lost_whatever_is_chosen(
    app: Flask, eda: SignedIn, netz: Path, client: FlaskClient
) -> None:
    path = open_file(eda, "netz")
    save(eda, path, body="Aus dem Browser.")
    for choice, last, stands in (
        ("ours", "Aus dem Browser.", "Von Hand 1."),
        ("disk", "Von Hand 2.", "Von Hand 2."),
        ("merged", "Beides.", "Von Hand 3."),
    ):
        netz.write_text(FILE.replace("Der zweite Absatz.", stands), "utf-8")
        assert where(publish(eda, path)) == f"{path}/disk"
        page = eda.page(f"{path}/disk?lang=en")
        assert any(stands.split()[-1] in mark.text for mark in page.root.all("ins"))
        form = page.form("choice")
        sent = form.filled(choice=choice, source=FILE.replace("Der zweite Absatz.", "Beides."))
        assert eda.client.post(form.action, data=sent).status_code == 303
        assert says(app, path).splitlines()[-1] == last
        assert any(stands in one.source for one in revisions(app, path))
        assert where(eda.client.post(form.action, data=sent)) == f"{path}/disk"
        netz_now = netz.read_text("utf-8")
        assert stands in netz_now
    assert publish(eda, path).status_code == 303
    assert "Beides." in client.get("/posts/netz").text


def test_a_published_file_changed_by_hand_is_not_overwritten(app: Flask, eda: SignedIn, netz: Path) -> None:
    path = open_file(eda, "netz")
    save(eda, path, body="Aus dem Browser.")
    publish(eda, path)
    copy_of(app, path).write_text(FILE.replace("Alt", "Von Hand"), "utf-8")
    assert "by hand" in eda.page(f"{path}?lang=en").text
    save(eda, path, body="Noch einmal.")
    assert where(publish(eda, path)) == f"{path}/disk"
    form = eda.page(f"{path}/disk?lang=en").form("choice")
    assert eda.client.post(form.action, data=form.filled(choice="disk")).status_code == 303
    read_posts(app)
    assert draft_of(app, path).state is State.DRAFT
    assert "Von Hand" in copy_of(app, path).read_text("utf-8")
    assert "by hand" not in eda.page(f"{path}?lang=en").text


def test_a_scheduled_post_opens_by_itself_and_can_be_taken_back_before(
    app: Flask, eda: SignedIn, client: FlaskClient, at: At
) -> None:
    path = begin(eda)
    save(eda, path, body="Ein Text.")
    moment = (clock.now() + timedelta(hours=30)).astimezone(clock.BERLIN)
    when = {"when": "later", "day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}
    assert publish(eda, path, **when).status_code == 303
    assert client.get("/posts/das-netz-im-dezember").status_code == 404
    assert "Scheduled" in eda.page(f"{path}?lang=en").text
    recall = eda.page(f"{path}?lang=en").form("recalls")
    assert eda.client.post(recall.action, data=recall.filled()).status_code == 303
    assert draft_of(app, path).state is State.DRAFT
    assert not copy_of(app, path).exists()
    assert eda.client.post(recall.action, data=recall.filled()).status_code == 303
    assert publish(eda, path, **when).status_code == 303
    at(31 * 60)
    read_posts(app)
    assert client.get("/posts/das-netz-im-dezember").status_code == 200
    eda.client.post(recall.action, data=recall.filled())
    assert draft_of(app, path).state is State.RELEASED


def test_an_archived_post_keeps_its_address_and_leaves_the_lists(
    app: Flask, eda: SignedIn, netz: Path, client: FlaskClient
) -> None:
    path = open_file(eda, "netz")
    publish(eda, path)
    assert "/posts/netz" in client.get("/posts/").text
    form = eda.page(f"{path}?lang=en").form("reason")
    assert "reason" in eda.client.post(form.action, data=form.filled(), follow_redirects=True).text
    assert eda.client.post(form.action, data=form.filled(reason="Überholt")).status_code == 303
    assert "status: archived" in copy_of(app, path).read_text("utf-8")
    assert client.get("/posts/netz").status_code == 200
    assert 'href="/posts/netz"' not in client.get("/posts/").text


def test_what_cannot_be_published_says_why_and_keeps_what_was_typed(app: Flask, eda: SignedIn) -> None:
    path = begin(eda)
    answer = save(eda, path, title="", body="Ohne Überschrift")
    assert answer.status_code == 303
    page = eda.page(f"{path}?lang=en")
    assert (
        page.links["The post has no title: neither a “title” nor a first line that begins with “# ”."] == "#draft-title"
    )
    assert "cannot be published" in eda.page(f"{path}/publication?lang=en").text
    seen = draft_of(app, path).current
    assert eda.post(f"{path}/publications", {"revision": seen, "when": "now"}).status_code == 422
    too_long = save(eda, path, title="x" * 301, body="Bleibt stehen.")
    assert too_long.status_code == 422
    assert page_of(eda, too_long, path).form("body").values["body"] == "Bleibt stehen."
    assert draft_of(app, path).state is State.DRAFT


def test_a_moment_that_is_over_or_none_is_refused_at_its_field(app: Flask, eda: SignedIn) -> None:
    path = begin(eda)
    save(eda, path, body="Ein Text.")
    for day in ("2011-11-12", "morgen", "9999-12-31"):
        answer = publish(eda, path, when="later", day=day, time="08:00")
        assert answer.status_code == 422
        assert page_of(eda, answer, path).by_id("publish-day").get("aria-invalid") == "true"
    assert draft_of(app, path).state is State.DRAFT


def test_the_whole_file_can_be_edited_and_a_fault_in_it_names_its_line(app: Flask, eda: SignedIn, netz: Path) -> None:
    path = open_file(eda, "netz")
    form = eda.page(f"{path}?as=file&lang=en").form("source")
    assert form.values["source"].strip() == FILE.strip()
    bad = eda.client.post(
        f"{form.action}?lang=en", data=form.filled(source=FILE.replace("tags: [Netz]", "tags: [Netz"))
    )
    fault = page_of(eda, bad, path).by_id("draft-source-fault").text
    assert (bad.status_code, fault.split(":")[0][-1]) == (422, "6")
    assert eda.client.post(form.action, data=form.filled(source=FILE.replace("[Netz]", "[Funk]"))).status_code == 303
    assert says(app, path) == FILE.replace("[Netz]", "[Funk]")


def test_a_draft_put_away_comes_back_with_everything(app: Flask, eda: SignedIn) -> None:
    path = begin(eda)
    form = eda.page(f"{path}?lang=en").form("discards")
    eda.client.post(form.action, data=form.filled())
    assert draft_of(app, path).state is State.DISCARDED
    assert path not in eda.page("/desk/drafts?lang=en").links.values()
    eda.client.post(form.action, data=form.filled())
    assert draft_of(app, path).state is State.DRAFT


def test_a_long_text_full_of_umlauts_is_taken(app: Flask, eda: SignedIn) -> None:
    path = begin(eda)
    assert save(eda, path, body="Ärger über Lücken. " * 4000).status_code == 303
    assert says(app, path).count("Ärger") == 4000


def test_moderators_guests_and_strangers_do_not_see_the_team_s_drafts(
    app: Flask, eda: SignedIn, mo: SignedIn, gabi: SignedIn, client: FlaskClient
) -> None:
    path = begin(eda)
    assert [who.get(path).status_code for who in (mo, gabi)] == [403, 404]
    assert client.get(path).location.startswith("/desk/sign-in")
    for verb in ("revisions", "restorations", "discards"):
        assert [who.post(f"{path}/{verb}").status_code for who in (mo, gabi)] == [403, 404]
    for verb in ("publications", "recalls", "archivings", "mergers"):
        assert [who.post(f"{path}/{verb}").status_code for who in (mo, gabi)] == [403, 403]
        assert eda.get(f"{path}/{verb}").status_code == 405
    assert draft_of(app, path).current == 1


def test_the_list_asks_the_same_number_of_questions_for_one_draft_and_for_three(app: Flask, eda: SignedIn) -> None:
    def asked() -> int:
        found: list[str] = []
        with app.app_context():
            engine = db.engine
        db.event.listen(engine, "before_cursor_execute", lambda *said: found.append(said[2]))
        eda.page("/desk/drafts")
        return len(found)

    begin(eda, "Eins")
    first = asked()
    begin(eda, "Zwei")
    begin(eda, "Drei")
    assert asked() - first in {0, first}


def test_of_two_who_publish_at_once_one_is_told_that_it_is_done(on_each: Flask) -> None:
    eda = sign_in(on_each, make_editor(on_each))
    path = begin(eda)
    save(eda, path, body="Ein Text.")
    form = eda.page(f"{path}/publication").form("when")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: eda.client.post(form.action, data=form.filled(when="now")), range(4)))
    assert {answer.status_code for answer in answers} == {303}
    deeds = within(on_each, lambda: [row.deed for row in db.session.scalars(db.select(Decision))])
    assert deeds.count("post-published") == 1
    assert copy_of(on_each, path).read_text("utf-8") == says(on_each, path)


def test_of_two_who_save_at_once_both_are_kept(on_each: Flask) -> None:
    eda = sign_in(on_each, make_editor(on_each))
    path = begin(eda)
    form = eda.page(path).form("body")
    texts = [f"Fassung {number}." for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda text: eda.client.post(form.action, data=form.filled(body=text)), texts))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    kept = {one.source.splitlines()[-1] for one in revisions(on_each, path)}
    assert set(texts) <= kept


def test_an_opened_file_that_cannot_be_read_stays_closed(app: Flask, eda: SignedIn, posts: Path) -> None:
    make_post(posts, "kaputt")
    read_posts(app)
    (posts / "kaputt.md").write_text("---\ntitle: [\n---\n", "utf-8")
    answer = eda.post("/desk/drafts/files", {"slug": "kaputt"})
    assert where(answer) == "/desk/drafts/files"


def test_the_way_back_to_a_draft_is_its_title(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Das Netz im Dezember")
    file = copy_of(app, path)
    file.parent.mkdir(exist_ok=True)
    for page in ("publication", "revisions", "disk"):
        if page == "disk":
            file.write_text("# Von Hand\n", "utf-8")
        shown = eda.page(f"{path}/{page}?lang=en")
        assert shown.with_class("crumbs")[0].text == "Das Netz im Dezember", page
        assert ": Das Netz im Dezember – Desk" in shown.title, page
