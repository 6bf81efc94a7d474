"""Drafts in lists: title, where each is, who acts next."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, select

from app.drafts.models import Draft, DraftRevision, Signoff, Stage, State
from app.extensions import db
from app.kit import clock
from app.people.models import Member


class Row(NamedTuple):
    """One draft in a list."""

    draft: Draft
    title: str
    stage: Stage
    saved_at: datetime
    next_words: str  # who acts next, and what is to be done


def rows_for(member: Member, limit: int = 50, offset: int = 0) -> list[Row]:
    """What a member writes in: the team's posts, or those of a guest's organisation; the last moved first."""
    own = Draft.organisation_id.is_(None) if member.is_editor else Draft.organisation_id == member.organisation_id
    return rows_where(own & (Draft.state != State.DISCARDED), limit, offset, seen_by=member)


def of_guests(member: Member, limit: int = 50, offset: int = 0) -> list[Row]:
    """Guests' posts that editors may see."""
    seen = Draft.state.in_([State.HANDED_IN, State.QUERIED, State.RELEASED]) | Draft.released.is_not(None)
    return rows_where(Draft.organisation_id.is_not(None) & seen, limit, offset, seen_by=member)


def count_handed_in() -> int:
    """How many wait for an editor."""
    return db.session.scalar(select(func.count()).select_from(Draft).where(Draft.state == State.HANDED_IN)) or 0


def count_queried(member: Member) -> int:
    """How many wait for the guests of an organisation."""
    own = (Draft.organisation_id == member.organisation_id) & (Draft.state == State.QUERIED)
    return db.session.scalar(select(func.count()).select_from(Draft).where(own)) or 0


def rows_where(condition: ColumnElement[bool], limit: int = 50, offset: int = 0, *, seen_by: Member) -> list[Row]:
    now = clock.now()
    shown = _shown_to_editors() if seen_by.is_editor else Draft.current
    says = and_(DraftRevision.draft_id == Draft.id, DraftRevision.number == shown)
    found = select(Draft, DraftRevision).join(DraftRevision, says).where(condition)
    newest = found.order_by(Draft.moved_at.desc(), Draft.id.desc()).limit(limit).offset(offset)
    pairs: Sequence[tuple[Draft, DraftRevision]] = [(one, said) for one, said in db.session.execute(newest)]
    return [_row(one, said, now, seen_by) for one, said in pairs]


def next_words(draft: Draft, stage: Stage, seen_by: Member) -> str:
    """Who acts next, told to one of both sides."""
    whose = draft.organisation.name if draft.organisation else _("the editorial team")
    told = {
        Stage.DRAFT: _("Next: you. Publish it when it is ready."),
        Stage.SCHEDULED: _("Next: nobody. It appears by itself when its time has come."),
        Stage.PUBLISHED: _("Next: nobody. Readers see it."),
        Stage.ARCHIVED: _("Next: nobody. Lists show it no more."),
        Stage.DISCARDED: _("Next: nobody. It was put away."),
        Stage.HANDED_IN: _("Next: you. Release it, or ask %(whose)s.", whose=whose),
        Stage.QUERIED: _("Next: %(whose)s, to answer the query.", whose=whose),
    }
    of_guest = {
        Stage.DRAFT: _("Next: you. Hand it in when it is ready."),
        Stage.HANDED_IN: _("Next: the editorial team, to release it or to ask."),
        Stage.QUERIED: _("Next: you. The editorial team has a query."),
    }
    if draft.is_correction:
        told |= {
            Stage.PUBLISHED: _(
                "Next: %(whose)s. They are writing a correction; readers see it as it was released.", whose=whose
            ),
            Stage.HANDED_IN: _(
                "Next: you. Release the correction, or ask %(whose)s. Readers see the released words meanwhile.",
                whose=whose,
            ),
        }
        of_guest |= {
            Stage.DRAFT: _(
                "Next: you. Hand the correction in when it is ready. Readers see the released words meanwhile."
            ),
            Stage.HANDED_IN: _(
                "Next: the editorial team, to release it or to ask. Readers see the released words meanwhile."
            ),
        }
    if draft.signatures and stage in {Stage.DRAFT, Stage.QUERIED} and not draft.proposal:
        of_guest[stage] = _("Next: a colleague of yours, to sign it off as the second one.")
    if draft.proposal:
        of_guest[stage] = _("Next: you. The editorial team proposes other words.")
    return str((told | of_guest if seen_by.is_guest else told)[stage])


def stage_for(draft: Draft, now: datetime, seen_by: Member) -> Stage:
    """Where it is; of a correction that was not handed in others than its people know the released words alone."""
    return draft.public_stage(now) if draft.is_unseen_correction and seen_by.is_editor else draft.stage(now)


def _shown_to_editors() -> ColumnElement[int]:
    """As `Draft.shown_to_editors`, for all in one question."""
    until = (Signoff.draft_id == Draft.id) & (Signoff.at <= Draft.moved_at)
    last = select(Signoff.revision).where(until).order_by(Signoff.id.desc()).limit(1).scalar_subquery()
    unseen = Draft.organisation_id.is_not(None) & (Draft.state == State.DRAFT) & Draft.released.is_not(None)
    queried = Draft.state == State.QUERIED
    return case((unseen, Draft.released), (queried, func.coalesce(last, Draft.current)), else_=Draft.current)


def _row(draft: Draft, said: DraftRevision, now: datetime, seen_by: Member) -> Row:
    stage = stage_for(draft, now, seen_by)
    title = said.text.title or draft.slug
    return Row(draft, title, stage, said.written_at, next_words(draft, stage, seen_by))
