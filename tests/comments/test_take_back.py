"""Taking a comment back, bringing it back, erasing it for good."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, CommentContact, Fragment, Revision, State, ThreadSize
from app.comments.models import erasure as erasures
from app.comments.models.erasure import erase, erase_again, forget_removed, forget_withdrawn
from app.comments.models.state import TakenBack
from app.extensions import db
from app.kit import clock
from app.ledger import outside
from app.spam.models.bayes import SHOWN_FROM, BayesWord
from tests.cast import SignedIn, make_comment, reload, within
from tests.comments.own import decided, newest, told, wrote
from tests.comments.reader import FIELDS, URL, filled
from tests.conftest import At
from tests.locked import locked
from tests.page import Pages

SURE = {"sure": "yes"}
WITHDRAWN = "Dieser Kommentar wurde von der Person zurückgezogen, die ihn schrieb."
ERASED = "Dieser Kommentar wurde von der Person gelöscht, die ihn schrieb."


@pytest.fixture
def public(app: Flask, client: FlaskClient) -> str:
    """The private page of a comment that readers see."""
    page = wrote(client, app)
    decided(app, State.PUBLISHED)
    return page


def test_a_comment_taken_back_leaves_a_stub_that_says_so(public: str, app: Flask, pages: Pages) -> None:
    shown = newest(app)
    make_comment(app, parent=shown, text="Bei mir auch.", name="Gero")
    ask = pages.send(pages.open(public).form("withdrawals"))
    assert ask.heading == "Deinen Kommentar zurückziehen?"
    assert newest(app).text == "Bei mir auch.", "nothing has happened yet"
    assert reload(app, shown).state == State.PUBLISHED
    assert pages.post(ask.form("withdrawals")).status_code == 303
    thread = pages.open("/posts/netz")
    assert thread.by_id(f"c-{shown.id}").text.strip() == WITHDRAWN
    assert FIELDS["text"] not in thread.html
    assert "Bei mir auch." in thread.text
    assert pages.open(public).heading == "Du hast Deinen Kommentar zurückgezogen"


def test_it_can_be_brought_back_to_where_it_was(public: str, app: Flask, pages: Pages) -> None:
    pages.client.post(f"{public}/withdrawals", data=SURE)
    back = pages.open(public).form("returns")
    assert pages.post(back).status_code == 303
    assert FIELDS["text"] in pages.open("/posts/netz").text
    assert (newest(app).state, newest(app).taken_back) == (State.PUBLISHED, None)


@pytest.mark.parametrize("website", ["", "https://pills.example"])
def test_what_waits_and_what_is_spam_are_taken_back_alike(app: Flask, client: FlaskClient, website: str) -> None:
    page = wrote(client, app, website=website)
    before = newest(app).state
    client.post(f"{page}/withdrawals", data=SURE)
    assert told(client, page)["state"] == "withdrawn"
    client.post(f"{page}/returns")
    assert (told(client, page)["state"], newest(app).state) == ("waiting", before)


def test_taken_back_twice_is_taken_back_once(public: str, app: Flask, client: FlaskClient) -> None:
    answers = [client.post(f"{public}/withdrawals", data=SURE).location for _ in range(2)]
    assert answers == [f"{public}?done=withdrawn"] * 2
    assert [client.post(f"{public}/returns").location for _ in range(2)] == [f"{public}?done=returned"] * 2


def test_what_a_person_removed_is_not_its_writer_s_to_bring_back(public: str, app: Flask, client: FlaskClient) -> None:
    decided(app, State.REMOVED, reason="Beleidigung")
    for deed in ("withdrawals", "returns"):
        assert client.post(f"{public}/{deed}", data=SURE).location == f"{public}?done=nothing"
    assert newest(app).state == State.REMOVED


def test_what_its_writer_took_back_is_not_the_desk_s_to_publish(
    public: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    client.post(f"{public}/withdrawals", data=SURE)
    comment = newest(app)
    assert not mo.page(f"/desk/comments/{comment.id}").with_class("decide")
    assert "Lena" not in mo.page("/desk/comments?state=removed").text
    mo.post(f"/desk/comments/{comment.id}/decisions", {"deed": "publish", "seen": "removed", "edits": "0"})
    assert newest(app).state == State.REMOVED


def test_an_erased_comment_is_gone_and_its_place_says_so(public: str, app: Flask, pages: Pages) -> None:
    shown = newest(app)
    ask = pages.send(pages.open(public).form("erasures"))
    assert ask.heading == "Deinen Kommentar löschen?"
    done = pages.post(ask.form("erasures"))
    assert pages.open(str(done.location)).heading == "Dein Kommentar ist gelöscht"
    assert pages.open("/posts/netz").by_id(f"c-{shown.id}").text.strip() == ERASED
    gone = newest(app)
    assert (gone.name, gone.text, gone.html) == ("", "", "")
    assert within(app, lambda: db.session.get(CommentContact, shown.id)) is None
    assert pages.open(public, 410).heading == "Dieser Kommentar ist gelöscht"


def test_an_erasure_leaves_nothing_of_it_in_any_table(public: str, app: Flask, client: FlaskClient) -> None:
    client.post(f"{public}/edits", data={"text": "Zweiter Wortlaut aus Eimsbüttel."})
    client.post(f"{public}/erasures", data=SURE)

    def everything() -> str:
        tables = db.metadata.sorted_tables
        return str([row for table in tables for row in db.session.execute(db.select(table)).all()])

    kept = within(app, everything)
    for word in (FIELDS["text"], "Lena", FIELDS["email"], "Wortlaut"):
        assert word not in kept, word


def test_a_late_repetition_of_its_form_does_not_bring_it_back(app: Flask, client: FlaskClient) -> None:
    data = filled(app)
    page = str(client.post(URL, data=data).location).partition("?")[0]
    client.post(f"{page}/erasures", data=SURE)
    answer = client.post(URL, data=data)
    assert client.get(str(answer.location)).status_code == 410
    assert newest(app).text == ""


def test_the_desk_does_not_see_what_is_erased(public: str, app: Flask, client: FlaskClient, mo: SignedIn) -> None:
    client.post(f"{public}/erasures", data=SURE)
    assert "0 Kommentare" in mo.page("/desk/comments?state=removed").text


def test_the_reason_of_a_removal_outlives_the_erasure(public: str, app: Flask, pages: Pages) -> None:
    decided(app, State.REMOVED, reason="Beleidigung")
    pages.client.post(f"{public}/erasures", data=SURE)
    assert "Grund: Beleidigung" in pages.open("/posts/netz").by_id(f"c-{newest(app).id}").text


def test_an_erasure_is_written_ahead_and_done_again_where_a_backup_brings_it_back(
    public: str, app: Flask, client: FlaskClient
) -> None:
    before = newest(app)
    client.post(f"{public}/erasures", data=SURE)
    told_outside = outside.read(Path(app.instance_path) / outside.FILE)
    assert [(line.kind, line.value) for line in told_outside] == [(outside.COMMENT, before.key_hash)]

    def bring_back() -> None:
        row = db.session.get_one(Comment, before.id)
        with row.before_readers():
            row.name, row.text, row.html = before.name, before.text, before.html
            row.state, row.taken_back = State.PUBLISHED, None

    within(app, bring_back)
    assert within(app, lambda: erase_again(before.key_hash))
    assert not within(app, lambda: erase_again(before.key_hash))
    assert (newest(app).text, newest(app).taken_back) == ("", TakenBack.ERASED)


def test_sizes_and_fragments_stay_what_the_comments_say(public: str, app: Flask, client: FlaskClient) -> None:
    for deed in ("withdrawals", "returns", "withdrawals", "erasures"):
        client.post(f"{public}/{deed}", data=SURE)
        assert app.test_cli_runner().invoke(args=["audit"]).exit_code == 0
    assert within(app, lambda: ThreadSize.of("netz")).shown == 0
    assert FIELDS["text"] not in str(within(app, lambda: [one.html for one in db.session.scalars(db.select(Fragment))]))


def test_what_was_taken_back_is_erased_after_thirty_days(public: str, app: Flask, client: FlaskClient, at: At) -> None:
    client.post(f"{public}/withdrawals", data=SURE)
    at(erasures.WITHDRAWN_KEPT_FOR / timedelta(minutes=1) - 1)
    assert within(app, forget_withdrawn) == 0
    at(erasures.WITHDRAWN_KEPT_FOR / timedelta(minutes=1) + 1)
    assert (within(app, forget_withdrawn), within(app, forget_withdrawn)) == (1, 0)
    assert newest(app).text == ""
    assert WITHDRAWN in client.get("/posts/netz").text


def test_the_words_of_what_was_removed_go_in_their_time_and_the_reason_stays(
    public: str, app: Flask, client: FlaskClient, at: At
) -> None:
    decided(app, State.REMOVED, reason="Beleidigung")
    at(erasures.REMOVED_KEPT_FOR / timedelta(minutes=1) - 1)
    assert within(app, forget_removed) == 0
    at(erasures.REMOVED_KEPT_FOR / timedelta(minutes=1) + 1)
    assert (within(app, forget_removed), within(app, forget_removed)) == (1, 0)
    assert newest(app).text == ""
    assert "Grund: Beleidigung" in client.get("/posts/netz").text


def test_nothing_happens_while_nothing_can_be_written_and_the_same_form_does_it_then(
    public: str, app: Flask, pages: Pages
) -> None:
    with locked(app):
        again = pages.read(pages.client.post(f"{public}/withdrawals", data=SURE), public, 503)
    assert newest(app).state == State.PUBLISHED
    assert clock.now() > newest(app).written_at
    assert pages.post(again.form("sure")).status_code == 303
    assert newest(app).taken_back == TakenBack.WITHDRAWN


def test_revisions_of_an_erased_comment_are_gone(public: str, app: Flask, client: FlaskClient) -> None:
    client.post(f"{public}/edits", data={"text": "Ein anderer Text."})
    client.post(f"{public}/erasures", data=SURE)
    assert within(app, lambda: list(db.session.scalars(db.select(Revision)))) == []


def test_an_erasure_takes_what_the_words_have_taught(app: Flask, client: FlaskClient) -> None:
    for number in range(SHOWN_FROM + 1):
        wrote(client, app, text=f"Zwiebelhuber sagt zum {number}. Mal, dass hier nichts geht.")
        decided(app, State.PUBLISHED)
    taught = within(app, lambda: set(db.session.scalars(db.select(BayesWord.word))))
    assert "zwiebelhuber" in taught
    assert not [word for word in taught if word and word.startswith("name:")]

    def erase_all() -> None:
        for comment in db.session.scalars(db.select(Comment)):
            erase(comment)

    within(app, erase_all)
    left = within(app, lambda: list(db.session.scalars(db.select(BayesWord.word).where(BayesWord.ham > 0))))
    assert left == []
