"""The tree is the one of RFC 6962, grows leaf by leaf, and proves what is in it and nothing else."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Subtree,
    consistency_path,
    inclusion_path,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root_at,
)

# what Certificate Transparency publishes: eight entries, and the root over the first 0, 1, 2 … of them
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_0_OF_8 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
PATH_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
PROOF_2_TO_5 = [
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
]

some_entries = st.lists(st.binary(max_size=8), max_size=70)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert _grown(ENTRIES[:size]).root().hex() == ROOTS[size]
    assert root_at(size, _subtree(ENTRIES)).hex() == ROOTS[size]


def test_proofs_are_the_published_ones() -> None:
    subtree = _subtree(ENTRIES)
    assert [each.hex() for each in inclusion_path(0, 8, subtree)] == PATH_0_OF_8
    assert [each.hex() for each in inclusion_path(5, 8, subtree)] == PATH_5_OF_8
    assert [each.hex() for each in consistency_path(1, 8, subtree)] == PATH_0_OF_8
    assert [each.hex() for each in consistency_path(2, 5, subtree)] == PROOF_2_TO_5


@given(some_entries)
def test_roots_are_those_of_the_rfc(entries: list[bytes]) -> None:
    assert _grown(entries).root() == _mth(entries) == root_at(len(entries), _subtree(entries))


def test_every_proof_up_to_33_leaves_is_that_of_the_rfc_and_holds() -> None:
    entries = [bytes([number]) for number in range(33)]
    subtree, roots = _subtree(entries), [_mth(entries[:size]) for size in range(34)]
    for size in range(34):
        for seq in range(size):
            path = inclusion_path(seq, size, subtree)
            assert path == _path(seq, entries[:size])
            assert is_included(leaf_hash(entries[seq]), seq, size, path, roots[size])
        for old in range(size + 1):
            path = consistency_path(old, size, subtree)
            assert path == (_proof(old, entries[:size]) if old else [])
            assert is_consistent(old, roots[old], size, roots[size], path)


@given(some_entries.filter(bool), st.data())
def test_an_inclusion_proof_holds_for_one_leaf_at_one_place_only(entries: list[bytes], data: st.DataObject) -> None:
    size = len(entries)
    seq = data.draw(st.integers(0, size - 1))
    leaf, path, root = leaf_hash(entries[seq]), inclusion_path(seq, size, _subtree(entries)), _mth(entries)
    assert is_included(leaf, seq, size, path, root)
    assert not is_included(leaf_hash(entries[seq] + b"!"), seq, size, path, root)
    assert not is_included(leaf, seq, size, path, data.draw(_flipped(root)))
    assert not any(is_included(leaf, seq, size, other, root) for other in _spoilt(path))
    other = data.draw(st.integers(-2, 2 * size + 2).filter(lambda place: place != seq))
    assert not is_included(leaf, other, size, path, root) or _stands_twice(entries)
    bigger = data.draw(st.integers(2 * size, 5 * size))
    assert not is_included(leaf, seq, bigger, path, root)


@given(some_entries.filter(lambda entries: len(entries) > 1), st.data())
def test_a_consistency_proof_holds_for_one_continuation_only(entries: list[bytes], data: st.DataObject) -> None:
    new = len(entries)
    old = data.draw(st.integers(1, new - 1))
    before, after, path = _mth(entries[:old]), _mth(entries), consistency_path(old, new, _subtree(entries))
    assert is_consistent(old, before, new, after, path)
    assert not is_consistent(old, data.draw(_flipped(before)), new, after, path)
    assert not is_consistent(old, before, new, data.draw(_flipped(after)), path)
    assert not any(is_consistent(old, before, new, after, other) for other in _spoilt(path))
    assert not is_consistent(new, after, old, before, path)
    touched = data.draw(st.integers(0, old - 1))
    rewritten = [*entries[:touched], entries[touched] + b"!", *entries[touched + 1 :]]
    forged = consistency_path(old, new, _subtree(rewritten))
    assert not is_consistent(old, before, new, _mth(rewritten), forged)


@pytest.mark.parametrize("garbage", [[b""], [b"short"], ["a" * 32], [None], [b"\0" * 33], [b"\0" * 32] * 300])
def test_what_is_no_proof_is_answered_with_no(garbage: list[bytes]) -> None:
    hash_ = leaf_hash(b"")
    for seq, size in ((0, 1), (0, 2), (-1, 2), (5, 2), (1, 10**30)):
        assert not is_included(hash_, seq, size, garbage, hash_)
        assert not is_consistent(seq, hash_, size, hash_, garbage)
    assert not is_included(b"short", 0, 1, [], b"short")
    assert not is_consistent(1, b"short", 1, b"short", [])
    assert not is_consistent(2, hash_, 3, hash_, [])


def test_every_tree_continues_the_empty_one() -> None:
    root = _mth(ENTRIES)
    assert is_consistent(0, EMPTY_ROOT, 8, root, [])
    assert is_consistent(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not is_consistent(0, root, 8, root, [])
    assert not is_consistent(0, EMPTY_ROOT, 0, root, [])
    assert not is_consistent(0, EMPTY_ROOT, 8, root, [root])


@pytest.mark.parametrize("ask", [lambda s: inclusion_path(8, 8, s), lambda s: inclusion_path(-1, 8, s)])
def test_nobody_gets_a_path_to_a_leaf_that_is_not_there(ask: Callable[[Subtree], object]) -> None:
    with pytest.raises(ValueError, match="is not among 8"):
        ask(_subtree(ENTRIES))


@pytest.mark.parametrize(("old", "new"), [(3, 2), (-1, 2)])
def test_no_tree_continues_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="do not continue"):
        consistency_path(old, new, _subtree(ENTRIES))


@given(some_entries)
def test_each_leaf_completes_each_subtree_once(entries: list[bytes]) -> None:
    frontier, nodes = Frontier.empty(), dict[tuple[int, int], bytes]()
    for seq, entry in enumerate(entries):
        frontier, made = frontier.push(leaf_hash(entry))
        assert [node.level for node in made] == list(range(1, len(made) + 1)), "lowest first"
        assert all((node.index + 1) << node.level == seq + 1 for node in made)
        assert not nodes.keys() & {(node.level, node.index) for node in made}
        nodes |= {(node.level, node.index): node.hash for node in made}
    subtree = _subtree(entries)
    every = [(level, index) for level in range(1, 8) for index in range(len(entries) >> level)]
    assert nodes == {place: subtree(*place) for place in every}


@given(some_entries)
def test_a_frontier_comes_back_from_its_bytes(entries: list[bytes]) -> None:
    frontier = _grown(entries)
    assert Frontier.from_bytes(frontier.size, frontier.to_bytes()) == frontier


@pytest.mark.parametrize(("size", "length"), [(0, 32), (1, 0), (1, 31), (1, 64), (3, 32), (4, 64), (-1, 32)])
def test_bytes_of_another_length_are_no_frontier(size: int, length: int) -> None:
    with pytest.raises(ValueError, match="bytes long"):
        Frontier.from_bytes(size, bytes(length))


def test_a_proof_asks_for_few_subtrees() -> None:
    asked: list[tuple[int, int]] = []

    def subtree(level: int, index: int) -> bytes:
        asked.append((level, index))
        return EMPTY_ROOT

    size = 2**20 - 1
    inclusion_path(77, size, subtree)
    assert 20 <= len(asked) <= 40
    asked.clear()
    consistency_path(size // 3, size, subtree)
    assert 20 <= len(asked) <= 40


def test_the_two_prefixes_keep_leaves_and_nodes_apart() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right) == _mth([b"a", b"b"])


def _grown(entries: list[bytes]) -> Frontier:
    frontier = Frontier.empty()
    for entry in entries:
        frontier, _ = frontier.push(leaf_hash(entry))
    return frontier


def _subtree(entries: list[bytes]) -> Subtree:
    return lambda level, index: _mth(_full(entries[index << level : (index + 1) << level], level))


def _full(entries: list[bytes], level: int) -> list[bytes]:
    assert len(entries) == 1 << level, "only perfect subtrees are asked for"
    return entries


def _spoilt(path: list[bytes]) -> list[list[bytes]]:
    """Longer, shorter, turned round, one hash changed."""
    longer, turned = [[*path, EMPTY_ROOT], [EMPTY_ROOT, *path]], path[::-1]
    changed = [[*path[:at], hashlib.sha256(path[at]).digest(), *path[at + 1 :]] for at in range(len(path))]
    return longer + changed + ([path[1:], path[:-1]] if path else []) + ([turned] if turned != path else [])


def _flipped(hash_: bytes) -> st.SearchStrategy[bytes]:
    return st.integers(0, 255).map(lambda bit: (int.from_bytes(hash_, "big") ^ 1 << bit).to_bytes(32, "big"))


def _stands_twice(entries: list[bytes]) -> bool:
    return len(set(entries)) < len(entries)


# RFC 6962, sections 2.1 to 2.1.2, word for word and slow
def _split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def _mth(d: list[bytes]) -> bytes:
    if not d:
        return hashlib.sha256(b"").digest()
    if len(d) == 1:
        return hashlib.sha256(b"\x00" + d[0]).digest()
    k = _split(len(d))
    return hashlib.sha256(b"\x01" + _mth(d[:k]) + _mth(d[k:])).digest()


def _path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = _split(len(d))
    return [*_path(m, d[:k]), _mth(d[k:])] if m < k else [*_path(m - k, d[k:]), _mth(d[:k])]


def _proof(m: int, d: list[bytes]) -> list[bytes]:
    return _subproof(m, d, is_old_root=True)


def _subproof(m: int, d: list[bytes], *, is_old_root: bool) -> list[bytes]:
    if m == len(d):
        return [] if is_old_root else [_mth(d)]
    k = _split(len(d))
    if m <= k:
        return [*_subproof(m, d[:k], is_old_root=is_old_root), _mth(d[k:])]
    return [*_subproof(m - k, d[k:], is_old_root=False), _mth(d[:k])]
