"""Rows as comments of ours: what is said as it may be shown, below what it answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.comments.importing.row import Deleted, Refused, Row
from app.comments.line import could_be_taken_for_another
from app.comments.models import State
from app.comments.models.imported import Above
from app.comments.models.lessons import language_of
from app.comments.models.readable import readable
from app.kit import markup, names, tongue
from app.kit.markup import COMMENT_MAX
from app.web.submission import clean

LESSONS = {State.SPAM: "spam", State.PUBLISHED: "ham"}
IMITATES, WAITED = "imitates-staff", "imported"  # why it waits for a person
NOBODY = {"de": "Anonym", "en": "Anonymous"}
PLAIN: dict[str, Any] = {  # Any: columns' values, where the file does not say anything else
    "heard": None,
    "alert": "",
    "repeats": 0,
    "removed_because": "",
    "removed_key": "",
    "is_redacted": False,
    "taken_back": None,
    "edits": 0,
    "edited_at": None,
    "member_id": None,
}
STUB: dict[str, Any] = {"name": "", "text": "", "html": "", "lang": "", "reasons": [], "lesson": None}  # Any: the same


class Missing(Exception):
    """What it answers has not been read yet."""


@dataclass(slots=True)
class Placed:
    """A comment with what it stands under, which has its number before it."""

    columns: dict[str, Any]  # Any: columns' values
    above: "Placed | Above | None"
    id: int = 0

    @property
    def thread_id(self) -> int | None:
        return (self.above.thread_id or self.above.id) if self.above else None

    @property
    def post_slug(self) -> str:
        return str(self.columns["post_slug"])

    @property
    def is_seen(self) -> bool:
        return self.columns["published_at"] is not None


class Placing:
    """The comments of one transaction, in their order."""

    def __init__(self, above: Mapping[str, Above], deleted: Mapping[str, Deleted], *, is_last: bool) -> None:
        self.placed: list[Placed] = []
        self.filled: list[tuple[int, dict[str, Any]]] = []  # stubs by their numbers, and what they are to say
        self.states = Counter[State]()
        self.held = self.orphans = self.stubs = 0
        self._known: dict[str, Placed | Above] = dict(above)
        self._deleted, self._is_last = deleted, is_last

    def place(self, row: Row, post_slug: str) -> None:
        """Below what it answers, or where its stub stands.

        Raises Missing where what it answers may come later in the file, Refused where it cannot be a comment.
        """
        columns = _columns(row, post_slug)
        stub = self._known.get(row.key)
        if isinstance(stub, Above):
            self._known[row.key] = stub._replace(is_stub=False)
            self.filled.append((stub.id, columns))
            self.states[columns["state"]] += 1
            return
        above = self._above(row.parent, post_slug)
        self.orphans += row.parent is not None and above is None
        self.states[columns["state"]] += 1
        self.held += columns["state"] is State.WAITING and IMITATES in columns["reasons"]
        self._add(row.key, columns, above)

    def has(self, key: str) -> bool:
        """Whether it has its place already, as what others answered before it came."""
        return isinstance(self._known.get(key), Placed)

    def may_fill(self, row: Row, post_slug: str) -> bool:
        """Whether it is here without words, since its old site had it in the bin, and readers may see them now."""
        stub = self._known.get(row.key)
        if not (isinstance(stub, Above) and stub.is_stub and stub.post_slug == post_slug and row.text):
            return False
        return _state(row, _name(row, post_slug))[0] is State.PUBLISHED

    def columns(self, numbers: Sequence[int]) -> list[dict[str, Any]]:  # Any: columns' values
        """Their rows, with these numbers."""
        rows = []
        for one, number in zip(self.placed, numbers, strict=True):
            one.id = number
            under = {"parent_id": one.above.id if one.above else None, "thread_id": one.thread_id}
            rows.append({**one.columns, **under, "id": number})
        return rows

    def pretended(self) -> dict[str, Above]:
        """As if they had been stored."""
        told = [one.columns for one in self.placed] + [columns for _, columns in self.filled]
        return {one["key_hash"]: Above(0, None, one["post_slug"], one["published_at"]) for one in told}

    def _above(self, key: str | None, post_slug: str) -> Placed | Above | None:
        """What it is to stand under; nothing where readers do not see that, or it stands elsewhere."""
        if key is None:
            return None
        found = self._known.get(key) or self._stub(key, post_slug)
        if found is None and not self._is_last:
            raise Missing(key)
        return found if found and _is_seen(found) and found.post_slug == post_slug else None

    def _stub(self, key: str, post_slug: str) -> Placed | None:
        """The place of a deleted comment that somebody answers. It begins a thread: nobody misses what it answered."""
        gone = self._deleted.get(key)
        if gone is None:
            return None
        stub = PLAIN | STUB | {"key_hash": key, "post_slug": post_slug, "state": State.REMOVED, "is_decided": False}
        self.stubs += 1
        return self._add(key, stub | {"written_at": gone.written_at, "published_at": gone.written_at}, None)

    def _add(self, key: str, columns: dict[str, Any], above: Placed | Above | None) -> Placed:  # Any: columns' values
        placed = self._known[key] = Placed(columns, above)
        self.placed.append(placed)
        return placed


def _is_seen(above: Placed | Above) -> bool:
    return above.is_seen if isinstance(above, Placed) else above.published_at is not None


def _columns(row: Row, post_slug: str) -> dict[str, Any]:  # Any: columns' values
    """What its row says, but for its place."""
    name, text = _name(row, post_slug), _text(row)
    state, said = _state(row, name)
    is_redacted = bool(said.get("is_redacted"))
    return {
        **PLAIN,
        **said,
        "key_hash": row.key,
        "post_slug": post_slug,
        "name": name,
        "text": text,
        "html": str(markup.comment(readable(text) if is_redacted else text)),
        "lang": tongue.of(text),
        "state": state,
        "written_at": row.written_at,
    }


def _state(row: Row, name: str) -> tuple[State, dict[str, Any]]:  # Any: columns' values
    """Where it begins here. What could be taken for somebody verified only a person here lets through."""
    if row.state is State.PUBLISHED and not row.is_sealed and could_be_taken_for_another(name):
        kept = {**row.kept, "published_at": None, "is_decided": False, "lesson": None}
        return State.WAITING, kept | {"reasons": [*dict.fromkeys([*kept.get("reasons", ()), IMITATES])]}
    if row.kept:
        return row.state, dict(row.kept)
    is_public = row.state is State.PUBLISHED
    return row.state, {
        "published_at": row.written_at if is_public else None,
        "is_decided": row.state is not State.WAITING,
        "reasons": [WAITED] if row.state is State.WAITING else [],
        "lesson": LESSONS.get(row.state),
    }


def _name(row: Row, post_slug: str) -> str:
    name = names.clean(clean(row.name))
    return name if name or not row.text else NOBODY[language_of(post_slug)]


def _text(row: Row) -> str:
    """What was written; of spam, which only teaches, the beginning."""
    text = clean(row.text)
    if not text and not row.kept:
        raise Refused("", "It has no text.")
    if len(text) <= COMMENT_MAX:
        return text
    if row.state is State.SPAM:
        return text[:COMMENT_MAX]
    raise Refused("", f"It has {len(text)} characters; a comment has {COMMENT_MAX} at most.")
