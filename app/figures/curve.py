"""The curve of the counter: where its lines, its days and its events stand in a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.figures.charting import Frame, ceiling, path
from app.figures.moment import Moment
from app.kit import clock
from app.posts.post import Post

SHAPES = {"wide": (720, 360, 6), "narrow": (360, 280, 3)}  # width, height, dates on the axis
ROWS = 4  # of events above the curve
MARK = 18  # units from one event to the next


@dataclass(frozen=True, slots=True)
class Event:
    """A milestone in the curve, known by its number in the list below."""

    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One drawing of the curve."""

    name: str
    frame: Frame
    counter: str
    told: str
    dates: list[tuple[date, float]]
    events: list[Event]


def curves(moment: Moment, events: Sequence[Post]) -> list[Curve]:
    """The curve for wide and for narrow screens."""
    known = [value for _, *values in moment.days for value in values if value]
    most = ceiling(max(known, default=0))
    return [_curve(name, *shape, moment, events, most) for name, shape in SHAPES.items()]


def _curve(
    name: str, width: int, height: int, dates: int, moment: Moment, events: Sequence[Post], most: int
) -> Curve:
    frame = Frame(width, height, left=6, right=52, top=MARK * ROWS, bottom=26, most=most)
    span = max(moment.at - moment.began, timedelta(days=1))

    def share(at: datetime) -> float:
        return max(0.0, min(1.0, (at - moment.began) / span))

    ends = [(share(_end(day)), counter, told) for day, counter, told in moment.days]
    return Curve(
        name=name,
        frame=frame,
        counter=path([(0.0, 0), *((x, value) for x, value, _ in ends if value is not None)], frame),
        told=path([(0.0, 0), *((x, value) for x, _, value in ends if value is not None)], frame),
        dates=[(day, frame.x(share(_begin(day)))) for day in _dates(moment, dates)],
        events=_events([frame.x(share(post.date)) for post in events]),
    )


def _events(spots: Sequence[float]) -> list[Event]:
    """Each in the lowest row in which it does not touch the one before."""
    taken = [-MARK] * ROWS
    found = []
    for number, x in enumerate(spots, start=1):
        row = next((row for row in range(ROWS) if x - taken[row] >= MARK), number % ROWS)
        taken[row] = int(x)
        found.append(Event(number, x, MARK * (ROWS - row) - MARK / 2))
    return found


def _dates(moment: Moment, most: int) -> list[date]:
    first, last = moment.began.date(), moment.at.astimezone(clock.BERLIN).date()
    every = max(1, -(-(last - first).days // most))
    return [first + timedelta(days=number) for number in range(0, (last - first).days + 1, every)]


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.BERLIN)


def _end(day: date) -> datetime:
    return _begin(day + timedelta(days=1))
