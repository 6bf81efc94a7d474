"""Memory that threads have used goes back to whoever needs it next."""

import ctypes
import sys
from contextlib import suppress

M_ARENA_MAX = -8  # of malloc.h
ARENAS = 2


def share_arenas() -> None:
    """Before threads begin: glibc would give each a heap of its own, and each would keep what its largest answer took.

    Python lets one thread work at a time, so few heaps keep nobody waiting. Without glibc nothing is done.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
