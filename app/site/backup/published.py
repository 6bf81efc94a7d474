"""What is known from outside an archive: the lines of `erasures.log` files, and checkpoints that somebody kept."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import httpx

from app.comments.models import erasure as comments
from app.comments.models import hand
from app.extensions import db
from app.kit import clock
from app.ledger import outside
from app.ledger.models import Head, counter_at, root_at
from app.ledger.note import Checkpoint, is_signed_by, read_checkpoint
from app.ledger.signing import signer
from app.reports.models import erasure as reports

STEP = 500  # erasures in one transaction
LONGEST_NOTE = 1 << 16  # bytes
PATIENCE = 20  # seconds


class NotPublished(Exception):
    """Something that is given as published is not; the message says what."""


def lines(logs: Iterable[Path], notes: Iterable[str]) -> list[outside.Line]:
    """Every line of the logs in their order and the notes after them, each once; raises `outside.Unreadable`."""
    found = [line for path in logs for line in outside.read(path)]
    found += [outside.Line(clock.today(), outside.CHECKPOINT, note) for note in notes]
    return merged(found)


def merged(found: Sequence[outside.Line]) -> list[outside.Line]:
    """Each thing once, as it was first told."""
    first: dict[tuple[str, str], outside.Line] = {}
    for line in found:
        first.setdefault((line.kind, line.value), line)
    return list(first.values())


def note(where: str) -> str:
    """A signed checkpoint from a file or an address (`https://…/ledger/checkpoint`); raises `NotPublished`."""
    try:
        if not where.startswith(("http://", "https://")):
            return Path(where).read_text("utf-8")[:LONGEST_NOTE]
        answer = httpx.get(where, timeout=PATIENCE, follow_redirects=True)
        return answer.raise_for_status().text[:LONGEST_NOTE]
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeDecodeError) as error:
        raise NotPublished(f"no checkpoint could be read from {where}: {error}") from error


def lost(found: Sequence[outside.Line]) -> Checkpoint | None:
    """The newest published checkpoint that the database in use does not continue; None when it continues them all.

    A checkpoint from before a recovery that is longer than what was recovered then is lost already, and was said to be.
    """
    size = Head.now().size
    gone = [one for one in _still_claimed(found) if not _is_continued(one, size)]
    return max(gone, key=lambda one: one.size, default=None)


def erase_again(found: Sequence[outside.Line]) -> int:
    """Erase whatever the archive has brought back; how many. Commits in steps: the database is nobody's yet."""
    erasures = [line for line in found if line.kind in {outside.REPORT, outside.COMMENT, outside.HAND}]
    done = 0
    for number, line in enumerate(erasures, 1):
        done += _erase_again(line)
        if number % STEP == 0:
            db.session.commit()
    db.session.commit()
    return done


def _erase_again(line: outside.Line) -> bool:
    if line.kind == outside.REPORT:
        return reports.erase_again(line.value, line.on)
    return hand.forget_again(line.value) if line.kind == outside.HAND else comments.erase_again(line.value)


def _still_claimed(found: Sequence[outside.Line]) -> Iterator[Checkpoint]:
    known: list[Checkpoint] = []
    for line in found:
        if line.kind == outside.CHECKPOINT:
            known.append(_checkpoint(line.value))
        elif line.kind == outside.RECOVERY:
            known = [one for one in known if one.size <= line.recovered_size]
    yield from known


def _checkpoint(text: str) -> Checkpoint:
    """What a note says, if the archive's own key has signed it."""
    try:
        said = read_checkpoint(text)
        is_ours = is_signed_by(text, signer(said.origin).vkey)
    except ValueError as error:
        raise NotPublished(f"this is no checkpoint: {text[:80]!r}") from error
    if not is_ours:
        raise NotPublished(f"the checkpoint of {said.size} entries was not signed by the key in the archive")
    return said


def _is_continued(said: Checkpoint, size: int) -> bool:
    return said.size <= size and (root_at(said.size), counter_at(said.size)) == (said.root, said.counter)
