"""A real `flask serve`, on a free port, with an instance of its own."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from click.testing import Result

from app import close_app, create_app
from app.config import Settings
from tests.beside import Forked
from tests.ports import free_port
from tests.postgres import Cluster, asked

ROOT = Path(__file__).parent.parent
PATIENCE = 120.0  # seconds until something that must happen is given up
CODE = re.compile(r"^\s+(\d{6})\s*$", re.M)
DATABASE = "EINZELFALL_DATABASE_URL"
LINK = re.compile(r"https?://\S+/desk/invitations/\S+")

T = TypeVar("T")


class Server:
    """One site: its processes, its folder, what it prints and whom it writes to."""

    databases: ClassVar[Cluster | None] = None  # where sites have theirs that are told no address
    is_read_once: ClassVar[bool] = False  # whether sites are forked from the app as read, which saves seconds of CPU

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder, self.instance, self.port = folder, folder / "instance", free_port()
        self.environ = {key: value for key, value in os.environ.items() if not key.startswith("EINZELFALL_")}
        self.environ |= {"EINZELFALL_INSTANCE": str(self.instance), "EINZELFALL_PORT": str(self.port), **environ}
        if self.databases and DATABASE not in environ:
            self.environ[DATABASE] = self.databases.new_database()
        self._process: subprocess.Popen[bytes] | Forked | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def furnish(self, migrated: Path) -> None:
        """Its tables, before the first start: of a migrated SQLite file, or made where its database is."""
        self.instance.mkdir(parents=True)
        if DATABASE in self.environ:
            done = self.command("db", "upgrade")
            assert done.exit_code == 0, done.output
        else:
            shutil.copy(migrated, self.instance)

    def copied(self, folder: Path, **environ: str) -> "Server":
        """Another site, with everything that this one has; it must not run."""
        if self.databases:
            environ[DATABASE] = self.databases.copy(self.environ[DATABASE])
        other = Server(folder, **environ)
        shutil.copytree(self.instance, other.instance)
        return other

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process, "the server was not started"
        return self._process.pid

    @property
    def printed(self) -> str:
        return self._printed[0].read_text("utf-8")

    @property
    def log(self) -> str:
        return self._printed[1].read_text("utf-8")

    @property
    def owner_link(self) -> str:
        """The one-time link by which the owner claims the site."""
        return _only(LINK.search(self.printed)).group(0)

    def start(self, *, anew: bool = False) -> None:
        """Until it is ready; `anew` in any case as from the shell."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for file in self._printed:
            file.write_bytes(b"")
        is_forked = self.is_read_once and not anew and "LD_PRELOAD" not in self.environ  # read at a begin alone
        self._process = Forked(["serve"], self.environ, *self._printed) if is_forked else self._begin()
        try:
            eventually(self.is_ready, "the server is ready")
        except BaseException:
            self._process.kill()  # nobody else would end it; what it has begun ends with it
            raise

    def _begin(self) -> subprocess.Popen[bytes]:
        with self._printed[0].open("wb") as out, self._printed[1].open("wb") as err:
            return subprocess.Popen(self._flask("serve"), cwd=ROOT, env=self.environ, stdout=out, stderr=err)

    @property
    def _printed(self) -> tuple[Path, Path]:
        return self.folder / "stdout", self.folder / "stderr"

    def is_ready(self) -> bool:
        assert self._process, "the server was not started"
        if self._process.poll() is not None:
            raise AssertionError(f"the server ended with {self._process.returncode}: {self.log}")
        try:
            with urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> int:
        """End it as systemd would; its exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        code, self._process = self._process.wait(PATIENCE + 10), None
        return code

    def flask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the site, run to its end."""
        return subprocess.run(
            self._flask(*arguments),
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=360,
            check=False,
        )

    def command(self, *arguments: str) -> Result:
        """The same beside the running site, in this process: two seconds quicker than a process of its own."""
        app = create_app(Settings.load(self.environ))
        done = app.test_cli_runner().invoke(args=arguments)
        close_app(app)
        return done

    def rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:  # Any: whatever the columns hold
        """What the database has on disk, read beside the running site."""
        if DATABASE in self.environ:
            return asked(self.environ[DATABASE], query, *values)
        with closing(sqlite3.connect(f"file:{self.instance / 'einzelfall.sqlite'}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def invite(self, email: str, role: str, organisation: str = "team") -> str:
        """Invite a person from the shell; the link that was printed."""
        done = self.command("people", "invite", email, "--role", role, "--organisation", organisation)
        assert done.exit_code == 0, done.output
        return _only(LINK.search(done.stdout)).group(0)

    def code_for(self, email: str, *, after: int = 0) -> str:
        """The newest code sent to an address, once more than `after` were."""
        return eventually(lambda: self.codes_for(email)[after:], f"a code reaches {email}")[-1]

    def codes_for(self, email: str) -> list[str]:
        """Every code in the outbox for an address, oldest first."""
        found = [CODE.search(letter) for letter in self.letters() if f"To: {email}\n" in letter]
        return [match.group(1) for match in found if match]

    def letters(self) -> Iterator[str]:
        """Everything in the outbox, oldest first."""
        files = sorted((self.instance / "outbox").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        for path in files:
            raw = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
            yield from re.split(r"^-{20,}\n", raw, flags=re.M)

    @staticmethod
    def _flask(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "flask", *arguments]


def eventually(question: Callable[[], T], what: str, within: float = PATIENCE) -> T:
    """The first answer that is true; an AssertionError that names `what` when there is none in time (seconds)."""
    ends = time.monotonic() + within
    while not (answer := question()):
        assert time.monotonic() < ends, f"waited {within:.0f} s in vain until {what}"
        time.sleep(0.05)
    return answer


def _only(match: re.Match[str] | None) -> re.Match[str]:
    assert match, "it was not printed"
    return match
