"""A comment: saved first, judged then, decided by a person whenever one wants to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Self

from markupsafe import Markup
from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, Text, func, select, true, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cache.noting import writing_only
from app.comments.models import lessons, trust
from app.comments.models.advice import EDITED, PERSONAL, for_a_person, tells_who, where_to
from app.comments.models.enquiry import Enquiry
from app.comments.models.fragment import Fragment
from app.comments.models.helpful import forget as forget_marks
from app.comments.models.readable import readable
from app.comments.models.sample import Sample
from app.comments.models.size import ThreadSize
from app.comments.models.snapshot import Feedback, Snapshot
from app.comments.models.state import IS_OPEN_SPAM, IS_PUBLISHED, THREAD, State, TakenBack
from app.comments.rendering import Said
from app.config import Policy, settings
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock, markup, tokens, tongue
from app.people.models import Member
from app.spam.verdict import Judgement
from app.web import blacking

ASK_AGAIN = tuple(timedelta(minutes=wait) for wait in (1, 5, 30, 2 * 60, 8 * 60, 24 * 60))
TAKEN_FOR = timedelta(minutes=5)  # after which a job that did not come back with a verdict is given up
GIVE_UP = 12  # questions without an answer, about a week; a person still sees the comment
ANSWER = ("state", "written_at", "id", "thread_id", "member_id")  # all that the way to the next official answer needs

FEEDBACK = {State.PUBLISHED: Feedback.HAM, State.SPAM: Feedback.SPAM}


def _where(condition: str) -> dict[str, Any]:  # Any: options of the dialects
    return {"sqlite_where": sql(condition), "postgresql_where": sql(condition)}


class MovedMeanwhile(Exception):
    """The comment is no longer where the one who decides saw it."""


class Comment(Model):
    """One answer of a reader, or of a verified guest or editor (`member`)."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_page", "post_slug", "thread_id", "written_at", "id", **_where("published_at IS NOT NULL")),
        Index("ix_comment_newest", "post_slug", "published_at", "id", **_where(IS_PUBLISHED)),
        Index("ix_comment_answer", "post_slug", *ANSWER, **_where("member_id IS NOT NULL")),
        Index("ix_comment_lane", "state", "id"),
        Index("ix_comment_open_spam", "id", **_where(IS_OPEN_SPAM)),
        Index("ix_comment_link_hash", "link_hash", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    post_slug: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    state: Mapped[State] = mapped_column(state_column(State, "state"), default=State.WAITING)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_because: Mapped[str] = mapped_column(String(300), default="")  # as somebody typed it
    removed_key: Mapped[str] = mapped_column(String(31), default="", server_default=sql("''"))  # of the public reason
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    heard: Mapped[dict[str, int] | None] = mapped_column(JSON)  # points by rule; none where no rule was asked
    cluster: Mapped[str | None] = mapped_column(String(16), index=True)  # comments that say nearly the same
    lesson: Mapped[str | None] = mapped_column(String(8))  # what it has taught the judges
    alert: Mapped[str] = mapped_column(String(300), default="")
    repeats: Mapped[int] = mapped_column(default=0)
    is_decided: Mapped[bool] = mapped_column(default=False)
    bulk_id: Mapped[int | None]  # the bulk that moved it last, as long as nothing else did
    lang: Mapped[str] = mapped_column(String(2), default="", server_default=sql("''"))  # as its small words tell
    is_redacted: Mapped[bool] = mapped_column(default=False)  # shown with what tells who somebody is blacked out
    questions: Mapped[int] = mapped_column(default=0)
    ask_again_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    link_hash: Mapped[str | None] = mapped_column(String(64))  # of the code in its writer's private link
    edits: Mapped[int] = mapped_column(default=0, server_default="0")  # how often its words were others before
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back: Mapped[TakenBack | None] = mapped_column(state_column(TakenBack, "taken_back"))  # by its writer

    member: Mapped[Member | None] = relationship()
    parent: Mapped["Comment | None"] = relationship(foreign_keys=[parent_id], remote_side="Comment.id")
    enquiry: Mapped[Enquiry | None] = relationship(lazy="selectin", viewonly=True)

    @classmethod
    def sent_before(cls, key: str) -> Self | None:
        """The comment that was stored under a submission's key."""
        return db.session.scalar(select(cls).where(cls.key_hash == tokens.digest(key)))

    @classmethod
    def write(cls, post_slug: str, name: str, text: str, *, key: str, parent: "Comment | None" = None) -> Self:
        """A comment, waiting to be judged. Readers' come many at once, by `writing.write_all`."""
        comment = cls(**columns_of(post_slug, name, text, key=key, parent=parent), written_at=clock.now())
        db.session.add(comment)
        return comment

    @classmethod
    def answer(cls, post_slug: str, text: str, *, key: str, by: Member, parent: "Comment | None") -> Self:
        """A member's answer: the badge vouches for it, so it is public at once."""
        comment = cls.write(post_slug, by.signature, text, key=key, parent=parent)
        comment.member, comment.is_decided = by, True
        comment.link_hash = None  # whoever knows the key of a desk's form has no page of a member's answer
        db.session.flush()
        with comment.before_readers():
            comment.state, comment.published_at = State.PUBLISHED, comment.written_at
        Enquiry.follow(comment)
        return comment

    @classmethod
    def take_for_judges(cls, id_: int) -> Self | None:
        """A comment that is due, for one who asks: nobody else finds it at the same moment. It is due again soon."""
        is_due = (cls.id == id_) & (cls.state == State.WAITING) & (cls.ask_again_at <= clock.now())
        taken = update(cls).where(is_due).values(ask_again_at=clock.now() + TAKEN_FOR).returning(cls.id)
        with writing_only(THREAD, {}):
            found = db.session.scalar(taken.execution_options(synchronize_session=False))
        return db.session.get(cls, id_, populate_existing=True) if found else None

    @property
    def was_judged(self) -> bool:
        """Whether the judges were asked before, with or without an answer."""
        return bool(self.questions or self.reasons or self.alert)

    @property
    def is_shown(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def was_shown(self) -> bool:
        """Whether readers have seen it, and see it or the stub that it left."""
        return self.published_at is not None and self.state != State.WAITING

    @property
    def shown_name(self) -> str:
        return blacking.kept_blacked_out(self.name) if self.is_redacted else self.name

    @property
    def said(self) -> Said:
        """What its page says of it; of a stub neither name nor text."""
        name, html = (self.shown_name, self.html) if self.is_shown else ("", "")
        safe = Markup(html)  # noqa: S704 -- stored as kit.markup rendered it
        said = Said(self.id, self.post_slug, name, safe, self.written_at, not self.is_shown, self.removed_because)
        if not self.is_shown:
            return said._replace(taken_back=self.taken_back, reason_key=self.removed_key)
        asked, why, key, to = self.enquiry.told if self.enquiry else ("", "", "", "")
        said = said._replace(enquiry=asked, enquiry_reason=why, enquiry_key=key, enquiry_to=to, lang=self.lang)
        return said._replace(edited_at=self.edited_at)

    def receive(self, judgement: Judgement, policy: Policy, *, of: int | None = None) -> None:
        """Act on the judges' advice, unless a person has decided in the meantime.

        `of` is how often it had been edited when they were asked: what they say of other words means nothing.
        """
        if of is not None and of != self.edits:
            return
        if self.edits and self.published_at is None:  # else an edit would tell spam from what waits
            judgement = for_a_person(judgement, EDITED)
        led = where_to(judgement, policy, lambda: self.tells_who)
        self.reasons, self.heard, self.alert = led.reasons, dict(judgement.heard), led.alert
        if led.to is not None:
            with self.before_readers(led.to):
                self._move({State.WAITING}, led.to, is_decided=False, edits=self.edits)
        else:
            self._keep_waiting(judgement)

    def doubt(self, reasons: list[str]) -> None:
        """Leave what judges took for spam to a person, and to nobody else."""
        if self._move({State.SPAM}, State.WAITING, is_decided=False, edits=self.edits):
            self.reasons = reasons

    @property
    def why(self) -> list[str]:
        """All that a person should look at: the judges' reasons, and whether something in it tells who somebody is."""
        is_told = PERSONAL in self.reasons or self.member_id is not None or not self.tells_who
        return self.reasons if is_told else [*self.reasons, PERSONAL]

    @property
    def tells_who(self) -> bool:
        """Whether something in it tells who somebody is; the writer's own name and those of the post do not."""
        return tells_who(self.post_slug, self.name, self.text, markup.comment(self.text))

    @property
    def readable(self) -> str:
        """What readers see of the text; what Markdown or a link puts together is blacked out without them."""
        return readable(self.text) if self.is_redacted else self.text

    def decide(
        self,
        to: State,
        *,
        seen: State,
        edits: int | None = None,
        was_decided: bool | None = None,
        reason: str = "",
        reason_key: str = "",
        is_redacted: bool | None = None,
        is_finding: bool = True,
    ) -> None:
        """A person's decision, about the comment in the state and the words in which it was seen; it teaches Akismet.

        `is_redacted`: whether readers see it blacked out; None leaves that. `is_finding`: not in bulk, or to undo one.
        """
        Sample.follow(self, to if is_finding else None)
        with self.before_readers(to):
            if self.taken_back or not self._move({seen}, to, is_decided=True, edits=edits, was_decided=was_decided):
                raise MovedMeanwhile(self.id)
            if is_redacted is not None and is_redacted != self.is_redacted:
                self.is_redacted = is_redacted
                self.html = str(markup.comment(self.readable))
            self.removed_key, self.removed_because = (reason_key, reason) if to == State.REMOVED else ("", "")
            self.ask_again_at = None
        lessons.teach(self, FEEDBACK.get(to))
        trust.follow([self.id], is_bad=to in trust.BAD)
        Enquiry.follow(self)
        if not self.is_shown and self.published_at:
            forget_marks(self.id)
        if seen != to or to != State.SPAM:  # who only confirms spam has nothing to tell
            Snapshot.teach(self.id, FEEDBACK.get(to))

    @contextmanager
    def before_readers(self, to: State = State.PUBLISHED) -> Iterator[None]:
        """Have pages say what becomes of it meanwhile: the size of its thread, and the fragments they are made of."""
        if to != State.PUBLISHED and self.published_at is None:
            with writing_only(THREAD, {}):  # no reader has seen it or will
                yield
                db.session.flush()
            return
        above = {id_ for id_ in (self.parent_id, self.thread_id) if id_}
        was_seen = self.published_at is not None
        with writing_only(THREAD, {self.post_slug: was_seen}):
            with ThreadSize.follows(self.post_slug, {self.id, *above}):
                yield
            Fragment.renew([self])

    def _keep_waiting(self, judgement: Judgement) -> None:
        """Note when to ask again, unless a person has decided or the judges will not know more."""
        is_asked_again = judgement.is_worth_asking_again and self.questions < GIVE_UP
        step = ASK_AGAIN[min(self.questions, len(ASK_AGAIN) - 1)]
        wait = timedelta(seconds=judgement.recheck_after) if judgement.recheck_after else step
        values: dict[str, Any] = {"questions": self.questions + is_asked_again}
        values["ask_again_at"] = clock.now() + wait if is_asked_again else None
        with writing_only(THREAD, {}):
            db.session.flush()
            is_open = (Comment.id == self.id) & Comment.is_decided.is_(False)
            db.session.execute(update(Comment).where(is_open).values(values))
        db.session.refresh(self)

    def _move(
        self, expected: set[State], to: State, *, is_decided: bool, edits: int | None, was_decided: bool | None = None
    ) -> bool:
        """Compare and set; False if somebody else moved the comment first, or its writer edited it or took it back."""
        was_decided = was_decided if is_decided else False
        is_free: ColumnElement[bool] = true() if was_decided is None else Comment.is_decided.is_(was_decided)
        if is_decided and to == State.SPAM and to in expected:  # once; in bulk nobody has looked at this one
            is_free &= Comment.is_decided.is_(False) | Comment.bulk_id.is_not(None)
        free = is_free & Comment.taken_back.is_(None) & (Comment.edits == edits if edits is not None else true())
        first = func.coalesce(Comment.published_at, clock.now()) if to == State.PUBLISHED else Comment.published_at
        values: dict[str, Any] = {"state": to, "is_decided": is_decided, "published_at": first}
        values |= {"ask_again_at": None, "bulk_id": None}
        db.session.flush()
        here = update(Comment).where(Comment.id == self.id, Comment.state.in_(expected), free)
        moved = db.session.execute(here.values(values))
        db.session.refresh(self)
        return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def columns_of(
    post_slug: str, name: str, text: str, *, key: str, parent: Comment | None
) -> dict[str, Any]:  # Any: columns' values
    """What a comment's row has whoever writes it, save for the moment."""
    return {
        "key_hash": tokens.digest(key),
        "link_hash": tokens.digest(code_of(key)),
        "post_slug": post_slug,
        "parent_id": parent.id if parent else None,
        "thread_id": (parent.thread_id or parent.id) if parent else None,
        "name": name,
        "text": text,
        "html": str(markup.comment(text)),
        "lang": tongue.of(text),
        "state": State.WAITING,
    }


def code_of(key: str) -> str:
    """The code in the private link of whoever sent a comment under a key."""
    return tokens.receipt(settings().secret_key, key, "comment")
