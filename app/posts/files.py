"""The Markdown files in the post folders: which there are, which changed, what each says."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.posts import reading
from app.posts.bodies import Bodies
from app.posts.last_good import LastGood
from app.posts.post import Post
from app.posts.problem import Problem
from app.posts.source import MAX_BYTES

Key = tuple[int, str]  # number of the folder, name of the file
Signature = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file as it was last read; `good` is the version that was last on the shelf."""

    path: Path
    signature: Signature
    post: Post | None
    problems: tuple[Problem, ...]
    good: Post | None
    data: bytes | None = None  # until the copy of a good version is kept


class Files:
    """What is known of each file; reads again only what changed. Not for several threads at once."""

    def __init__(self, folders: Sequence[Path], last_good: LastGood, bodies: Bodies):
        self.folders = tuple(folders)
        self.leaves: dict[Key, Leaf] = {}
        self.folder_problems: tuple[Problem, ...] = ()
        self._last_good, self._bodies = last_good, bodies
        self._looked_into: set[int] = set()

    def update(self) -> bool:
        """Look at every folder; true if anything is not as it was."""
        before, problems_before = self.leaves, self.folder_problems
        self.folder_problems = ()
        found = [self._look(number, folder) for number, folder in enumerate(self.folders)]
        self.leaves = {key: leaf for leaves in found for key, leaf in sorted(leaves.items())}
        is_same = before.keys() == self.leaves.keys() and all(self.leaves[key] is before[key] for key in before)
        return not is_same or problems_before != self.folder_problems

    def forget_others(self) -> None:
        """Keep of rendered bodies those of the posts there are."""
        posts = (post for leaf in self.leaves.values() for post in (leaf.post, leaf.good) if post)
        self._bodies.forget_others({post.source_hash for post in posts})

    def settle(self, key: Key, post: Post) -> None:
        """This version of the file stands on the shelf: it is the last good one from now on."""
        leaf = self.leaves[key]
        if leaf.data is not None and post is leaf.post:
            self._last_good.keep(*key, leaf.data)
            self.leaves[key] = replace(leaf, good=post, data=None)

    def _look(self, number: int, folder: Path) -> dict[Key, Leaf]:
        """The leaves of a folder; one that cannot be listed keeps those it had."""
        known = {key: leaf for key, leaf in self.leaves.items() if key[0] == number}
        try:
            signatures = dict(_signatures(folder))
        except OSError as error:
            if known or not isinstance(error, FileNotFoundError):
                reason = f"The folder cannot be read ({error.strerror}); its posts stay as they were."
                self.folder_problems += (Problem(folder, None, reason, is_fatal=True),)
            return known
        if number not in self._looked_into or {(number, name) for name in signatures} != known.keys():
            self._looked_into.add(number)
            self._last_good.forget_deleted(number, folder)
        return {(number, name): self._leaf((number, name), found) for name, found in signatures.items()}

    def _leaf(self, key: Key, signature: Signature) -> Leaf:
        known = self.leaves.get(key)
        if known and known.signature == signature:
            return known
        path = self.folders[key[0]] / key[1]
        data, problem = _contents(path)
        read = (
            reading.read(path, data, self._bodies)
            if data is not None
            else reading.Reading(None, (problem,) if problem else ())
        )
        good = known.good if known and known.good else self._kept(key, path)
        return Leaf(path, signature, read.post, read.problems, good, data if read.post else None)

    def _kept(self, key: Key, path: Path) -> Post | None:
        copy = self._last_good.get(*key)
        return reading.read(path, copy, self._bodies).post if copy is not None else None


def _signatures(folder: Path) -> Iterator[tuple[str, Signature]]:
    """Name and signature of each post file; hidden files, `_drafts.md` and a README are none."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".md") and entry.name[0] not in "._" and entry.name.lower() != "readme.md":
                yield entry.name, _signature(entry)


def _signature(entry: os.DirEntry[str]) -> Signature:
    try:
        found = entry.stat()
    except OSError:  # deleted this moment, or a link that leads nowhere
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _contents(path: Path) -> tuple[bytes | None, Problem | None]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            return None, Problem(path, None, "This is not a regular file.", is_fatal=True)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1), None
    except OSError as error:
        reason = f"The file cannot be read ({error.strerror})."
        return None, Problem(path, None, reason, is_fatal=True)
