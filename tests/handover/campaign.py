"""A campaign in memory, told at random: reports, what became of them, figures, a ledger, and its handovers.

It uses the algorithm and nothing else of the site; what it keeps beside is the truth, for the tests to count.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.handover import generalise
from app.handover.attack import Extract, Figures, Line, Moment, World
from app.handover.generalise import Path, Row
from app.handover.periods import around, of_month, spread

Deed = tuple[str, int, int, int]
DEEDS = ("tell", "tell", "tell", "take out", "erase", "bring back", "correct", "publish", "propose", "seal")
STEP = 10
SYMPTOMS = ("calls", "data", "sms", "slow")
MONTHS = ("2011-08", "2011-09", "2011-11", "2011-11", "2011-11", "2011-12", "2012-01")
AREAS: dict[str, tuple[str, str, str, str]] = {
    "de": ("Germany", "", "", ""),
    "be": ("Germany", "Berlin", "", ""),
    "by": ("Germany", "Bavaria", "", ""),
    "berlin": ("Germany", "Berlin", "Berlin", ""),
    "munich": ("Germany", "Bavaria", "Munich", ""),
    "fürth": ("Germany", "Bavaria", "Fürth", ""),
    "mitte": ("Germany", "Berlin", "Berlin", "Mitte"),
    "wedding": ("Germany", "Berlin", "Berlin", "Wedding"),
    "pasing": ("Germany", "Bavaria", "Munich", "Pasing"),
}
PATHS: tuple[Path, ...] = (
    ("mitte", "berlin", "be", "de"),
    ("wedding", "berlin", "be", "de"),
    (None, "berlin", "be", "de"),
    ("pasing", "munich", "by", "de"),
    (None, "munich", "by", "de"),
    (None, "fürth", "by", "de"),
    (None, None, None, "de"),
)


@dataclass
class Report:
    path: Path
    month: str
    symptoms: list[str]
    has_words: bool
    version: int = 0
    is_counted: bool = True
    is_erased: bool = False
    out_at: int = -1
    delivery: int | None = None


@dataclass
class Delivery:
    """What was sealed, and what the ledger said at that moment."""

    rows: list[Row]
    unit: int
    k: int
    moments: list[Moment]
    waiting: list[list[str]]  # the month of each report that waits: of all, of those told before it was proposed


@dataclass(repr=False)  # it would be longer than Hypothesis likes
class Campaign:
    """Deeds are (name, amount, place, month) with numbers that are taken as they fit."""

    chance: random.Random
    step: int = STEP
    reports: list[Report] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    figures: list[Figures] = field(default_factory=list)
    coarser: Counter[str] = field(default_factory=Counter)
    proposal: tuple[generalise.Extract, int] | None = None
    clock: int = 0
    first_sealed_at: int = 0

    def do(self, deed: str, many: int, where: int, when: int, k: int) -> None:
        self.clock += 1
        if deed == "tell":
            self._tell(many, PATHS[where % len(PATHS)], MONTHS[when % len(MONTHS)])
        elif deed == "publish":
            self._publish()
        elif deed == "propose":
            self._propose(k)
        elif deed == "seal":
            self._seal()
        else:
            self._change(deed, many, where)

    def _tell(self, many: int, path: Path, month: str) -> None:
        usual = self.chance.choice((0.2, 0.6, 1.0))
        for _ in range(many):
            symptoms = [one for one in SYMPTOMS if self.chance.random() < usual] or ["data"]
            self.reports.append(Report(path, month, symptoms, self.chance.random() < 0.15))

    def _change(self, deed: str, many: int, where: int) -> None:
        for one in self.chance.sample(self.reports, min(many % 9, len(self.reports))):
            if deed == "bring back" and not one.is_counted and not one.is_erased:
                one.is_counted = True
            if not one.is_counted:
                continue
            if deed in {"take out", "erase"}:
                one.is_counted, one.is_erased, one.out_at = False, deed == "erase", self.clock
            elif deed == "correct":
                one.path, one.version = PATHS[where % len(PATHS)], one.version + 1

    def _propose(self, k: int) -> None:
        steps = {self.step, *(one.step for one in self.figures)}
        unit = generalise.unit_of(k, steps, [one.unit for one in self.deliveries])
        rows = [
            Row(number, one.path, of_month(one.month), one.symptoms, one.has_words, one.version)
            for number, one in enumerate(self.reports)
            if one.is_counted and one.delivery is None
        ]
        made = generalise.generalise(rows, unit=unit, k=k, chance=self.chance)
        generalise.close(made, [self.coarser], self.chance)
        self.proposal = (made, len(self.reports)) if made.cells else None

    def _seal(self) -> None:
        if self.proposal is None:
            return
        made, told = self.proposal
        self.proposal = None
        standing = [row for row in made.rows() if self._still_says(row)]
        sealed = generalise.regroup(standing, unit=made.unit, k=made.k, chance=self.chance)
        inside = {row.report for row in standing}
        generalise.close(
            sealed, [self._waiting(inside) + self.coarser, self._waiting(inside, told) + self.coarser], self.chance
        )
        if not sealed.cells:
            return
        for row in sealed.rows():
            self.reports[row.report].delivery = len(self.deliveries)
        self.coarser += generalise.coarser(sealed.rows())
        self.first_sealed_at = self.first_sealed_at or self.clock
        moments = [self._moment(len(self.reports)), self._moment(told)]
        waiting = [self._months_that_wait(len(self.reports)), self._months_that_wait(told)]
        self.deliveries.append(Delivery(list(sealed.rows()), sealed.unit, sealed.k, moments, waiting))

    def _still_says(self, row: Row) -> bool:
        one = self.reports[row.report]
        return one.is_counted and one.version == row.version

    def _waiting(self, besides: set[int], until: int | None = None) -> Counter[str]:
        here = enumerate(self.reports[:until])
        waiting = (one for number, one in here if one.is_counted and one.delivery is None and number not in besides)
        return Counter(spread(Counter(one.month for one in waiting)))

    def _months_that_wait(self, told: int) -> list[str]:
        return [one.month for one in self.reports[:told] if one.is_counted and one.delivery is None]

    def _moment(self, told: int) -> Moment:
        seen = self.reports[:told]
        out = [one for one in seen if not one.is_counted and one.out_at >= self.first_sealed_at]
        return Moment(_spread(one for one in seen if one.is_counted), _spread(seen), _spread(out))

    def _publish(self) -> None:
        reports: Counter[tuple[str, str, str, str]] = Counter()
        symptoms: Counter[tuple[tuple[str, str, str, str], str]] = Counter()
        for one in self.reports:
            for area in filter(None, one.path if one.is_counted else ()):
                reports[AREAS[area]] += 1
                symptoms.update((AREAS[area], key) for key in one.symptoms)
        self.figures.append(Figures(f"batch {len(self.figures)}", self.step, self._full(reports), self._full(symptoms)))

    def _full(self, exact: Counter) -> dict:
        return {key: many - many % self.step for key, many in exact.items() if many >= self.step}

    def extracts(self) -> list[Extract]:
        """The deliveries as a stranger holds them."""
        return [
            Extract(f"delivery {number}", [_line(row) for row in one.rows], one.k, {"unit": one.unit})
            for number, one in enumerate(self.deliveries)
        ]

    def world(self) -> World:
        moments = {f"delivery {number}": one.moments for number, one in enumerate(self.deliveries)}
        return World(self.figures, moments, frozenset({""}), is_known=True)


def _line(row: Row) -> Line:
    words = f"Words of {row.report}, which are long enough to be found again" if row.has_words else ""
    return Line(AREAS[row.label[0]], row.label[1], tuple(row.symptoms), words)


def _spread(reports: Iterable[Report]) -> Counter[str]:
    return Counter(spread(Counter(one.month for one in reports)))


def inside(wide: str, label: str) -> bool:
    """Whether a label's period lies in a period."""
    return wide in around(label)


def told(rounds: list[list[Deed]], seed: int, ks: tuple[int, ...]) -> Campaign:
    """Each round tells, changes, proposes, changes again and seals."""
    campaign = Campaign(random.Random(seed))
    for number, (deeds_of_round, k) in enumerate(zip(rounds, ks, strict=False)):
        half = len(deeds_of_round) // 2
        campaign.do("tell", 60 + seed % 61, seed + number, seed >> 3, k)
        for deed in deeds_of_round[:half]:
            campaign.do(*deed, k)
        campaign.do("propose", 0, 0, 0, k)
        for deed in deeds_of_round[half:]:
            campaign.do(*deed, k)
        campaign.do("seal", 0, 0, 0, k)
    return campaign
