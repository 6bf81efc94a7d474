"""The tree at any size: its nodes, its root, its counter, from tiles and at most a tile's worth of entries."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.ledger import merkle
from app.ledger.models.entry import CHANGE, Entry
from app.ledger.models.head import Head
from app.ledger.models.tile import HEIGHT, Tile


def subtree(level: int, index: int) -> bytes:
    """The hash of the perfect subtree of `2**level` leaves that begins at leaf `index * 2**level`."""
    kept = level - level % HEIGHT
    start, end = index << (level - kept), (index + 1) << (level - kept)
    return _fold(_tiles(kept, start, end) if kept else _leaves(start, end))


def root_at(size: int) -> bytes:
    """The root over the first `size` entries; 32 bytes."""
    return merkle.root_at(size, subtree)


def counter_at(size: int) -> int:
    """The counter after the first `size` entries."""
    tiles = size >> HEIGHT
    last = select(Tile.counter).where(Tile.level == HEIGHT, Tile.index == tiles - 1)
    base = (db.session.scalar(last) or 0) if tiles else 0
    rest = select(Entry.kind, func.count()).where(Entry.seq >= tiles << HEIGHT, Entry.seq < size)
    return base + sum(CHANGE[kind] * rows for kind, rows in db.session.execute(rest.group_by(Entry.kind)))


def size_at(moment: datetime) -> int:
    """How many entries there were at the end of that minute; minutes never go back."""
    after = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    first = select(Entry.seq).where(Entry.minute >= after).order_by(Entry.minute, Entry.seq).limit(1)
    found = db.session.scalar(first)
    return found if found is not None else (db.session.scalar(select(Head.size)) or 0)


def _tiles(level: int, start: int, end: int) -> Sequence[bytes]:
    here = (Tile.level == level) & (Tile.index >= start) & (Tile.index < end)
    return db.session.scalars(select(Tile.hash).where(here).order_by(Tile.index)).all()


def _leaves(start: int, end: int) -> Sequence[bytes]:
    here = (Entry.seq >= start) & (Entry.seq < end)
    return db.session.scalars(select(Entry.leaf).where(here).order_by(Entry.seq)).all()


def _fold(hashes: Sequence[bytes]) -> bytes:
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [merkle.node_hash(left, right) for left, right in pairs]
    return hashes[0]
