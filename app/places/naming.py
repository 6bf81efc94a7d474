"""Gives every place a label and a slug of its own, and says whom a shared name means."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.places.place import Place
from app.places.spelling import short_spellings, slugify, spell_out, spellings

DOMINANCE = 10  # times as populous as every other bearer: then a bare name means this place

Bearers = Mapping[str, Sequence[Place]]


def bearers_of(places: Iterable[Place]) -> Bearers:
    """Who bears a name: folded spelling, long or short, to places, the most populous first."""
    bearers: defaultdict[str, list[Place]] = defaultdict(list)
    for place in sorted(places, key=_rank):
        for spelling in _written(place):
            bearers[spelling].append(place)
    return bearers


def dominant(candidates: Sequence[Place]) -> Place | None:
    """The one that is meant when nobody says which: Frankfurt is the one on the Main."""
    first, *others = candidates
    outnumbers = all(first.population >= DOMINANCE * max(1, other.population) for other in others)
    return first if outnumbers else None


def labelled(places: Sequence[Place], bearers: Bearers) -> Iterator[Place]:
    """The places with label and slug, each folded label and each slug borne only once."""
    labels: set[str] = set()
    slugs: set[str] = set()
    for place in sorted(places, key=_rank):
        ways = ((label, spell_out(label)) for label in _labels(place, bearers))
        label, spelt = next(way for way in ways if way[1] not in labels)
        slug = next(slug for slug in _slugs(place, label) if slug not in slugs)
        labels.add(spelt)
        slugs.add(slug)
        yield replace(place, label=label, slug=slug)


def _rank(place: Place) -> tuple[int, str]:
    return -place.population, place.id


def _slugs(place: Place, label: str) -> Iterator[str]:
    if slug := slugify(label):
        yield slug
    yield f"{slug}-{place.id}".strip("-")


def _written(place: Place) -> frozenset[str]:
    """Every folded spelling, long or short, of a place's names."""
    ways = (way for name in _names(place) for way in (spellings(name), short_spellings(name)))
    return frozenset[str]().union(*ways)


def _names(place: Place) -> tuple[str, ...]:
    """A town that is a Kreis of its own also bears the official name: Mülheim an der Ruhr."""
    return (place.name, place.kreis) if _is_own_kreis(place) else (place.name,)


def _is_own_kreis(place: Place) -> bool:
    return bool(place.kreis) and place.id.endswith("000")


def _labels(place: Place, bearers: Bearers) -> Iterator[str]:
    """From the shortest that means this place alone to one that cannot collide."""
    yield from (name for name in _names(place) if dominant(bearers[spell_out(name)]) is place)
    if place.kreis:
        yield f"{place.name} ({_kreis(place)})"
        yield f"{place.name} ({_kreis(place)}, {place.state})"
    elif place.state:
        yield f"{place.name} ({place.state})"
    yield f"{place.name} ({place.id})"


def _kreis(place: Place) -> str:
    if _is_own_kreis(place):
        return "kreisfreie Stadt"
    says_so = any(word in place.kreis.casefold() for word in ("kreis", "region", "verband"))
    return place.kreis if says_so else f"Kreis {place.kreis}"
