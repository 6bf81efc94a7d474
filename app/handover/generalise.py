"""Generalising: from reports to rows of cells that are full units, in which nobody can be found.

Pure: no database, no clock; chance is an argument. With n rows it takes O(n × 12). The invariants I1 to I4 and why
they are enough: docs/decisions/0020.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import lcm

from app.handover.periods import EVER, Periods, around, kind

LEAST_K, MOST_K = 5, 100
LEVELS = ("district", "city", "state", "country")
KINDS = ("month", "quarter", "year")

Label = tuple[str, str]  # an area's id, a period
Path = tuple[str | None, ...]  # the areas that a report lies in, one a level; None where it is not known
Cells = dict[Label, "list[Row]"]


@dataclass(slots=True)
class Row:
    """What is known of one report; `label`, `symptoms` and `has_words` become what is said of it."""

    report: int
    path: Path
    periods: Periods
    symptoms: Sequence[str]
    has_words: bool
    version: int | None = None  # which of its tellings was read; passed along
    label: Label = ("", "")


@dataclass(slots=True)
class Extract:
    """Cells of rows, and the rows that wait for the next one."""

    unit: int
    k: int
    cells: Cells = field(default_factory=dict)
    waiting: list[Row] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        for rows in self.cells.values():
            yield from rows


def unit_of(k: int, steps: Iterable[int], earlier: Iterable[int] = ()) -> int:
    """At least k, and a full multiple of every step of figures and of every earlier unit.

    Doubled, not counted up: of two units the smaller one divides the larger one, so they never multiply.
    """
    unit = lcm(*steps)
    while unit < k:
        unit *= 2
    return lcm(unit, *earlier)


def generalise(rows: Iterable[Row], *, unit: int, k: int, chance: random.Random) -> Extract:
    """Give each row the finest label under which a full unit comes together; what finds none waits.

    Place is what a planner needs, so time is given up first. Which rows of a group go on is left to chance.
    """
    made = Extract(unit, k, waiting=list(rows))
    for level in range(len(LEVELS)):
        for period in range(len(KINDS)):
            _gather(made, level, period, chance)
    return made


def regroup(rows: Iterable[Row], *, unit: int, k: int, chance: random.Random) -> Extract:
    """The cells of rows that have their labels already; what is more than full units waits."""
    made, groups = Extract(unit, k), defaultdict[Label, list[Row]](list)
    for row in rows:
        groups[row.label].append(row)
    for label, group in groups.items():
        made.waiting += _take(made, label, group, chance)
    return made


def close(made: Extract, besides: Sequence[Mapping[str, int]], chance: random.Random) -> None:
    """Coarsen until no hidden group follows from exact totals, then choose which words and symptoms are shown.

    `besides` says, per period, how many reports told then hide outside of this extract: the coarser rows of earlier
    ones and reports that wait and are not among its rows. It may say so of several moments of the public ledger;
    the extract holds against each.
    """
    _Totals(made, besides).hide()
    for rows in made.cells.values():
        _choose_words(rows, made.k, chance)
        _choose_symptoms(rows, made.unit, chance)


def coarser(rows: Iterable[Row]) -> Counter[str]:
    """Per period, how many of the rows told then carry a label that does not lie inside it."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(row.periods[: KINDS.index(kind(row.label[1]))])
    return found


def _gather(made: Extract, level: int, period: int, chance: random.Random) -> None:
    """One step: of the rows that are left those that come together under a label of this level and kind of period."""
    groups, left = defaultdict[Label, list[Row]](list), list[Row]()
    for row in made.waiting:
        area = row.path[level]
        if area is None:
            left.append(row)
        else:
            groups[area, row.periods[period]].append(row)
    for label, group in groups.items():
        left += _take(made, label, group, chance)
    made.waiting = left


def _take(made: Extract, label: Label, group: list[Row], chance: random.Random) -> list[Row]:
    """Make a cell of as many full units as there are; the others come back."""
    full = len(group) - len(group) % made.unit
    if full:
        chance.shuffle(group)
        _join(made.cells, label, group[:full])
    return group[full:]


def _join(cells: Cells, label: Label, rows: list[Row]) -> None:
    for row in rows:
        row.label = label
    cells.setdefault(label, []).extend(rows)


class _Totals:
    """How many reports of each period hide behind coarser labels or wait, as anyone can subtract from exact totals.

    Of each period inside which the extract says something that number must be 0 or at least k. From coarse to fine
    one pass is enough: every step raises these numbers and lowers none.
    """

    def __init__(self, made: Extract, besides: Sequence[Mapping[str, int]]) -> None:
        self._made = made
        own = coarser(made.rows())
        for row in made.waiting:
            own.update((*row.periods, EVER))
        self._hidden = [own + Counter(one) for one in besides or ({},)]

    def hide(self) -> None:
        self._hold_back(EVER)
        for wanted in reversed(KINDS):
            for period in sorted({one for _, label in self._made.cells for one in around(label)[:-1]}):
                if kind(period) == wanted:
                    self._hold_back(period) if wanted == "year" else self._widen(period)

    def _is_open(self, period: str) -> bool:
        return any(0 < hidden[period] < self._made.k for hidden in self._hidden)

    def _hold_back(self, period: str) -> None:
        """Let a whole unit wait."""
        if self._is_open(period) and (label := self._least_needed(period)):
            rows = self._remove(label)
            self._made.waiting += rows
            known = KINDS.index(kind(label[1]))
            for row in rows:
                self._raise((*row.periods[known:], EVER))

    def _widen(self, period: str) -> None:
        """Label a whole unit with the next longer period."""
        if self._is_open(period) and (label := self._least_needed(period)):
            rows, wider = self._remove(label), around(period)[1]
            for row in rows:
                self._raise(row.periods[KINDS.index(kind(label[1])) : KINDS.index(kind(wider))])
            _join(self._made.cells, (label[0], wider), rows)

    def _least_needed(self, period: str) -> Label | None:
        """The cell inside a period that says least of when, and of those the largest."""
        inside = [(label, len(rows)) for label, rows in self._made.cells.items() if period in around(label[1])]
        return max(inside, key=lambda one: (KINDS.index(kind(one[0][1])), one[1]))[0] if inside else None

    def _remove(self, label: Label) -> list[Row]:
        """A unit of a cell, which stands in no order."""
        cell, unit = self._made.cells[label], self._made.unit
        rows = cell[-unit:]
        del cell[-unit:]
        if not cell:
            del self._made.cells[label]
        return rows

    def _raise(self, periods: Iterable[str]) -> None:
        periods = tuple(periods)
        for hidden in self._hidden:
            hidden.update(periods)


def _choose_words(rows: list[Row], k: int, chance: random.Random) -> None:
    """Of a cell's rows at least k have no words."""
    spoken = [row for row in rows if row.has_words]
    for row in chance.sample(spoken, max(0, len(spoken) - (len(rows) - k))):
        row.has_words = False


def _choose_symptoms(rows: list[Row], unit: int, chance: random.Random) -> None:
    """Each symptom in full units of rows and never in all of them; two different ones at least, or none.

    A row with words shows none: whoever knows the words again would learn what else was ticked.
    """
    quiet = [row for row in rows if not row.has_words]
    mentions = defaultdict[str, list[Row]](list)
    for row in quiet:
        for symptom in row.symptoms:
            mentions[symptom].append(row)
    shown = defaultdict[int, list[str]](list)
    for symptom, told in sorted(mentions.items()):
        most = min(len(told), len(quiet) - 1)
        for row in chance.sample(told, most - most % unit):
            shown[row.report].append(symptom)
    says_enough = len({tuple(one) for one in shown.values()}) > 1 and len(set().union(*shown.values())) > 1
    for row in rows:
        kept = shown.get(row.report, ()) if says_enough and not row.has_words else ()
        row.symptoms = [symptom for symptom in row.symptoms if symptom in kept]
