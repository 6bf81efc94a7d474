"""Readers are never shown other words in the place of those that an organisation signed off."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.comments.models import OwnLink
from app.comments.models.comment import code_of
from app.drafts import signed
from app.drafts.jobs import restore
from app.drafts.models import PostRelease
from app.drafts.recount import faults
from app.extensions import db
from app.kit import tokens
from app.people.models import Member
from tests.cast import EDA, TEXT, SignedIn, make_comment, make_notice, read_posts, within
from tests.drafts.desk import begin, copy_of, draft_of, hand_in, release, save
from tests.page import Pages
from tests.promises.told import make_promise
from tests.web.street import addresses, furnish

PAGE = "/posts/zur-lage-im-netz"


@pytest.fixture
def released(app: Flask, gabi: SignedIn, eda: SignedIn) -> str:
    """A guest's post that readers see; the path of its draft."""
    path = begin(gabi, "Zur Lage im Netz")
    save(gabi, path, body="Wir bauen **aus**.", authors="Gabi")
    assert hand_in(gabi, path).status_code == 303
    assert release(eda, path).status_code == 303
    return path


def alter(app: Flask, file: Path, *changes: tuple[str, str]) -> None:
    """Change the file by hand."""
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")
    read_posts(app)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Wir bauen", "FALSCH Wir bauen"),
        ("kind: guest", "kind: press\nsummary: FALSCH"),
        ("organisation: o2", "organisation: FALSCH"),
        ("kind: guest", "kind: guest\nimage: /pictures/FALSCH.jpg\nimage_alt: FALSCH"),
    ],
)
def test_a_file_changed_by_hand_is_not_shown_as_what_was_signed_off(
    app: Flask, client: FlaskClient, released: str, old: str, new: str
) -> None:
    words, file = client.get(f"{PAGE}/words").text, copy_of(app, released)
    assert "Signed off by Gabi" in client.get(f"{PAGE}?lang=en").text
    alter(app, file, (old, new))
    text = client.get(f"{PAGE}?lang=en").text
    assert "Not the words that were signed off" in text
    assert [word in text for word in ("FALSCH", "Signed off by", "Guest post", "SHA-256")] == [False] * 4
    assert client.get(f"{PAGE}/words").text == words


def test_a_second_file_at_its_address_is_not_shown_either(app: Flask, client: FlaskClient, released: str) -> None:
    file = copy_of(app, released)
    file.with_name("aaa.md").write_text(file.read_text("utf-8").replace("Wir bauen", "FALSCH"), "utf-8")
    read_posts(app)
    assert "FALSCH" not in client.get(PAGE).text


def test_another_date_or_tag_is_no_word(app: Flask, client: FlaskClient, released: str) -> None:
    file = copy_of(app, released)
    file.write_text(file.read_text("utf-8").replace("kind: guest", "kind: guest\ntags: [Netz]"), "utf-8")
    read_posts(app)
    assert "Signed off by Gabi" in client.get(f"{PAGE}?lang=en").text


LISTS = ("/", "/posts/", "/feed.atom", "/feed.json", "/organisations/o2", "/authors/gabi", PAGE, f"{PAGE}/versions")


@pytest.mark.parametrize(("old", "new"), [("title: ", "title: FALSCH "), ("kind: guest\n", "summary: FALSCH\n")])
def test_no_list_feed_or_card_shows_a_word_of_a_file_changed_by_hand(
    app: Flask, client: FlaskClient, released: str, old: str, new: str
) -> None:
    shown = [client.get(path).text for path in LISTS]
    assert all("Zur Lage im Netz" in page for page in shown)
    file = copy_of(app, released)
    alter(app, file, (old, new))
    altered = [client.get(path).text for path in LISTS]
    assert not any("FALSCH" in page for page in altered)
    as_signed = [page.count("Zur Lage im Netz") for page in shown]
    by_path = dict(zip(LISTS, as_signed, strict=True))
    assert [page.count("Zur Lage im Netz") for page in altered] == [*(by_path | {PAGE: 0}).values()]
    within(app, restore)
    assert [client.get(path).text.count("Zur Lage im Netz") for path in LISTS] == as_signed


def test_a_translation_changed_by_hand_does_not_take_the_original_out_of_lists(
    app: Flask, client: FlaskClient, gabi: SignedIn, eda: SignedIn, released: str
) -> None:
    path = begin(gabi, "Noch etwas")
    save(gabi, path, body="Wir bauen **weiter**.", authors="Gabi")
    hand_in(gabi, path)
    release(eda, path)
    file = copy_of(app, path)
    alter(app, file, ("title: ", "lang: en\ntranslation_of: zur-lage-im-netz\ntitle: FALSCH "))
    for address in ("/posts/?lang=en", "/feed.atom?lang=en", "/organisations/o2?lang=en", "/authors/gabi?lang=en"):
        text = client.get(address).text
        assert "FALSCH" not in text, address
        assert ["Zur Lage im Netz" in text, "Noch etwas" in text] == [True, True], address
    assert "/posts/noch-etwas" not in client.get(f"{PAGE}?lang=en").text


@pytest.mark.parametrize("kind", ["update", "guest\norganisation: o2\nauthors: Gabi"])
def test_a_translation_that_nobody_signed_takes_no_place_of_signed_words(
    app: Flask, client: FlaskClient, released: str, kind: str
) -> None:
    head = f"title: Unsigned\nlang: en\nkind: {kind}\ndate: 2011-11-12T20:00+01:00\ntranslation_of: zur-lage-im-netz"
    copy_of(app, released).with_name("unsigned.md").write_text(f"---\n{head}\n---\n\nWords.\n", "utf-8")
    read_posts(app)
    for address in ("/?lang=en", "/posts/?lang=en", "/feed.atom?lang=en"):
        text = client.get(address).text
        assert ["Zur Lage im Netz" in text, "Unsigned" in text] == [True, True], address
    assert "/posts/unsigned" not in client.get(f"{PAGE}?lang=en").text


def test_a_file_that_was_given_another_address_by_hand_is_shown_nowhere(
    app: Flask, client: FlaskClient, released: str
) -> None:
    file = copy_of(app, released)
    alter(app, file, ("title: ", "title: FALSCH "), ("slug: zur", "slug: an"))
    assert client.get("/posts/an-lage-im-netz").status_code == 404
    assert "Not the words that were signed off" in client.get(f"{PAGE}?lang=en").text
    assert ["FALSCH" in client.get(path).text for path in LISTS] == [False] * len(LISTS)


def test_readers_go_on_commenting_under_a_file_changed_by_hand(app: Flask, client: FlaskClient, released: str) -> None:
    file = copy_of(app, released)
    alter(app, file, ("title: ", "title: FALSCH "))
    pages = Pages(client)
    form = pages.open(f"{PAGE}/comments/new?lang=en").form("text")
    refused = pages.send(form, 422, text="")
    assert ["Zur Lage im Netz" in refused.text, "FALSCH" in refused.text] == [True, False]
    assert client.post(form.action, data=form.filled(name="Lena", text=TEXT)).status_code == 303


@pytest.fixture
def known(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Endpoint to address of all that strangers can ask for, where possible about a guest's released post."""
    values = furnish(app, client)
    key = tokens.new_key()
    comment = make_comment(app, "freigegeben", key=key, email="anna@reader.example")
    with app.app_context():
        code = code_of(key)
    values |= {"slug": "freigegeben", "code": code, "notice": make_notice(app, comment)[1]}
    values |= {"own": within(app, lambda: OwnLink.issue("anna@reader.example")) or ""}
    editor = within(app, lambda: Member.of(EDA))
    assert editor
    values["promise"] = make_promise(app, editor, "freigegeben", "Text.").slug
    found = addresses(app, values)
    found["comments.permalink"] = f"/posts/freigegeben/comments/{comment.id}"
    found["site.thread_feed"] = f"/posts/freigegeben/comments/{comment.id}/feed.atom"
    return found | {"notices.new": f"/notices/new?comment={comment.id}", "site.author": "/authors/gabi"}


def test_no_page_shows_a_word_of_a_file_changed_by_hand(app: Flask, client: FlaskClient, known: dict[str, str]) -> None:
    def naming(words: str, lang: str) -> set[str]:
        answers = {one: client.get(f"{at}{'&' if '?' in at else '?'}lang={lang}") for one, at in known.items()}
        assert {one: answer.status_code for one, answer in answers.items() if answer.status_code >= 400} == {}
        return {one for one, answer in answers.items() if words in answer.text}

    before = {lang: naming("Freigegeben", lang) for lang in ("de", "en")}
    assert before["de"] >= {"site.home", "comments.new", "comments.private", "site.thread_feed", "promises.promise"}
    file = Path(app.extensions["settings"].instance) / "posts" / "freigegeben.md"
    alter(
        app,
        file,
        ("title: Freigegeben", "title: FALSCH\nsummary: FALSCH"),
        ("\n\nText.", "\n\nFALSCH."),
        ("Gabi", "FALSCH"),
    )
    assert [naming("FALSCH", lang) for lang in ("de", "en")] == [set(), set()]
    shown = {lang: naming("Freigegeben", lang) for lang in ("de", "en")}
    assert shown == {lang: found - {"site.post"} for lang, found in before.items()}


def test_what_was_signed_off_is_asked_for_once_for_all_pages(app: Flask, client: FlaskClient, released: str) -> None:
    file = copy_of(app, released)
    assert client.get("/").status_code == 200
    alter(app, file, ("title: ", "title: FALSCH "))
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.extend(name for name in ("draft.file_name", "draft_revision.source") if name in statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    for path in (*LISTS, f"{PAGE}/comments/new"):
        assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    assert sorted(asked) == ["draft_revision.source"]


@contextmanager
def unanswered(app: Flask, column: str) -> Iterator[None]:
    """The database does not answer what asks for this."""

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if column in statement:
            raise OperationalError(statement, {}, Exception("gone"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def test_what_could_not_be_read_in_the_place_of_a_file_is_read_once_the_database_answers(
    app: Flask, client: FlaskClient, released: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signed, "AGAIN", 0)
    with unanswered(app, "draft_revision.source"):
        alter(app, copy_of(app, released), ("title: ", "title: FALSCH "))
        text = client.get("/posts/").text
        assert ["FALSCH" in text, "Zur Lage im Netz" in text] == [False, False]
    text = client.get("/posts/").text
    assert ["FALSCH" in text, "Zur Lage im Netz" in text] == [False, True]


def test_a_page_made_of_what_was_known_before_an_outage_ends_with_it(
    app: Flask, client: FlaskClient, released: str
) -> None:
    alter(app, copy_of(app, released), ("title: ", "title: FALSCH "))
    assert "FALSCH" not in client.get("/posts/").text
    within(app, lambda: PostRelease.forget(draft_of(app, released)))
    with unanswered(app, "post_release.words_hash"):
        assert "FALSCH" not in client.get("/posts/").text
    assert "FALSCH" in client.get("/posts/").text


def test_a_page_that_is_kept_ends_with_what_was_signed_off(app: Flask, client: FlaskClient, released: str) -> None:
    alter(app, copy_of(app, released), ("title: ", "title: FALSCH "))
    assert [client.get("/posts/").text.count("FALSCH") for _ in "ab"] == [0, 0]
    within(app, lambda: PostRelease.forget(draft_of(app, released)))
    assert "FALSCH" in client.get("/posts/").text  # nobody has signed anything there any more


def test_the_audit_names_another_file_that_took_its_address(app: Flask, released: str) -> None:
    file = copy_of(app, released)
    file.with_name("aaa.md").write_bytes(file.read_bytes())
    read_posts(app)
    assert within(app, lambda: list(faults())) == [
        "guest post zur-lage-im-netz has its address taken by another file, aaa.md"
    ]


def test_another_file_that_took_its_address_is_set_aside_by_the_clock(
    app: Flask, client: FlaskClient, released: str
) -> None:
    file = copy_of(app, released)
    other = file.with_name("aaa.md")
    other.write_text(file.read_text("utf-8").replace("Wir bauen", "FALSCH"), "utf-8")
    read_posts(app)
    within(app, restore)
    assert "Signed off by Gabi" in client.get(f"{PAGE}?lang=en").text
    assert not other.exists()
    assert ["FALSCH" in one.read_text("utf-8") for one in file.parent.glob(".aaa.md.*.changed-by-hand")] == [True]
    assert within(app, lambda: list(faults())) == []
