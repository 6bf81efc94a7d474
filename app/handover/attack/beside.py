"""What the site beside the deliveries has published: its figures, its ledger, the counter in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby

from sqlalchemy import or_, select

from app.extensions import db
from app.figures.models import Batch, Figure
from app.figures.models.measures import REPORTS, symptom
from app.handover.attack.extract import Area, Extract, Node
from app.handover.attack.world import Figures, Moment, World
from app.handover.manifest import at_minute
from app.handover.models.undelivered import day_of
from app.handover.periods import of_day, spread
from app.handover.printed import names_of
from app.ledger.models import Entry, Head, Kind, root_at
from app.ledger.models.replay import SUBJECT, TELLING

SYMPTOM = symptom("")
WEEK = "week:"  # as `measures.week` names one
PAGE = 5_000


def world_of(extracts: Sequence[Extract]) -> World:
    """What this site has published, for those deliveries that are its own; an unknown one is looked at as of now."""
    size = Head.now().size
    mine = [one for one in extracts if size and _is_mine(one, size)]
    if not mine:
        return World()
    return World(list(_figures()), _moments(mine, size), _handed_over(), is_known=True)


def _is_mine(one: Extract, size: int) -> bool:
    """Whether its manifest names a root that this ledger had; without a manifest there is nothing to tell by."""
    at = one.ledger.get("size")
    if not isinstance(at, int):
        return not one.facts
    return 0 < at <= size and root_at(at).hex() == one.ledger.get("root")


def _handed_over() -> frozenset[str]:
    told = select(Entry.commitment).where(Entry.kind == Kind.HANDOVER)
    return frozenset(commitment.hex() for commitment in db.session.scalars(told) if commitment)


def _figures() -> Iterator[Figures]:
    """Each figure that was ever published, with the batch in which it was new."""
    wanted = or_(Figure.measure == REPORTS, Figure.measure.startswith(SYMPTOM), Figure.measure.startswith(WEEK))
    found = select(Batch, Figure).join(Figure, Figure.batch_id == Batch.id).where(wanted).order_by(Batch.id)
    rows = db.session.execute(found.execution_options(yield_per=PAGE))
    weeks: defaultdict[Area, dict[str, int]] = defaultdict(dict)
    for batch, figures in groupby(rows, key=lambda row: row[0]):
        yield _as_printed(batch, (figure for _, figure in figures), weeks)


def _as_printed(batch: Batch, figures: Iterable[Figure], weeks: dict[Area, dict[str, int]]) -> Figures:
    """`weeks` are those that stood before, by area; they are brought up to date."""
    changed: dict[Area, dict[str, int]] = {}
    reports: dict[Area, int] = {}
    symptoms: dict[tuple[Area, str], int] = {}
    for figure in figures:
        if area := names_of(figure.area_id):
            if figure.measure == REPORTS:
                reports[area] = figure.value
            elif figure.measure.startswith(WEEK):
                weeks[area][figure.measure.removeprefix(WEEK)] = figure.value
                changed[area] = weeks[area]
            else:
                symptoms[area, figure.measure.removeprefix(SYMPTOM)] = figure.value
    return Figures(f"on {batch.made_on}", batch.step, reports, symptoms, _by_period(changed))


def _by_period(weeks: Mapping[Area, Mapping[str, int]]) -> Counter[Node]:
    """The weeks of each area added up in the months, quarters and years in which they lie wholly."""
    found: Counter[Node] = Counter()
    for area, counted in weeks.items():
        for week, many in counted.items():
            found.update({(area, period): many for period in _around_week(week)})
    return found


@cache
def _around_week(week: str) -> tuple[str, ...]:
    """The periods that hold all days of a week like "2011-W46"."""
    year, number = week.split("-W")
    first, last = (of_day(date.fromisocalendar(int(year), int(number), day)) for day in (1, 7))
    return tuple(one for one, other in zip(first, last, strict=True) if one == other)


def _moments(extracts: Sequence[Extract], size: int) -> dict[str, list[Moment]]:
    """The ledger when each was sealed: of all reports told by then, and of those told before it was built."""
    sizes = {one.name: int(one.ledger.get("size", size)) for one in extracts}
    first, found = min(sizes.values()), dict[str, list[Moment]]()
    told, out = _Told(), _entries(max(sizes.values()))
    for one in sorted(extracts, key=lambda each: sizes[each.name]):
        told.read(out, sizes[one.name])
        built_at = one.facts.get("built_at")
        found[one.name] = [told.moment(first, None), told.moment(first, str(built_at or "~"))]
    told.read(out, size + 1)  # to the end, so that the database closes what it reads from
    return found


def _entries(until: int) -> Iterator[tuple[int, Kind, datetime, str | None, str]]:
    columns = (Entry.seq, Entry.kind, Entry.minute, Entry.claimed_day, Entry.subject)
    asked = select(*columns).where(Entry.seq < until).order_by(Entry.seq).execution_options(yield_per=PAGE)
    for seq, kind, minute, claimed, subject in db.session.execute(asked):
        month = of_day(day_of(kind, minute, claimed))[0] if kind in TELLING else ""
        yield seq, kind, minute, subject, month


class _Told:
    """Every report of which the ledger has told so far: its month, its minute, and since when it does not count."""

    def __init__(self) -> None:
        self._size = 0
        self._reports: dict[int, tuple[str, str]] = {}
        self._out: dict[int, int] = {}

    def read(self, entries: Iterator[tuple[int, Kind, datetime, str | None, str]], size: int) -> None:
        while self._size < size and (entry := next(entries, None)):
            seq, kind, minute, subject, month = entry
            self._size = seq + 1
            if kind in TELLING:
                self._reports[seq] = month, at_minute(minute)
            elif kind in {Kind.UNCOUNTED, Kind.RECOUNTED} and (named := SUBJECT.fullmatch(subject or "")):
                self._out.pop(int(named[1]), None)
                self._out |= {int(named[1]): seq} if kind is Kind.UNCOUNTED else {}

    def moment(self, first: int, until: str | None) -> Moment:
        """Per period who counts, who was ever told, and who was taken out since the ledger was as long as `first`."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for seq, (month, minute) in self._reports.items():
            if until is None or minute <= until:
                gone = self._out.get(seq)
                counts["ever"][month] += 1
                counts["counting"][month] += gone is None
                counts["out"][month] += gone is not None and gone >= first
        return Moment(*(Counter(spread(counts[name])) for name in ("counting", "ever", "out")))
