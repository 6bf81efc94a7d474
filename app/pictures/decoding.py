"""Has pictures made of what somebody sent, by a program of its own with narrow limits (`decoder.py`)."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.kit import picture
from app.kit.picture import Size

LARGEST = 12 * 1000**2  # bytes of a file
SECONDS = 30.0  # by the clock; the program ends itself after twenty of a processor
PATIENCE = 10.0  # seconds to wait for the one that is being made
DECODER = Path(__file__).with_name("decoder.py")
log = structlog.get_logger()
_one = threading.BoundedSemaphore()  # at a time in a process: each takes some hundred megabytes


class Refused(Exception):
    """The file is no picture that can be taken; `fault` says why, in a word that the forms know."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Made:
    """A picture in all its versions, by their names: "480.webp"."""

    size: Size
    files: dict[str, bytes]


def make(data: bytes) -> Made:
    """New pictures of a foreign file: its pixels, the right way up, and nothing else of it. Raises Refused.

    Called with no transaction open: it takes a second, of a large picture three.
    """
    if len(data) > LARGEST:
        raise Refused("heavy")
    if not _one.acquire(timeout=PATIENCE):
        raise Refused("busy")
    try:
        told = _decoded(data)
    finally:
        _one.release()
    head, _, rest = told.partition(b"\n")
    try:
        return _read(json.loads(head), rest)
    except (ValueError, KeyError, TypeError):
        log.warning("pictures.no_answer", bytes=len(data))
        raise Refused("damaged") from None


def _decoded(data: bytes) -> bytes:
    """What the program answers; with an empty environment, and nothing of ours on its path."""
    limits = [str(picture.WIDTHS[-1]), str(picture.HIGHEST), *map(str, picture.WIDTHS)]
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(DECODER), *limits],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        raise Refused("large") from None
    if done.returncode:  # ended by one of its limits, or by what it was given
        log.warning("pictures.decoder_ended", code=done.returncode)
        raise Refused("large")
    return done.stdout


def _read(head: dict[str, object], rest: bytes) -> Made:
    if "fault" in head:
        raise Refused(str(head["fault"]))
    files, start = dict[str, bytes](), 0
    for name, length in head["files"]:  # type: ignore[attr-defined]  # JSON; whatever it is else is caught
        files[name] = rest[start : start + length]
        start += length
    size = Size(int(str(head["width"])), int(str(head["height"])))
    wanted = {f"{width}.{kind}" for width in size.widths for kind in picture.KINDS}
    if start != len(rest) or files.keys() != wanted:
        raise ValueError("not what was asked for")
    return Made(size, files)
