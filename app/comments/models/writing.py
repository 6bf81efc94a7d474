"""Comments on their way into the table: many readers' at once, each stored once and judged as far as we can alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select

from app.cache.noting import writing_only
from app.comments.models.comment import ASK_AGAIN, Comment, columns_of
from app.comments.models.contact import CommentContact
from app.comments.models.snapshot import Snapshot
from app.comments.models.state import THREAD, State
from app.config import Policy
from app.extensions import db, table_of
from app.spam.judges import judges
from app.spam.models import Fingerprint
from app.spam.submission import Submission
from app.spam.verdict import Judgement

_comment = table_of(Comment).c
STORED = select(_comment.key_hash, _comment.id, _comment.state, _comment.html, _comment.name).where(
    _comment.key_hash.in_(bindparam("hashes", expanding=True))
)
STORE = insert(table_of(Comment)).returning(_comment.key_hash, _comment.id)


@dataclass(slots=True)
class Writing:
    """A reader's comment, with all that can be worked out while it keeps nobody waiting."""

    key: str
    post_slug: str
    submission: Submission
    policy: Policy
    parent: Comment | None = None
    is_judged_later: bool = False
    columns: dict[str, Any] = field(init=False)  # Any: columns' values
    judgement: Judgement | None = field(init=False)

    def __post_init__(self) -> None:
        sent = self.submission
        self.columns = columns_of(self.post_slug, sent.name, sent.text, key=self.key, parent=self.parent)
        self.judgement = judges().alone(sent)

    @property
    def key_hash(self) -> str:
        return str(self.columns["key_hash"])

    def repeated(self, times: int) -> None:
        """Take in that the same text came so often before; that may change the judgement."""
        if times:
            self.submission = replace(self.submission, repeats=times)
            self.judgement = judges().alone(self.submission)

    def row(self) -> dict[str, Any]:  # Any: columns' values
        """Its row: waiting, and when a job is to ask the judges outside: soon, or should nobody come to it before."""
        at = self.submission.submitted_at
        ask_at = at if self.is_judged_later else at + ASK_AGAIN[0]
        return self.columns | {
            "written_at": at,
            "reasons": list(self.judgement.reasons) if self.judgement else [],
            "repeats": self.submission.repeats,
            "ask_again_at": None if self.judgement else ask_at,
        }


class Stored(NamedTuple):
    """What is on disk of a comment. `asks` is what the judges outside have still to be asked about it at once."""

    id: int
    state: State
    html: str
    name: str
    asks: Submission | None = None


class Heard(NamedTuple):
    """What the judges said of a comment that is stored."""

    id: int
    judgement: Judgement
    policy: Policy


def write_all(writings: Sequence[Writing]) -> list[Stored]:
    """Store readers' comments in the caller's transaction, each key once; what stands there, in their order.

    Where nobody outside has to be asked, the judgement is acted upon at once. The rows are taken in one order by
    everybody: fingerprints, comments.
    """
    stored = stored_under([one.key_hash for one in writings])
    new = {one.key_hash: one for one in reversed(writings)}  # of one key in several hands the first
    fresh = [one for one in writings if new.pop(one.key_hash, None) is one and one.key_hash not in stored]
    if fresh:
        stored |= _store(fresh)
    return [stored[one.key_hash] for one in writings]


def stored_under(key_hashes: Sequence[str]) -> dict[str, Stored]:
    """What is stored under submissions' keys, by the keys' hashes."""
    found = db.session.execute(STORED, {"hashes": list(key_hashes)})
    return {row.key_hash: Stored(row.id, row.state, row.html, row.name) for row in found}


def hear_all(heard: Sequence[Heard]) -> list[State]:
    """Act on what judges said, in the caller's transaction; where each comment stands then."""
    if not heard:
        return []
    found = select(Comment).where(Comment.id.in_([one.id for one in heard]))
    comments = {one.id: one for one in db.session.scalars(found.execution_options(populate_existing=True))}
    for one in heard:
        comments[one.id].receive(one.judgement, one.policy)
    return [comments[one.id].state for one in heard]


def _store(writings: Sequence[Writing]) -> dict[str, Stored]:
    texts = [one.submission.text for one in writings]
    for one, times in zip(writings, Fingerprint.note_all(texts, writings[0].submission.submitted_at), strict=True):
        one.repeated(times)
    with writing_only(THREAD, {}):  # they wait: no reader sees one
        ids: dict[str, int] = dict(db.session.execute(STORE, [one.row() for one in writings]).all())
    _keep_beside(writings, ids)
    decided = [one for one in writings if one.judgement and Comment.leads_on(one.judgement, one.policy)]
    states = hear_all([Heard(ids[one.key_hash], one.judgement, one.policy) for one in decided if one.judgement])
    state_of = dict(zip([one.key_hash for one in decided], states, strict=True))
    return {
        one.key_hash: Stored(
            ids[one.key_hash],
            state_of.get(one.key_hash, State.WAITING),
            one.columns["html"],
            one.columns["name"],
            None if one.judgement or one.is_judged_later else one.submission,
        )
        for one in writings
    }


def _keep_beside(writings: Sequence[Writing], ids: dict[str, int]) -> None:
    """Addresses for moderators' questions, and how each came, where a person's decision can teach Akismet."""
    contacts = [(ids[one.key_hash], one.submission.email) for one in writings if one.submission.email]
    if contacts:
        db.session.execute(
            insert(table_of(CommentContact)), [{"comment_id": id_, "email": said} for id_, said in contacts]
        )
    if judges().akismet:
        Snapshot.take_all([(ids[one.key_hash], one.submission) for one in writings])
