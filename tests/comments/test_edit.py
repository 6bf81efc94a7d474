"""Editing a comment: nothing unchecked stands before readers, and nobody publishes words they have not seen."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.jobs import judge_again
from app.comments.models import Comment, MovedMeanwhile, Revision, Snapshot, State, revision
from app.comments.models.revision import Place
from app.extensions import db
from app.kit import diff
from app.spam.verdict import Judgement, Verdict
from tests import akismet_server
from tests.akismet_server import AkismetServer
from tests.cast import SignedIn, make_comment, within
from tests.comments.own import decided, newest, told, wrote
from tests.comments.reader import FIELDS
from tests.comments.test_judge import ADS
from tests.comments.test_read_thread import queries
from tests.conftest import At
from tests.cpu import STEEP, cpu_seconds, growth, own_garbage_only
from tests.page import Pages
from tests.surge.pressing import feel

NEW = "In Eimsbüttel ist das Netz seit **gestern** wieder da."
open_policy = pytest.mark.parametrize("policy", ["open"], indirect=True)


def places(app: Flask) -> list[Place]:
    return within(app, lambda: list(db.session.scalars(db.select(Revision.place).order_by(Revision.id))))


@pytest.fixture
def public(app: Flask, client: FlaskClient) -> str:
    """The private page of a comment that readers see."""
    page = wrote(client, app)
    decided(app, State.PUBLISHED)
    return page


def test_what_waits_says_the_new_words_at_once_and_waits_on(app: Flask, pages: Pages) -> None:
    page = wrote(pages.client, app)
    form = pages.open(f"{page}/edits/new").form("text")
    assert form.values["text"] == FIELDS["text"]
    assert pages.post(form, text=NEW).location == f"{page}?done=edited"
    assert (newest(app).text, newest(app).state, newest(app).edits) == (NEW, State.WAITING, 1)
    assert newest(app).edited_at is None, "no reader saw other words"
    assert places(app) == [Place.REPLACED]


def test_readers_see_the_old_words_until_a_person_lets_the_new_ones_through(
    public: str, app: Flask, pages: Pages, mo: SignedIn
) -> None:
    answer = pages.post(pages.open(f"{public}/edits/new").form("text"), text=NEW)
    assert answer.location == f"{public}?done=proposed"
    assert FIELDS["text"] in pages.open("/posts/netz").text
    assert "gestern" in pages.open(public).text
    assert "gestern" not in pages.open("/posts/netz").text
    form = mo.page("/desk/revisions").form("deed")
    assert "gestern" in mo.page("/desk/revisions").text
    mo.post(form.action, {"deed": "accept"})
    thread = pages.open("/posts/netz")
    assert "gestern" in thread.text
    assert FIELDS["text"] not in thread.html
    assert "geändert" in thread.by_id(f"c-{newest(app).id}").text
    before = next(mo.page(f"/desk/comments/{newest(app).id}").root.all("ins")).text
    assert "Wochen" in before, "the desk sees what it said before"


def test_refused_words_leave_the_comment_as_it_is(public: str, app: Flask, client: FlaskClient, mo: SignedIn) -> None:
    client.post(f"{public}/edits", data={"text": NEW})
    form = mo.page("/desk/revisions").form("deed")
    mo.post(form.action, {"deed": "refuse"})
    assert newest(app).text == FIELDS["text"]
    assert places(app) == [Place.REFUSED]
    mo.post(form.action, {"deed": "accept"})
    assert newest(app).text == FIELDS["text"]


def test_a_later_proposal_takes_the_place_of_an_earlier_one(
    public: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    client.post(f"{public}/edits", data={"text": NEW})
    seen = mo.page("/desk/revisions").form("deed")
    client.post(f"{public}/edits", data={"text": "Ganz etwas anderes."})
    mo.post(seen.action, {"deed": "accept"})
    assert newest(app).text == FIELDS["text"], "what was shown is gone, what is there was not shown"
    assert places(app) == [Place.DROPPED, Place.WAITING]


@open_policy
def test_under_the_open_policy_clean_words_stand_at_once_and_readers_see_that_they_are_new(
    policy: str, app: Flask, pages: Pages
) -> None:
    page = wrote(pages.client, app)
    form = pages.open(f"{page}/edits/new").form("text")
    assert pages.post(form, text=NEW).location == f"{page}?done=edited"
    shown = pages.open("/posts/netz").by_id(f"c-{newest(app).id}")
    assert "gestern" in shown.text
    assert "geändert" in shown.text
    assert app.test_cli_runner().invoke(args=["audit"]).exit_code == 0


@open_policy
def test_advertising_does_not_come_in_by_an_edit(policy: str, app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    assert newest(app).state == State.PUBLISHED
    assert client.post(f"{page}/edits", data={"text": ADS}).location == f"{page}?done=proposed"
    assert newest(app).text == FIELDS["text"]
    assert "links" in within(app, lambda: db.session.scalars(db.select(Revision)).one()).reasons


def test_akismet_is_asked_about_the_new_words_as_an_edit(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    page = wrote(client, app)
    assert newest(app).state == State.PUBLISHED
    client.post(f"{page}/edits", data={"text": NEW})
    asked = with_akismet.requests[-1].fields
    assert (asked["comment_content"], asked["recheck_reason"]) == ([NEW], ["edit"])
    assert newest(app).text == NEW
    with_akismet.says("spam")
    assert client.post(f"{page}/edits", data={"text": "Noch anders."}).location == f"{page}?done=proposed"
    assert newest(app).text == NEW


def test_whom_akismet_was_never_told_of_it_is_not_told_of_now(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    page = wrote(client, app)
    within(app, lambda: db.session.execute(db.delete(Snapshot)))
    asked = len(with_akismet.requests)
    assert client.post(f"{page}/edits", data={"text": NEW}).location == f"{page}?done=proposed"
    assert len(with_akismet.requests) == asked


def test_what_judges_took_for_spam_only_a_person_publishes_after_an_edit(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    with_akismet.says("spam")
    page = wrote(client, app)
    with_akismet.says("ham")
    client.post(f"{page}/edits", data={"text": NEW})
    assert (newest(app).state, newest(app).text) == (State.WAITING, NEW)
    assert "edited-spam" in newest(app).reasons
    with app.app_context():
        judge_again.now()
    assert newest(app).state == State.WAITING
    with_akismet.says("spam")
    other = wrote(client, app, text="Etwas anderes.")
    client.post(f"{other}/edits", data={"text": "Und wieder anders."})
    assert (newest(app).state, told(client, other)["state"]) == (State.SPAM, "waiting")


def test_a_person_who_saw_the_old_words_does_not_publish_the_new_ones(
    app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    page = wrote(client, app)
    seen = mo.page("/desk/comments").form("seen")
    client.post(f"{page}/edits", data={"text": NEW})
    mo.post(seen.action, {**seen.values, "deed": "publish", "csrf_token": mo.token})
    assert newest(app).state == State.WAITING
    again = mo.page("/desk/comments").form("seen")
    mo.post(again.action, {**again.values, "deed": "publish", "csrf_token": mo.token})
    assert newest(app).state == State.PUBLISHED


def test_a_verdict_on_the_old_words_says_nothing_of_the_new_ones(app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    client.post(f"{page}/edits", data={"text": NEW})

    def late() -> None:
        comment = db.session.get_one(Comment, newest(app).id)
        comment.receive(Judgement(Verdict.HAM, "akismet"), "judged", of=0)

    within(app, late)
    assert newest(app).state == State.WAITING


def test_new_words_that_tell_who_somebody_is_wait_for_a_person(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    page = wrote(client, app)
    client.post(f"{page}/edits", data={"text": "Ruf mich an: 0171 2345678."})
    assert newest(app).text == FIELDS["text"]
    assert "personal-data" in within(app, lambda: db.session.scalars(db.select(Revision)).one()).reasons


@pytest.mark.parametrize("to", [State.REMOVED, State.SPAM])
def test_what_a_person_took_away_is_not_edited(public: str, app: Flask, client: FlaskClient, to: State) -> None:
    decided(app, to, reason="Beleidigung")
    assert client.get(f"{public}/edits/new").status_code == 303
    assert client.post(f"{public}/edits", data={"text": NEW}).location == f"{public}?done=nothing"
    assert newest(app).text == FIELDS["text"]


def test_the_same_words_change_nothing(public: str, app: Flask, client: FlaskClient) -> None:
    assert client.post(f"{public}/edits", data={"text": FIELDS["text"]}).location == f"{public}?done=unchanged"
    client.post(f"{public}/edits", data={"text": NEW})
    assert client.post(f"{public}/edits", data={"text": NEW}).location == f"{public}?done=unchanged"
    assert len(places(app)) == 1


def test_empty_words_are_refused_and_too_many_are_kept(public: str, app: Flask, pages: Pages) -> None:
    form = pages.open(f"{public}/edits/new").form("text")
    assert pages.send(form, 422, text="").title.startswith("Fehler:")
    long = "x" * 5001
    assert pages.send(form, 422, text=long).form("text").values["text"] == long


def test_an_edit_can_be_looked_at_first_and_changed(public: str, app: Flask, pages: Pages) -> None:
    form = pages.open(f"{public}/edits/new").form("text")
    check = pages.send(form, 200, text=NEW, preview="yes")
    assert check.with_class("prose")[0].text.strip() == NEW.replace("**", "")
    assert places(app) == []
    again = pages.send(check.form("text"), 200, preview="change")
    assert again.form("text").values["text"] == NEW
    assert pages.post(check.form("text")).location == f"{public}?done=proposed"


def test_many_changes_are_listed_with_as_many_questions_as_one(app: Flask, client: FlaskClient, mo: SignedIn) -> None:
    one = make_comment(app)

    def propose(comment: Comment) -> None:
        with app.app_context():
            Revision.propose(db.session.get_one(Comment, comment.id), NEW)
            db.session.commit()

    asked = []
    for more in (0, 2):
        for comment in [one] * (not more) + [make_comment(app) for _ in range(more)]:
            propose(comment)
        mo.page("/desk/revisions")
        with queries(app) as found:
            assert len(mo.page("/desk/revisions").with_class("item")) == 1 + more
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_earlier_words_go_after_their_time_and_waiting_ones_stay(
    public: str, app: Flask, client: FlaskClient, at: At
) -> None:
    waiting = wrote(client, app)
    client.post(f"{waiting}/edits", data={"text": NEW})
    client.post(f"{public}/edits", data={"text": NEW})
    at(revision.KEPT_FOR / timedelta(minutes=1) - 1)
    assert within(app, revision.forget) == 0
    at(revision.KEPT_FOR / timedelta(minutes=1) + 1)
    assert (within(app, revision.forget), within(app, revision.forget)) == (1, 0)
    assert places(app) == [Place.WAITING]


def test_two_who_decide_on_one_change_decide_once(public: str, app: Flask, client: FlaskClient) -> None:
    client.post(f"{public}/edits", data={"text": NEW})

    def twice() -> None:
        waiting = db.session.scalars(db.select(Revision)).one()
        waiting.refuse()
        with pytest.raises(MovedMeanwhile):
            waiting.accept()

    within(app, twice)


def test_words_are_compared_one_by_one() -> None:
    parts = diff.parts("Das Netz ist weg.", "Das Netz ist wieder da.")
    assert [part.kind for part in parts] == ["", "del", "ins"]
    assert "".join(part.text for part in parts if part.kind != "del") == "Das Netz ist wieder da."
    assert "".join(part.text for part in parts if part.kind != "ins") == "Das Netz ist weg."
    long = "wort " * diff.MOST
    assert [part.kind for part in diff.parts(long, "kurz")] == ["del", "ins"]


def test_undo_publishes_no_words_that_nobody_at_the_desk_has_seen(
    public: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    shown = mo.page(f"/desk/comments/{newest(app).id}").form("seen")
    undo = mo.page(str(mo.post(shown.action, {**shown.values, "deed": "wait"}).location)).form("undo")
    assert client.post(f"{public}/edits", data={"text": NEW}).location == f"{public}?done=edited"
    mo.post(undo.action, undo.values)
    assert (newest(app).state, newest(app).text) == (State.WAITING, NEW)


@pytest.mark.parametrize(("edits", "status"), [(None, 400), ("", 400), ("9" * 20, 303), ("-1", 303)])
def test_who_does_not_say_which_words_they_saw_decides_on_none(
    app: Flask, client: FlaskClient, mo: SignedIn, edits: str | None, status: int
) -> None:
    wrote(client, app)
    said = {} if edits is None else {"edits": edits}
    answer = mo.post(f"/desk/comments/{newest(app).id}/decisions", {"deed": "publish", "seen": "waiting", **said})
    assert (answer.status_code, newest(app).state) == (status, State.WAITING)


def test_what_is_shown_blacked_out_stays_so_when_new_words_are_let_through(
    app: Flask, pages: Pages, mo: SignedIn
) -> None:
    page = wrote(pages.client, app, name="Max 0171 2345678", text="Ruft 0171 2345678 an.")
    black_out(app)
    pages.client.post(f"{page}/edits", data={"text": "Ruft bitte 0171 2345678 an."})
    lane = mo.page("/desk/revisions")
    assert [one.get("value") for one in lane.root.all("button") if one.get("name") == "deed"] == [
        "accept",
        "accept-as-written",
        "refuse",
    ]
    mo.post(lane.form("deed").action, {"deed": "accept"})
    assert "Ruft bitte" in pages.open("/posts/netz").text
    assert "2345678" not in pages.open("/posts/netz").text
    pages.client.post(f"{page}/edits", data={"text": "Ruft 0171 2345678 doch nicht an."})
    mo.post(mo.page("/desk/revisions").form("deed").action, {"deed": "accept-as-written"})
    assert "Ruft 0171 2345678 doch" in pages.open("/posts/netz").text


def test_as_written_is_asked_only_where_something_would_be_blacked_out(
    public: str, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    black_out(app)
    client.post(f"{public}/edits", data={"text": NEW})
    assert "as-written" not in mo.get("/desk/revisions").text


def black_out(app: Flask) -> None:
    """A person publishes the newest comment blacked out."""
    id_ = newest(app).id

    def work() -> None:
        comment = db.session.get_one(Comment, id_)
        comment.decide(State.PUBLISHED, seen=comment.state, is_redacted=True)

    within(app, work)


def test_a_comment_changes_so_often_and_no_word_is_lost_by_it(
    public: str, app: Flask, pages: Pages, mo: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revision, "MOST_EDITS", 2)
    form = pages.open(f"{public}/edits/new").form("text")
    for text in ("Eins.", "Zwei."):
        pages.post(form, text=text)
    refused = pages.send(form, 422, text=NEW)
    assert refused.form("text").values["text"] == NEW
    assert len(places(app)) == 2
    desk = mo.page(f"/desk/comments/{newest(app).id}")
    assert [one.text for one in desk.root.all("ins")] == ["Zwei."], "only the newest is held against what it says now"
    assert "Eins." in desk.text


def test_comparing_texts_takes_no_longer_than_reading_them() -> None:
    with own_garbage_only():
        assert growth(lambda size: diff.parts("a " * size, "b " * size), 2_000) < STEEP
        most = diff.MOST // 2
        _, took = cpu_seconds(lambda: diff.parts("A " + "x " * most + "B", "C " + "x y " * (most // 2) + "D"), 1.0)
    assert took < 1.0


@pytest.mark.parametrize("why", ["its snapshot is gone", "a surge"])
@open_policy
def test_our_own_rules_alone_publish_no_edit_where_akismet_would_have_been_asked(
    policy: str, with_akismet: AkismetServer, app: Flask, client: FlaskClient, why: str
) -> None:
    page = wrote(client, app)
    assert newest(app).state == State.PUBLISHED
    if why == "a surge":
        feel(app)
    else:
        within(app, lambda: db.session.execute(db.delete(Snapshot)))
    asked = len(with_akismet.requests)
    assert client.post(f"{page}/edits", data={"text": NEW}).location == f"{page}?done=proposed"
    assert (newest(app).text, len(with_akismet.requests)) == (FIELDS["text"], asked)


@open_policy
def test_an_edit_does_not_tell_spam_from_what_waits(policy: str, app: Flask, client: FlaskClient) -> None:
    for state, text in ((State.SPAM, ADS + ADS), (State.WAITING, "Ruft mich an: 0171 2345678.")):
        page = wrote(client, app, text=text, website="https://x.example" if state is State.SPAM else "")
        assert newest(app).state == state
        client.post(f"{page}/edits", data={"text": f"{NEW} Auch in Haus {state}."})
        assert (newest(app).state, told(client, page)["state"]) == (State.WAITING, "waiting")
    assert "edited" in newest(app).reasons


def test_nor_does_it_when_akismet_answers_later(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At
) -> None:
    at(0)
    with_akismet.says("500")
    page = wrote(client, app)
    client.post(f"{page}/edits", data={"text": NEW})
    with_akismet.says("ham")
    at(60)
    with app.app_context():
        judge_again.now()
    assert newest(app).state == State.WAITING
    assert newest(app).ask_again_at is None, "only a person can decide now"


def test_late_advice_about_words_that_are_others_now_says_nothing(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(0)
    with_akismet.says("500")
    wrote(client, app)
    id_ = newest(app).id

    def answer(handler: akismet_server._Handler, _deed: str) -> None:
        within(app, lambda: revision.edit(db.session.get_one(Comment, id_), NEW))
        handler.answer("true")

    monkeypatch.setitem(akismet_server.MODES, "edited meanwhile", answer)
    with_akismet.says("edited meanwhile")
    at(2)
    with app.app_context():
        judge_again.now()
    assert (newest(app).state, newest(app).text) == (State.WAITING, NEW)
    assert "akismet-spam" not in newest(app).reasons
