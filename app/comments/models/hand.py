"""The hand that wrote several comments: known, where its owner asked for it, by a random number that names nobody."""

import hmac
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ColumnElement, ForeignKey, String, case, delete, exists, false, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.comments.models import trust
from app.comments.models.comment import Comment
from app.config import settings
from app.extensions import Model, UtcDateTime, db, table_of
from app.kit import clock, tokens
from app.ledger import outside

KEPT_FOR = timedelta(days=180)  # without a comment of that hand
NOTED_EVERY = timedelta(days=1)  # when it last wrote is known to the day
SHOWN = 20  # earlier comments, the newest
MAC = 24  # characters of a token that only we can make of the rest
LONGEST = 80  # characters of a token


class OtherHand(Exception):
    """The comment is another hand's already."""


class Hand(Model):
    """One device that is known again. Whoever has its token writes as this hand, whatever name they type."""

    __tablename__ = "comment_hand"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64))  # of the random part of its token
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # all trust, since a person decided so
    lost_by: Mapped[int | None] = mapped_column()  # the comment with which, where undoing that may bring it back
    let_through: Mapped[int] = mapped_column(default=0, server_default="0")  # for its sake, since a day without one
    let_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last of them

    @classmethod
    def of(cls, comment: Comment) -> Self | None:
        """The hand of a comment, if its writer had a device remembered for it."""
        found = select(cls).join(ByHand, ByHand.hand_id == cls.id)
        return db.session.scalar(found.where(ByHand.comment_id == comment.id))

    @classmethod
    def by_token(cls, token: str) -> Self | None:
        """The hand of a token that we made; None for any other one, and when it was forgotten."""
        found = known([token])
        return db.session.get(cls, found[token]) if found else None

    @classmethod
    def remember(cls, comment: Comment, token: str) -> str:
        """Have a comment be of the hand of this token, else of a new hand; the token to keep.

        Raises OtherHand: a comment stays with the hand whose it is, or a bad one could be moved away from the others.
        """
        hand = cls.by_token(token)
        if hand and not _taken([hand.id]):
            hand = None
        if (before := cls.of(comment)) is not None:
            if hand is None or hand.id != before.id:
                raise OtherHand(comment.id)
            return token
        if hand is None:
            secret, now = secrets.token_urlsafe(16), clock.now()
            hand = cls(secret_hash=tokens.digest(secret), made_at=now, used_at=now)
            db.session.add(hand)
            db.session.flush()
            token = _token(hand.id, secret)
        db.session.add(ByHand(comment_id=comment.id, hand_id=hand.id))
        db.session.flush()
        return token

    @property
    def comments(self) -> int:
        """How many comments are its own. Asks the database."""
        return db.session.scalar(select(func.count()).select_from(ByHand).where(ByHand.hand_id == self.id)) or 0

    def forget(self) -> None:
        """Know nothing of it any more, in no older copy of the database either; its comments vouch for no other one."""
        outside.tell(outside.HAND, [self.secret_hash])
        _forget(Hand.id == self.id)


class ByHand(Model):
    """That a comment is of a hand."""

    __tablename__ = "comment_by_hand"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    hand_id: Mapped[int] = mapped_column(ForeignKey("comment_hand.id", ondelete="CASCADE"), index=True)
    is_trusted: Mapped[bool] = mapped_column(default=False, server_default=false())  # published for the hand's sake


class Forgotten(Model):
    """That a comment was of a hand that is forgotten, whichever: trust is not carried to another one by it."""

    __tablename__ = "comment_hand_forgotten"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)

    @classmethod
    def is_noted(cls, comment: Comment) -> bool:
        return db.session.get(cls, comment.id) is not None


def known(sent: Sequence[str]) -> dict[str, int]:
    """Of tokens those that are of a hand, with its number."""
    parts = {token: (id_, secret) for token in sent if (id_ := _id_of(token)) and (secret := _secret_of(token))}
    if not parts:
        return {}
    ids = sorted({id_ for id_, _secret in parts.values()})
    found = db.session.execute(select(Hand.id, Hand.secret_hash).where(Hand.id.in_(ids)))
    hashes = {row.id: row.secret_hash for row in found}
    return {token: id_ for token, (id_, secret) in parts.items() if hashes.get(id_) == tokens.digest(secret)}


def note(comments: Sequence[tuple[int, int, bool]]) -> None:
    """Note comments with the hands that wrote them, and whether they were published for the hand's sake.

    Hands are taken last, after threads and comments, as everybody does who takes both.
    """
    now, there = clock.now(), _taken({hand for _id, hand, _is_trusted in comments})
    rows = [
        {"comment_id": id_, "hand_id": hand, "is_trusted": is_trusted}
        for id_, hand, is_trusted in comments
        if hand in there
    ]
    if not rows:
        return
    db.session.execute(insert(table_of(ByHand)), rows)
    through = [hand for _id, hand, is_trusted in comments if is_trusted and hand in there]
    _count_through(through, now)
    if others := there.difference(through):
        long_ago = Hand.id.in_(others) & (Hand.used_at < now - NOTED_EVERY)
        noted = update(Hand).where(long_ago).values(used_at=now)
        db.session.execute(noted.execution_options(synchronize_session=False))


def earlier_of_same_hand(comment: Comment, limit: int = SHOWN) -> list[Comment]:
    """What the same hand wrote before, newest first; nothing where its writer had no device remembered.

    Never by name or address: anybody can type those.
    """
    hand = select(ByHand.hand_id).where(ByHand.comment_id == comment.id).scalar_subquery()
    found = select(Comment).join(ByHand, ByHand.comment_id == Comment.id)
    found = found.where(ByHand.hand_id == hand, Comment.id < comment.id, Comment.text != "")
    return list(db.session.scalars(found.order_by(Comment.id.desc()).limit(limit)))


def comments_of(hand: Hand, limit: int, offset: int = 0) -> list[Comment]:
    """What a hand wrote, newest first."""
    found = select(Comment).join(ByHand, ByHand.comment_id == Comment.id)
    found = found.where(ByHand.hand_id == hand.id, Comment.text != "")
    return list(db.session.scalars(found.order_by(Comment.id.desc()).limit(limit).offset(offset)))


def leave(comment_ids: Sequence[int]) -> None:
    """Before comments go for good: have them be of no hand; a hand that is left with none goes, too."""
    db.session.execute(delete(Forgotten).where(Forgotten.comment_id.in_(comment_ids)))
    theirs = select(ByHand.hand_id).where(ByHand.comment_id.in_(comment_ids))
    whole = select(Hand.id).where(Hand.id.in_(theirs)).order_by(Hand.id).with_for_update()
    if hands := set(db.session.scalars(whole)):
        trust.outlive(comment_ids)
        db.session.execute(delete(ByHand).where(ByHand.comment_id.in_(comment_ids)))
        is_used = exists().where(ByHand.hand_id == Hand.id)
        db.session.execute(delete(Hand).where(Hand.id.in_(hands), ~is_used))


def forget() -> int:
    """Delete hands that have not written for long; how many."""
    return _forget(Hand.used_at < clock.now() - KEPT_FOR)


def forget_again(secret_hash: str) -> bool:
    """Forget a hand that an older copy of the database has brought back; whether it had."""
    brought_back = db.session.scalar(select(Hand).where(Hand.secret_hash == secret_hash))
    if brought_back:
        brought_back.forget()
    return brought_back is not None


def _forget(which: ColumnElement[bool]) -> int:
    """Delete hands, and keep of each of their comments that it was of one; how many."""
    hands = db.session.scalars(select(Hand.id).where(which).order_by(Hand.id).with_for_update()).all()
    theirs = select(ByHand.comment_id).where(ByHand.hand_id.in_(hands))
    new = theirs.where(~exists().where(Forgotten.comment_id == ByHand.comment_id))
    db.session.execute(insert(table_of(Forgotten)).from_select(["comment_id"], new))
    db.session.execute(delete(Hand).where(Hand.id.in_(hands)))
    return len(hands)


def _count_through(hands: Sequence[int], now: datetime) -> None:
    """Count on the hand what appeared for its sake: an erased comment stays counted."""
    for id_ in sorted(set(hands)):
        before = case((Hand.let_at > now - trust.DAY, Hand.let_through), else_=0)
        values = {"let_through": before + hands.count(id_), "let_at": now, "used_at": now}
        counted = update(Hand).where(Hand.id == id_).values(values)
        db.session.execute(counted.execution_options(synchronize_session=False))


def _taken(hands: Collection[int]) -> set[int]:
    """Those of the hands that are there; until the caller's transaction ends none of them is forgotten."""
    found = select(Hand.id).where(Hand.id.in_(hands)).order_by(Hand.id)
    return set(db.session.scalars(found.with_for_update(read=True, key_share=True)))


def _token(id_: int, secret: str) -> str:
    said = f"{id_}.{secret}"
    return f"{said}.{_mac(said)}"


def _id_of(token: str) -> int | None:
    """The number of the hand in a token that we made; None for any other text, without a question to the database."""
    said, _, mac = token.rpartition(".")
    if len(token) > LONGEST or not hmac.compare_digest(_mac(said).encode(), mac.encode()):
        return None
    return int(said.partition(".")[0])


def _secret_of(token: str) -> str:
    return token.split(".")[1]


def _mac(said: str) -> str:
    return tokens.keyed(settings().secret_key, "hand", said).hex()[:MAC]
