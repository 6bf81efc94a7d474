"""A letter waits in the database until it has left; its text and to whom it went are deleted then."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Self
from urllib.parse import urlsplit

from flask_mailman import EmailMessage
from sqlalchemy import String, Text, delete, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.config import campaign, settings
from app.extensions import Model, UtcDateTime, db
from app.kit import clock, tokens

GIVE_UP_AFTER = timedelta(days=7)
KEPT_FOR = timedelta(days=14)  # so that the desk can show for a while what could not be sent
TAKEN_FOR = timedelta(minutes=5)  # after which a sender that did not come back is given up
BACK_OFF = (
    timedelta(0),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=4),
)


class Letter(Model):
    """One letter to one address."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(200), default="")
    unsubscribe: Mapped[str] = mapped_column(String(300), default="", server_default=sql("''"))  # one click

    @classmethod
    def write(cls, to: str, subject: str, text: str, *, unsubscribe: str = "") -> Self:
        """A letter that leaves after the caller's commit. A POST to `unsubscribe` ends all further ones of its kind."""
        now = clock.now()
        letter = cls(to=to, subject=" ".join(subject.split()), text=text, written_at=now, next_try_at=now)
        letter.unsubscribe = unsubscribe
        db.session.add(letter)
        return letter

    @classmethod
    def take(cls, id_: int) -> Self | None:
        """A letter that is due, for one sender: who looks at the same moment does not find it. It is due again soon."""
        is_due = (cls.id == id_) & (cls.next_try_at <= clock.now())
        taken = update(cls).where(is_due).values(next_try_at=clock.now() + TAKEN_FOR).returning(cls.id)
        found = db.session.scalar(taken.execution_options(synchronize_session=False))
        return db.session.get(cls, id_, populate_existing=True) if found else None

    def message(self) -> EmailMessage:
        """The letter as it goes out."""
        host = urlsplit(settings().base_url).hostname or "localhost"
        sender = campaign().responsible.email or f"noreply@{host}"
        # the same however often it leaves: what a sender that fell did not mark comes twice and is shown once
        name = tokens.keyed(settings().secret_key, "letter", f"{self.id} {self.written_at.isoformat()}").hex()[:32]
        headers = {"Message-ID": f"<{name}@{host}>"} | self._way_out
        return EmailMessage(
            self.subject, self.text, f"{campaign().name} <{parseaddr(sender)[1]}>", [self.to], headers=headers
        )

    @property
    def _way_out(self) -> dict[str, str]:
        """By which mail programs offer a button (RFC 2369, RFC 8058)."""
        if not self.unsubscribe:
            return {}
        one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return {"List-Unsubscribe": f"<{self.unsubscribe}>", "Auto-Submitted": "auto-generated"} | one_click

    def has_left(self) -> None:
        """Note that the letter is on its way, and forget what it said and to whom."""
        self.sent_at, self.next_try_at = clock.now(), None
        self.to = self.subject = self.text = self.fault = self.unsubscribe = ""  # the subject too: it may be a code

    def is_undeliverable(self) -> bool:
        """Give up a letter that nobody waits for, because its address does not exist; whether it is such a one."""
        if self.unsubscribe:
            self.next_try_at = None
        return bool(self.unsubscribe)

    def has_failed(self, fault: str) -> None:
        """Note why the letter did not leave, and when to try again."""
        self.tries += 1
        self.fault = fault[:200]
        wait = BACK_OFF[min(self.tries, len(BACK_OFF) - 1)]
        self.next_try_at = clock.now() + wait if clock.now() < self.written_at + GIVE_UP_AFTER else None


def forget() -> int:
    """Delete letters that could not be sent, and what is left of those that have left; how many."""
    over = Letter.next_try_at.is_(None) & (Letter.written_at < clock.now() - KEPT_FOR)
    return len(db.session.execute(delete(Letter).where(over).returning(Letter.id)).all())


def due() -> list[int]:
    """The letters whose time to leave has come, oldest first."""
    waiting = select(Letter.id).where(Letter.next_try_at <= clock.now()).order_by(Letter.id).limit(50)
    return list(db.session.scalars(waiting))


def stuck() -> int:
    """How many letters have tried to leave and could not."""
    return db.session.scalar(select(func.count()).where(Letter.sent_at.is_(None), Letter.tries > 0)) or 0
