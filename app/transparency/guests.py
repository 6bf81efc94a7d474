"""The log of decisions about verified guests: what, when, for which organisation, by whom in words of a role."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.people.models import Decision, Invitation, Member, Organisation, Role

SERVER = "server"  # whoever has a shell there
DEEDS = ("invited", "withdrawn", "joined", "revoked", "verified", "figures-granted", "figures-ended")
MOST = 200  # lines, the latest

Line = dict[str, Any]  # JSON values


def log() -> list[Line]:
    """Latest first. Names are those that the organisation's page shows anyway: of guests who are in it now."""
    asked = select(Decision).where(Decision.deed.in_(DEEDS)).order_by(Decision.id.desc()).limit(5 * MOST)
    made = db.session.scalars(asked).all()
    invitations = _known(Invitation, "invitation", made)
    members = _known(Member, "member", made)
    names = {one.slug: one.name for one in db.session.scalars(select(Organisation))}
    found = []
    for decision in made:
        kind, _, key = decision.about.partition(":")
        about = {"invitation": invitations, "member": members}.get(kind, {}).get(key)
        if about is not None and about.role == Role.GUEST:
            is_named = isinstance(about, Member) and about.active
            found.append(_line(decision, about.organisation.name, about.first_name if is_named else None))
        elif kind == "organisation" and key in names:
            found.append(_line(decision, names[key], None))
    return found[:MOST]


def _line(decision: Decision, organisation: str, name: str | None) -> Line:
    by = SERVER if decision.by is None else decision.by.role.value
    day = decision.at.date().isoformat()
    return {"day": day, "deed": decision.deed, "organisation": organisation, "name": name, "by": by}


def _known(table: Any, kind: str, made: Any) -> dict[str, Any]:  # Any: rows of either table
    """The rows that decisions of a kind are about, by their number as the log has it."""
    keys = [one.about.partition(":")[2] for one in made if one.about.startswith(f"{kind}:")]
    rows = db.session.scalars(select(table).where(table.id.in_([int(key) for key in keys if key.isdigit()])))
    return {str(row.id): row for row in rows}
