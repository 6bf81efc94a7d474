"""Every fault by its name, with the rounds of its long form."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.faults import clocks, crowds, databases, deeds, disk, kills, limits, power, services, signals
from tests.faults.grown import Grown
from tests.faults.site import Round, Site

Ground = TypeVar("Ground", bound=Site)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, as often as asked; each round leaves the site running and its people content."""

    name: str
    happen: Callable[[Any, int], Iterator[Round]]  # Any: on the ground that it names
    rounds: int  # of the long form
    is_on_small_disk: bool = False
    ground: type[Site] = Site


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("worker", kills.worker, 500),
        Fault("server", kills.server, 500),
        Fault("term", signals.term, 100),
        Fault("hup", signals.hup, 100),
        Fault("write", disk.write, 200),
        Fault("fsync", disk.sync, 200),
        Fault("open", disk.open_, 200),
        Fault("full", disk.full, 100, is_on_small_disk=True),
        Fault("power", power.cut, 500),
        Fault("memory", limits.memory, 100),
        Fault("files", limits.files, 100),
        Fault("letter", deeds.letter, 100),
        Fault("verdict", deeds.verdict, 100),
        Fault("locked", databases.locked, 100),
        Fault("database-paused", databases.paused, 100, ground=Grown),
        Fault("database-gone", databases.gone, 100, ground=Grown),
        Fault("database-restarted", databases.restarted, 100, ground=Grown),
        Fault("akismet", services.akismet, 100),
        Fault("mail", services.mail, 70, ground=Grown),
        Fault("slow-clients", crowds.slow, 99),
        Fault("crowd", crowds.rush, 20),
        Fault("clock", clocks.jump, 102, ground=clocks.Shifted),
        Fault("redis", services.store, 99, ground=Grown),
    )
}


def happen(fault: Callable[[Ground, int], Iterator[Round]], site: Ground, rounds: int) -> list[str]:
    """The short form: all that was lost, doubled or else wrong in so many rounds."""
    found = list(fault(site, rounds))
    print(
        f"{len(found)} rounds, {sum(one.acknowledged for one in found)} told, back after "
        f"{max(one.seconds for one in found):.1f} s at most, without a page for {max(one.gap for one in found):.1f} s"
    )
    assert len(found) == rounds
    assert all(one.acknowledged for one in found), "nobody was told anything"
    assert any(one.met for one in found), "the fault met nobody"
    sums = {"lost": sum(one.lost for one in found), "doubled": sum(one.doubled for one in found)}
    return [f"{number} {what}" for what, number in sums.items() if number] + [
        fault for one in found for fault in one.faults
    ]
