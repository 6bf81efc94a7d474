"""Where lines, columns and circles stand in a drawing: plain numbers, which templates write as SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10, sqrt

from app.figures.published import Published
from app.places import Place, maps

CIRCLES = 150  # on a map; the largest ones
LABELS = 7
LARGEST = 0.06  # of the map's width: the radius of the largest circle
LETTER = 0.034  # of the map's width: the size of a label's letters
GRID = 5  # lines at most


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of a drawing in which values stand; units are those of its `viewBox`."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    most: int  # the value at the upper edge

    @property
    def x0(self) -> int:
        return self.left

    @property
    def x1(self) -> int:
        return self.width - self.right

    @property
    def y0(self) -> int:
        return self.height - self.bottom

    def x(self, share: float) -> float:
        """Where a share of the width lies."""
        return round(self.x0 + share * (self.x1 - self.x0), 1)

    def y(self, value: float) -> float:
        return round(self.y0 - (self.y0 - self.top) * value / self.most, 1)

    @property
    def grid(self) -> list[tuple[int, float]]:
        """Round values, and how high they lie."""
        return [(value, self.y(value)) for value in range(0, self.most + 1, step_of(self.most))]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart; `label` is the index of what it is of."""

    index: int
    x: float
    y: float
    width: float
    height: float
    middle: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A place on the map."""

    place: Place
    count: int
    x: float
    y: float
    r: float
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A circle in the key of a map: how large a round number is drawn."""

    count: int
    x: float
    y: float
    r: float


def step_of(most: int) -> int:
    """A round step in which at most five lead to a value: 1, 2 or 5 with zeros."""
    rough = max(1.0, most / GRID)
    ten = 10 ** int(log10(rough))
    return int(next(one * ten for one in (1, 2, 5, 10) if one * ten >= rough))


def ceiling(most: int) -> int:
    """The round value at or above the largest one, so that the grid ends at the edge."""
    step = step_of(max(most, GRID))
    return -(-max(most, 1) // step) * step


def columns(values: Sequence[int], frame: Frame) -> list[Column]:
    """One column for each value, a little apart."""
    wide = (frame.x1 - frame.x0) / max(len(values), 1)
    gap = min(wide * 0.2, 6)
    return [
        Column(
            index=index,
            x=round(frame.x0 + index * wide + gap / 2, 1),
            y=frame.y(value),
            width=round(wide - gap, 1),
            height=round(frame.y0 - frame.y(value), 1),
            middle=round(frame.x0 + (index + 0.5) * wide, 1),
        )
        for index, value in enumerate(values)
    ]


def path(points: Sequence[tuple[float, int]], frame: Frame) -> str:
    """The path data of a line through shares of the width and values."""
    spots = [f"{frame.x(share)} {frame.y(value)}" for share, value in points]
    return f"M{'L'.join(spots)}" if spots else ""


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """A country with a circle for each place that has many reports; the area of a circle goes with their number."""

    drawn: maps.Map
    circles: list[Circle]
    key: list[Mark]
    letter: float  # size of the letters
    height: float  # with the key below the land

    @classmethod
    def of(cls, figures: Published, country: str) -> "PlaceMap | None":
        """The map; None where the country was never drawn, or no place is named."""
        drawn = maps.load(country)
        if not drawn.regions or not figures.places:
            return None
        most = figures.places[0][1]
        largest = drawn.width * LARGEST

        def radius(count: int) -> float:
            return round(largest * sqrt(count / most), 1)

        circles = _circles(figures.places[:CIRCLES], drawn, radius)
        key, letter = _key(most, figures.batch.step, drawn, radius), round(drawn.width * LETTER, 1)
        return cls(drawn, circles, key, letter, round(drawn.height + 2.4 * key[0].r + letter, 1))


def _key(most: int, step: int, drawn: maps.Map, radius: Callable[[int], float]) -> list[Mark]:
    """Two round numbers below the land, side by side; none that is below a step, as no place has so few."""
    large = next((one for one in (step_of(most * GRID // ways) for ways in (2, 4)) if step <= one <= most), most)
    r, small = radius(large), large // 10
    y = round(drawn.height + 1.2 * r, 1)
    marks = [Mark(large, round(1.2 * r, 1), y, r)]
    return marks if small < step else [*marks, Mark(small, round(drawn.width / 2, 1), y, radius(small))]


def _circles(places: Sequence[tuple[Place, int]], drawn: maps.Map, radius: Callable[[int], float]) -> list[Circle]:
    """The largest first, so that small ones lie on top; names only where they fit."""
    names = _Names(drawn.width)
    circles = []
    for place, count in places:
        x, y = drawn.point(place.lat, place.lon)
        r = radius(count)
        circles.append(Circle(place, count, round(x, 1), round(y, 1), r, names.fit(place.name, x, y + r)))
    return circles


class _Names:
    """The names written on a map so far: none lies on another one."""

    def __init__(self, width: float) -> None:
        self._width, self._letter = width, width * LETTER
        self._taken: list[tuple[float, float, float, float]] = []

    def fit(self, name: str, x: float, below: float) -> bool:
        """Whether there is room for a name under a point; takes it."""
        half = len(name) * self._letter * 0.3
        box = (x - half, below, x + half, below + self._letter * 1.2)
        if (
            len(self._taken) >= LABELS
            or box[0] < 0
            or box[2] > self._width
            or any(_meet(box, one) for one in self._taken)
        ):
            return False
        self._taken.append(box)
        return True


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
