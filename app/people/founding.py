"""What a new instance begins with: the team, the carrier, a door for the owner."""

from app.config import campaign
from app.extensions import db
from app.people.letters import write_invitation
from app.people.models import Invitation, Organisation, Role
from app.people.models.member import has_owner
from app.people.models.organisation import TEAM, the_team


def found_organisations() -> None:
    """Enter the campaign's team and the carrier of `campaign.toml`, unless they are there."""
    the_team(campaign().name)
    carrier = campaign().carrier_slug
    if carrier != TEAM and Organisation.of(carrier) is None:
        Organisation.found(carrier, campaign().carrier, list(campaign().carrier_domains), "")
    db.session.flush()


def owner_link() -> str | None:
    """A fresh one-time link by which the owner claims the site; none once there is an owner."""
    if has_owner():
        return None
    invitation, token = Invitation.send(None, Role.OWNER, the_team(campaign().name))
    return write_invitation(invitation, token)
