"""The team's own posts: published, scheduled, taken back, archived, put away."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.draft_forms import ReasonForm, SeenForm, WhenForm
from app.desk.views.draft_room import about, done, own_draft, settle, to, words_of
from app.desk.views.room import bp
from app.drafts import copies, releasing
from app.drafts.models import Draft, MovedOn, NotNow, Stage
from app.drafts.releasing import NotReady
from app.extensions import db
from app.kit import clock, diff
from app.people import security
from app.people.models import Decision, Role
from app.posts.shelf import shelf


@bp.get("/drafts/<slug>/publication")
@security.needs(Role.EDITOR)
def draft_publication(slug: str) -> ResponseReturnValue:
    """What would be published, when, and what of it readers do not see yet."""
    return _page(own_draft(slug), WhenForm(formdata=None))


@bp.post("/drafts/<slug>/publications")
@security.needs(Role.EDITOR)
def publish_draft(slug: str) -> ResponseReturnValue:
    found, form, who = own_draft(slug), WhenForm(), security.member()
    if copies.standing(found) is copies.Standing.ALTERED:
        return to(found, "desk.draft_on_disk")
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        releasing.release(found, seen=form.seen, by=who, at=form.at)
        stage = found.stage(clock.now())
        Decision.record("post-scheduled" if stage is Stage.SCHEDULED else "post-published", about(found), by=who)
        db.session.commit()
    except NotReady as fault:
        db.session.rollback()
        return _page(found, form, fault.problems), 422
    except (NotNow, MovedOn) as refusal:
        db.session.rollback()
        flash(words_of(refusal), "error")
        return to(found)
    if not settle(found):
        return to(found, "desk.draft_on_disk")
    flash(_("It is public.") if stage is Stage.PUBLISHED else _("It will be public when its time has come."))
    return to(found)


@bp.post("/drafts/<slug>/recalls")
@security.needs(Role.EDITOR)
def recall_draft(slug: str) -> ResponseReturnValue:
    """Take a scheduled post back: the file first, so that nothing is published that was taken back."""
    found, who = own_draft(slug), security.member()

    def deed() -> None:
        held = Draft.take(found.id)
        said = releasing.recall(held, by=who)
        copies.take_down(held, said.source)
        Decision.record("post-recalled", about(held), by=who)

    answer = done(found, _("It is a draft again."), deed)
    shelf().refresh()
    return answer


@bp.post("/drafts/<slug>/archivings")
@security.needs(Role.EDITOR)
def archive_draft(slug: str) -> ResponseReturnValue:
    """Out of lists and feeds; the address goes on to answer."""
    found, form, who = own_draft(slug), ReasonForm(), security.member()
    if not form.validate_on_submit():
        flash(_("Please give a reason."), "error")
        return to(found)
    if copies.standing(found) is copies.Standing.ALTERED:
        return to(found, "desk.draft_on_disk")

    def deed() -> None:
        if found.stage(clock.now()) is not Stage.PUBLISHED:
            raise NotNow(_("Only a published post can be archived."))
        releasing.archive(found, by=who, reason=form.reason.data)
        Decision.record("post-archived", about(found), by=who, reason=form.reason.data)

    answer = done(found, _("It is archived: lists show it no more, its address goes on to answer."), deed)
    settle(found)
    return answer


@bp.post("/drafts/<slug>/discards")
@security.needs(Role.GUEST)
def discard_draft(slug: str) -> ResponseReturnValue:
    """Put a draft away, or bring one back; nothing of it is deleted."""
    found, form, who = own_draft(slug), SeenForm(), security.member()
    is_back = found.stage(clock.now()) is Stage.DISCARDED

    def deed() -> None:
        if form.seen != found.current:
            raise MovedOn(found.id)
        found.bring_back() if is_back else found.discard()
        Decision.record("draft-brought-back" if is_back else "draft-discarded", about(found), by=who)

    said = _("It is a draft again.") if is_back else _("It is put away. Here you can bring it back.")
    return done(found, said, deed)


def _page(draft: Draft, form: WhenForm, problems: releasing.Problems | None = None) -> str:
    form.revision.data = form.revision.data or draft.current
    said, public = draft.now_says(), draft.revision(draft.released).source if draft.released else ""
    return render_template(
        "desk/draft_publication.html",
        draft=draft,
        form=form,
        post=releasing.post_of(draft, said.source),
        is_live=releasing.is_live(draft),
        problems=releasing.problems_of(draft, said.source) if problems is None else problems,
        parts=diff.parts(public, said.source) if public and public != said.source else [],
    )
