"""What processes count: added up over all of them, through their ends and over a disk that takes nothing."""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.kit.meter import BUCKETS, Meter
from tests.beside import beside

ONE = ("counted", ("a",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "metrics"


def counting(folder: Path, times: int) -> Meter:
    made = Meter()
    made.keep_in(folder)
    for _ in range(times):
        made.add("counted", "a")
    made.write()
    return made


def end(made: Meter) -> None:
    """What the kernel does when its process ends."""
    for handle in (made._kept, made._place):
        assert handle is not None
        os.close(handle)


def test_all_processes_are_added_up(folder: Path) -> None:
    first, second = counting(folder, 3), counting(folder, 4)
    assert first.together(folder).counts[ONE] == second.together(folder).counts[ONE] == 7


def test_what_a_process_that_has_ended_counted_stays_counted_in_its_place(folder: Path) -> None:
    first, _second = counting(folder, 3), counting(folder, 4)
    end(first)
    third = counting(folder, 5)
    assert third.together(folder).counts[ONE] == 12
    assert sorted(file.name for file in folder.glob("*.json")) == ["0.json", "1.json"]


def work_and_fall(folder: Path) -> None:
    counting(folder, 3)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_leaves_its_counts_and_frees_its_place(folder: Path) -> None:
    folder.mkdir()
    process = beside().Process(target=work_and_fall, args=(folder,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert counting(folder, 4).together(folder).counts[ONE] == 7
    assert [file.name for file in folder.glob("*.json")] == ["0.json"]


def test_threads_lose_no_count(folder: Path) -> None:
    made = counting(folder, 0)

    def count(_: int) -> None:
        made.add("counted", "a")
        made.observe("took", 0.02)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(2000)))
    found = made.together(folder)
    assert (found.counts[ONE], sum(found.times["took", ()][:-1])) == (2000, 2000)


@pytest.mark.parametrize(("seconds", "bucket"), [(0.001, 0), (0.005, 0), (0.0051, 1), (5.0, 9), (60.0, 10)])
def test_a_time_falls_into_the_bucket_that_it_is_not_longer_than(folder: Path, seconds: float, bucket: int) -> None:
    made = counting(folder, 0)
    made.observe("took", seconds)
    numbers = made.together(folder).times["took", ()]
    assert [place for place, number in enumerate(numbers[:-1]) if number] == [bucket]
    assert numbers[-1] == seconds
    assert len(numbers) == len(BUCKETS) + 2


def test_what_a_silent_process_said_of_its_present_is_not_believed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = counting(folder, 3)
    made.say("inside", 2)
    made.write()
    assert Meter().together(folder).now["inside", ()] == 2
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    found = Meter().together(folder)
    assert found.now["inside", ()] == 0
    assert found.counts[ONE] == 3


@pytest.mark.parametrize("content", ["", "{", "[]", '{"at": 1}', json.dumps({"at": 1, "counts": [[1]], "times": 3})])
def test_a_damaged_file_says_nothing(folder: Path, content: str) -> None:
    made = counting(folder, 3)
    (folder / "7.json").write_text(content)
    assert made.together(folder).counts[ONE] == 3


def test_counting_goes_on_where_nothing_can_be_written(folder: Path) -> None:
    made = counting(folder, 3)
    with closing(os.fdopen(os.open("/dev/full", os.O_RDWR), "wb", buffering=0)) as full:
        kept, made._kept = made._kept, full.fileno()
        made.add("counted", "a")
        with pytest.raises(OSError, match=r"."):
            made.write()
        made._kept = kept
    made.write()
    assert made.together(folder).counts[ONE] == 4


def test_without_a_folder_a_process_knows_its_own(folder: Path) -> None:
    made = Meter()
    made.add("counted", "a")
    made.write()
    assert made.together(folder).counts[ONE] == 1
