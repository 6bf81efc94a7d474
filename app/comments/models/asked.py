"""Questions that readers see, in lists of the desk: by how they stand, and those that a company is to answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select

from app.comments.models.comment import Comment
from app.comments.models.enquiry import CANNOT_SAY, Enquiry, Standing
from app.comments.models.helpful import Helpful
from app.comments.models.state import State
from app.config import campaign
from app.extensions import db
from app.people.models import Organisation

S = TypeVar("S", bound=Select[*tuple[Any, ...]])  # Any: whatever is selected


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question that nobody has passed on yet, and how many readers found it helpful."""

    comment: Comment
    marks: int


def lane(
    states: Sequence[Standing | str],
    limit: int,
    offset: int = 0,
    *,
    slugs: Collection[str] | None = None,
    to: Organisation | None = None,
) -> list[Comment]:
    """Questions in these states (to an organisation) that readers see, the oldest first."""
    found = _seen(select(Comment), states, slugs, to)
    return list(db.session.scalars(found.order_by(Comment.id).limit(limit).offset(offset)))


def count(
    states: Sequence[Standing | str], *, slugs: Collection[str] | None = None, to: Organisation | None = None
) -> int:
    """How many of them there are."""
    return db.session.scalar(_seen(select(func.count()).select_from(Comment), states, slugs, to)) or 0


def wanted(organisation: Organisation, slugs: Collection[str], limit: int) -> list[Wanted]:
    """What nobody has passed on, those first that most readers found helpful, of equal ones the oldest.

    Readers put their questions to the carrier: of another organisation there are none.
    """
    marks = func.coalesce(Helpful.marks, 0)
    found = _seen(select(Comment, marks), [Standing.OPEN], slugs, organisation)
    found = found.outerjoin(Helpful, Helpful.comment_id == Comment.id).order_by(marks.desc(), Comment.id)
    return [Wanted(*row) for row in db.session.execute(found.limit(limit))]


def unsaid_by(organisation: Organisation, slugs: Collection[str], limit: int) -> list[Comment]:
    """Of which an organisation has said that it cannot say, the latest first."""
    found = _seen(select(Comment), [CANNOT_SAY], slugs, organisation)
    return list(db.session.scalars(found.order_by(Enquiry.unsaid_at.desc(), Comment.id).limit(limit)))


def _seen(found: S, states: Sequence[Standing | str], slugs: Collection[str] | None, to: Organisation | None) -> S:
    found = found.join(Enquiry, Enquiry.comment_id == Comment.id)
    found = found.where(_in(states), Comment.state == State.PUBLISHED)
    found = found if to is None else found.where(_put_to(to))
    return found if slugs is None else found.where(Enquiry.post_slug.in_(slugs))


def _in(states: Sequence[Standing | str]) -> ColumnElement[bool]:
    stored = [state for state in states if state != CANNOT_SAY]
    is_there = Enquiry.state.in_(stored) & Enquiry.unsaid_at.is_(None)
    is_unsaid = Enquiry.state.in_((Standing.OPEN, Standing.PASSED_ON)) & Enquiry.unsaid_at.is_not(None)
    return is_there | is_unsaid if CANNOT_SAY in states else is_there


def _put_to(organisation: Organisation) -> ColumnElement[bool]:
    is_theirs = Enquiry.organisation_id == organisation.id
    return is_theirs | Enquiry.organisation_id.is_(None) if organisation.slug == campaign().carrier_slug else is_theirs
