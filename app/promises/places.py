"""Which promises are about a place."""

from collections.abc import Iterable, Sequence

from app.places import Area, gazetteer


def areas_of(ids: Iterable[str]) -> tuple[Area, ...]:
    """The areas that these ids name, as far as the gazetteer knows them."""
    return tuple(area for one in ids if (area := gazetteer().area(one)))


def are_about(areas: Sequence[Area], place: Area) -> bool:
    """Whether a promise for these areas is about a place: it names it, one around it or in it, or no area at all."""
    return not areas or any(_meet(area, place) for area in areas)


def are_wider(areas: Sequence[Area], place: Area) -> bool:
    """Whether it is about the place only because it is about more."""
    around = {one.id for one in gazetteer().ancestors(place.id)}
    return not areas or (place not in areas and any(area.id in around for area in areas))


def _meet(one: Area, other: Area) -> bool:
    return one.id == other.id or _lies_in(one, other) or _lies_in(other, one)


def _lies_in(inner: Area, outer: Area) -> bool:
    return any(around.id == outer.id for around in gazetteer().ancestors(inner.id))
