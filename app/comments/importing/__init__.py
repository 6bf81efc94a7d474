"""Comments that other software kept: one reader for each kind of file, each yielding the same plain rows."""

from app.comments.importing.formats import FORMATS, Source, open_source
from app.comments.importing.importer import Importer
from app.comments.importing.row import Broken, Deleted, LeftOut, Row, Unreadable
from app.comments.importing.threads import Threads, UnreadableMap

__all__ = [
    "FORMATS",
    "Broken",
    "Deleted",
    "Importer",
    "LeftOut",
    "Row",
    "Source",
    "Threads",
    "Unreadable",
    "UnreadableMap",
    "open_source",
]
