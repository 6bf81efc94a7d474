"""Counters of a window, shared by all workers, that know no address."""

import sqlite3
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.kit.limits import SCHEME, FileStorage
from tests.beside import beside

ANNA = "LIMITS:LIMITER/203.0.113.77/reports.create/1200/1/minute"
_DAY = 86_400


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "limits.sqlite"


def _open(file: Path) -> FileStorage:
    return FileStorage(f"{SCHEME}://{file}")


@pytest.fixture
def storage(file: Path) -> FileStorage:
    return _open(file)


def test_it_counts_within_a_window(storage: FileStorage) -> None:
    before = time.time()
    assert [storage.incr(ANNA, 60) for _ in range(3)] == [1, 2, 3]
    assert storage.incr(ANNA, 60, amount=5) == storage.get(ANNA) == 8
    assert storage.get("another") == 0
    assert int(before) + 60 <= storage.get_expiry(ANNA) <= time.time() + 60


def test_a_new_window_begins_at_one(storage: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.incr(ANNA, 60, amount=9)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert storage.get(ANNA) == 0
    assert storage.incr(ANNA, 60) == 1
    assert storage.get_expiry(ANNA) == later + 60


def test_it_can_be_cleared(storage: FileStorage) -> None:
    storage.incr(ANNA, 60)
    storage.incr("another", 60)
    storage.clear(ANNA)
    assert (storage.get(ANNA), storage.get("another")) == (0, 1)
    assert storage.reset() == 1
    assert storage.get("another") == 0
    assert storage.check()


def test_no_address_is_in_the_file(storage: FileStorage, file: Path) -> None:
    storage.incr(ANNA, 60)
    for path in file.parent.iterdir():
        assert b"203.0.113.77" not in path.read_bytes(), path.name


def test_yesterday_s_secret_is_thrown_away(storage: FileStorage, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = storage.pseudonym(ANNA)
    storage.incr(ANNA, 60)
    tomorrow = time.time() + _DAY
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    assert storage.pseudonym(ANNA) != before
    with closing(sqlite3.connect(file)) as rows:
        assert rows.execute("SELECT count(*) FROM salt").fetchone() == (1,)
        assert rows.execute("SELECT count(*) FROM hit").fetchone() == (0,), "what has ended is gone"


def test_threads_lose_no_hit(storage: FileStorage) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: storage.incr(ANNA, 60), range(200)))
    assert storage.get(ANNA) == 200


def hit(file: Path) -> int:
    return _open(file).incr(ANNA, 60)


def test_processes_share_one_count_from_the_first_moment_on(file: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=beside()) as pool:
        found = sorted(pool.map(hit, [file] * 12))
    assert found == list(range(1, 13))


def test_a_lost_or_damaged_file_only_forgets(tmp_path: Path) -> None:
    assert _open(tmp_path / "lost").incr(ANNA, 60) == 1
    (tmp_path / "damaged").write_bytes(b"no database" * 500)
    assert _open(tmp_path / "damaged").incr(ANNA, 60) == 1


def _begin(file: str) -> int:
    """Open it and count once; how many it then has, of a file that others see."""
    return _open(Path(file)).incr(ANNA, 600)


def test_several_that_begin_at_once_on_a_torn_file_share_the_next_one(file: Path) -> None:
    for _ in range(5):
        for end in ("", "-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
        file.write_bytes(b"no database" * 500)
        with ProcessPoolExecutor(3, beside()) as pool:
            assert sorted(pool.map(_begin, [str(file)] * 3)) == [1, 2, 3]


def test_who_begins_a_file_while_another_one_writes_into_it_waits(file: Path) -> None:
    """SQLite itself waits for nobody who writes before the file has a log that is written ahead."""
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as another:
        another.execute("CREATE TABLE begun (at REAL)")
        late = _open(file)
        another.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.2, another.execute, ["COMMIT"])
        release.start()
        assert late.incr(ANNA, 60) == 1
        release.join()


def test_a_file_that_is_torn_inside_only_forgets(file: Path) -> None:
    before = _open(file)
    for number in range(500):
        before.incr(f"{ANNA}{number}", 60)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as torn:  # its first page stays whole: it opens like any other
        torn.seek(4096)
        torn.write(b"\xa5" * (file.stat().st_size - 4096))
    assert sorted(_open(file).incr(f"{ANNA}{number}", 60) for number in range(3)) == [1, 1, 1]
    assert _open(file).incr(f"{ANNA}0", 60) == 2, "one that is sound is left alone"
