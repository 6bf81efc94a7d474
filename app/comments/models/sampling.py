"""Drawing the sample of the spam, looking at it, and what follows: how often the judges are wrong.

Estimator: stratified by day, each day weighs as much as it had spam; the interval is Wilson's with Kish's effective
number of cases (docs/decisions/0039). L. Kish, “Survey Sampling” (1965), 11.7; C. Franco and others, “Comparative
Study of Confidence Intervals for Proportions in Complex Sample Surveys”, Journal of Survey Statistics and Methodology
7 (2019), 334–364.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import SystemRandom
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select

from app.comments.models import confirmation
from app.comments.models.bulk import Bulk
from app.comments.models.comment import Comment, MovedMeanwhile
from app.comments.models.imported import is_imported
from app.comments.models.sample import Sample, SampleDay, Verdict
from app.comments.models.snapshot import Snapshot
from app.comments.models.state import State
from app.comments.removal import Reason
from app.extensions import db
from app.kit import clock, wilson
from app.people.models import Decision

SIZE = 20  # comments a day
WINDOW = timedelta(days=30)  # over which the rate is told
SETTLED_AFTER = timedelta(hours=3)  # of a day's end: by then the judges outside have answered
CATCH_UP = 7  # days that a site which was down draws for afterwards
KEPT_FOR = timedelta(days=60)  # in which somebody looks, or nobody will
SEEN_BY = ("spam", "publish", "black-out", "remove", "wait")  # deeds by which a person has looked at one comment


class Stratum(NamedTuple):
    """A day: how much spam it had, how much of it was looked at, and how much of that was none."""

    spam: int
    looked_at: int
    wrong: int


class Day(NamedTuple):
    """A day and what came of its sample."""

    day: date
    spam: int
    drawn: int
    looked_at: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How often judges take for spam what is none: counts, the estimate, its interval; None where nothing is known."""

    spam: int
    drawn: int
    looked_at: int
    wrong: int
    share: float | None
    low: float
    high: float


def draw_due() -> date | None:
    """Draw the sample of the oldest day that has none yet; which, None when all are drawn."""
    last = (clock.now() - SETTLED_AFTER).astimezone(clock.BERLIN).date() - timedelta(days=1)
    days = [last - timedelta(days=back) for back in range(CATCH_UP)]
    known = set(db.session.scalars(select(SampleDay.day).where(SampleDay.day.in_(days))))
    due = min((day for day in days if day not in known), default=None)
    if due is not None:
        _draw(due)
    return due


def _draw(day: date) -> None:
    """Fix twenty of a day's spam, each as likely as any other; all where there are fewer. Its key has it once a day."""
    found = list(db.session.scalars(select(Comment.id).where(_is_spam_of(day))))
    db.session.add(SampleDay(day=day, spam=len(found), drawn_at=clock.now()))
    db.session.flush()
    drawn = SystemRandom().sample(found, min(SIZE, len(found)))
    by_number = sorted((id_, place) for place, id_ in enumerate(drawn, 1))  # whoever locks many comments takes them so
    db.session.add_all([Sample(day=day, comment_id=id_, place=place) for id_, place in by_number])
    db.session.flush()


def _is_spam_of(day: date) -> ColumnElement[bool]:
    """What the judges put there, confirmed in bulk or not; not what a person has looked at, or put there in bulk."""
    begins, ends = _midnight(day), _midnight(day + timedelta(days=1))
    about = literal("comment:") + cast(Comment.id, String)
    was_seen = exists().where(Decision.about == about, Decision.deed.in_(SEEN_BY), Decision.bulk_id.is_(None))
    is_there = (Comment.state == State.SPAM) & Comment.taken_back.is_(None) & (Comment.text != "") & ~is_imported()
    came_then = (Comment.written_at >= begins) & (Comment.written_at < ends)
    put_there = exists().where(Bulk.id == Comment.bulk_id, Bulk.was != State.SPAM)
    was_drawn = exists().where(Sample.comment_id == Comment.id)
    return is_there & came_then & Comment.member_id.is_(None) & ~was_seen & ~put_there & ~was_drawn


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BERLIN).astimezone(UTC)


def to_look_at(limit: int, offset: int = 0) -> list[Comment]:
    """What nobody has looked at, in the order in which it was drawn: the first of them are a sample, too."""
    found = (
        select(Comment)
        .join(Sample, Sample.comment_id == Comment.id)
        .where(*_OPEN)
        .order_by(Sample.day, Sample.place, Sample.id)
    )
    return list(db.session.scalars(found.limit(limit).offset(offset)))


def count_open() -> int:
    found = select(func.count()).select_from(Sample).join(Comment, Sample.comment_id == Comment.id)
    return db.session.scalar(found.where(*_OPEN)) or 0


_OPEN = (Sample.verdict.is_(None), Comment.state == State.SPAM, Comment.taken_back.is_(None))


def is_kept() -> ColumnElement[bool]:
    """Of a row of `comment`: it was drawn and waits for somebody to look, for a time."""
    since = clock.today() - KEPT_FOR
    return exists().where(Sample.comment_id == Comment.id, Sample.verdict.is_(None), Sample.day > since)


def confirm(comment: Comment, *, edits: int) -> None:
    """It is spam indeed, in the words that were seen. Raises MovedMeanwhile where somebody was quicker."""
    _take(comment)
    if not comment.is_decided or comment.bulk_id is not None:
        comment.decide(State.SPAM, seen=State.SPAM, edits=edits)
    elif comment.state == State.SPAM and comment.edits == edits and not comment.taken_back:
        Sample.follow(comment, State.SPAM)  # a person had put it there, and that was undone as a verdict
    else:
        raise MovedMeanwhile(comment.id)


def refute(comment: Comment, to: State, *, edits: int, reason: Reason = Reason(), is_redacted: bool | None) -> None:  # noqa: B008 -- it never changes
    """It is none: readers see it, it waits, or it is removed for what it is. Raises as `confirm` does."""
    _take(comment)
    comment.decide(to, seen=State.SPAM, edits=edits, reason=reason.own, reason_key=reason.key, is_redacted=is_redacted)


def reopen(comment: Comment, state: State, *, edits: int) -> None:
    """Take back a decision that moved it to this state: it lies in the spam as it did, and is to be looked at."""
    _take(comment, Verdict.of(state))
    if state != State.SPAM:
        comment.decide(State.SPAM, seen=state, edits=edits, is_redacted=False, is_finding=False)
    confirmation.take_back(comment, edits=edits)
    Snapshot.teach(comment.id, None)


def _take(comment: Comment, verdict: Verdict | None = None) -> None:
    """Nobody else decides on it here before the transaction ends, and it is as it is now."""
    if not Sample.take(comment.id, verdict):
        raise MovedMeanwhile(comment.id)
    db.session.refresh(comment)


def days(since: date = date.min) -> list[Day]:
    """The days for which a sample was drawn, in one question."""
    drawn, looked_at = func.count(Sample.id), func.count(Sample.verdict)
    wrong = func.count(Sample.id).filter(Sample.verdict == Verdict.NOT_SPAM)
    asked = select(SampleDay.day, SampleDay.spam, drawn, looked_at, wrong)
    asked = asked.outerjoin(Sample, Sample.day == SampleDay.day).where(SampleDay.day >= since)
    rows = db.session.execute(asked.group_by(SampleDay.day, SampleDay.spam).order_by(SampleDay.day))
    return [Day(*row) for row in rows]


def rate_of(found: Sequence[Day]) -> Rate:
    """How often the judges were wrong about the spam of these days."""
    share, low, high = estimate(Stratum(day.spam, day.looked_at, day.wrong) for day in found)
    spam, drawn = sum(day.spam for day in found), sum(day.drawn for day in found)
    looked_at, wrong = sum(day.looked_at for day in found), sum(day.wrong for day in found)
    return Rate(spam, drawn, looked_at, wrong, share, low, high)


def faults() -> Iterator[str]:
    """Where the sample is not what was drawn, or a verdict not what the person who decided last has found."""
    for one in days():
        if one.drawn != (due := min(SIZE, one.spam)):
            yield f"the sample of {one.day} has {one.drawn} comments, {due} were drawn of {one.spam}"
    is_dated = Sample.verdict.is_(None) == Sample.found_at.is_(None)
    for id_ in db.session.scalars(select(Sample.id).where(~is_dated).order_by(Sample.id)):
        yield f"a verdict of the sample (row {id_}) does not say when it was found, or there is none"
    by_one = Comment.is_decided & Comment.bulk_id.is_(None) & Comment.taken_back.is_(None)
    is_other = (Sample.verdict == Verdict.SPAM) != (Comment.state == State.SPAM)
    found = select(Comment.id, Comment.state, Sample.verdict).join(Sample, Sample.comment_id == Comment.id)
    for id_, state, verdict in db.session.execute(found.where(by_one, is_other).order_by(Comment.id)):
        yield f"comment {id_} is {state} by a person's decision, the sample says {verdict}"


def rate_now() -> Rate:
    """The same for the last thirty days."""
    return rate_of(days(clock.today() - WINDOW))


def estimate(days: Iterable[Stratum]) -> tuple[float | None, float, float]:
    """The share that is wrong, and its 95 % interval; days of which nothing was looked at say nothing."""
    heard = [day for day in days if day.looked_at]
    if not heard:
        return None, 0.0, 1.0
    spam = sum(day.spam for day in heard)
    share = sum(day.spam * day.wrong / day.looked_at for day in heard) / spam
    effective = spam**2 / sum(day.spam**2 / day.looked_at for day in heard)
    return share, *wilson.around(share, effective)
