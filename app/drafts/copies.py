"""The file of a draft in `instance/posts`: a copy of what was released, which people may also change by hand."""

from enum import StrEnum
from pathlib import Path

from app.config import settings
from app.drafts.models import Draft, DraftRevision, How
from app.drafts.text import file_hash
from app.posts.last_good import replace_file
from app.posts.shelf import shelf


class Standing(StrEnum):
    """How the file compares with the rows."""

    SAME = "same"
    MISSING = "missing"  # released, and there is no file
    BEHIND = "behind"  # released, and the file is the one before
    ALTERED = "altered"  # somebody changed it by hand
    UNREADABLE = "unreadable"  # a folder of that name, or a file that we may not read


class Altered(Exception):
    """The file is not what was last written or read: writing it would lose somebody's words."""


def folder() -> Path:
    return settings().instance / "posts"


def path_of(draft: Draft) -> Path:
    """Where its copy is."""
    return folder() / draft.file_name


def on_disk(draft: Draft) -> bytes | None:
    """What stands there now; of a post that was not released here yet the file that ships with the site counts, too."""
    places = [path_of(draft)] if draft.released else [path_of(draft), settings().posts / draft.file_name]
    for path in places:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            continue
    return None


def standing(draft: Draft, released: DraftRevision | None = None) -> Standing:
    """How its file compares; `released` is the revision that was released, for who has it at hand."""
    try:
        data = on_disk(draft)
    except OSError:
        return Standing.UNREADABLE
    if data is None:
        return Standing.MISSING if draft.released else Standing.SAME
    found = file_hash(data)
    if draft.released and found == (released or draft.revision(draft.released)).source_hash:
        return Standing.SAME
    if found == draft.file_hash:
        return Standing.BEHIND if draft.released else Standing.SAME
    return Standing.ALTERED


def settle(draft: Draft) -> None:
    """Have the file say what was released, the caller holding the draft's row; raises `Altered` and OSError."""
    how = standing(draft)
    if how is Standing.ALTERED:
        raise Altered(draft.slug)
    if how is Standing.UNREADABLE:
        raise PermissionError(draft.file_name)
    if draft.released is None:
        return
    data = draft.revision(draft.released).source.encode()
    if how is not Standing.SAME:
        replace_file(path_of(draft), data, is_durable=True)
    draft.file_hash = file_hash(data)


def take_down(draft: Draft, source: str) -> None:
    """After a recall: what was a file before says this, and what was none is removed; raises `Altered` and OSError."""
    if standing(draft) is Standing.ALTERED:
        raise Altered(draft.slug)
    if draft.revision(1).how is How.FROM_DISK:
        replace_file(path_of(draft), source.encode(), is_durable=True)
    else:
        path_of(draft).unlink(missing_ok=True)
    data = on_disk(draft)
    draft.file_hash = file_hash(data) if data is not None else ""


def put_aside(draft: Draft) -> str:
    """Keep what stands there under a name that the shelf ignores, so that the released words can stand there again."""
    kept = hide(path_of(draft))
    draft.file_hash = ""
    return kept


def hide(path: Path) -> str:
    """Give a file a name that the shelf ignores, which is answered."""
    kept = path.with_name(f".{path.name}.{file_hash(path.read_bytes())[:12]}.changed-by-hand")
    path.replace(kept)
    return kept.name


def intruder(draft: Draft) -> Path | None:
    """Another file beside its own that has taken its address, as the shelf knows it."""
    held = shelf().held(draft.slug)
    return held.path if held and held.path.parent == folder() and held.path != path_of(draft) else None
