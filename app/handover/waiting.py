"""What waits for a member at the desk."""

from sqlalchemy import func, select

from app.extensions import db
from app.handover.models import Handover, HandoverAnswer, State
from app.handover.models.release import Standing
from app.people.models import Member


def count_waiting_for(member: Member) -> int:
    """Proposals that this person may release now."""
    proposed = db.session.scalars(select(Handover).where(Handover.state == State.PROPOSED))
    return sum(Standing.of(one).may(member) for one in proposed)


def count_unanswered(member: Member) -> int:
    """Handovers to a guest's organisation that nobody has answered yet."""
    theirs = (Handover.state == State.RELEASED) & (Handover.organisation_slug == member.organisation.slug)
    is_answered = select(HandoverAnswer.id).where(HandoverAnswer.handover_id == Handover.id).exists()
    return db.session.scalar(select(func.count()).select_from(Handover).where(theirs, ~is_answered)) or 0
