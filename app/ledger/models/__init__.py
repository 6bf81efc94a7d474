"""The nouns of the room."""

from app.ledger.models.checkpoint import Checkpoint
from app.ledger.models.commitment import commit_to, new_nonce
from app.ledger.models.entry import CHANGE, AppendOnly, Entry, Kind, Reason, Unwritten, Written, entry_subject
from app.ledger.models.head import Head, counter
from app.ledger.models.recovery import Recovery
from app.ledger.models.replay import Fault, Replay, faults, recount
from app.ledger.models.tile import Tile
from app.ledger.models.tree import counter_at, root_at, size_at, subtree

__all__ = [
    "CHANGE",
    "AppendOnly",
    "Checkpoint",
    "Entry",
    "Fault",
    "Head",
    "Kind",
    "Reason",
    "Recovery",
    "Replay",
    "Tile",
    "Unwritten",
    "Written",
    "commit_to",
    "counter",
    "counter_at",
    "entry_subject",
    "faults",
    "new_nonce",
    "recount",
    "root_at",
    "size_at",
    "subtree",
]
