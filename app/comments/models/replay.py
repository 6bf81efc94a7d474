"""What another mode of a rule would have made of the comments about which people decided last."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from app.comments.models import topic
from app.comments.models.comment import Comment
from app.comments.models.imported import is_imported
from app.comments.models.state import State
from app.config import campaign, settings
from app.extensions import db
from app.people.models.organisation import protected_names
from app.posts.shelf import shelf
from app.spam import rules
from app.spam.judges import together
from app.spam.rules import AKISMET, MANNER, OBSERVED, RULES, Mode, Modes
from app.spam.submission import Submission
from app.spam.verdict import Judgement, Verdict

MOST = 1_000
_SAID = {f"{AKISMET}-{verdict}": verdict for verdict in (Verdict.HAM, Verdict.SPAM, Verdict.DISCARD)}


class Case(NamedTuple):
    """A decided comment: what was heard of it, what Akismet said, what a person found."""

    heard: dict[str, int]
    outside: Judgement | None
    is_spam: bool

    def judged(self, modes: Modes) -> Verdict:
        """What the judges would advise in these modes."""
        return together(rules.conclude(self.heard, modes), self.outside, modes).verdict

    def is_wrong(self, verdict: Verdict) -> bool:
        """Whether the advice is against what the person found; to ask a person is never wrong."""
        if verdict is Verdict.UNSURE:
            return False
        return self.is_spam is (verdict is Verdict.HAM)


class Replay(NamedTuple):
    """What a change would have made of the last decisions."""

    decided: int
    changed: int
    wrong: int


class Record(NamedTuple):
    """How often a rule heard something in the last decisions, and how many of these were spam."""

    heard: int
    spam: int


def cases(modes: Modes, most: int = MOST) -> list[Case]:
    """The last comments that a person published or found to be spam, newest first.

    What was heard is what was written down then. Rules that are off are asked now, about the words only: the manner in
    which a comment came is not kept that long.
    """
    silent = [rule for rule in RULES.values() if modes.get(rule.key, rule.mode) is Mode.OFF]
    return [_case(row, silent) for row in _decided(most)]


def replay(cases: Sequence[Case], modes: Modes, rule: str, mode: Mode) -> Replay:
    """What would have come of it, had the rule been in that mode."""
    others = {**modes, rule: mode}
    touched = [case for case in cases if (case.outside if rule == AKISMET else rule in case.heard)]
    changed = [(case, verdict) for case in touched if (verdict := case.judged(others)) is not case.judged(modes)]
    return Replay(len(cases), len(changed), sum(case.is_wrong(verdict) for case, verdict in changed))


def record(cases: Iterable[Case], rule: str) -> Record:
    """What the rule has heard; of Akismet, how often it was asked and said something."""
    heard = [case for case in cases if (case.outside if rule == AKISMET else rule in case.heard)]
    return Record(len(heard), sum(case.is_spam for case in heard))


def _decided(most: int) -> Iterator[Row[Any, Any]]:  # Any: the comment, and the text that it answers
    above = aliased(Comment)
    is_decided = (
        Comment.is_decided
        & ~is_imported()
        & Comment.member_id.is_(None)
        & Comment.state.in_([State.PUBLISHED, State.SPAM])
    )
    found = select(Comment, above.text).outerjoin(above, Comment.parent_id == above.id).where(is_decided)
    yield from db.session.execute(found.where(Comment.text != "").order_by(Comment.id.desc()).limit(most))


def _case(row: Row[Any, Any], silent: Sequence[rules.Rule]) -> Case:  # Any: as above
    comment: Comment = row[0]
    above: str | None = row[1]
    again = silent if comment.heard is not None else list(RULES.values())
    heard = {key: points for key, points in (comment.heard or {}).items() if key in RULES}
    words = [rule for rule in again if rule.layer not in MANNER]
    if words:
        sent = _sent(comment, above)
        heard |= {rule.key: points for rule in words if (points := rule.weigh(sent)) is not None}
    said = (_SAID[key] for reason in comment.reasons if (key := reason.removeprefix(OBSERVED)) in _SAID)
    outside = next((Judgement(verdict, "akismet") for verdict in said), None)
    return Case(heard, outside, comment.state == State.SPAM)


def _sent(comment: Comment, above: str | None) -> Submission:
    """Its words as they would come today, in a manner that says nothing."""
    post = shelf().find(comment.post_slug)
    return Submission(
        kind="reply" if comment.parent_id else "comment",
        text=comment.text,
        name=comment.name,
        parent_text=above,
        protected_names=protected_names(),
        permalink=f"{settings().base_url}/posts/{comment.post_slug}",
        user_ip="",
        submitted_at=comment.written_at,
        language=post.lang if post else campaign().language,
        form_age_seconds=0.0,
        shared_words=topic.shared_words(comment.text, post, above or "") if post else None,
    )
