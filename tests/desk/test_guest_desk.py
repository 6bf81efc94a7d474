"""The room of a company's people: what is asked of them, who acts next, and nothing of anybody else."""

import re
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import update

from app.comments.models import Assignment, Comment, CommentContact, Enquiry, NotNow, Standing, State
from app.comments.models.enquiry import faults
from app.comments.models.fragment import Fragment
from app.comments.models.helpful import mark
from app.extensions import db
from app.kit import clock
from app.people.models import Decision, Member, Organisation
from tests.cache.asking import fresh, shown
from tests.cast import (
    GABI,
    GERO,
    SignedIn,
    letters_to,
    make_comment,
    make_editor,
    make_guest,
    make_notice,
    make_other_guest,
    make_post,
    read_posts,
    sign_in,
    within,
)
from tests.comments.test_read_thread import POST, queries
from tests.desk.asking import ask, enquiry
from tests.page import Page, Pages
from tests.server import eventually

ENGLISH = "?lang=en"
DESK = f"/desk/guest{ENGLISH}"


@pytest.fixture(autouse=True)
def netz(app: Flask, posts: Path) -> str:
    make_post(posts)
    read_posts(app)
    return "netz"


@pytest.fixture
def gero(app: Flask) -> SignedIn:
    return sign_in(app, make_guest(app, GERO, "Gero"))


def deeds(app: Flask) -> list[str]:
    return within(app, lambda: list(db.session.scalars(db.select(Decision.deed).order_by(Decision.id))))


def give(who: SignedIn, comment: Comment, to: Member | str, note: str = "", seen: str = "") -> int:
    id_ = to if isinstance(to, str) else str(to.id)
    data = {"to": id_, "note": note, "seen": seen}
    return who.post(f"/desk/questions/{comment.id}/assignment", data).status_code


def cannot_say(who: SignedIn, comment: Comment, key: str = "undecided", words: str = "") -> int:
    data = {"reason_key": key, "words": words}
    return who.post(f"/desk/questions/{comment.id}/cannot-say", data).status_code


def take_back(who: SignedIn, comment: Comment) -> int:
    return who.post(f"/desk/questions/{comment.id}/cannot-say/return").status_code


def said_of(app: Flask, comment: Comment, path: str = f"{POST}{ENGLISH}") -> str:
    return Pages(app.test_client()).open(path).by_id(f"c-{comment.id}").with_class("enquiry")[0].text


def lies_with(app: Flask, comment: Comment) -> str:
    found = within(app, lambda: db.session.get(Assignment, comment.id))
    return found.to.first_name if found else ""


def helpful(id_: int, device: str) -> None:
    mark(db.session.get_one(Comment, id_), device)


def names(page: Page) -> list[str]:
    """Who asked, in the order of the page."""
    return [row.with_class("meta")[0].text.split()[0] for row in page.with_class("item")]


def test_a_guest_finds_what_was_passed_on_to_them_and_what_is_wanted(app: Flask, gabi: SignedIn) -> None:
    make_other_guest(app)
    first, second = ask(app, name="Anna"), ask(app, name="Berta")
    ask(app, to="vodafone", name="Vroni")
    calm, wanted = ask(app, to=None, name="Carla"), ask(app, to=None, name="Dora")
    for device in ("a", "b"):
        within(app, partial(helpful, wanted.id, device))
    page = gabi.page(DESK)
    assert names(page) == ["Anna", "Berta", "Dora", "Carla"]
    assert "2 questions were passed on to you" in page.text
    assert "2 readers found it helpful" in page.text
    assert page.text.count("The next step is up to any of you at O2") == 4
    assert first.id < second.id < calm.id


def test_the_desk_of_a_guest_begins_there(gabi: SignedIn, eda: SignedIn) -> None:
    assert gabi.get("/desk/").location == "/desk/guest"
    assert eda.get("/desk/guest").location == "/desk/answers"


def test_where_nothing_waits_the_page_says_so_kindly(gabi: SignedIn) -> None:
    assert "Nothing waits for you." in gabi.page(DESK).text


def test_another_organisation_sees_its_own_questions_alone(app: Flask) -> None:
    vera = sign_in(app, make_other_guest(app))
    theirs, ours = ask(app, to="vodafone", name="Vroni"), ask(app, name="Anna")
    ask(app, to=None, name="Carla")
    assert names(vera.page(DESK)) == ["Vroni"]
    assert vera.get(f"/desk/questions/{theirs.id}").status_code == 200
    assert vera.get(f"/desk/questions/{ours.id}").status_code == 404
    for status in (cannot_say(vera, ours), take_back(vera, ours), give(vera, ours, "1")):
        assert status == 404
    assert said_of(app, theirs) == "Question to Vodafone · passed on, not answered yet"
    assert not enquiry(app, ours).is_unsaid


def test_a_moderator_chooses_whom_a_question_is_passed_on_to(app: Flask, mo: SignedIn) -> None:
    make_other_guest(app)
    asked = ask(app, to=None)
    form = mo.page("/desk/questions").form("/questions")
    data = form.filled(deed="pass-on", to="vodafone")
    assert mo.client.post(form.action, data=data).status_code == 303
    assert said_of(app, asked) == "Question to Vodafone · passed on, not answered yet"
    undo = mo.page(f"/desk/comments/{asked.id}").form("/questions")
    mo.client.post(undo.action, data=undo.filled(deed="reopen"))
    assert said_of(app, asked) == "Question to O2 · open"
    again = mo.page(f"/desk/comments/{asked.id}").form("/questions")
    assert mo.client.post(again.action, data=again.filled(deed="pass-on", to="team")).status_code == 400


@pytest.mark.parametrize(
    ("key", "words", "line"),
    [
        ("undecided", "", "it is not decided yet"),
        ("", "Das prüfen wir noch.", "Das prüfen wir noch."),
        ("legal", "Az. 3 O 5/11", "a court or an authority is dealing with it – Az. 3 O 5/11"),
        ("", "<b>x</b>", "<b>x</b>"),
    ],
)
def test_that_nothing_can_be_said_is_public_at_once_with_the_reason(
    app: Flask, gabi: SignedIn, key: str, words: str, line: str
) -> None:
    asked = ask(app)
    before = shown(app, POST)
    form = gabi.page(f"/desk/questions/{asked.id}").form("/cannot-say")
    answer = gabi.client.post(form.action, data=form.filled(reason_key=key, words=words))
    assert (answer.status_code, answer.location) == (303, "/desk/guest")
    assert said_of(app, asked) == f"Question to O2 · O2 cannot say: {line}"
    assert shown(app, POST) == fresh(app, POST) != before
    assert deeds(app) == ["question-cannot-say"]
    assert app.test_cli_runner().invoke(args=["audit"]).exit_code == 0


def test_it_is_never_counted_as_an_answer_and_the_list_of_answers_says_it(app: Flask, gabi: SignedIn) -> None:
    cannot_say(gabi, asked := ask(app))
    page = Pages(app.test_client()).open(f"/answers/{ENGLISH}")
    told = page.with_class("numbers")[0].text
    assert "answered 0" in told
    assert "cannot be answered, with the reason 1" in told
    assert "passed on, not answered yet 0" in told
    assert page.by_id(f"c-{asked.id}").with_class("enquiry")
    assert within(app, lambda: list(faults())) == []


def test_an_answer_takes_its_place(app: Flask, gabi: SignedIn) -> None:
    cannot_say(gabi, asked := ask(app))
    make_comment(app, by=within(app, lambda: Member.of(GABI)), parent=asked)
    assert said_of(app, asked) == "Question to O2 · answered"
    assert enquiry(app, asked).state is Standing.ANSWERED
    assert take_back(gabi, asked) == 303  # there is nothing to take back
    assert deeds(app) == ["question-cannot-say"]


def test_it_can_be_taken_back_by_any_colleague(app: Flask, gabi: SignedIn, gero: SignedIn) -> None:
    cannot_say(gabi, asked := ask(app))
    for _ in range(2):  # twice does no harm
        assert take_back(gero, asked) == 303
    assert said_of(app, asked) == "Question to O2 · passed on, not answered yet"
    assert deeds(app) == ["question-cannot-say", "question-say-after-all"]


def test_the_page_after_it_undoes_it(app: Flask, gabi: SignedIn) -> None:
    cannot_say(gabi, asked := ask(app))
    undo = gabi.page("/desk/guest").form("/cannot-say/return")
    gabi.client.post(undo.action, data=undo.filled())
    assert not enquiry(app, asked).is_unsaid


def test_sent_twice_it_is_one_deed_and_of_two_colleagues_one_is_told(
    app: Flask, gabi: SignedIn, gero: SignedIn
) -> None:
    asked = ask(app)
    assert [cannot_say(gabi, asked), cannot_say(gabi, asked)] == [303, 303]
    assert deeds(app) == ["question-cannot-say"]
    cannot_say(gero, asked, "secret")
    assert "not decided" in said_of(app, asked)


def test_a_moderator_who_has_not_seen_it_does_not_overrule_it(app: Flask, gabi: SignedIn) -> None:
    cannot_say(gabi, asked := ask(app))

    def decline(seen: str) -> None:
        Enquiry.move(db.session.get_one(Comment, asked.id), Standing.DECLINED, seen=seen, reason="Zu spät.")

    with pytest.raises(NotNow):
        within(app, lambda: decline("passed-on"))
    within(app, lambda: decline("cannot-say"))
    assert "Zu spät." in said_of(app, asked)


@pytest.mark.parametrize("fault", [{"key": "", "words": ""}, {"key": "", "words": "x" * 301}, {"key": "nonsense"}])
def test_without_a_reason_nothing_is_said_and_what_was_typed_stays(
    app: Flask, gabi: SignedIn, fault: dict[str, str]
) -> None:
    asked = ask(app)
    data = {"reason_key": fault["key"], "words": fault.get("words", "Ein Satz.")}
    answer = gabi.post(f"/desk/questions/{asked.id}/cannot-say", data)
    page = Pages(gabi.client).read(answer, f"/desk/questions/{asked.id}", 422)
    assert page.with_class("faults")
    assert page.by_id("cannot-say-words").get("value") == data["words"]
    assert deeds(app) == []


def test_a_question_is_given_to_a_colleague_who_is_told_and_acts_next(
    app: Flask, gabi: SignedIn, gero: SignedIn
) -> None:
    asked = ask(app)
    form = gabi.page(f"/desk/questions/{asked.id}").form("/assignment")
    to = str(within(app, lambda: Member.of(GERO)).id)  # type: ignore[union-attr]  # just made
    answer = gabi.client.post(form.action, data=form.filled(to=to, note="Du kennst den Mast."))
    assert answer.status_code == 303
    letter = letters_to(app, GERO)[-1]
    assert f"/desk/questions/{asked.id}" in letter
    assert "Du kennst den Mast." in letter
    assert "Wann steht der Mast?" not in letter  # what readers write stays at the desk
    ask(app, name="Zoe")
    assert "Your turn: given to you by Gabi" in gero.page(DESK).text
    assert names(gero.page(DESK)) == ["Sabine", "Zoe"]  # once, and first
    assert "The next step is up to Gero" in gabi.page(DESK).text
    assert "Du kennst den Mast." in gabi.page(DESK).text
    assert deeds(app) == ["question-assign"]


def test_given_twice_it_is_one_letter_and_taken_back_it_lies_with_nobody(
    app: Flask, gabi: SignedIn, gero: SignedIn
) -> None:
    asked, to = ask(app), within(app, lambda: Member.of(GERO))
    assert to
    for _ in range(2):
        assert give(gabi, asked, to) == 303
    assert len(letters_to(app, GERO)) == 1
    undo = gabi.page("/desk/guest").form("/assignment/return")
    for _ in range(2):
        assert gabi.client.post(undo.action, data=undo.filled()).status_code == 303
    assert lies_with(app, asked) == ""
    assert deeds(app) == ["question-assign", "question-unassign"]


def test_of_two_who_give_it_at_once_one_wins_and_the_other_is_told(app: Flask, gabi: SignedIn, gero: SignedIn) -> None:
    asked, gabi_, gero_ = ask(app), within(app, lambda: Member.of(GABI)), within(app, lambda: Member.of(GERO))
    third = make_guest(app, "gina@o2.example", "Gina")
    assert gabi_
    assert gero_
    give(gabi, asked, gero_)
    assert give(gero, asked, third) == 409  # saw it lie with nobody
    assert lies_with(app, asked) == "Gero"
    give(gero, asked, third, seen=str(gero_.id))
    assert lies_with(app, asked) == "Gina"


def test_what_was_typed_stays_where_somebody_was_quicker(app: Flask, gabi: SignedIn, gero: SignedIn) -> None:
    asked, third = ask(app), make_guest(app, "gina@o2.example", "Gina")
    here = f"/desk/questions/{asked.id}"
    assert give(gabi, asked, within(app, lambda: Member.of(GERO)) or "") == 303
    answer = gero.post(f"{here}/assignment{ENGLISH}", {"to": str(third.id), "note": "Du warst dort.", "seen": ""})
    page = Pages(gero.client).read(answer, here, 409)
    assert "in the meantime" in page.with_class("faults")[0].text
    assert page.by_id("assign-note").get("value") == "Du warst dort."
    assert page.form("/assignment").values["to"] == str(third.id)
    cannot_say(gabi, asked)
    answer = gero.post(f"{here}/cannot-say{ENGLISH}", {"reason_key": "undecided", "words": "Im Mai."})
    page = Pages(gero.client).read(answer, here, 409)
    assert any("Im Mai." in one.text for one in page.with_class("plain-text"))


def test_what_was_typed_stays_where_the_question_is_another_ones_by_then(app: Flask, gabi: SignedIn) -> None:
    asked = ask(app)
    make_other_guest(app)

    def pass_on_meanwhile(*_: object, **__: object) -> bool:
        to = Organisation.of("vodafone")
        comment = db.session.get_one(Comment, asked.id)
        Enquiry.move(comment, Standing.PASSED_ON, seen=Standing.PASSED_ON, organisation=to)
        db.session.commit()
        raise NotNow(asked.id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Enquiry, "cannot_say", pass_on_meanwhile)
        answer = gabi.post(f"/desk/questions/{asked.id}/cannot-say", {"reason_key": "", "words": "Im Mai."})
    page = Pages(gabi.client).read(answer, f"/desk/questions/{asked.id}", 409)
    assert any("Im Mai." in one.text for one in page.with_class("plain-text"))
    assert not [form for form in page.forms if "cannot-say" in form.action]


def test_nobody_outside_is_given_a_question_and_nobody_outside_sees_the_note(
    app: Flask, gabi: SignedIn, gero: SignedIn, mo: SignedIn, pages: Pages
) -> None:
    vera, eda = make_other_guest(app), make_editor(app)
    asked = ask(app)
    assert give(gabi, asked, vera) == 422
    assert give(gabi, asked, eda) == 422
    to = within(app, lambda: Member.of(GERO))
    assert to
    give(gabi, asked, to, note="Geheimnis unter uns")
    for path in (f"/desk/comments/{asked.id}", "/desk/questions?state=passed-on", "/desk/decisions"):
        assert "Geheimnis" not in mo.page(path).text
    assert "Geheimnis" not in pages.open(POST).text
    move_to_vodafone(app, asked)
    assert "Geheimnis" not in sign_in(app, vera).page(f"/desk/questions/{asked.id}").text
    assert gabi.get(f"/desk/questions/{asked.id}").status_code == 404


def move_to_vodafone(app: Flask, asked: Comment) -> None:
    def work() -> None:
        comment = db.session.get_one(Comment, asked.id)
        Enquiry.move(comment, Standing.OPEN, seen=Standing.PASSED_ON)
        vera = Member.of("vera@vodafone.example")
        assert vera
        Enquiry.move(comment, Standing.PASSED_ON, seen=Standing.OPEN, organisation=vera.organisation)

    within(app, work)


def test_who_has_left_holds_no_question(app: Flask, gabi: SignedIn, gero: SignedIn) -> None:
    asked, to = ask(app), within(app, lambda: Member.of(GERO))
    assert to
    give(gabi, asked, to)
    within(app, lambda: db.session.get_one(Member, to.id).revoke("left"))
    assert "any of you can take it" in gabi.page(DESK).text


def test_an_erased_comment_takes_the_note_along(app: Flask, gabi: SignedIn, gero: SignedIn) -> None:
    from app.comments.models.erasure import erase  # noqa: PLC0415 -- one test needs it

    asked, to = ask(app), within(app, lambda: Member.of(GERO))
    assert to
    give(gabi, asked, to, note="Die Nummer kenne ich")
    within(app, lambda: erase(db.session.get_one(Comment, asked.id)))
    assert lies_with(app, asked) == ""


def test_no_page_of_a_guest_tells_what_is_not_theirs_to_know(app: Flask, gabi: SignedIn, gero: SignedIn) -> None:
    """Readers' addresses, comments that wait, what judges and moderators noted, notices, the other organisation."""
    vera = make_other_guest(app)
    asked = ask(app, name="Anna 0171 2345678", text="Ruft mich an: 0171 2345678. Wann?")

    def blacken() -> None:
        comment = db.session.get_one(Comment, asked.id)
        comment.decide(State.PUBLISHED, seen=State.PUBLISHED, is_redacted=True)
        comment.reasons, comment.heard, comment.alert = ["grund-der-richter"], {"links": 77}, "alarm-der-richter"
        db.session.add(CommentContact(comment_id=comment.id, email="anna@privat.example"))
        Decision.record("approved", f"comment:{comment.id}", by=None, reason="notiz-der-moderation")

    within(app, blacken)
    make_comment(app, state=State.WAITING, text="wartet-noch", name="Wanda")
    make_comment(app, state=State.SPAM, text="spam-text", name="Spammer")
    make_comment(app, state=State.REMOVED, text="entfernt-text", name="Rosa")
    make_notice(app, asked, text="meldung-an-uns")
    ask(app, to="vodafone", name="Vroni")
    give(sign_in(app, make_guest(app, "v2@vodafone.example", "Vito", "vodafone")), asked, vera)
    give(gabi, asked, within(app, lambda: Member.of(GERO)) or "")
    hidden = re.compile(
        "0171|anna@privat|grund-der|alarm-der|notiz-der|wartet-noch|spam-text|entfernt-text|meldung-an|>77<|vera@|gero@"
    )
    paths = ["/desk/guest", f"/desk/questions/{asked.id}", "/desk/answers", f"/desk/comments/{asked.id}/answer"]
    for path in (*paths, "/desk/answers?post=netz", "/desk/promises", "/desk/handovers"):
        assert not hidden.search(gabi.page(path).html), path
    for path in paths:
        assert "Vroni" not in gabi.page(path).text, path


def test_the_desk_asks_the_same_few_questions_for_one_and_three_rows(
    app: Flask, gabi: SignedIn, gero: SignedIn
) -> None:
    to, counts = within(app, lambda: Member.of(GERO)), []
    assert to
    gabi.page("/desk/guest")
    for more in (1, 2):
        for _ in range(more):
            give(gabi, ask(app), to, note="x")
            ask(app, to=None)
            cannot_say(gabi, ask(app))
        with queries(app) as found:
            gabi.page("/desk/guest")
        counts.append(len(found))
    assert counts[0] == counts[1], counts


def test_only_whom_a_question_is_put_to_answers_it(app: Flask, gabi: SignedIn) -> None:
    vera = sign_in(app, make_other_guest(app))
    theirs, ours = ask(app, to="vodafone"), ask(app, to=None)
    for who, comment in ((gabi, theirs), (vera, ours)):
        answer = {"text": "Dazu nur so viel."}
        assert who.post(f"/desk/comments/{comment.id}/answer", answer).status_code == 303
    assert [enquiry(app, one).state for one in (theirs, ours)] == [Standing.PASSED_ON, Standing.OPEN]
    vera.post(f"/desk/comments/{theirs.id}/answer", {"text": "Im März."})
    assert enquiry(app, theirs).state is Standing.ANSWERED
    assert within(app, lambda: list(faults())) == []


def test_who_is_not_asked_is_told_so_before_they_write(app: Flask, gabi: SignedIn) -> None:
    vera = sign_in(app, make_other_guest(app))
    theirs, ours = ask(app, to="vodafone"), ask(app, to=None)
    for comment, who, name in ((theirs, gabi, "Vodafone"), (theirs, vera, ""), (ours, vera, "O2"), (ours, gabi, "")):
        said = f"This question is put to {name}."
        assert (said in gabi_or(who, comment)) == bool(name)
        assert ("put to" in gabi_or(who, comment)) == bool(name)


def gabi_or(who: SignedIn, comment: Comment) -> str:
    return who.page(f"/desk/comments/{comment.id}/answer?lang=en").text


def test_a_question_passed_on_to_whom_has_answered_it_before_is_answered(app: Flask) -> None:
    vera, asked = sign_in(app, make_other_guest(app)), ask(app, to=None)
    vera.post(f"/desk/comments/{asked.id}/answer", {"text": "Im März."})

    def pass_on() -> None:
        to = Organisation.of("vodafone")
        Enquiry.move(db.session.get_one(Comment, asked.id), Standing.PASSED_ON, seen=Standing.OPEN, organisation=to)

    within(app, pass_on)
    assert enquiry(app, asked).state is Standing.ANSWERED
    assert within(app, lambda: list(faults())) == []


def test_what_an_answer_of_another_organisation_had_closed_is_open_after_an_upgrade(app: Flask, gabi: SignedIn) -> None:
    """As the release before left it: any guest's answer closed any question."""
    vera = sign_in(app, make_other_guest(app))
    theirs, ours, right = ask(app, to="vodafone", name="Zoe"), ask(app, to=None, name="Uwe"), ask(app, name="Ina")
    for who, comment in ((gabi, theirs), (vera, ours), (vera, right), (gabi, right)):
        who.post(f"/desk/comments/{comment.id}/answer", {"text": "Dazu nur so viel."})
    answered_at = enquiry(app, right).answered_at

    def close() -> None:
        downgrade(revision="0034")
        at = clock.now() - timedelta(days=1)
        db.session.execute(update(Enquiry).values(state=Standing.ANSWERED, answered_at=at))
        db.session.flush()
        for one in (theirs, ours, right):
            Fragment.renew([db.session.get_one(Comment, one.id)])
        db.session.commit()

    within(app, close)
    told = [said_of(app, one) for one in (theirs, ours, right)]
    assert all(one.endswith(" · answered") for one in told), told
    within(app, upgrade)
    assert [enquiry(app, one).state for one in (theirs, ours, right)] == [
        Standing.PASSED_ON,
        Standing.OPEN,
        Standing.ANSWERED,
    ]
    assert enquiry(app, right).answered_at == answered_at
    eventually(lambda: said_of(app, ours).endswith(" · open"), "the page has changed", 1)
    assert said_of(app, theirs).endswith("Vodafone · passed on, not answered yet")
    assert said_of(app, right).endswith(" · answered")
    assert within(app, lambda: list(faults())) == []
