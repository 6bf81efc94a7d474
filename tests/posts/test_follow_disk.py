"""What happens in the folders is on the site soon, broken or not."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.posts.shelf import EVERY, Shelf
from tests.cpu import times

from .folder import EARLY, NOW, markdown, soon, write

MakeShelf = Callable[[], Shelf]
BROKEN = "---\ntitle: [\n---\n"


def title(shelf: Shelf, slug: str = "a") -> str | None:
    post = shelf.get(slug, NOW)
    return post.title if post else None


def test_the_folders_are_looked_at_twice_a_second(folder: Path, tmp_path: Path) -> None:
    """What the site promises is one second; what was found must be read as well."""
    shelf = Shelf((folder,), tmp_path / "last-good")
    assert shelf._every == EVERY == 0.5
    shelf.close()


def test_new_changed_and_deleted_files_are_seen(shelf: Shelf, folder: Path) -> None:
    assert title(shelf) is None
    path = write(folder, "a.md", title="Eins")
    assert soon(lambda: title(shelf) == "Eins")
    write(folder, "a.md", title="Zwei")
    assert soon(lambda: title(shelf) == "Zwei")
    path.unlink()
    assert soon(lambda: title(shelf) is None)


def test_the_folder_of_the_instance_may_come_later(shelf: Shelf, own_folder: Path) -> None:
    assert (title(shelf), shelf.problems()) == (None, ())
    write(own_folder, "a.md", title="Eigen")
    assert soon(lambda: title(shelf) == "Eigen")


def test_a_broken_file_keeps_its_last_good_version_and_is_named(shelf: Shelf, folder: Path) -> None:
    path = write(folder, "a.md", title="Gut")
    assert title(shelf) == "Gut"
    path.write_text(BROKEN)
    assert soon(lambda: bool(shelf.problems()))
    [problem] = shelf.problems()
    assert (problem.path, problem.line, problem.is_fatal) == (path, 2, True)
    assert str(problem).endswith("Its last good version stays on the site.")
    assert title(shelf) == "Gut"
    write(folder, "a.md", title="Besser")
    assert soon(lambda: title(shelf) == "Besser")
    assert shelf.problems() == ()


def test_the_last_good_version_outlives_a_restart(make_shelf: MakeShelf, folder: Path) -> None:
    path = write(folder, "a.md", title="Gut")
    assert title(make_shelf()) == "Gut"
    path.write_text(BROKEN)
    restarted = make_shelf()
    assert title(restarted) == "Gut"
    assert [problem.keeps_last_good for problem in restarted.problems()] == [True]


def test_a_file_that_never_was_good_is_only_reported(shelf: Shelf, folder: Path) -> None:
    (folder / "a.md").write_text(BROKEN)
    assert title(shelf) is None
    [problem] = shelf.problems()
    assert (problem.is_fatal, problem.keeps_last_good) == (True, False)


def test_what_was_deleted_does_not_come_back_with_a_broken_file(make_shelf: MakeShelf, folder: Path) -> None:
    path = write(folder, "a.md", title="Zurückgezogen")
    shelf = make_shelf()
    assert title(shelf)
    path.unlink()
    assert title(make_shelf()) is None  # deleted while no worker was running
    path.write_text(BROKEN)
    shelf.refresh()
    assert title(make_shelf()) is None


def test_a_slug_that_becomes_a_double_keeps_the_version_before(shelf: Shelf, folder: Path) -> None:
    write(folder, "a.md", title="Erste")
    write(folder, "b.md", title="Zweite")
    assert title(shelf, "b") == "Zweite"
    write(folder, "b.md", title="Dritte", slug="a")
    shelf.refresh()
    assert (title(shelf, "a"), title(shelf, "b")) == ("Erste", "Zweite")
    assert [problem.is_fatal for problem in shelf.problems()] == [True]


def test_pipes_folders_and_dangling_links_are_faults_not_dead_ends(shelf: Shelf, folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "ordner.md").mkdir()
    (folder / "link.md").symlink_to(folder / "nirgends")
    write(folder, "a.md")
    assert title(shelf)
    assert [problem.path.name for problem in shelf.problems()] == ["link.md", "ordner.md", "pipe.md"]


def test_a_folder_that_cannot_be_listed_keeps_its_posts(shelf: Shelf, folder: Path) -> None:
    write(folder, "a.md", title="Bleibt")
    assert title(shelf)
    folder.rename(folder.parent / "weg")
    shelf.refresh()
    assert title(shelf) == "Bleibt"
    assert "cannot be read" in shelf.problems()[0].reason
    (folder.parent / "weg").rename(folder)
    shelf.refresh()
    assert shelf.problems() == ()


def test_a_disk_that_takes_no_copies_costs_the_copy_and_not_the_post(make_shelf: MakeShelf, folder: Path) -> None:
    (folder.parent / "instance").write_text("no folder can be made here")
    write(folder, "a.md")
    assert title(make_shelf())


def test_workers_that_read_at_once_leave_one_whole_copy(make_shelf: MakeShelf, folder: Path) -> None:
    for number in range(20):
        write(folder, f"p{number}.md", body="Wort " * 2000)
    workers = [make_shelf() for _ in range(6)]
    threads = [threading.Thread(target=worker.refresh) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    copies = sorted((folder.parent / "instance" / "last-good" / "0").iterdir())
    assert [copy.read_bytes() for copy in copies] == [(folder / copy.name).read_bytes() for copy in copies]
    assert len(copies) == 20


def test_the_thread_survives_what_it_did_not_expect(
    shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert title(shelf) is None
    update, faults = shelf._files.update, []

    def fail() -> bool:
        faults.append("a fault")
        raise ZeroDivisionError

    monkeypatch.setattr(shelf._files, "update", fail)
    assert soon(lambda: len(faults) > 1)
    monkeypatch.setattr(shelf._files, "update", update)
    write(folder, "a.md")
    assert soon(lambda: title(shelf) is not None)


def test_readers_never_meet_a_half_made_shelf(shelf: Shelf, folder: Path) -> None:
    for number in range(30):
        write(folder, f"p{number}.md", title="0")
    assert len(shelf.public(NOW)) == 30
    done = threading.Event()
    counts: set[int] = set()

    def look() -> None:
        while not done.is_set():
            counts.add(len(shelf.public(NOW)))
            time.sleep(0.0005)

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(5):
        for number in range(30):
            (folder / f"p{number}.md").write_text(markdown(title=str(turn + 1)))
        shelf.refresh()
    done.set()
    reader.join()
    assert counts == {30}


def test_with_a_thousand_posts_an_access_costs_what_it_costs_with_one(make_shelf: MakeShelf, folder: Path) -> None:
    write(folder, "a.md")
    small = make_shelf()
    assert title(small)
    small.close()
    for number in range(1000):
        write(folder, f"p{number}.md")
    large = make_shelf()
    assert len(large.public(NOW)) == 1001
    large.close()
    assert times(lambda: look(large), lambda: look(small)) < 30, "a walk through all of them costs hundreds"


def look(shelf: Shelf) -> None:
    for _ in range(100):
        shelf.get("a", NOW)
        shelf.listing(NOW, "de")


FORKED = """
import os, sys, time
from pathlib import Path
from app.posts.shelf import Shelf
from tests.posts.folder import NOW, soon, write
folder = Path(sys.argv[1])
shelf = Shelf((folder,), folder.parent / "last-good", every=0.05)
assert shelf.get("a", NOW)
if os.fork() == 0:
    shelf.get("a", NOW)
    write(folder, "b.md")
    os._exit(0 if soon(lambda: shelf.get("b", NOW) is not None) else 1)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_a_forked_worker_follows_the_disk_with_a_thread_of_its_own(folder: Path) -> None:
    write(folder, "a.md", date=EARLY.isoformat())
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", FORKED, str(folder)], cwd=root, check=True, timeout=90)
