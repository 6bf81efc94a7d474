"""What happens to a released post is the same for the team's and for guests', who are told of it besides."""

from collections.abc import Callable

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.draft_forms import ReasonForm, WhenForm
from app.desk.views.draft_room import about, done, settle, to, unsaid, words_of
from app.drafts import copies, handing, letters, recalling, releasing
from app.drafts.models import Draft, MovedOn, NotNow, Stage
from app.drafts.releasing import NotReady, Problems
from app.extensions import db
from app.kit import clock
from app.people import security
from app.people.models import Decision
from app.posts.shelf import shelf

Page = Callable[[Draft, WhenForm, Problems | None], str]


def release(draft: Draft, form: WhenForm, page: Page) -> ResponseReturnValue:
    """Have readers see it, now or at a moment to come; `page` is where a fault is told."""
    if not form.validate_on_submit():
        return page(draft, form, None), 422
    try:
        stage = _released(draft, form)
        db.session.commit()
    except NotReady as fault:
        db.session.rollback()
        return page(draft, form, fault.problems), 422
    except (NotNow, MovedOn) as refusal:
        db.session.rollback()
        flash(words_of(refusal), "error")
        return to(draft)
    if not settle(draft):
        return _not_settled(draft)
    flash(_("It is public.") if stage is Stage.PUBLISHED else _("It will be public when its time has come."))
    return to(draft)


def _not_settled(draft: Draft) -> ResponseReturnValue:
    if draft.is_of_team:
        return to(draft, "desk.draft_on_disk")
    flash(
        _("It is released, but another file has its name. That one is set aside within a minute; then readers see it."),
        "error",
    )
    return to(draft)


def recall(draft: Draft) -> ResponseReturnValue:
    """Take a scheduled post back: the file first, so that nothing is published that was taken back."""
    who = security.member()

    def deed() -> None:
        held = Draft.take(draft.id)
        recalling.recall(held, by=who)
        _tell(held, _("The date of your post was taken back; it is with the editorial team again."))

    said = _("It is a draft again.") if draft.is_of_team else _("It is handed in again.")
    answer = done(draft, said, deed)
    shelf().refresh()
    return answer


def archive(draft: Draft) -> ResponseReturnValue:
    """Out of lists and feeds, for a reason; the address goes on to answer."""
    form, who = ReasonForm(), security.member()
    if not form.validate_on_submit():
        return unsaid(draft, form)
    if draft.is_of_team and copies.standing(draft) is copies.Standing.ALTERED:
        return to(draft, "desk.draft_on_disk")

    def deed() -> None:
        handing.archive(draft, by=who, reason=form.reason.data)
        Decision.record("post-archived", about(draft), by=who, reason=form.reason.data)
        _tell(draft, _("Your post was archived: %(reason)s", reason=form.reason.data))

    answer = done(draft, _("It is archived: lists show it no more, its address goes on to answer."), deed)
    settle(draft)
    return answer


def _released(draft: Draft, form: WhenForm) -> Stage:
    who, verb = security.member(), releasing.release if draft.is_of_team else handing.release
    is_correction = draft.is_correction
    verb(draft, seen=form.seen, by=who, at=form.at)
    stage, deed = draft.stage(clock.now()), "post-published" if draft.is_of_team else "post-released"
    deed = "post-corrected" if is_correction else "post-scheduled" if stage is Stage.SCHEDULED else deed
    Decision.record(deed, about(draft), by=who)
    correction = _("Your correction was released, exactly as it was signed off.")
    _tell(draft, correction if is_correction else _("Your post was released, exactly as it was signed off."))
    return stage


def _tell(draft: Draft, words: str) -> None:
    if not draft.is_of_team:
        letters.tell_guests(draft, words)
