"""Letters about answers to a comment: asked for on the form, confirmed by mail, ended by one click or a bounce."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey, String, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from app.comments.models.comment import Comment
from app.comments.models.contact import CommentContact
from app.comments.models.state import State
from app.config import settings
from app.extensions import Model, UtcDateTime, db, table_of
from app.kit import clock, tokens
from app.spam.models.upsert import insert_into

EVERY = timedelta(hours=1)  # between two letters of a subscription
SETTLED = timedelta(seconds=10)  # an answer may be committed a moment after the time that it bears
CONFIRM_WITHIN = timedelta(days=7)
ASKED_KEPT_FOR = timedelta(days=90)  # of comments that nobody publishes
KEPT_FOR = timedelta(days=365)
REFUSED_FOR = timedelta(days=90)  # in which an address that said no, or bounced, is not asked again
ASKED_A_DAY = 3  # letters that ask one address whether it wants some
NONCE, MAC = 16, 24  # characters of a link: what it is known by, and what only we can make of that


class Subscription(Model):
    """One address that may be told of answers to one comment. Until it is confirmed it is told of none."""

    __tablename__ = "comment_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(NONCE), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the letter that asks to confirm was written
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_until: Mapped[datetime] = mapped_column(UtcDateTime)  # answers that were published later are news
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    comment: Mapped[Comment] = relationship(lazy="joined")

    @classmethod
    def ask_all(cls, wanted: Sequence[tuple[int, str]]) -> None:
        """Note comments with the addresses that are to be asked."""
        now = clock.now()
        rows = [
            {"comment_id": id_, "email": email, "nonce": new_nonce(), "asked_at": now, "told_until": now}
            for id_, email in wanted
        ]
        db.session.execute(insert(table_of(cls)), rows)

    @classmethod
    def by_link(cls, link: str) -> Self | None:
        """The subscription of a link that we made; None when it has ended. Raises LookupError for any other link."""
        nonce = link[:NONCE]
        if not hmac.compare_digest(_mac(nonce).encode(), link[NONCE:].encode()):
            raise LookupError(link)
        return db.session.scalar(select(cls).where(cls.nonce == nonce))

    @property
    def link(self) -> str:
        """What its letters lead back with."""
        return self.nonce + _mac(self.nonce)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def masked(self) -> str:
        """The address so that its owner knows it and nobody else learns it from a page that lies about."""
        name, _, host = self.email.rpartition("@")
        return f"{name[:1]}…@{host}"

    def confirm(self) -> None:
        """Begin to tell of answers; those that came before are no news."""
        if not self.is_confirmed:
            self.confirmed_at = self.told_until = clock.now()

    def end(self) -> None:
        """Forget the address; also the one for moderators' questions, once they have decided.

        Who ends what was never confirmed did not ask for it, and is asked nothing for a while.
        """
        if not self.is_confirmed:
            Refusal.note(self.email)
        if self.comment.is_decided:
            db.session.execute(delete(CommentContact).where(CommentContact.comment_id == self.comment_id))
        db.session.delete(self)

    @classmethod
    def end_all(cls, address: str) -> int:
        """End every subscription of an address that letters do not reach, and ask it nothing for a while; how many."""
        Refusal.note(address)
        ended = delete(cls).where(func.lower(cls.email) == address.lower()).returning(cls.id)
        return len(db.session.execute(ended).all())

    @classmethod
    def take_to_invite(cls, id_: int) -> Self | None:
        """One that is to be asked to confirm, for whoever writes the letter; None where enough asked the address."""
        waits = (cls.id == id_) & cls.invited_at.is_(None)
        taken = update(cls).where(waits).values(invited_at=clock.now()).returning(cls.id)
        if db.session.scalar(taken.execution_options(synchronize_session=False)) is None:
            return None
        found = db.session.get_one(cls, id_, populate_existing=True)
        if _asked_today(found.email) <= ASKED_A_DAY and not Refusal.is_in_force(found.email):
            return found
        db.session.delete(found)
        return None

    @classmethod
    def take_to_tell(cls, id_: int) -> tuple[Self, list[Comment]] | None:
        """One with news, for whoever writes the letter, and the answers that are news; nobody else finds it now."""
        found = db.session.get(cls, id_, with_for_update={"of": cls}, populate_existing=True)
        if found is None or not found.is_confirmed or (found.told_at and found.told_at > clock.now() - EVERY):
            return None
        until = clock.now() - SETTLED
        since = (Comment.published_at > found.told_until) & (Comment.published_at <= until)
        news = select(Comment).where(Comment.parent_id == found.comment_id, Comment.state == State.PUBLISHED, since)
        answers = [one for one in db.session.scalars(news.order_by(Comment.id)) if not found.is_by_itself(one)]
        found.told_until = until
        if not answers:
            return None
        found.told_at = clock.now()
        return found, answers

    def is_by_itself(self, answer: Comment) -> bool:
        """Whether somebody answers who left the same address."""
        left = db.session.get(CommentContact, answer.id)
        return left is not None and left.email.lower() == self.email.lower()


class Refusal(Model):
    """That an address does not want to be asked, or cannot be reached; known by a keyed hash only."""

    __tablename__ = "comment_refusal"

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    refused_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @classmethod
    def note(cls, email: str) -> None:
        row = {"address_hash": _known_by(email), "refused_at": clock.now()}
        anew = insert_into(cls).on_conflict_do_update(
            index_elements=["address_hash"], set_={"refused_at": row["refused_at"]}
        )
        db.session.execute(anew, row)

    @classmethod
    def is_in_force(cls, email: str) -> bool:
        since = clock.now() - REFUSED_FOR
        known = exists().where(cls.address_hash == _known_by(email), cls.refused_at >= since)
        return bool(db.session.scalar(select(known)))

    @classmethod
    def forget(cls) -> int:
        """Delete those that are no longer in force; how many."""
        over = cls.refused_at < clock.now() - REFUSED_FOR
        return len(db.session.execute(delete(cls).where(over).returning(cls.address_hash)).all())


def to_invite(limit: int = 50) -> list[int]:
    """Those whose comment readers see by now, so that answers may come. Spam makes us write to nobody."""
    found = select(Subscription.id).join(Comment, Comment.id == Subscription.comment_id)
    found = found.where(Subscription.invited_at.is_(None), Comment.state == State.PUBLISHED)
    return list(db.session.scalars(found.order_by(Subscription.id).limit(limit)))


def to_tell(limit: int = 100) -> list[int]:
    """Confirmed ones with answers that they were not told of, an hour after their last letter or later."""
    now, answer = clock.now(), aliased(Comment)
    is_news = exists().where(
        answer.parent_id == Subscription.comment_id,
        answer.state == State.PUBLISHED,
        answer.published_at > Subscription.told_until,
        answer.published_at <= now - SETTLED,
    )
    is_time = or_(Subscription.told_at.is_(None), Subscription.told_at <= now - EVERY)
    found = select(Subscription.id).join(Comment, Comment.id == Subscription.comment_id)
    found = found.where(Subscription.confirmed_at.is_not(None), Comment.state == State.PUBLISHED, is_time, is_news)
    return list(db.session.scalars(found.order_by(Subscription.id).limit(limit)))


def forget() -> int:
    """Delete those that nobody confirmed, and those that have lasted long enough; how many."""
    now = clock.now()
    is_over = or_(
        Subscription.confirmed_at < now - KEPT_FOR,
        Subscription.confirmed_at.is_(None) & (Subscription.invited_at < now - CONFIRM_WITHIN),
        Subscription.confirmed_at.is_(None) & (Subscription.asked_at < now - ASKED_KEPT_FOR),
    )
    return len(db.session.execute(delete(Subscription).where(is_over).returning(Subscription.id)).all())


def new_nonce() -> str:
    return secrets.token_urlsafe(NONCE)[:NONCE]


def _mac(nonce: str) -> str:
    return tokens.keyed(settings().secret_key, "subscription", nonce).hex()[:MAC]


def _known_by(email: str) -> str:
    """A mailbox, whatever is written behind a plus in its name."""
    name, _, host = email.lower().rpartition("@")
    return tokens.keyed(settings().secret_key, "refusal", f"{name.partition('+')[0]}@{host}").hex()


def _asked_today(email: str) -> int:
    since = clock.now() - timedelta(days=1)
    asked = select(func.count()).select_from(Subscription)
    asked = asked.where(func.lower(Subscription.email) == email.lower(), Subscription.invited_at >= since)
    return db.session.scalar(asked.where(Subscription.confirmed_at.is_(None))) or 0
