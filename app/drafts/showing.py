"""Which drafts show a picture, in any words that somebody may still read or decide on."""

from sqlalchemy import select

from app.drafts.models import Draft, DraftRevision, Preview
from app.extensions import db
from app.kit import clock


def drafts_showing(name: str) -> list[Draft]:
    """Those that say it now, did when they were released, are proposed to, or are shown so by a preview link."""
    at = DraftRevision.number.in_((Draft.current, Draft.released, Draft.proposal))
    is_open = Preview.revoked_at.is_(None) & (Preview.ends_at > clock.now())
    pinned = select(Preview.id).where(
        Preview.draft_id == DraftRevision.draft_id, Preview.revision == DraftRevision.number, is_open
    )
    says = DraftRevision.source.contains(name, autoescape=True) & (at | pinned.exists())
    found = select(Draft.id).join(DraftRevision, DraftRevision.draft_id == Draft.id).where(says)
    return list(db.session.scalars(select(Draft).where(Draft.id.in_(found)).order_by(Draft.id)))
