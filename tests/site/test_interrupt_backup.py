"""A backup or a restore that does not come to its end leaves nothing half, whenever that is."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app.ledger import models as ledger
from app.site.alone import alone
from app.site.audit import differences
from app.site.backup import staging
from tests.cast import make_post
from tests.reports.receipts import make_report
from tests.site.backups import Instance, age_key, back_up


@pytest.fixture
def archive(app: Flask, tmp_path: Path) -> Path:
    make_report(app)
    make_post(Path(app.instance_path) / "posts", "aus-dem-browser")
    return back_up(app, tmp_path / "site.tar")


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("is_sealed", [False, True], ids=["plain", "encrypted"])
def test_a_full_disk_leaves_no_backup_and_the_older_one(
    app: Flask, archive: Path, tmp_path: Path, is_sealed: bool
) -> None:
    whole, to = archive.read_bytes(), ["--to", age_key(tmp_path / "key.txt")[0]] if is_sealed else []
    with room_for(len(whole) // 2):
        done = app.test_cli_runner().invoke(args=["backup", "create", str(archive), "--force", *to])
    assert (done.exit_code, "could not be written" in done.stderr) == (1, True)
    assert archive.read_bytes() == whole
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_full_disk_leaves_the_instance_empty(archive: Path, tmp_path: Path) -> None:
    there = Instance(tmp_path / "elsewhere", tmp_path / "posts")
    with room_for(100_000):
        done = there.flask("backup", "restore", archive)
    assert done.exit_code == 1, done.output
    there.assert_empty()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_killed_before_the_database_is_in_its_place_it_is_done_by_the_next_one(
    request: pytest.FixtureRequest, database: str, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue("postgres") if database == "postgresql" else ""
    there = Instance(tmp_path / "elsewhere", tmp_path / "posts", url)
    with monkeypatch.context() as killed:  # nothing of ours runs any more, as after SIGKILL
        killed.setattr(staging, "clear", lambda: None)
        killed.setattr(staging, "_place_database", lambda: (_ for _ in ()).throw(OSError("killed")))
        assert there.flask("backup", "restore", archive).exit_code == 1
    assert {"posts", staging.FOLDER} <= there.names
    started = there.flask("serve")
    assert (started.exit_code, "interrupted" in started.stderr) == (1, True)
    with there.restored(archive).app():
        assert (ledger.counter(), list(differences())) == (1, [])
    assert staging.FOLDER not in there.names


def test_while_a_server_runs_nothing_is_restored(archive: Path, tmp_path: Path) -> None:
    there = Instance(tmp_path / "elsewhere", tmp_path / "posts")
    with there.app(), alone(there.folder):
        assert "already running" in there.flask("backup", "restore", archive).stderr
    there.assert_empty()
