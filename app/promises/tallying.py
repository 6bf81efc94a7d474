"""Publishing what customers answer to claims: counted at one moment without keeping anyone waiting, then written."""

from sqlalchemy.exc import IntegrityError

from app.extensions import db, read_one_moment
from app.promises.models import Tally
from app.promises.models.evidence import evidence_now
from app.promises.models.tally import last_tallies


class QuickerElsewhere(Exception):
    """Another host is publishing the same."""


def tally() -> list[Tally]:
    """Make today's tallies and commit them; those that are due for none keep the old one."""
    read_one_moment()
    counted = evidence_now()
    db.session.rollback()
    try:
        last = last_tallies([one.promise_id for one in counted])
        made = [
            Tally.make(
                one.promise_id,
                one.claim_id,
                one.claimed_on,
                one.confirmed,
                one.contradicted,
                last=last.get(one.promise_id),
            )
            for one in counted
        ]
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise QuickerElsewhere("another host has published the answers of today") from None
    return [one for one in made if one]
