"""Files of released posts: written where they are missing, and put right where somebody changed a guest's."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import structlog
from huey import crontab
from sqlalchemy import select

from app.drafts import copies
from app.drafts.copies import Standing
from app.drafts.models import Draft, DraftRevision, NotNow, Stage, State
from app.drafts.recalling import recall_if_unspoken
from app.extensions import db, only_read
from app.kit import clock
from app.kit.jobs import job
from app.people.models import Decision
from app.posts.shelf import shelf

log = structlog.get_logger()
T = TypeVar("T")
RESTORED = "post-file-restored"  # as the log of decisions calls it


@job(every=crontab(minute="*"))
def restore_files() -> None:
    restore()


def restore() -> None:
    """Compare every released post with its file, and mend those that are not the same. Commits."""
    only_read()
    odd = [one.id for one, said in _released() if copies.standing(one, said) is not Standing.SAME or _intruder(one)]
    db.session.rollback()
    _each(odd, _mend, "drafts.file_not_written")
    if odd:
        shelf().refresh()


@job(every=crontab(minute="*"))
def recall_unspoken() -> None:
    """Take back every guest's post before its date for which nobody speaks any more. Commits."""
    only_read()
    waiting = (Draft.state == State.RELEASED) & Draft.organisation_id.is_not(None) & (Draft.publish_at > clock.now())
    ids = list(db.session.scalars(select(Draft.id).where(waiting).order_by(Draft.id)))
    db.session.rollback()
    if any(_each(ids, _recall_if_unspoken, "drafts.not_recalled")):
        shelf().refresh()


def _each(ids: list[int], deed: Callable[[Draft], T], fault: str) -> list[T]:
    """Do it to each draft on its own: what cannot be done to one keeps no other waiting. What the deeds answered."""
    done = []
    for id_ in ids:
        try:
            answer = deed(Draft.take(id_))
            db.session.commit()
            done.append(answer)
        except (OSError, NotNow) as error:
            db.session.rollback()
            log.error(fault, draft=id_, error=type(error).__name__)
    return done


def _recall_if_unspoken(draft: Draft) -> bool:
    return draft.stage(clock.now()) is Stage.SCHEDULED and recall_if_unspoken(draft)


def restored_lately() -> list[str]:
    """Under which names altered files were set aside in the last week."""
    since = clock.now() - timedelta(days=7)
    found = select(Decision.reason).where(Decision.deed == RESTORED, Decision.at > since).order_by(Decision.id)
    return list(db.session.scalars(found))


def _released() -> list[tuple[Draft, DraftRevision]]:
    """Every released draft with the revision that was released, in one question."""
    says = (DraftRevision.draft_id == Draft.id) & (DraftRevision.number == Draft.released)
    found = select(Draft, DraftRevision).join(DraftRevision, says).where(Draft.released.is_not(None))
    return [(one, said) for one, said in db.session.execute(found)]


def _mend(draft: Draft) -> None:
    """The team's own files people may change by hand: a page shows both. A guest's words nobody changes unseen."""
    how = copies.standing(draft)
    if how is Standing.ALTERED and draft.is_of_team:
        return
    if other := _intruder(draft):
        _tell(draft, copies.hide(other))
    if how is Standing.ALTERED:
        _tell(draft, copies.put_aside(draft))
    copies.settle(draft)


def _intruder(draft: Draft) -> Path | None:
    """Another file at a guest's address; the team's own people may move about as they like."""
    return None if draft.is_of_team else copies.intruder(draft)


def _tell(draft: Draft, kept: str) -> None:
    Decision.record(RESTORED, f"draft:{draft.id}", by=None, reason=kept)
    log.warning("drafts.file_altered", slug=draft.slug, kept=kept)
