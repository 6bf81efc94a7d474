"""What an import tells whoever has called it: each refusal with its reason, and everything that did not come along."""

from collections.abc import Iterator
from pathlib import Path

import click

from app.comments.importing.importer import Moved
from app.comments.importing.row import Why
from app.web.moving import SHOWN, deed, print_faults, printable

LEFT_OUT = {
    Why.PING: "pingbacks and trackbacks, which are no comments",
    Why.OTHER: "of other kinds, such as notes on orders",
    Why.DELETED: "deleted",
}
BESIDE = {
    "address": "e-mail addresses",
    "ip": "IP addresses",
    "website": "addresses of websites",
    "vote": "counts of votes",
}


def tell(file: Path, tally: Moved, *, is_dry: bool) -> None:
    print_faults(file, tally.faults)
    for line in _nowhere(file, tally):
        click.echo(line, err=True)
    for line in _remarks(tally, is_dry=is_dry):
        click.echo(line)
    left_out = f", {tally.left_out.total()} left out" if tally.left_out else ""
    done = f"{tally.imported} {deed(is_dry=is_dry)}, {tally.known} here already, {tally.refused} refused"
    click.echo(f"{tally.read} rows read: {done}{left_out}.")


def _nowhere(file: Path, tally: Moved) -> Iterator[str]:
    """Threads of which nobody knows the post: one line for each, not for each comment."""
    for thread, fault in list(tally.nowhere.items())[:SHOWN]:
        many = _many(tally.lost[thread])
        yield f"{file}:{fault.line}: no post here was once at “{printable(thread.name)}”: {many} refused"
    if len(tally.nowhere) > SHOWN:
        yield f"… and {len(tally.nowhere) - SHOWN} more addresses"
    if tally.nowhere:
        yield (
            "Write the old address under `aliases:` in the post's file, or give a file with --map whose "
            "lines say which post it is: "
            '"/old/address/" = "slug". Then import again; what is here already is not doubled.'
        )


def _remarks(tally: Moved, *, is_dry: bool) -> Iterator[str]:
    """What is there and differs from what was, and what is not there, each with its number."""
    if tally.held:
        yield f"{tally.held} wait for a person: their names could be taken for those of verified people."
    if tally.orphans:
        yield f"{tally.orphans} answer something that readers do not see here: they stand on their own."
    if tally.stubs:
        yield f"{tally.stubs} deleted comments {'would keep' if is_dry else 'keep'} their place, as others answer them."
    for why, count in sorted(tally.left_out.items()):
        yield f"Left out: {count} {LEFT_OUT[why]}."
    if tally.beside:
        parts = ", ".join(f"{count} {BESIDE[what]}" for what, count in sorted(tally.beside.items()))
        yield f"Not kept: {parts}."


def _many(count: int) -> str:
    return "1 comment" if count == 1 else f"{count} comments"
