"""How much may pile up: drafts of one organisation that nobody has released, drafts begun in a day, revisions of one.

None of these is what anybody writes by hand; they keep a script, or a page that saves itself for weeks, from filling
the disk. Whoever comes to one is told what to do, and nothing of what was typed is lost. They are counted without a
lock: two who come at the same moment may both have the last place.
"""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from app.drafts.models import Draft, DraftRevision, How, NotNow, State
from app.extensions import db
from app.kit import clock
from app.people.models import Member

MOST_UNRELEASED = 200  # of one organisation, or of the team; what was put away and what is a file already is none
MOST_BEGUN = 100  # in a day; what was opened from a file is none
MOST_REVISIONS = 1000  # of one draft


class Full(NotNow):
    """There is as much as there may be; the message says what to do."""


def must_begin(by: Member) -> None:
    """Raise `Full` where no further draft may be begun for a member's organisation."""
    must_have_room(by)
    first = (DraftRevision.draft_id == Draft.id) & (DraftRevision.number == 1)
    is_file = select(DraftRevision.id).where(first, DraftRevision.how == How.FROM_DISK).exists()
    if _count(_own(by) & ~is_file & (Draft.created_at > clock.now() - timedelta(days=1))) >= MOST_BEGUN:
        raise Full(_("%(most)d posts were begun within a day. Tomorrow there is room again.", most=MOST_BEGUN))


def must_have_room(by: Member) -> None:
    """Raise `Full` where as many drafts wait as may, so that none can be brought back either."""
    waiting = Draft.released.is_(None) & (Draft.state != State.DISCARDED) & (Draft.file_hash == "")
    if _count(_own(by) & waiting) >= MOST_UNRELEASED:
        raise Full(_("There are %(most)d drafts that nobody has released. Put one away first.", most=MOST_UNRELEASED))


def must_keep_another(draft: Draft, source: str, *, by: Member) -> None:
    """Raise `Full` where a draft has as many revisions as are kept and this would be one more."""
    now = draft.now_says()
    is_in_place = now.how is How.AUTOSAVED and now.written_by == by.id and now.number != draft.released
    if not is_in_place:
        must_have_room_beside(draft, source)


def must_have_room_beside(draft: Draft, source: str) -> None:
    """Raise `Full` where one more is not kept, though it takes the place of none: a proposal, what lost a race."""
    if draft.now_says().source == source:
        return
    kept = select(func.count()).select_from(DraftRevision).where(DraftRevision.draft_id == draft.id)
    if (db.session.scalar(kept) or 0) >= MOST_REVISIONS:
        told = {"most": MOST_REVISIONS}
        raise Full(
            _("This post has %(most)d revisions, as many as are kept. Begin a new one with these words.", **told)
        )


def _own(by: Member) -> ColumnElement[bool]:
    return Draft.organisation_id == by.organisation_id if by.is_guest else Draft.organisation_id.is_(None)


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Draft).where(condition)) or 0
