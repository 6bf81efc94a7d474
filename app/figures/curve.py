"""The curve of the counter: where its lines, its days and its events stand in a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.figures.charting import Frame, ceiling, path
from app.figures.moment import Moment
from app.kit import clock
from app.posts.post import Post

YEAR = timedelta(days=365)
ROWS = 4  # of events above the curve
MARK = 18  # units from one event to the next


@dataclass(frozen=True, slots=True)
class Shape:
    """One size of the drawing, with the number of dates that fit under it."""

    name: str
    width: int
    height: int
    dates: int


SHAPES = (Shape("wide", 720, 340, 6), Shape("narrow", 360, 280, 3))


@dataclass(frozen=True, slots=True)
class Event:
    """A milestone in the curve, known by its number in the list below; rows are counted from the curve upwards."""

    number: int
    x: float
    row: int


@dataclass(frozen=True, slots=True)
class Curve:
    """One drawing of the curve."""

    name: str
    frame: Frame
    counter: str
    told: str
    dates: list[tuple[date, float]]
    is_long: bool  # more than a year: its dates are months, with their years
    events: list[Event]


def curves(moment: Moment, events: Sequence[Post]) -> list[Curve]:
    """The curve for wide and for narrow screens."""
    known = [value for _, *values in moment.days for value in values if value is not None]
    most = ceiling(max(known, default=0))
    return [_curve(shape, moment, events, most) for shape in SHAPES]


def _curve(shape: Shape, moment: Moment, posts: Sequence[Post], most: int) -> Curve:
    last = _last(moment, posts)
    span = _end(last) - moment.began

    def share(at: datetime) -> float:
        return max(0.0, min(1.0, (at - moment.began) / span))

    frame = Frame(shape.width, shape.height, left=6, right=52, top=12, bottom=26, most=most)
    events = _events([frame.x(share(post.date)) for post in posts])
    frame = replace(frame, top=12 + MARK * max((event.row + 1 for event in events), default=0))
    ends = [(share(_end(day)), counter, told) for day, counter, told in moment.days]
    return Curve(
        name=shape.name,
        frame=frame,
        counter=path([(0.0, 0), *((x, counter) for x, counter, _ in ends)], frame),
        told=path([(0.0, 0), *((x, told) for x, _, told in ends if told is not None)], frame),
        dates=[(day, frame.x(share(_begin(day)))) for day in _dates(moment.began.date(), last, shape.dates)],
        is_long=span > YEAR,
        events=events,
    )


def _events(spots: Sequence[float]) -> list[Event]:
    """Each in the lowest row in which it does not touch the one before."""
    taken = [-float(MARK)] * ROWS
    found = []
    for number, x in enumerate(spots, start=1):
        row = next((row for row in range(ROWS) if x - taken[row] >= MARK), number % ROWS)
        taken[row] = x
        found.append(Event(number, x, row))
    return found


def _last(moment: Moment, posts: Sequence[Post]) -> date:
    """The day on which something last happened: after it there is nothing to draw."""
    days = [moment.began.date(), *(one.day for one in moment.days if one.counter or one.told)]
    return max(days + [post.date.astimezone(clock.BERLIN).date() for post in posts])


def _dates(first: date, last: date, most: int) -> list[date]:
    every = max(1, -(-(last - first).days // most))
    return [first + timedelta(days=number) for number in range(0, (last - first).days + 1, every)]


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.BERLIN)


def _end(day: date) -> datetime:
    return _begin(day + timedelta(days=1))
