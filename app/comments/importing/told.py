"""What an import tells whoever has called it: each refusal with its reason, and everything that did not come along."""

from collections.abc import Iterator
from pathlib import Path

import click

from app.comments.importing.importer import Moved
from app.comments.importing.row import Odd, Why
from app.comments.models import State
from app.web.moving import SHOWN, deed, print_faults, printable

STATES = {
    State.PUBLISHED: "shown to readers",
    State.WAITING: "waiting",
    State.SPAM: "spam, which only teaches",
    State.REMOVED: "removed",
}
LEFT_OUT = {
    Why.PING: ("pingback or trackback, which is no comment", "pingbacks and trackbacks, which are no comments"),
    Why.OTHER: ("of another kind, such as a note on an order", "of other kinds, such as notes on orders"),
    Why.DELETED: ("deleted", "deleted"),
    Why.ERASED: (
        "deleted here, as was promised; it does not come back",
        "deleted here, as was promised; they do not come back",
    ),
}
STUBS = {  # in a dry run or not
    True: ("deleted comment would keep its place", "deleted comments would keep their place"),
    False: ("deleted comment keeps its place", "deleted comments keep their place"),
}
MENDED = {
    Odd.NO_UTF8: ("is no UTF-8", "are no UTF-8", "�"),
    Odd.FORBIDDEN: ("is one that no text may have", "are ones that no text may have", "space"),
}
BESIDE = {
    "address": ("e-mail address", "e-mail addresses"),
    "ip": ("IP address", "IP addresses"),
    "website": ("address of a website", "addresses of websites"),
    "vote": ("count of votes", "counts of votes"),
}


def tell(file: Path, tally: Moved, *, is_dry: bool) -> None:
    print_faults(file, tally.faults)
    for line in _nowhere(file, tally):
        click.echo(line, err=True)
    for line in _contrary(file, tally):
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
        is_none = "no post here is called" if thread.is_slug else "no post here was once at"
        yield f"{file}:{fault.line}: {is_none} “{printable(thread.name)}”: {many} refused"
    if len(tally.nowhere) > SHOWN:
        yield f"… and {len(tally.nowhere) - SHOWN} more addresses"
    if tally.nowhere:
        is_ours = all(thread.is_slug for thread in tally.nowhere)
        alias = "Give" if is_ours else "Write the old address under `aliases:` in the post's file, or give"
        yield (
            f"{alias} a file with --map whose lines say which post it is: "
            f'"{"old-slug" if is_ours else "/old/address/"}" = "slug". '
            "Then import again; what is here already is not doubled."
        )


def _contrary(file: Path, tally: Moved) -> Iterator[str]:
    """What somebody there has taken from readers since it was brought in: only a person does that here."""
    for hidden in list(tally.contrary.values())[:SHOWN]:
        yield f"{file}:{hidden.line}: deleted or spam there, and readers see it here: /desk/comments/{hidden.id}"
    if len(tally.contrary) > SHOWN:
        yield f"… and {len(tally.contrary) - SHOWN} more that readers see here"


def _remarks(tally: Moved, *, is_dry: bool) -> Iterator[str]:
    """What is there and differs from what was, and what is not there, each with its number."""
    if tally.states:
        states = (f"{tally.states[state]} {word}" for state, word in STATES.items() if tally.states[state])
        yield f"{deed(is_dry=is_dry).capitalize()}: {', '.join(states)}."
    if many := tally.states[State.WAITING]:
        waits = ("would wait", "would wait") if is_dry else ("waits", "wait")
        yield f"{_counted(many, *waits)} for a person, at /desk/comments: {_why(tally)}."
    if tally.orphans:
        answer = _counted(tally.orphans, "answers", "answer")
        alone = "it stands on its own" if tally.orphans == 1 else "they stand on their own"
        yield f"{answer} something that readers do not see here: {alone}."
    if tally.stubs:
        keeps = _counted(tally.stubs, *STUBS[is_dry])
        yield f"{keeps}, as others answer {'it' if tally.stubs == 1 else 'them'}."
    for odd, many, line in tally.mended:
        one, several, instead = MENDED[odd]
        what = f"1 sign {one}, in line {line}" if many == 1 else f"{many} signs {several}, the first in line {line}"
        yield f"{what}: a {instead} stands for {'it' if many == 1 else 'each'}."
    for why, count in sorted(tally.left_out.items()):
        yield f"Left out: {_counted(count, *LEFT_OUT[why])}."
    if tally.beside:
        parts = ", ".join(_counted(count, *BESIDE[what]) for what, count in sorted(tally.beside.items()))
        yield f"Not kept: {parts}."


def _why(tally: Moved) -> str:
    """Why some wait, each reason with its number."""
    reasons = (
        (tally.held, "by the name, which could be taken for that of somebody verified"),
        (tally.states[State.WAITING] - tally.held, "as before, where they come from"),
    )
    return ", ".join(f"{many} {why}" for many, why in reasons if many)


def _many(count: int) -> str:
    return _counted(count, "comment", "comments")


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
