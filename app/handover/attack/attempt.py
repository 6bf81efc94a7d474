"""Every way in that we know, tried one after the other; each success is named."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from app.handover.attack.extract import Area, Cell, Extract, Node, areas_around, named, parents
from app.handover.attack.world import Figures, Moment, World
from app.handover.periods import EVER

LONG = 40  # letters from which on two people hardly write the same


class Attempt:
    """One attack on deliveries in their order. `findings` runs it; `looked` says how many differences it took."""

    def __init__(self, extracts: Sequence[Extract], world: World | None = None) -> None:
        self._extracts, self._world, self.looked = extracts, world or World(), 0

    def findings(self) -> Iterator[str]:
        """Each way in, in words."""
        for one in self._extracts:
            yield from (f"{one.name}: {fault}" for fault in one.faults)
            yield from (f"{one.name}: {fault}" for fault in self._inside(one))
            yield from (f"{one.name}: {fault}" for fault in self._unknown(one))
        for first, second in combinations(self._extracts, 2):
            yield from (f"{first.name}, {second.name}: {fault}" for fault in self._between(first, second))
        for figures in self._world.figures:
            yield from self._beside(figures)
        for number, one in enumerate(self._extracts):
            yield from (f"{one.name}: {fault}" for fault in self._from_totals(number))

    def _unknown(self, one: Extract) -> Iterator[str]:
        """A manifest of this ledger whose hash the ledger does not have."""
        if one.name in self._world.moments and one.facts and one.digest not in self._world.handed_over:
            yield "the ledger has no handover with the hash of this manifest"

    def _inside(self, one: Extract) -> Iterator[str]:
        for label, cell in one.cells.items():
            yield from (f"{named(label)}: {fault}" for fault in self._cell(cell, one.k))
        for node, many in one.rows.items():
            for wider in parents(node):
                if self._is_small(one.rows[wider] - many, one.k):
                    yield f"{one.rows[wider] - many} rows are in {named(wider)} and not in {named(node)}"

    def _cell(self, cell: Cell, k: int) -> Iterator[str]:
        self.looked += 1
        if cell.rows < k:
            yield f"{cell.rows} rows, fewer than {k}"
        if cell.quiet < min(k, cell.rows):
            yield f"{cell.quiet} rows without words, fewer than {k}"
        if cell.loud:
            yield f"{cell.loud} rows show words beside symptoms"
        if cell.sets and min(len(cell.sets), len(cell.symptoms)) < 2:
            yield "one symptom or one set of symptoms is all there is"
        for symptom, many in sorted(cell.symptoms.items()):
            if many >= cell.quiet:
                yield f"{symptom} is in every row without words"
            if self._is_small(many, k):
                yield f"{symptom} is in {many} rows"

    def _between(self, first: Extract, second: Extract) -> Iterator[str]:
        k = min(first.k, second.k)
        for node in first.rows.keys() | second.rows.keys():
            if self._is_small(abs(first.rows[node] - second.rows[node]), k):
                yield f"{named(node)} differs by {abs(first.rows[node] - second.rows[node])} rows"
        for key in first.symptoms.keys() | second.symptoms.keys():
            if self._is_small(abs(first.symptoms[key] - second.symptoms[key]), k):
                yield f"{named(key[0])}, {key[1]} differs by {abs(first.symptoms[key] - second.symptoms[key])} rows"
        yield from _same_words(first, second)

    def _beside(self, figures: Figures) -> Iterator[str]:
        """Published figures less what was handed over so far: what is hidden there."""
        rows: Counter[Node] = Counter()
        symptoms: Counter[tuple[Area, str]] = Counter()
        fits, k = True, min((one.k for one in self._extracts), default=0)
        for one in self._extracts:
            rows.update(one.rows)
            of_all = {(area, key): many for ((area, period), key), many in one.symptoms.items() if period == EVER}
            symptoms.update(of_all)
            fits = fits and not one.facts.get("unit", 0) % figures.step
            told = {(area, EVER): value for area, value in figures.reports.items()} | dict(figures.periods)
            left = {named(node): value - rows[node] for node, value in told.items()}
            for (area, key), value in figures.symptoms.items():
                left[f"{named((area, EVER))}, {key}"] = value - symptoms[area, key]
            for what, many in left.items():
                if self._is_hidden(many, figures.step, k, fits=fits):
                    yield f"{one.name}: {what}: {many} more were published {figures.name} than were handed over"

    def _is_hidden(self, left: int, step: int, k: int, *, fits: bool) -> bool:
        """Below a step, or where the step was another one later: certainly below k."""
        self.looked += 1
        return 0 < left < min(k, step) if fits else 0 < left <= k - step

    def _from_totals(self, number: int) -> Iterator[str]:
        """The ledger's exact months, quarters, years and total less the rows so labelled."""
        one, so_far = self._extracts[number], self._extracts[: number + 1]
        labelled: Counter[str] = sum((each.periods for each in so_far), Counter())
        yield from self._waiting(one, labelled[EVER])
        for moment in self._world.moments.get(one.name, ()):
            for period in one.periods:
                yield from self._period(period, labelled[period], moment, one.k)

    def _period(self, period: str, labelled: int, moment: Moment, k: int) -> Iterator[str]:
        self.looked += 1
        when = period or "all time"
        if labelled > moment.ever[period]:
            yield f"{labelled} rows are labelled {when}, of which the ledger has {moment.ever[period]} reports"
        least = moment.counting[period] - labelled
        if least > 0 and least + moment.out[period] < k:
            yield f"of {when} {least} reports hide behind wider labels or wait, fewer than {k}"

    def _waiting(self, one: Extract, rows: int) -> Iterator[str]:
        """What waits, as the manifest says it and as it follows from the counter."""
        waiting, counter = one.facts.get("waiting"), one.ledger.get("counter")
        if not isinstance(waiting, int) or not isinstance(counter, int):
            return
        self.looked += 1
        if 0 < waiting < one.k:
            yield f"{waiting} reports wait, fewer than {one.k}"
        if not counter - rows <= waiting <= counter:
            yield f"{waiting} reports wait, which does not follow from {counter} counted and {rows} rows"

    def _is_small(self, difference: int, k: int) -> bool:
        self.looked += 1
        return 0 < difference < k


def _same_words(first: Extract, second: Extract) -> Iterator[str]:
    """The same long words of places that lie in one another."""
    known: dict[str, list[Node]] = {}
    for line in first.lines:
        if len(line.text) >= LONG:
            known.setdefault(line.text, []).append((line.area, line.period))
    for line in second.lines:
        for area, _ in known.get(line.text, ()):
            if area in areas_around(line.area) or line.area in areas_around(area):
                yield f"{named((line.area, line.period))}: the same words are in both"
                break
