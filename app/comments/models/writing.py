"""Comments on their way into the table: many readers' at once, each stored once and judged as far as we can alone."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import bindparam, insert, select

from app.cache.noting import writing_only
from app.comments.models import hand, trust
from app.comments.models.advice import KNOWN, Led, tells_who, where_to
from app.comments.models.comment import ASK_AGAIN, Comment, columns_of
from app.comments.models.contact import CommentContact
from app.comments.models.enquiry import Enquiry, Standing
from app.comments.models.fragment import Fragment
from app.comments.models.size import ThreadSize
from app.comments.models.snapshot import Snapshot
from app.comments.models.state import THREAD, State
from app.comments.models.subscription import Subscription
from app.comments.rendering import Said
from app.config import Policy
from app.extensions import db, table_of
from app.kit import clock
from app.spam import bayes
from app.spam.judges import judges
from app.spam.models import CommentCluster, Fingerprint, RecentTally
from app.spam.models.cluster import comparable_hash
from app.spam.rules import Modes, links
from app.spam.submission import Submission
from app.spam.verdict import Judgement

DAY = timedelta(hours=24)
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
    wants_letters: bool = False  # about answers, at its writer's address
    is_question: bool = False  # to the carrier
    hand: str = ""  # the token of a device that is known again
    columns: dict[str, Any] = field(init=False)  # Any: columns' values
    judgement: Judgement | None = field(init=False)
    led: Led | None = field(init=False)
    _is_known: bool = field(init=False, default=False)
    _tells_who: bool | None = field(init=False, default=None)
    _modes: Modes = field(init=False)
    text_hash: int | None = field(init=False)  # by which texts are known that are nearly the same

    def __post_init__(self) -> None:
        self._modes, self.submission = judges().modes(), bayes.heard(self.submission)
        sent, self.text_hash = self.submission, comparable_hash(self.submission.text)
        self.columns = columns_of(self.post_slug, sent.name, sent.text, key=self.key, parent=self.parent)
        self._judge()

    @property
    def key_hash(self) -> str:
        return str(self.columns["key_hash"])

    @property
    def state(self) -> State:
        """Where it begins."""
        return (self.led and self.led.to) or State.WAITING

    @property
    def above(self) -> set[int]:
        """The comments that it stands under."""
        return {id_ for id_ in (self.columns["parent_id"], self.columns["thread_id"]) if id_}

    def came_before(self, *, repeats: int, similar: int, known_spam: int, same_host: int) -> None:
        """Take in what came before it: that may change the judgement."""
        if repeats or similar or same_host:
            self.submission = replace(
                self.submission, repeats=repeats, similar=similar, known_spam=known_spam, same_host=same_host
            )
            self._judge()

    @property
    def is_trusted(self) -> bool:
        """Whether readers see it for the sake of who wrote it."""
        return self.led is not None and KNOWN in self.led.reasons

    @property
    def could_be_trusted(self) -> bool:
        """Whether it could matter who wrote it."""
        return self.led is not None and self.led.to is None and self.policy == "judged"

    def is_of_known_hand(self) -> None:
        """Take in that it is: that may change where it is led, never what judges said."""
        self._is_known = True
        self._judge()

    def row(self) -> dict[str, Any]:  # Any: columns' values
        """Its row. One that waits for judges outside says when a job is to ask them, should nobody do so before."""
        at, state = self.submission.submitted_at, self.state
        ask_at = at if self.is_judged_later else at + ASK_AGAIN[0]
        return self.columns | {
            "written_at": at,
            "state": state,
            "published_at": clock.now() if state is State.PUBLISHED else None,
            "reasons": self.led.reasons if self.led else [],
            "heard": self.judgement.heard if self.judgement else None,
            "alert": self.led.alert if self.led else "",
            "repeats": self.submission.repeats,
            "ask_again_at": None if self.judgement else ask_at,
        }

    def said(self, id_: int) -> Said:
        """What its page says of it, under the number that it was given."""
        columns = self.columns
        html = Markup(columns["html"])  # noqa: S704 -- as kit.markup rendered it
        said = Said(id_, self.post_slug, columns["name"], html, self.submission.submitted_at, False, "")
        return said._replace(lang=columns["lang"], enquiry=Standing.OPEN if self.is_question else "")

    def _judge(self) -> None:
        self.judgement = judges().alone(self.submission, self._modes)
        if self.judgement is None:
            self.led = None
        else:
            self.led = where_to(self.judgement, self.policy, self._is_personal, is_known=self._is_known)

    def _is_personal(self) -> bool:
        """Worked out once: it takes longer than to store it."""
        if self._tells_who is None:
            sent, html = self.submission, Markup(self.columns["html"])  # noqa: S704 -- as kit.markup rendered it
            self._tells_who = tells_who(self.post_slug, sent.name, sent.text, html)
        return self._tells_who


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
    edits: int = 0  # how often it had been edited when they were asked


def write_all(writings: Sequence[Writing]) -> list[Stored]:
    """Store readers' comments in the caller's transaction, each key once; what stands there, in their order.

    Where nobody outside has to be asked, the judgement is acted upon at once. The rows are taken in one order by
    everybody: fingerprints, tallies, clusters, threads by their posts, comments.
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
    by_thread = sorted(heard, key=lambda one: (comments[one.id].post_slug, one.id))  # the order in which all take them
    for one in by_thread:
        comments[one.id].receive(one.judgement, one.policy, of=one.edits)
    return [comments[one.id].state for one in heard]


def _store(writings: Sequence[Writing]) -> dict[str, Stored]:
    _look_back(writings, writings[0].submission.submitted_at)
    hands = hand.known([one.hand for one in writings if one.hand])
    _trust(writings, hands)
    ids = _insert(writings)
    _keep_beside(writings, ids)
    if theirs := [(ids[one.key_hash], hands[one.hand], one.is_trusted) for one in writings if one.hand in hands]:
        hand.note(theirs)
    return {
        one.key_hash: Stored(
            ids[one.key_hash],
            one.state,
            one.columns["html"],
            one.columns["name"],
            None if one.judgement or one.is_judged_later else one.submission,
        )
        for one in writings
    }


def _look_back(writings: Sequence[Writing], now: datetime) -> None:
    """Note what came, and judge each by what came before it."""
    repeats = Fingerprint.note_all([one.submission.text for one in writings], now)
    hosts = [links.hosts(one.submission) for one in writings]
    tallied = iter(RecentTally.note_all([("host", host) for some in hosts for host in some], DAY, now))
    same_host = [max((next(tallied) for _ in some), default=0) for some in hosts]
    clusters = CommentCluster.note_all([one.text_hash for one in writings], now)
    spam = CommentCluster.found_spam({id_ for id_, similar in clusters if id_ and similar})
    for one, times, host, (cluster, similar) in zip(writings, repeats, same_host, clusters, strict=True):
        one.columns["cluster"] = cluster
        one.came_before(repeats=times, similar=similar, same_host=host, known_spam=spam.get(cluster or "", 0))


def _trust(writings: Sequence[Writing], hands: dict[str, int]) -> None:
    """Let known writers through, each as often a day as anybody is."""
    waiting = [one for one in writings if one.hand in hands and one.could_be_trusted]
    standings = trust.standings(sorted({hands[one.hand] for one in waiting}))
    left = {id_: standing.left for id_, standing in standings.items()}
    for one in waiting:
        if left.get(hands[one.hand]):
            one.is_of_known_hand()
            left[hands[one.hand]] -= one.is_trusted


def _insert(writings: Sequence[Writing]) -> dict[str, int]:
    """Insert them, with all that pages say of those that readers see at once; their numbers, by the keys' hashes."""
    seen = [one for one in writings if one.state is State.PUBLISHED]  # of the others no reader sees anything
    by_post = defaultdict[str, list[Writing]](list)
    for one in seen:
        by_post[one.post_slug].append(one)
    with writing_only(THREAD, dict.fromkeys(by_post, False)), ExitStack() as threads:
        followed = {
            slug: threads.enter_context(ThreadSize.follows(slug, set[int]().union(*(one.above for one in ones))))
            for slug, ones in sorted(by_post.items())
        }
        ids: dict[str, int] = dict(db.session.execute(STORE, [one.row() for one in writings]).all())
        for one in seen:
            followed[one.post_slug].add(ids[one.key_hash])
        _ask(writings, ids)
        Fragment.keep([one.said(ids[one.key_hash]) for one in seen])
    return ids


def _ask(writings: Sequence[Writing], ids: dict[str, int]) -> None:
    """Keep of those that are questions to the carrier that they are."""
    asked = [
        {"comment_id": ids[one.key_hash], "post_slug": one.post_slug, "asked_at": one.submission.submitted_at}
        for one in writings
        if one.is_question
    ]
    if asked:
        db.session.execute(insert(table_of(Enquiry)).values(state=Standing.OPEN, reason=""), asked)


def _keep_beside(writings: Sequence[Writing], ids: dict[str, int]) -> None:
    """Addresses for moderators' questions, and how each came, where a person's decision can teach Akismet."""
    contacts = [(ids[one.key_hash], one.submission.email) for one in writings if one.submission.email]
    if contacts:
        db.session.execute(
            insert(table_of(CommentContact)), [{"comment_id": id_, "email": said} for id_, said in contacts]
        )
    asking = {ids[one.key_hash] for one in writings if one.wants_letters}
    if wanted := [one for one in contacts if one[0] in asking]:
        Subscription.ask_all(wanted)
    sent = [(ids[one.key_hash], one.submission) for one in writings if one.submission.may_leave]
    if sent and judges().uses_akismet:
        Snapshot.take_all(sent)
