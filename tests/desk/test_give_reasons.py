"""Why something is removed is picked from the campaign's public reasons, with a sentence of one's own or that alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.comments.jobs import draw_samples
from app.comments.models import Appeal, Comment, Enquiry, State
from app.extensions import db
from app.kit import clock
from app.people.models import Decision
from tests.cast import SignedIn, make_comment, make_notice, make_post, reload, within
from tests.page import Form, Pages


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


def remove(mo: SignedIn, comment: Comment, **why: str) -> str:
    done = {"deed": "remove", "seen": comment.state.value, "edits": "0", **why}
    answer = mo.post(f"/desk/comments/{comment.id}/decisions", done)
    assert answer.status_code == 303
    return str(answer.location)


@pytest.mark.parametrize(
    ("why", "kept", "seen"),
    [
        ({"reason_key": "insult"}, ("insult", ""), ("Grund: Beleidigung", "Reason: Insult")),
        (
            {"reason_key": "insult", "reason": "Zweimal."},
            ("insult", "Zweimal."),
            ("Grund: Beleidigung – Zweimal.", "Reason: Insult – Zweimal."),
        ),
        ({"reason": "Doppelt"}, ("duplicate", "Doppelt"), ("Grund: Doppelt", "Reason: Duplicate")),
        ({"reason": "Ganz anders."}, ("", "Ganz anders."), ("Grund: Ganz anders.", "Reason: Ganz anders.")),
        ({"reason_key": "nobody-knows", "reason": "So."}, ("", "So."), ("Grund: So.", "Reason: So.")),
    ],
)
def test_readers_see_the_reason_in_their_language(  # noqa: PLR0917 -- what was given, kept and seen
    app: Flask, mo: SignedIn, pages: Pages, why: dict[str, str], kept: tuple[str, str], seen: tuple[str, str]
) -> None:
    comment = make_comment(app)
    make_comment(app, parent=comment)
    remove(mo, comment, **why)
    now = reload(app, comment)
    assert (now.removed_key, now.removed_because) == kept
    for lang, words in zip(("de", "en"), seen, strict=True):
        assert words in pages.open(f"/posts/netz?lang={lang}").text


@pytest.mark.parametrize("why", [{}, {"reason_key": ""}, {"reason_key": "nobody-knows", "reason": "  "}])
def test_a_removal_without_any_reason_is_refused(app: Flask, mo: SignedIn, why: dict[str, str]) -> None:
    comment = make_comment(app)
    remove(mo, comment, **why)
    assert reload(app, comment).state == State.PUBLISHED


def test_an_undo_brings_the_reason_back(app: Flask, mo: SignedIn) -> None:
    comment = make_comment(app)
    mo.page(remove(mo, comment, reason_key="off_topic", reason="Rezept."))
    done = {"deed": "publish", "seen": "removed", "edits": "0"}
    landing = mo.post(f"/desk/comments/{comment.id}/decisions", done).location
    assert reload(app, comment).removed_key == ""
    undo = mo.page(landing).form("undo")
    assert mo.client.post(undo.action, data=undo.filled()).status_code == 303
    now = reload(app, comment)
    assert (now.state, now.removed_key, now.removed_because) == (State.REMOVED, "off_topic", "Rezept.")


def test_the_log_says_it_in_words(app: Flask, mo: SignedIn) -> None:
    comment = make_comment(app)
    remove(mo, comment, reason_key="advertising")
    made = within(app, lambda: Decision.about_(f"comment:{comment.id}"))
    assert made[-1].reason in {"Werbung", "Advertising"}


def test_a_notice_is_decided_with_a_public_reason(app: Flask, mo: SignedIn, pages: Pages) -> None:
    comment = make_comment(app)
    make_comment(app, parent=comment)
    notice, _ = make_notice(app, comment)
    form = mo.page(f"/desk/notices/{notice}").form("decisions")
    said = form.filled(outcome="removed", statement="Eine Nummer.", reason_key="personal_data")
    assert mo.client.post(form.action, data=said).status_code == 303
    now = reload(app, comment)
    assert (now.state, now.removed_key) == (State.REMOVED, "personal_data")
    assert "Personal data of others – Eine Nummer." in pages.open("/posts/netz?lang=en").text


def test_many_are_removed_for_a_public_reason_and_come_back(app: Flask, mo: SignedIn) -> None:
    comments = [make_comment(app, text=f"Kauft Uhren {n}", state=State.WAITING) for n in range(2)]
    form = mo.page("/desk/comments/bulk?state=waiting&deed=remove").form("bulks")
    answer = mo.client.post(form.action, data=form.filled(reason_key="advertising"))
    assert answer.status_code == 303
    assert {(reload(app, one).state, reload(app, one).removed_key) for one in comments} == {
        (State.REMOVED, "advertising")
    }
    undo = mo.page(answer.location).form("undo")
    assert mo.client.post(undo.action, data=undo.filled()).status_code == 303
    assert {(reload(app, one).state, reload(app, one).removed_key) for one in comments} == {(State.WAITING, "")}


@pytest.mark.parametrize(("lang", "reason"), [("de", "Rechtswidriger Inhalt"), ("en", "Unlawful content")])
def test_the_house_rules_name_every_reason(pages: Pages, lang: str, reason: str) -> None:
    assert reason in pages.open(f"/house-rules?lang={lang}").text
    assert "/house-rules" in pages.open(f"/posts/netz?lang={lang}").html


@pytest.mark.parametrize("path", ["/desk/comments?state=published", "/desk/sample", "/desk/questions", "/desk/appeals"])
def test_enter_in_a_reason_decides_nothing(app: Flask, mo: SignedIn, path: str) -> None:
    """A browser presses the first button of the form; a disabled one it presses is none."""
    one = make_comment(app)
    within(app, lambda: Enquiry.ask(db.session.get_one(Comment, one.id)))
    make_drawn(app)
    make_appeal(app)
    forms = [form for form in mo.page(path).forms if is_to_type_and_decide(form)]
    assert forms
    assert all("disabled" in next(form.element.all("button")).attributes for form in forms)


def is_to_type_and_decide(form: Form) -> bool:
    typed = [one for one in form.element.all("input") if one.get("type") == "text"]
    return bool(typed) and len([name for name, _ in form.buttons if name == "deed"]) > 1


def make_drawn(app: Flask) -> None:
    """Spam of a day that is settled at any hour, drawn for the sample."""
    with clock.standing_at(clock.now() - timedelta(days=2)):
        id_ = make_comment(app, state=State.WAITING).id
    within(app, lambda: setattr(db.session.get_one(Comment, id_), "state", State.SPAM))
    with app.app_context():
        draw_samples.now()


def make_appeal(app: Flask) -> None:
    def work() -> None:
        gone = db.session.get_one(Comment, removed.id)
        Decision.record("remove", f"comment:{gone.id}", by=None, reason="Werbung")
        db.session.flush()
        Appeal.lodge(gone, "Das war keine Werbung.")

    removed = make_comment(app, state=State.REMOVED)
    within(app, work)
