"""What the pages of posts on their way share: which draft, who may, and how its file is kept."""

from collections.abc import Callable

import structlog
from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.drafts import copies
from app.drafts.copies import Altered
from app.drafts.models import Draft, DraftRevision, MovedOn, NotNow
from app.extensions import db
from app.people import security
from app.posts.shelf import shelf

log = structlog.get_logger()


def own_draft(slug: str) -> Draft:
    """A draft that whoever asks writes in; for everybody else there is none."""
    found = Draft.by_slug(slug)
    return found if found and found.is_written_by(security.member()) else abort(404)


def revision_or_404(draft: Draft, number: int) -> DraftRevision:
    return DraftRevision.of(draft.id, number) or abort(404)


def about(draft: Draft) -> str:
    """How the log of decisions names it."""
    return f"draft:{draft.id}"


def to(draft: Draft, endpoint: str = "desk.draft") -> ResponseReturnValue:
    return redirect(url_for(endpoint, slug=draft.slug), 303)


def done(draft: Draft, said: str, deed: Callable[[], object]) -> ResponseReturnValue:
    """Do it, say what was done, and lead back; a deed that came too late, or twice, changes nothing and says so."""
    try:
        deed()
        db.session.commit()
    except NotNow as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
    except MovedOn:
        db.session.rollback()
        flash(_("Somebody has changed or decided something meanwhile. Please look once more."), "error")
    except Altered:
        db.session.rollback()
        return to(draft, "desk.draft_on_disk")
    else:
        flash(said)
    return to(draft)


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
