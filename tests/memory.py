"""Temporary files in memory, where there is room for them: thousands of small databases need no disk."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 -- each test has a folder of its own in it
ROOM = 2 * 1024**3  # bytes; a run needs a tenth of that


def use() -> None:
    """From here on pytest, PostgreSQL and browsers write there, unless somebody has said where with TMPDIR."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None
