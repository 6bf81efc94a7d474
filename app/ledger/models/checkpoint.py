"""What the site has put its name to: the size, the root and the counter of the ledger at a moment, signed."""

from datetime import datetime
from functools import cache
from typing import Self

from sqlalchemy import LargeBinary, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db
from app.kit import clock
from app.ledger import outside
from app.ledger.models.head import Head
from app.ledger.note import checkpoint_text, is_signed_by, read_checkpoint
from app.ledger.signing import origin, signer


class Checkpoint(Model):
    """A signed checkpoint that was published; kept, so that nobody can say later that it was another one."""

    __tablename__ = "ledger_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    counter: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    note: Mapped[str] = mapped_column(Text)

    @classmethod
    def make(cls) -> Self:
        """Sign the ledger as it stands; where nothing has changed since, the last checkpoint again."""
        head = Head.take()
        kept = db.session.get(cls, head.size)
        if kept is not None:
            return kept
        made = cls(size=head.size, root=head.root, counter=head.counter, made_at=clock.minute(), note=signed(head))
        db.session.add(made)
        outside.tell(outside.CHECKPOINT, [made.note])
        return made

    @property
    def is_what_was_signed(self) -> bool:
        """Whether the note says what the row says, and this instance's key has signed it."""
        try:
            said = read_checkpoint(self.note)
        except ValueError:
            return False
        return (said.size, said.root, said.counter) == (self.size, self.root, self.counter) and is_signed_by(
            self.note, signer(said.origin).vkey
        )

    @classmethod
    def last(cls) -> "Checkpoint | None":
        """The newest one that was published."""
        return db.session.scalar(_last())

    @classmethod
    def newest(cls, limit: int) -> list[Self]:
        return list(db.session.scalars(select(cls).order_by(cls.size.desc()).limit(limit)))


@cache
def _last() -> Select[Checkpoint]:
    """Made once: making it takes longer than asking it, and every page asks."""
    return select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)


def signed(head: Head) -> str:
    """The checkpoint of this head as a signed note (C2SP tlog-checkpoint, extra line `counter N`).

    Ed25519 signs the same text in the same way, so asking twice gives the same bytes.
    """
    return signer().sign(checkpoint_text(origin(), head.size, head.root, head.counter))
