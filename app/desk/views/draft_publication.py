"""The team's own posts: published, scheduled, taken back, archived, put away."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.draft_forms import SeenForm, WhenForm
from app.desk.views import draft_release
from app.desk.views.draft_room import about, done, own_draft, to
from app.desk.views.room import bp
from app.drafts import copies, quota, releasing
from app.drafts.models import Draft, MovedOn, Preview, Stage
from app.kit import clock, diff
from app.people import security
from app.people.models import Decision, Role


@bp.get("/drafts/<slug>/publication")
@security.needs(Role.EDITOR)
def draft_publication(slug: str) -> ResponseReturnValue:
    """What would be published, when, and what of it readers do not see yet."""
    return _page(own_draft(slug), WhenForm(formdata=None))


@bp.post("/drafts/<slug>/publications")
@security.needs(Role.EDITOR)
def publish_draft(slug: str) -> ResponseReturnValue:
    found, form = own_draft(slug), WhenForm()
    if copies.standing(found) is copies.Standing.ALTERED:
        return to(found, "desk.draft_on_disk")
    if releasing.is_live(found):
        form.when.data = "now"  # what readers see already has no other moment
    return draft_release.release(found, form, _page)


@bp.post("/drafts/<slug>/recalls")
@security.needs(Role.EDITOR)
def recall_draft(slug: str) -> ResponseReturnValue:
    return draft_release.recall(own_draft(slug))


@bp.post("/drafts/<slug>/archivings")
@security.needs(Role.EDITOR)
def archive_draft(slug: str) -> ResponseReturnValue:
    return draft_release.archive(own_draft(slug))


@bp.post("/drafts/<slug>/discards")
@security.needs(Role.GUEST)
def discard_draft(slug: str) -> ResponseReturnValue:
    """Put a draft away, or bring one back; nothing of it is deleted."""
    found, form, who = own_draft(slug), SeenForm(), security.member()
    is_back = found.stage(clock.now()) is Stage.DISCARDED

    def deed() -> object:
        if form.seen != found.current:
            raise MovedOn(found.id)
        if is_back:
            quota.must_have_room(who)
        else:
            Preview.end_all(found.id)
        if found.is_correction:
            found.discard()
            Decision.record("correction-dropped", about(found), by=who)
            return _(
                "The correction is dropped; the post stays as it was released. What you wrote is among the revisions."
            )
        found.bring_back() if is_back else found.discard()
        Decision.record("draft-brought-back" if is_back else "draft-discarded", about(found), by=who)
        return None

    said = _("It is a draft again.") if is_back else _("It is put away. Here you can bring it back.")
    return done(found, said, deed)


def _page(draft: Draft, form: WhenForm, problems: releasing.Problems | None = None) -> str:
    form.revision.data = form.revision.data or draft.current
    said, public = draft.now_says(), draft.revision(draft.released).source if draft.released else ""
    return render_template(
        "desk/draft_publication.html",
        draft=draft,
        said=said,
        form=form,
        post=releasing.post_of(draft, said.source),
        is_live=releasing.is_live(draft),
        problems=releasing.problems_of(draft, said.source) if problems is None else problems,
        parts=diff.parts(public, said.source) if public and public != said.source else [],
    )
