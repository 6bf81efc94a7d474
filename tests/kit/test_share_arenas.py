"""Threads share few heaps of the C library, so that what one has used is there for the others."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="glibc's heaps")
PROGRAM = """
import ctypes, re, sys, threading
from app.kit.allocation import share_arenas
if sys.argv[1] == "shared":
    share_arenas()
libc, together = ctypes.CDLL(None), threading.Barrier(8)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
def use():
    together.wait()
    libc.malloc(50_000)  # ctypes lets other threads run meanwhile
    together.wait()
threads = [threading.Thread(target=use) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print(len(re.findall("<heap nr", open(sys.argv[2]).read())))
"""


@pytest.mark.parametrize(("how", "is_few"), [("shared", True), ("as ever", False)])
def test_threads_share_two_heaps(how: str, is_few: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("heaps") / "info"
    done = subprocess.run([sys.executable, "-c", PROGRAM, how, file], capture_output=True, text=True, check=True)
    assert (int(done.stdout) <= 2) == is_few, done.stdout
