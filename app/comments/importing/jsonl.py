"""Our own file, a line of JSON for each comment, as `flask comments export` writes it."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import BinaryIO

from app.comments.importing.row import Broken, Read, Refused, Row, Thread, Unreadable, past
from app.comments.line import VERSION, Line, author_of, read_header, read_line
from app.comments.models.state import TakenBack
from app.web.moving import Fault

KIND = "jsonl"
LONGEST = 200_000  # bytes of a line; 5,000 characters and all else take far less
NOT_OURS = (
    "It answers for “{organisation}”, and this site did not write this line, or its author is no member here. "
    "No file makes anybody verified: `flask backup restore` brings such answers along, or their authors write again."
)


def read(file: BinaryIO) -> Iterator[Read]:
    """Every line but the first, which says what the file is."""
    header = read_header(file.readline(LONGEST).removeprefix(BOM_UTF8))  # which editors put there
    if header is None:
        raise Unreadable(f"is no file of comments in version {VERSION} of our own format.")
    number = 1
    while raw := file.readline(LONGEST):
        number, is_cut = number + 1, header.count is not None and not raw.endswith(b"\n")
        try:
            yield _row(number, read_line(_whole(file, raw)))
        except Refused as error:
            yield Fault(number, error.column, str(error))
        except ValueError as error:
            yield (Broken if is_cut else Fault)(number, "", str(error))
    if header.count is not None and number <= header.count:
        yield Broken(number, "", f"The file ends here, after {number - 1} of {header.count} comments: it was cut off.")


def _whole(file: BinaryIO, raw: bytes) -> bytes:
    """The line; of one that is too long the rest is passed over, a piece at a time."""
    if len(raw) < LONGEST or raw.endswith(b"\n"):
        return raw
    while (more := file.readline(LONGEST)) and not more.endswith(b"\n"):
        pass
    raise Refused("", "It is longer than any comment.")


def _row(number: int, line: Line) -> Row:
    is_sealed = line.is_sealed
    line = line.without_words() if line.taken_back is TakenBack.WITHDRAWN else line  # as older files have them
    author = author_of(line.by) if line.by and is_sealed else None
    if line.by and author is None:
        raise Refused("by", NOT_OURS.format(organisation=line.by.organisation))
    kept = {
        "published_at": past(line.published_at, "published_at") if line.published_at else None,
        "is_decided": line.decided,
        "is_redacted": line.blacked_out,
        "taken_back": line.taken_back,
        "removed_key": line.removed_key,
        "removed_because": line.removed_because,
        "reasons": line.reasons,
        "heard": line.heard,
        "alert": line.alert,
        "repeats": line.repeats,
        "lesson": line.lesson,
        "edits": line.edits,
        "edited_at": past(line.edited_at, "edited_at") if line.edited_at else None,
        "member_id": author.id if author else None,
    }
    return Row(
        number,
        line.key,
        Thread(line.post, (line.post,), is_slug=True),
        line.parent,
        line.name,
        line.text,
        past(line.written_at, "written_at"),
        line.state,
        kept=kept,
        is_sealed=is_sealed,
    )
