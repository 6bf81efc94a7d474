"""Words typed before a session ended come back; a form sent twice is one draft; an end is one for good."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade

from app.drafts.jobs import restore
from app.drafts.models import Draft, State
from app.drafts.models.preview import Preview
from app.extensions import db
from app.kit import durable
from app.people.models import Decision, Member, Organisation, Role
from tests.cast import GABI, SignedIn, make_editor, make_guest, newest_code, within
from tests.drafts.desk import begin, copy_of, draft_of, page_of, publish, revisions, save, says, where
from tests.drafts.test_keep_what_is_named import make_link

LONG = "Sätze über das Netz.\n" * 4000  # 130 kB as a browser packs them


@pytest.mark.parametrize("how", ["ended", "signed out", "no cookie"])
def test_what_was_typed_into_a_session_that_had_ended_is_saved_after_the_sign_in(
    app: Flask, eda: SignedIn, how: str
) -> None:
    path = begin(eda, "Eigenes")
    form = eda.page(f"{path}?lang=en").form("body")
    if how == "ended":
        within(app, lambda: db.session.execute(db.text("DELETE FROM sign_in")))
    elif how == "signed out":
        assert eda.post("/desk/sign-out").status_code == 303
    else:
        eda.client.delete_cookie("desk", path="/desk")
    answer = eda.client.post(form.action, data=form.filled(body=LONG), headers={"Origin": "http://localhost"})
    page = page_of(eda, answer, path)
    assert (answer.status_code, page.heading, answer.headers["Cache-Control"]) == (
        403 if how == "ended" else 400,
        "Your session has ended",
        "no-store",
    )
    assert says(app, path).count("Sätze") == 0
    asks = page.form("returning_email")
    code = page_of(eda, eda.client.post(asks.action, data=asks.filled(returning_email=eda.email)), path)
    last = code.form("returning_code")
    done = eda.client.post(last.action, data=last.filled(returning_code=newest_code(app, eda.email)))
    if how != "ended":  # whose form it was no cookie says any more: asked by name
        last = page_of(eda, done, path).form("body")
        done = eda.client.post(last.action, data=last.filled())
    assert done.status_code == 303
    assert says(app, path).count("Sätze") == 4000


def test_what_saves_itself_is_told_in_words_that_nobody_is_signed_in(app: Flask, eda: SignedIn) -> None:
    form = eda.page(f"{begin(eda, 'Eigenes')}?lang=en").form("body")
    within(app, lambda: db.session.execute(db.text("DELETE FROM sign_in")))
    answer = eda.client.post(form.action, data=form.filled(body="Neu."), headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert "nothing is lost" in answer.get_json()["error"]


def test_strangers_send_a_few_long_forms_and_no_more(client: FlaskClient) -> None:
    sent = [client.post("/desk/drafts/x/revisions", data={"body": LONG}).status_code for _ in range(31)]
    assert set(sent[:30]) == {400}
    assert sent[30] == 413
    assert client.post("/desk/drafts", data={"title": LONG}).status_code == 413


def test_a_form_that_is_sent_twice_begins_one_draft(app: Flask, eda: SignedIn, gabi: SignedIn) -> None:
    form = eda.page("/desk/drafts/new?lang=en").form("title")
    answers = [eda.client.post(form.action, data=form.filled(title="Das Netz")) for _ in range(2)]
    assert {answer.location for answer in answers} == {answers[0].location}
    assert gabi.post("/desk/drafts", {"title": "Unseres", "key": form.values["key"]}).status_code == 303
    other = eda.client.post(form.action, data=form.filled(title="Ein anderes"))  # back, and another title
    assert (other.location or "").startswith("/desk/drafts/ein-anderes")
    assert within(app, lambda: db.session.scalar(db.select(db.func.count()).select_from(Draft))) == 3


def test_of_two_drafts_with_one_file_the_migration_gives_one_its_own(on_each: Flask) -> None:
    def work() -> list[tuple[str, str]]:
        eda = make_editor(on_each)
        for slug in ("eins", "zwei", "drei"):
            Draft.begin(slug, "Text", by=eda)
        db.session.commit()
        downgrade(revision="0035")
        db.session.execute(
            db.text("UPDATE draft SET file_name = 'eins.md', released = CASE slug WHEN 'drei' THEN 1 END")
        )
        db.session.commit()
        upgrade()
        return [(one.slug, one.file_name) for one in db.session.scalars(db.select(Draft).order_by(Draft.id))]

    assert within(on_each, work) == [("eins", "eins-2.md"), ("zwei", "zwei.md"), ("drei", "eins.md")]


def test_the_migration_gives_no_draft_the_name_of_a_file_that_stands_there(on_each: Flask) -> None:
    told = on_each.extensions["settings"]
    others = [told.instance / "posts" / "eins.md", Path(told.posts) / "eins-2.md"]

    def work() -> list[str]:
        guest = make_guest(on_each)
        for slug in ("eins", "zwei"):
            draft = Draft.begin(slug, "Text", by=guest)
            draft.organisation_id, draft.state, draft.released = guest.organisation_id, State.RELEASED, 1
        db.session.commit()
        downgrade(revision="0035")
        db.session.execute(db.text("UPDATE draft SET file_name = 'zwei.md'"))
        db.session.commit()
        for file in others:
            file.parent.mkdir(exist_ok=True)
            file.write_text("---\nslug: fremd\n---\n\n# Fremd\n", "utf-8")
        upgrade()
        restore()
        return list(db.session.scalars(db.select(Draft.file_name).order_by(Draft.id)))

    assert within(on_each, work) == ["eins-3.md", "zwei.md"]
    assert [file.read_text("utf-8")[4:15] for file in others] == ["slug: fremd"] * 2
    assert [file.read_text("utf-8") for file in sorted(others[0].parent.glob("*-3.md"))] == ["Text"]


def test_a_form_whose_key_cannot_be_used_comes_back_with_another_one(app: Flask, eda: SignedIn) -> None:
    form = eda.page("/desk/drafts/new?lang=en").form("title")
    answer = eda.client.post(form.action, data=form.filled(title="Das Netz", key="x" * 101))
    page = page_of(eda, answer, form.action)
    assert (answer.status_code, page.form("title").values["title"]) == (422, "Das Netz")
    assert "Please send it again" in page.text
    again = page.form("title")
    assert eda.client.post(again.action, data=again.filled()).status_code == 303


def test_of_two_drafts_opened_from_one_file_the_one_that_it_is_now_keeps_it(app: Flask) -> None:
    def work() -> list[tuple[str, str]]:
        eda = make_editor(app)
        for slug, file_hash in (("alt", "a" * 64), ("neu", "b" * 64), ("ohne", "")):
            Draft.begin(slug, "Text", by=eda, file_hash=file_hash)
        db.session.commit()
        downgrade(revision="0035")
        db.session.execute(db.text("UPDATE draft SET file_name = 'x.md'"))
        db.session.commit()
        upgrade()
        return [(one.slug, one.file_name) for one in db.session.scalars(db.select(Draft).order_by(Draft.id))]

    assert within(app, work) == [("alt", "alt.md"), ("neu", "x.md"), ("ohne", "ohne.md")]


def test_the_whole_file_keeps_mixed_line_ends_where_lines_stay(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Eigenes")

    def mix() -> None:
        said = db.session.get_one(Draft, draft_of(app, path).id).now_says()
        said.source = "---\r\ntitle: Eigenes\nslug: eigenes\r\n---\r\n\r\nEins.\nZwei.\r\n"

    within(app, mix)
    form = eda.page(f"{path}?lang=en&as=file").form("source")
    typed = form.values["source"].replace("Eins.", "Eins.\nNeu.")
    assert eda.client.post(form.action, data=form.filled(source=typed)).status_code == 303
    assert says(app, path) == "---\r\ntitle: Eigenes\nslug: eigenes\r\n---\r\n\r\nEins.\nNeu.\r\nZwei.\r\n"


def test_a_date_moved_ahead_takes_no_post_from_its_readers(app: Flask, eda: SignedIn, client: FlaskClient) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Eins.", authors="Eda")
    publish(eda, path)
    file = copy_of(app, path).read_bytes()
    form = eda.page(f"{path}?lang=en&as=file").form("source")
    lines = [
        "date: 2099-01-01T08:00+01:00" if one.startswith("date:") else one for one in form.values["source"].split("\n")
    ]
    assert eda.client.post(form.action, data=form.filled(source="\n".join(lines))).status_code == 303
    answer = eda.post(f"{path}/publications?lang=en", {"revision": draft_of(app, path).current, "when": "now"})
    assert answer.status_code == 422
    assert "a date to come would take it from them" in answer.text
    assert copy_of(app, path).read_bytes() == file
    assert client.get("/posts/eigenes").status_code == 200


def test_a_link_does_not_come_back_with_a_draft_that_was_put_away(
    app: Flask, gabi: SignedIn, client: FlaskClient
) -> None:
    path = begin(gabi, "Unseres")
    link, seen = make_link(gabi, path, "latest"), {"revision": draft_of(app, path).current}
    assert client.get(link).status_code == 200
    gabi.post(f"{path}/discards", seen)
    assert client.get(link).status_code == 410
    gabi.post(f"{path}/discards", seen)
    assert client.get(link).status_code == 410


def test_a_link_does_not_come_back_with_whoever_made_it(app: Flask, gabi: SignedIn, client: FlaskClient) -> None:
    path = begin(gabi, "Unseres")
    link = make_link(gabi, path, "latest")

    def leave_and_come_back() -> None:
        who = Member.of(GABI)
        assert who
        who.revoke("gone")
        db.session.commit()
        Member.welcome(GABI, "Gabi", Role.GUEST, db.session.get_one(Organisation, who.organisation_id))

    assert client.get(link).status_code == 200
    within(app, leave_and_come_back)
    assert client.get(link).status_code == 410
    assert within(app, lambda: Preview.open_of(draft_of(app, path).id)) == []


def test_a_file_that_is_no_utf_8_is_settled_once_somebody_has_chosen(app: Flask, eda: SignedIn) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Eins.", authors="Eda")
    publish(eda, path)
    data = copy_of(app, path).read_bytes().replace(b"Eins.", b"Gr\xfc\xdfe.")
    copy_of(app, path).write_bytes(data)
    form = eda.page(f"{path}/disk?lang=en").form("choice")
    answer = eda.client.post(form.action, data=form.filled(choice="ours"))
    assert (answer.status_code, where(answer)) == (303, path)
    assert b"Eins." in copy_of(app, path).read_bytes()
    assert any("Gr\ufffd\ufffde." in one.source for one in revisions(app, path))


@pytest.mark.parametrize("meanwhile", ["changed once more", "saved by somebody", "settled by somebody"])
def test_what_was_brought_together_stays_where_something_has_happened_meanwhile(
    app: Flask, eda: SignedIn, meanwhile: str
) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Eins.", authors="Eda")
    publish(eda, path)
    file = copy_of(app, path)
    file.write_bytes(file.read_bytes() + b"Von Hand.\n")
    form = eda.page(f"{path}/disk?lang=en").form("choice")
    typed = form.values["source"] + "\nZusammengebracht."
    if meanwhile == "changed once more":
        file.write_bytes(file.read_bytes() + b"Noch einmal.\n")
    elif meanwhile == "saved by somebody":
        save(eda, path, body="Zwei.")
    else:
        assert eda.client.post(form.action, data=form.filled(choice="ours")).status_code == 303
    page = page_of(eda, eda.client.post(form.action, data=form.filled(choice="merged", source=typed)), path)
    again = page.form("source")
    assert again.values["source"].strip() == typed.strip()
    assert "Zusammengebracht." not in says(app, path)
    choice = {} if meanwhile == "settled by somebody" else {"choice": "merged"}
    assert eda.client.post(again.action, data=again.filled(**choice)).status_code == 303
    assert "Zusammengebracht." in says(app, path)


def test_a_file_that_changes_while_somebody_chooses_is_not_called_settled(
    app: Flask, eda: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = begin(eda, "Eigenes")
    save(eda, path, body="Eins.", authors="Eda")
    publish(eda, path)
    file = copy_of(app, path)
    file.write_bytes(file.read_bytes() + b"Von Hand.\n")
    form = eda.page(f"{path}/disk?lang=en").form("choice")
    record = Decision.record

    def change_meanwhile(*told: Any, **more: Any) -> Decision:  # Any: as it was called
        file.write_bytes(file.read_bytes() + b"Noch einmal.\n")
        return record(*told, **more)

    monkeypatch.setattr(Decision, "record", change_meanwhile)
    answer = eda.client.post(form.action, data=form.filled(choice="ours"))
    assert where(answer) == f"{path}/disk"
    assert b"Noch einmal." in file.read_bytes()


def test_a_released_file_is_on_disk_before_anybody_is_told(
    app: Flask, eda: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, synced = begin(eda, "Eigenes"), []
    save(eda, path, body="Eins.", authors="Eda")
    monkeypatch.setattr(durable, "sync_file", lambda one: synced.append(one.read_bytes()))
    monkeypatch.setattr(durable, "sync_folder", synced.append)
    publish(eda, path)
    assert synced[-2:] == [copy_of(app, path).read_bytes(), copy_of(app, path).parent]
