"""Processes that are begun in the background of somebody's terminal."""

import fcntl
import os
import pty
import subprocess
import sys
import termios

from tests.server import PATIENCE, ROOT

BEGIN = """
import os, sys
from app.kit.supervisor import begin
_, status = os.waitpid(begin(lambda: print("written", flush=True), []), os.WUNTRACED)
sys.exit(os.WIFSTOPPED(status) or os.waitstatus_to_exitcode(status))
"""


def _stop_who_writes(terminal: int) -> None:
    settings = termios.tcgetattr(terminal)
    settings[3] |= termios.TOSTOP
    termios.tcsetattr(terminal, termios.TCSANOW, settings)


def test_one_that_writes_is_not_stopped_by_a_terminal_that_stops_who_writes() -> None:
    ours, theirs = pty.openpty()
    _stop_who_writes(theirs)
    done = subprocess.run(
        [sys.executable, "-c", BEGIN],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        timeout=PATIENCE,
        check=False,
    )
    os.close(theirs)
    assert done.returncode == 0
    assert b"written" in os.read(ours, 1000)
    os.close(ours)
