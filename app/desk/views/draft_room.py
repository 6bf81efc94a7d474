"""What the pages of posts on their way share: which draft, who may, what is shown, and how its file is kept."""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from app.drafts import copies, handing, text
from app.drafts.copies import Altered
from app.drafts.models import Draft, DraftMessage, DraftRevision, MovedOn, NotNow, Preview
from app.drafts.models.rule import signatures_needed
from app.drafts.releasing import is_live, problems_of
from app.drafts.rows import next_words, stage_for
from app.extensions import db
from app.kit import clock, diff
from app.people import security
from app.people.refused import kept
from app.posts.shelf import shelf

log = structlog.get_logger()


def own_draft(slug: str) -> Draft:
    """A draft that whoever asks writes in; for everybody else there is none."""
    found = Draft.by_slug(slug)
    return found if found and found.is_written_by(security.member()) else abort(404)


def handed_in(slug: str) -> Draft:
    """A guest's post that its people have let the editors see; until then there is none for them."""
    return editors_sight(Draft.by_slug(slug))


def known_to_editors(slug: str) -> Draft:
    """The same, and a published one whose people are writing a correction: of that editors read what was released."""
    found = Draft.by_slug(slug)
    return found if found and found.is_unseen_correction and security.member().is_editor else editors_sight(found)


def editors_sight(found: Draft | None) -> Draft:
    return found if found and found.is_shown_to_editors and security.member().is_editor else abort(404)


def guests_draft(slug: str) -> Draft:
    """A guest's post that whoever asks may read: its own people always, editors once they were let."""
    found = Draft.by_slug(slug)
    may = found and not found.is_of_team and found.is_written_by(security.member())
    return found if found and may else editors_sight(found)


def revision_or_404(draft: Draft, number: int) -> DraftRevision:
    return DraftRevision.of(draft.id, number) or abort(404)


def about(draft: Draft) -> str:
    """How the log of decisions names it."""
    return f"draft:{draft.id}"


def to(draft: Draft, endpoint: str = "") -> BaseResponse:
    """To a page of the draft: without a name the one where whoever asks sees what is next."""
    is_own = draft.is_written_by(security.member())
    return redirect(url_for(endpoint or ("desk.draft" if is_own else "desk.handed_in"), slug=draft.slug), 303)


def done(
    draft: Draft,
    said: str,
    deed: Callable[[], object],
    there: str = "",
    refused: Callable[[str], ResponseReturnValue] | None = None,
) -> ResponseReturnValue:
    """Do it, say what was done, and lead back; a deed that came too late, or twice, changes nothing and says so.

    What the deed answers is said instead, if it answers anything. `refused` is the page that keeps what was typed.
    """
    try:
        told = deed()
        db.session.commit()
    except (NotNow, MovedOn) as refusal:
        db.session.rollback()
        if refused:
            return refused(words_of(refusal))
        flash(words_of(refusal), "error")
    except Altered:
        db.session.rollback()
        return to(draft, "desk.draft_on_disk")
    else:
        flash(str(told or said))
    return to(draft, there)


def unsaid(draft: Draft, form: FlaskForm) -> ResponseReturnValue:
    """Nothing was written, or too much: that is said, and nothing of it is lost."""
    return _kept(draft, " ".join(str(one) for faults in form.errors.values() for one in faults), 422)


def too_late(draft: Draft) -> Callable[[str], ResponseReturnValue]:
    """What answers a message that came too late: why, and what was written; sent twice it leads on."""
    return lambda why: _kept(draft, why, 409, stands=[one.text for one in DraftMessage.about(draft.id)])


def _kept(draft: Draft, why: str, status: int, *, stands: Iterable[str] = ()) -> ResponseReturnValue:
    back = to(draft)
    if page := kept(why, back.location or "", status, stands=stands):
        return page
    flash(why, "error")
    return back


def words_of(refusal: NotNow | MovedOn) -> str:
    moved = _("Somebody has changed or decided something meanwhile. Please look once more.")
    return str(refusal if isinstance(refusal, NotNow) else moved)


def page_of_draft(template: str, draft: Draft, **more: Any) -> str:  # Any: for the template
    """A page with everything that is known of a draft."""
    who = security.member()
    said, stage = draft.said_to(who), stage_for(draft, clock.now(), who)
    known = {
        "draft": draft,
        "said": said,
        "stage": stage,
        "next": next_words(draft, stage, who),
        "is_live": is_live(draft),
        "is_open": draft.is_open,
        "is_altered": draft.is_of_team and copies.standing(draft) is copies.Standing.ALTERED,
        "problems": problems_of(draft, said.source),
        "messages": DraftMessage.about(draft.id),
        "corrects": _corrected(draft, said),
        "signoffs": handing.signed(draft) if said.number == draft.current else [],
        "needed": signatures_needed(draft.organisation_id),
        "previews": Preview.open_of(draft.id),
    }
    return render_template(template, **(known | more))


def _corrected(draft: Draft, said: DraftRevision) -> list[diff.Part]:
    """What a correction changes of the words that readers see; nothing where it is none."""
    if not draft.is_correction or not draft.released or said.number == draft.released or not said.is_readable:
        return []
    before, after = (text.words_of(one.source).decode() for one in (draft.revision(draft.released), said))
    return diff.parts(before, after) if before != after else []


def settle(draft: Draft) -> bool:
    """After the commit of a release: have its file say the same; False where somebody changed the file by hand.

    A full disk costs the copy, not the post: the row is the truth, and a job writes the file as soon as it can be.
    """
    is_settled = True
    try:
        copies.settle(Draft.take(draft.id))
        db.session.commit()
    except Altered:
        db.session.rollback()
        is_settled = False
    except OSError as error:
        db.session.rollback()
        log.error("drafts.file_not_written", slug=draft.slug, error=type(error).__name__)
        flash(_("It is released, but its file cannot be written yet. This is tried again every minute."), "error")
    shelf().refresh()
    return is_settled
