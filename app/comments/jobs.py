"""What Akismet has still to be asked or told, and what pages are to be made of; found by the state of the rows."""

import time
from dataclasses import replace

import structlog
from huey import crontab

from app.comments import letters
from app.comments.models import (
    Bulk,
    Comment,
    Feedback,
    Snapshot,
    Subscription,
    bulk_moving,
    sampling,
    subscription,
    upkeep,
)
from app.comments.models.advice import policy_of
from app.comments.models.lane import due_for_judges
from app.extensions import db, only_read, read_one_moment
from app.kit.jobs import job
from app.mail.jobs import send_letters
from app.spam.judges import judges
from app.surge import pressure

SHIFT = 50.0  # seconds that one run works through a backlog; the next one begins each minute
BREATH = 0.1  # seconds; a writer that waits for SQLite looks that often whether it is free
PACE = 0.1  # seconds a comment takes at least, so that writers and Akismet get their turn
PACE_IN_SURGE = 1.0
log = structlog.get_logger()


@job(every=crontab(minute="*"))
def judge_again() -> None:
    """Ask about every comment that was not asked about when it came, or found no answer."""
    ends = time.monotonic() + SHIFT
    while due := _due():
        for id_ in due:
            if time.monotonic() > ends:
                return
            _judge(id_)
            if len(due) > 1:
                time.sleep(PACE_IN_SURGE if pressure.is_on() else PACE)


@job(every=crontab(minute="*"))
def write_letters() -> None:
    """Ask addresses whether they want letters about answers, and tell those that do."""
    only_read()
    to_ask, to_tell = subscription.to_invite(), subscription.to_tell()
    db.session.rollback()
    for id_ in to_ask:
        if asked := Subscription.take_to_invite(id_):
            letters.ask_to_confirm(asked)
        db.session.commit()
    for id_ in to_tell:
        if news := Subscription.take_to_tell(id_):
            letters.tell_of_answers(*news)
        db.session.commit()
    if to_ask or to_tell:
        send_letters()


def _due() -> list[int]:
    only_read()
    due = due_for_judges()
    db.session.rollback()
    return due


@job(every=crontab(minute="*"))
def teach_akismet() -> None:
    """Tell Akismet what people decided."""
    only_read()
    due = Snapshot.due()
    db.session.rollback()
    for id_ in due:
        _teach(id_)


@job(every=crontab(minute="11"))
def draw_samples() -> None:
    """Draw what a person looks at of the spam of each day that has ended, also of those on which the site was down."""
    while sampling.draw_due():
        db.session.commit()
    db.session.rollback()


@job(every=crontab(minute="*"))
def carry_on_bulks() -> None:
    """Go on with decisions on many comments that are not done yet, or not undone; also after a crash."""
    only_read()
    ids = Bulk.open_ids()
    db.session.rollback()
    ends = time.monotonic() + SHIFT
    finished = [id_ for id_ in ids if _try_to_carry_on(id_, ends)]
    if finished:
        teach_akismet()


def _try_to_carry_on(id_: int, ends: float) -> bool:
    """What one bulk fails on is no reason for the others to wait; this one is tried again a minute later."""
    try:
        return carry_on(id_, ends)
    except Exception:
        db.session.rollback()
        log.exception("a bulk does not go on", bulk=id_)
        return False


def carry_on(id_: int, ends: float) -> bool:
    """Move slices of a bulk until `ends`, a transaction each, and let in who waits to write; whether it is finished."""
    while bulk_moving.step(id_, _look_ahead(id_)):
        db.session.commit()
        if time.monotonic() > ends:
            return False
        time.sleep(BREATH)
    db.session.commit()
    return True


def _look_ahead(id_: int) -> dict[int, bool]:
    only_read()
    known = bulk_moving.look_ahead(id_)
    db.session.rollback()
    return known


@job(every=crontab(minute="*"))
def render_anew() -> None:
    """After an upgrade: keep fragments of the new templates; until then pages render what they show."""
    while ids := _outdated():
        upkeep.render_anew(ids)
        db.session.commit()
        if len(ids) < upkeep.BATCH:
            break


def _outdated() -> list[int]:
    """Asked without keeping a writer waiting."""
    read_one_moment()
    ids = upkeep.outdated()
    db.session.rollback()
    return ids


def _judge(id_: int) -> None:
    comment, snapshot = Comment.take_for_judges(id_), db.session.get(Snapshot, id_)
    if comment is None:
        db.session.rollback()
        return
    if snapshot is None:
        comment.ask_again_at = None  # the snapshot's time is over: only a person can decide now
        db.session.commit()
        return
    edits = comment.edits
    submission = replace(snapshot.submission, recheck_reason="recheck" if comment.was_judged else None)
    db.session.commit()  # it is taken; nothing is open while the outside world is asked
    judgement = judges().verdict(submission)
    if now := db.session.get(Comment, id_, populate_existing=True):  # its writer may have edited it meanwhile
        now.receive(judgement, policy_of(now.post_slug), of=edits)
    db.session.commit()


def _teach(id_: int) -> None:
    snapshot = db.session.get(Snapshot, id_)
    if snapshot is None or snapshot.feedback is None:
        return
    feedback, submission = snapshot.feedback, snapshot.submission
    db.session.rollback()
    bench = judges()
    is_done = bench.report_spam(submission) if feedback == Feedback.SPAM else bench.report_ham(submission)
    snapshot.was_told(feedback, is_done=is_done)
    db.session.commit()
