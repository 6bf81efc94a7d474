"""Areas as people name them: a country, a state, a place or a district."""

from app.places import Area, Place, gazetteer
from app.places.spelling import spell_out


def area_named(typed: str) -> Area | None:
    """The area that is meant; None for a name that nobody or that several bear.

    A whole label means its place, so Hamburg is the city; then come country and states, then other ways to write one.
    """
    known = gazetteer()
    meant, district = known.resolve_with_district(typed)
    place = known.area_of(meant.id, known.district_id(meant.id, district)) if isinstance(meant, Place) else None
    if isinstance(meant, Place) and not district and spell_out(meant.label) == spell_out(typed):
        return place
    above = (area for area in (known.country, *known.states) if spell_out(area.name) == spell_out(typed))
    return next(above, place)
