"""The wall clock jumps under a running site, forwards and back, while people write and read."""

import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.site import Round, Site

HOUR, DAY = 3600, 86_400  # seconds
JUMPS = (HOUR, 0, -HOUR, 0, 2 * DAY, 0)  # how far the clock is from the right time, one after the other
SOURCE = Path(__file__).with_name("clock.c")


class Shifted(Site):
    """A site all of whose processes have a clock that can be set."""

    def __init__(self, folder: Path, **environ: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._shift, library = folder / "shift", folder / "clock.so"
        self.set_clock(0)
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE], check=True)
        super().__init__(folder, LD_PRELOAD=str(library), SHIFTED_CLOCK=str(self._shift), **environ)

    def set_clock(self, seconds: int) -> None:
        """Be so far ahead of the right time, in all processes at once."""
        with self._shift.open("r+b" if self._shift.exists() else "wb") as file:
            file.write(struct.pack("q", seconds))


def jump(site: Shifted, rounds: int) -> Iterator[Round]:
    """Set the clock in the middle of everything."""
    for number in range(rounds):
        site.is_whole()
        with site.people() as people:
            people.wait_for(4)
            site.set_clock(JUMPS[number % len(JUMPS)])
            set_at = time.time()
            people.wait_for(8)
        found = site.account(people, set_at)
        found.faults += [f"{count} × {what}" for what, count in people.statuses.items() if what != "303"]
        found.faults += [f"{found.failed} pages failed"] if found.failed else []
        yield found
