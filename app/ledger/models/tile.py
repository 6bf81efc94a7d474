"""Hashes of full subtrees, kept so that a root or a proof does not read the whole ledger."""

from sqlalchemy import LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

HEIGHT = 8  # a tile covers 2**8 leaves, a tile of the next kind 2**16, and so on


class Tile(Model):
    """The root of the perfect subtree of `2**level` leaves that begins at leaf `index * 2**level`.

    `counter` is the count after the last of these leaves.
    """

    __tablename__ = "ledger_tile"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column("tile_index", primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    counter: Mapped[int]
