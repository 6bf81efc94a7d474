"""strace on the running processes of a site: calls that fail, calls that kill, calls that are written down."""

import re
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.server import PATIENCE, eventually

ATTACHED = re.compile(rb"Process (\d+) attached")
INJECTED = "(INJECTED)"
LETTING_GO = 5.0  # seconds
REFUSED = (
    "strace cannot attach to our own processes here; these faults need ptrace (in a container: --cap-add=SYS_PTRACE)"
)


class Tracing:
    """strace, attached to these processes and their threads for calls on these files, from `with` to its end."""

    def __init__(self, pids: Sequence[int], calls: str, files: Sequence[Path], log: Path, *options: str) -> None:
        paths = [word for file in files for word in ("-P", str(file))]
        each = [word for pid in pids for word in ("-p", str(pid))]
        self._command = ["strace", "-f", "-o", str(log), "-e", f"trace={calls}", *options, *paths, *each]
        self._pids, self.log, self._said = pids, log, log.with_suffix(".said")

    def __enter__(self) -> Self:
        self.log.unlink(missing_ok=True)
        with self._said.open("wb") as said:
            self._strace = subprocess.Popen(self._command, stdout=said, stderr=said)
        try:
            eventually(self._is_attached, "strace is attached")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._strace.send_signal(signal.SIGINT)  # it lets go of them; they run on
        try:
            self._strace.wait(LETTING_GO)
        except subprocess.TimeoutExpired:  # it waits for a thread that fell; without it the kernel lets go
            self._strace.kill()
            self._strace.wait(PATIENCE)

    @property
    def injected(self) -> int:
        """How many calls were made to fail so far."""
        return self.log.read_text("utf-8", "replace").count(INJECTED) if self.log.exists() else 0

    def _is_attached(self) -> bool:
        said = self._said.read_bytes()
        assert b"not permitted" not in said, f"{REFUSED}: {said.decode(errors='replace')}"
        if set(self._pids) <= {int(pid) for pid in ATTACHED.findall(said)}:
            return True  # they may have fallen of it by now, and strace has then ended with them
        assert self._strace.poll() is None, f"strace ended: {said.decode(errors='replace')}"
        return False


def failing(pids: Sequence[int], calls: str, error: str, files: Sequence[Path], log: Path, *, when: str) -> Tracing:
    """Every so-many-th of these calls of each thread fails, as "3+7": the third, then every seventh."""
    return Tracing(pids, calls, files, log, "-e", f"inject={calls}:error={error}:when={when}")


def killing(pids: Sequence[int], calls: str, files: Sequence[Path], log: Path, *, when: int) -> Tracing:
    """A process that begins such a call for the so-many-th time in one thread is killed before it is done."""
    return Tracing(pids, calls, files, log, "-e", f"inject={calls}:signal=SIGKILL:when={when}")
