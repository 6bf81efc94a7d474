"""A network of our own: hosts with nothing in common but a switch, each in a namespace, and no way out or in."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

NET = "10.53.0"
SWITCH = "switch"
CLONE_NEWNET = 0x40000000


def is_possible() -> bool:
    """Whether this machine lets us make namespaces."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not shutil.which("ip"):
        return False
    name = f"ef{os.getpid()}-try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode == 0
    if made:
        subprocess.run(["ip", "netns", "del", name], check=True)
    return made


needs_namespaces = pytest.mark.skipif(not is_possible(), reason="network namespaces need Linux, root and iproute2")


class Network:
    """A switch with an address of its own, and hosts on it."""

    def __init__(self) -> None:
        self._prefix = f"ef{os.getpid()}"
        self._hosts: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._hosts[SWITCH] = f"{NET}.1"
        self._add(SWITCH)
        _ip("-n", self._space(SWITCH), "link", "add", "br0", "type", "bridge")
        _ip("-n", self._space(SWITCH), "addr", "add", f"{NET}.1/24", "dev", "br0")
        _ip("-n", self._space(SWITCH), "link", "set", "br0", "up")
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._hosts:
            self.kill(name)
            _ip("netns", "del", self._space(name))

    def join(self, name: str) -> str:
        """Put a host of this name on the switch; its address."""
        space, address = self._space(name), f"{NET}.{len(self._hosts) + 1}"
        self._hosts[name] = address
        self._add(name)
        _ip("-n", space, "link", "add", "eth0", "type", "veth", "peer", "name", name, "netns", self._space(SWITCH))
        _ip("-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", space, "link", "set", "eth0", "up")
        _ip("-n", self._space(SWITCH), "link", "set", "dev", name, "master", "br0", "up")
        return address

    def inside(self, name: str = SWITCH) -> list[str]:
        """What stands before a command that is to run on this host."""
        return ["ip", "netns", "exec", self._space(name)]

    def cut(self, name: str) -> None:
        """Pull the cable: nobody is told that the host is gone."""
        _ip("-n", self._space(SWITCH), "link", "set", "dev", name, "down")

    def mend(self, name: str) -> None:
        _ip("-n", self._space(SWITCH), "link", "set", "dev", name, "up")

    def kill(self, name: str) -> None:
        """End everything that runs on a host, at once."""
        for pid in _said("netns", "pids", self._space(name)).split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def enter(self, name: str = SWITCH) -> None:
        """From now on what this thread connects to, it reaches from that host."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path(f"/run/netns/{self._space(name)}").open("rb") as space:
            if libc.setns(space.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")

    def _add(self, name: str) -> None:
        _ip("netns", "add", self._space(name))
        _ip("-n", self._space(name), "link", "set", "lo", "up")

    def _space(self, name: str) -> str:
        return f"{self._prefix}-{name}"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _said(*words: str) -> str:
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=True).stdout
