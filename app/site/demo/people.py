"""The people of the demo: invented, with addresses that nobody has."""

from datetime import datetime

from app.config import campaign
from app.extensions import db
from app.figures.models import Grant
from app.figures.models.grant import Kind
from app.kit import clock
from app.people.founding import found_organisations
from app.people.models import Decision, Member, Organisation, Role
from app.people.models.organisation import TEAM
from app.site.demo.texts import STAFF

BEGAN_AT = datetime(2011, 11, 12, 15, 0, tzinfo=clock.BERLIN)
VERIFIED_AT = datetime(2011, 11, 25, 11, 0, tzinfo=clock.BERLIN)
VERIFIED_HOW = (
    "Rückruf über die Zentrale des Unternehmens, Bestätigung durch die Unternehmenskommunikation, "
    "danach ein Code an die dienstliche Adresse jeder Person."
)
FUNCTIONS = dict(zip(STAFF, ("Kundenkommunikation", "Netzqualität"), strict=True))
OWNER = "thea@einzelfall.example"


def found_team() -> tuple[Member, Member]:
    """The founder, an editor and a moderator; answers the two who may release a handover."""
    found_organisations()
    team = _organisation(TEAM)
    with clock.standing_at(BEGAN_AT):
        owner = Member.welcome(OWNER, "Thea", Role.OWNER, team)
        editor = Member.welcome("nele@einzelfall.example", "Nele", Role.EDITOR, team)
        Member.welcome("ruben@einzelfall.example", "Ruben", Role.MODERATOR, team)
    db.session.commit()
    return owner, editor


def invite_staff() -> dict[str, Member]:
    """The carrier's staff by their first names."""
    carrier = _organisation(campaign().carrier_slug)
    with clock.standing_at(VERIFIED_AT):
        carrier.verify(list(campaign().carrier_domains), VERIFIED_HOW)
        staff = {
            name: Member.welcome(f"{name.lower()}@o2.example", name, Role.GUEST, carrier, function=function)
            for name, function in FUNCTIONS.items()
        }
    db.session.commit()
    return staff


def prepare_figures(by: Member) -> None:
    """The carrier finds three sets of published figures in its room."""
    carrier = _organisation(campaign().carrier_slug)
    with clock.standing_at(VERIFIED_AT):
        for kind in (Kind.PLACES, Kind.SYMPTOMS, Kind.HANDOVERS):
            Grant.give(carrier, kind, clock.today(), None, by=by)
        Decision.record("figures-granted", f"organisation:{carrier.slug}", by=by, reason="places, symptoms, handovers")
    db.session.commit()


def _organisation(slug: str) -> Organisation:
    found = Organisation.of(slug)
    if found is None:
        raise LookupError("the organisations were just founded")
    return found
