"""The Merkle tree over the ledger's entries, after RFC 6962 section 2.1.

A hash is SHA-256, 32 bytes; a leaf is one entry's hash. A tree of n leaves is split after the largest power of two
below n, so all of it hangs on perfect subtrees, which never change once they are full. Whoever keeps those can compute
every root and proof: the functions below ask for them one at a time, as `subtree(level, index)`, the root over the
2**level leaves that begin with leaf index * 2**level (level 0 is the leaf itself).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Subtree = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Node:
    """The root of a perfect subtree: over 2**level leaves from leaf index * 2**level on."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be known of the first `size` leaves to append: the roots of their perfect subtrees, largest first."""

    size: int
    hashes: tuple[bytes, ...]

    @classmethod
    def empty(cls) -> Self:
        return cls(0, ())

    @classmethod
    def from_bytes(cls, size: int, raw: bytes) -> Self:
        """The frontier that `to_bytes` wrote; ValueError when `raw` has not one hash for each bit set in `size`."""
        if size < 0 or len(raw) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"the frontier of {size} leaves is not {len(raw)} bytes long")
        return cls(size, tuple(raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)))

    def to_bytes(self) -> bytes:
        return b"".join(self.hashes)

    def push(self, leaf: bytes) -> tuple[Self, list[Node]]:
        """The frontier with one more leaf (its hash), and the inner nodes that this leaf completes, lowest first."""
        waiting, made, top = list(self.hashes), list[Node](), Node(0, self.size, leaf)
        while top.index % 2:
            top = Node(top.level + 1, top.index // 2, node_hash(waiting.pop(), top.hash))
            made.append(top)
        return type(self)(self.size + 1, (*waiting, top.hash)), made

    def root(self) -> bytes:
        """MTH of the leaves so far."""
        return _fold(self.hashes)


def root_at(size: int, subtree: Subtree) -> bytes:
    """MTH of the first `size` leaves."""
    return _root(0, size, subtree)


def inclusion_path(seq: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH of leaf `seq` in the tree of `size` leaves, from the leaf up; ValueError when it has no such leaf."""
    if not 0 <= seq < size:
        raise ValueError(f"leaf {seq} is not among {size}")
    path, begin, end = list[bytes](), 0, size
    while end - begin > 1:
        middle = _middle(begin, end)
        if seq < middle:
            path.append(_root(middle, end, subtree))
            end = middle
        else:
            path.append(_root(begin, middle, subtree))
            begin = middle
    return path[::-1]


def consistency_path(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """PROOF that the tree of `new` leaves continues the one of `old`; empty when `old` is 0 or equals `new`."""
    if not 0 <= old <= new:
        raise ValueError(f"{new} leaves do not continue {old}")
    path, begin, end = list[bytes](), 0, new
    while 0 < old < end:
        middle = _middle(begin, end)
        if old <= middle:
            path.append(_root(middle, end, subtree))
            end = middle
        else:
            path.append(_root(begin, middle, subtree))
            begin = middle
    if begin:  # else what is left is the old tree itself, whose root the asker knows
        path.append(_root(begin, end, subtree))
    return path[::-1]


def is_included(leaf: bytes, seq: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from a leaf's hash to `root`; False for what is no proof (RFC 9162, 2.1.3.2)."""
    if not 0 <= seq < size or not _are_hashes(leaf, root, *path):
        return False
    index, last, top = seq, size - 1, leaf
    for sibling in path:
        if not last:
            return False
        if index % 2 or index == last:
            top = node_hash(sibling, top)
            index, last = _skip_missing(index, last)
        else:
            top = node_hash(top, sibling)
        index, last = index // 2, last // 2
    return last == 0 and top == root


def is_consistent(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows the new tree to continue the old one; False for what is no proof (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= new_size or not _are_hashes(old_root, new_root, *path):
        return False
    if old_size in (0, new_size):
        known = EMPTY_ROOT if old_size == 0 else new_root
        return not path and old_root == known and (new_size > 0 or new_root == EMPTY_ROOT)
    is_whole = old_size & (old_size - 1) == 0  # a perfect old tree is itself the first node of the proof
    return _climbs(old_size, old_root, new_size, new_root, [old_root, *path] if is_whole else path)


def _climbs(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether one climb from the first node leads to both roots."""
    index, last = old_size - 1, new_size - 1
    while index % 2:
        index, last = index // 2, last // 2
    if not path:
        return False
    old = new = path[0]
    for sibling in path[1:]:
        if not last:
            return False
        if index % 2 or index == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            index, last = _skip_missing(index, last)
        else:
            new = node_hash(new, sibling)
        index, last = index // 2, last // 2
    return last == 0 and (old, new) == (old_root, new_root)


def _skip_missing(index: int, last: int) -> tuple[int, int]:
    """Up to where the node has a left sibling: at the right edge it moves up alone until then."""
    while index and not index % 2:
        index, last = index // 2, last // 2
    return index, last


def _root(begin: int, end: int, subtree: Subtree) -> bytes:
    """MTH of the leaves from `begin` to `end`, a range at which the RFC's splitting arrives."""
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append(subtree(level, begin >> level))
        begin += 1 << level
    return _fold(found)


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees, largest first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def _middle(begin: int, end: int) -> int:
    """Where a range of at least two leaves is split: after the largest power of two below its length."""
    return begin + (1 << ((end - begin - 1).bit_length() - 1))


def _are_hashes(*values: object) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_BYTES for value in values)
