"""The container: a plain tar file whose last member is the SHA-256 of every byte before it.

`tar` can list and unpack it. Before the checksum stands `manifest.json`, which names each member with its size and
hash. The checksum tells damage; it does not tell who made the archive.
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple, cast

PIECE = 1 << 16
MOST_AT_ONCE = 1 << 26  # bytes: no manifest, no name and no thousand rows are longer, packed
MOST_MEMBERS = 200_000
MANIFEST, CHECKSUM = "manifest.json", "sha256"
NO_DATE = 0

Manifest = dict[str, Any]
"""JSON values."""


class Damaged(Exception):
    """The archive is not what was written, or not one of ours; the message says where."""


class Member(NamedTuple):
    """A file of the archive: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


class Writer:
    """Makes the bytes of an archive, piece by piece, in the order in which its members are put in."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self.members: dict[str, Member] = {}

    def member(self, name: str, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """One member; ValueError when the pieces are not `size` bytes together, or nobody would read so many."""
        if len(self.members) > MOST_MEMBERS:
            raise ValueError(f"there are more than {MOST_MEMBERS:,} files")
        own, written = hashlib.sha256(), 0
        yield self._noted(_header(name, size))
        for piece in pieces:
            own.update(piece)
            written += len(piece)
            yield self._noted(piece)
        if written != size:
            raise ValueError(f"{name} has {written} bytes, not {size}")
        yield self._noted(_padding(size))
        self.members[name] = Member(size, own.hexdigest())

    def end(self, facts: Manifest) -> Iterator[bytes]:
        """The manifest, which names every member so far, and the checksum."""
        told = facts | {"members": {name: one._asdict() for name, one in self.members.items()}}
        text = json.dumps(told, ensure_ascii=False, indent=1).encode()
        if len(text) > MOST_AT_ONCE:
            raise ValueError("the names of all files are too long")
        yield from self.member(MANIFEST, len(text), [text])
        yield _tail(self._sum.hexdigest())

    def _noted(self, piece: bytes) -> bytes:
        self._sum.update(piece)
        return piece


class Archive:
    """An archive that is whole, opened to be read; raises `Damaged` where it is not."""

    def __init__(self, file: IO[bytes]) -> None:
        _check_sum(file)
        file.seek(0)
        try:
            bounded = cast("IO[bytes]", _Bounded(file))  # as far as tarfile reads
            self._tar = tarfile.open(fileobj=bounded, mode="r:")  # noqa: SIM115 -- as long as the archive
            found = list(self._listed())
        except (tarfile.TarError, UnicodeError, ValueError) as error:
            raise Damaged("it is no tar file as this site writes it") from error
        self._infos = {one.name: one for one in found}
        self.manifest = self._read_manifest(found)
        self.members = self._expected(found)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member's bytes; `Damaged` at the end when they are not those that the manifest names."""
        own, file = hashlib.sha256(), self._tar.extractfile(self._infos[name])
        while file is not None and (piece := file.read(PIECE)):
            own.update(piece)
            yield piece
        if own.hexdigest() != self.members[name].sha256:
            raise Damaged(f"{name} is not what the manifest says")

    def read(self, name: str) -> bytes:
        """A whole member, of at most 64 MB."""
        if self._infos[name].size > MOST_AT_ONCE:
            raise Damaged(f"{name} is too big")
        return b"".join(self.pieces(name))

    def _listed(self) -> Iterator[tarfile.TarInfo]:
        """Every member; nothing but plain files, none twice."""
        names: set[str] = set()
        for info in self._tar:
            if info.type != tarfile.REGTYPE or info.issparse():
                raise Damaged(f"{info.name!r} is no plain file")
            if info.name in names or len(names) > MOST_MEMBERS:
                raise Damaged(f"{info.name!r} is there twice, or there is no end")
            names.add(info.name)
            yield info

    def _read_manifest(self, found: list[tarfile.TarInfo]) -> Manifest:
        if [one.name for one in found[-2:]] != [MANIFEST, CHECKSUM]:
            raise Damaged("it has no manifest")
        file = self._tar.extractfile(found[-2])
        try:
            manifest = json.loads(file.read() if file else b"")
        except (ValueError, RecursionError) as error:
            raise Damaged("its manifest cannot be read") from error
        if not isinstance(manifest, dict):
            raise Damaged("its manifest cannot be read")
        return manifest

    def _expected(self, found: list[tarfile.TarInfo]) -> dict[str, Member]:
        """The members as the manifest names them: exactly those that are there."""
        try:
            named = {
                name: Member(int(one["size"]), str(one["sha256"])) for name, one in self.manifest["members"].items()
            }
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise Damaged("its manifest does not say what is in it") from error
        there = {one.name: one.size for one in found[:-2]}
        if odd := {name for name, one in named.items() if there.get(name) != one.size} | there.keys() - named.keys():
            raise Damaged(f"{min(odd)!r} is missing, too much or of another size")
        return named


class _Bounded:
    """A file of which nobody reads much at once: a header that claims to be huge costs no memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        if not 0 <= size <= MOST_AT_ONCE:
            raise Damaged("a part of it claims to be too big")
        return self._file.read(size)


def _check_sum(file: IO[bytes]) -> None:
    """Whether the file ends in the checksum of what is before; to the byte."""
    length = file.seek(0, os.SEEK_END) - len(_tail("0" * 64))
    if length < 0:
        raise Damaged("it is too short")
    file.seek(0)
    own, left = hashlib.sha256(), length
    while piece := file.read(min(PIECE, left)):
        own.update(piece)
        left -= len(piece)
    if left or file.read() != _tail(own.hexdigest()):
        raise Damaged("its checksum does not fit: it was damaged or cut off")


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, NO_DATE
    return info.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def _tail(checksum: str) -> bytes:
    """The last member and the end of the tar file."""
    text = f"{checksum}\n".encode()
    return _header(CHECKSUM, len(text)) + text + _padding(len(text)) + bytes(2 * tarfile.BLOCKSIZE)
