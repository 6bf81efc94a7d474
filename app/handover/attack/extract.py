"""An extract as a stranger holds it: lines, and what can be counted in them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from app.handover.generalise import LEVELS
from app.handover.periods import around

Area = tuple[str, str, str, str]  # country, state, city, district, as printed
Node = tuple[Area, str]  # an area and a period; the empty one is all time


class Line(NamedTuple):
    """One row of the files."""

    area: Area
    period: str
    symptoms: tuple[str, ...]
    text: str


@dataclass(slots=True)
class Cell:
    """The rows with one label."""

    rows: int = 0
    quiet: int = 0  # rows without words
    loud: int = 0  # rows with words that show symptoms all the same
    symptoms: Counter[str] = field(default_factory=Counter)
    sets: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, line: Line) -> None:
        self.rows += 1
        if line.text:
            self.loud += bool(line.symptoms)
        else:
            self.quiet += 1
        if line.symptoms:
            self.symptoms.update(line.symptoms)
            self.sets.add(line.symptoms)


@dataclass
class Extract:
    """One delivery: its lines, its manifest if it has one, and the k that it has to hold."""

    name: str
    lines: list[Line]
    k: int
    facts: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON values
    faults: list[str] = field(default_factory=list)
    digest: str = ""  # of the manifest

    @cached_property
    def cells(self) -> dict[Node, Cell]:
        found: defaultdict[Node, Cell] = defaultdict(Cell)
        for line in self.lines:
            found[line.area, line.period].add(line)
        return dict(found)

    @cached_property
    def rows(self) -> Counter[Node]:
        """Rows whose label lies inside of an area and a period."""
        found: Counter[Node] = Counter()
        for label, cell in self.cells.items():
            for node in nodes_around(label):
                found[node] += cell.rows
        return found

    @cached_property
    def symptoms(self) -> Counter[tuple[Node, str]]:
        """The same of rows that show a symptom."""
        found: Counter[tuple[Node, str]] = Counter()
        for label, cell in self.cells.items():
            for node in nodes_around(label):
                for symptom, many in cell.symptoms.items():
                    found[node, symptom] += many
        return found

    @cached_property
    def periods(self) -> Counter[str]:
        """Rows labelled inside a period, wherever."""
        found: Counter[str] = Counter()
        for (_, label), cell in self.cells.items():
            for period in around(label):
                found[period] += cell.rows
        return found

    @cached_property
    def levels(self) -> Counter[str]:
        """Rows of each level."""
        found: Counter[str] = Counter()
        for (area, _), cell in self.cells.items():
            known = [level for level, name in zip(LEVELS, reversed(area), strict=True) if name]
            found[known[0] if known else LEVELS[-1]] += cell.rows
        return found

    @property
    def ledger(self) -> Mapping[str, Any]:  # Any: JSON values
        said = self.facts.get("ledger")
        return said if isinstance(said, dict) else {}


def areas_around(area: Area) -> Iterator[Area]:
    """The area and those it lies in, each once."""
    country, state, city, _ = area
    yield from dict.fromkeys((area, (country, state, city, ""), (country, state, "", ""), (country, "", "", "")))


def nodes_around(label: Node) -> Iterator[Node]:
    """Every area and period that a label lies inside of, itself first."""
    for area in areas_around(label[0]):
        for period in around(label[1]):
            yield area, period


def parents(node: Node) -> Iterator[Node]:
    """The next wider area, and the next longer period."""
    area, period = node
    for above in list(areas_around(area))[1:2]:
        yield above, period
    for longer in around(period)[1:2] if period else ():
        yield area, longer


def named(node: Node) -> str:
    """A node as a finding says it."""
    area, period = node
    return " · ".join((*filter(None, area), period or "all time"))
