"""Every fault by its name, with the rounds of its long form."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.faults import kills
from tests.faults.site import Round, Site


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, as often as asked; each round leaves the site running and its people content."""

    name: str
    happen: Callable[[Site, int], Iterator[Round]]
    rounds: int  # of the long form


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("worker", kills.worker, 500),
        Fault("server", kills.server, 500),
    )
}
