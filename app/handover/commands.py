"""`flask handover …`."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from app.extensions import db, read_one_moment
from app.handover.attack import Attempt, Extract, World, read
from app.handover.attack.beside import world_of
from app.handover.attack.sheet import Unreadable
from app.handover.files import NAMES, Delivery, Written
from app.handover.generalise import LEAST_K, LEVELS, MOST_K
from app.handover.models import Handover, KTooLarge, KTooSmall, NothingToHandOver, ProposalOpen
from app.handover.models.handover import USUAL_K
from app.kit import clock
from app.web.commands import Group

BY_COMMAND = "command line of the server"
SHOWN = 200  # findings that are printed one by one
REFUSED = {
    KTooSmall: f"--k must be {LEAST_K} or more: smaller groups hide nobody",
    KTooLarge: f"--k must be {MOST_K} or less: every later handover needs groups that are a multiple of this one's",
    ProposalOpen: "a handover is proposed at the desk; it has to be released or discarded there first",
}
Folder = click.Path(file_okay=False, path_type=Path)

handover = Group("handover", help="The extract for the carrier, in which nobody can be found.")


@handover.command()
@click.option("--k", default=USUAL_K, show_default=True, help="The fewest rows of a cell; 5 to 100.")
@click.option("--to", required=True, help="Who gets it: an organisation's slug or name, else any name.")
@click.option("--out", required=True, type=Folder, help="The folder for the four files; it is made if missing.")
def build(k: int, to: str, out: Path) -> None:
    """Hand over all counted reports that no earlier handover holds, as far as nobody can be found in them.

    Writes records.csv, records.xlsx, records.json and manifest.json, and the manifest's hash into the ledger.
    Reports of which too few are alike wait for the next handover. Exit 1 where nothing can be handed over.
    """
    if not 0 < len(to.strip()) <= 120:
        raise click.BadParameter("a name of up to 120 letters is expected", param_hint="--to")
    _require_room(out)
    try:
        made = _build(to, k, out)
    except (KTooSmall, KTooLarge, ProposalOpen) as refusal:
        raise click.ClickException(REFUSED[type(refusal)]) from None
    except NothingToHandOver as refusal:
        raise click.ClickException(
            f"nothing can be handed over: {refusal.waiting} reports wait, and no {k} of them are alike enough"
        ) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    facts = made.facts
    click.echo(
        f"Delivery {facts['delivery']} to {made.recipient}: {facts['rows']} rows in {facts['cells']} cells of at least "
        f"{facts['k_reached']}, in {out}. {facts['waiting']} reports wait for the next one."
    )


@handover.command()
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=Folder)
@click.option("--k", default=USUAL_K, show_default=True, help="What a delivery without a manifest has to hold.")
def check(folders: tuple[Path, ...], k: int) -> None:
    """Attack the deliveries in DIR..., in the order in which they were made.

    Recomputes every cell and every difference between cells, levels, periods and deliveries, and, beside the site
    that made them, against all its figures of reports, weeks and symptoms and its ledger. Names each below k; exit 1 if
    there is any.
    """
    try:
        extracts = [_read(folder, k) for folder in folders]
    except (Unreadable, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    world = _world(extracts)
    attempt = Attempt(extracts, world)
    with _steps() as step:
        step("Subtracting")
        found = list(attempt.findings())
    for finding in found[:SHOWN]:
        click.echo(finding, err=True)
    if len(found) > SHOWN:
        click.echo(f"… and {len(found) - SHOWN} more", err=True)
    _show(extracts)
    beside = "with" if world.is_known else "without"
    known = f"{beside} the figures of reports, weeks and symptoms and the ledger of this site"
    click.echo(f"{attempt.looked:,} cells and differences looked at, {known}.")
    if found:
        raise click.ClickException(f"{len(found)} ways to find somebody")
    click.echo("Nobody can be found.")


def _require_room(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = [name for name in NAMES if (out / name).exists()]
        probe = out / ".part"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    if taken:
        raise click.ClickException(f"{out} holds {', '.join(taken)} already; take another folder")


def _build(to: str, k: int, out: Path) -> Handover:
    """One transaction: the files lie on disk before it commits, and get their names after."""
    chance = random.SystemRandom()
    with _steps() as step:
        step("Building")
        made = Handover.propose(to, k=k, by=None, chance=chance)
        step("Sealing")
        delivery: Delivery = made.seal([(BY_COMMAND, clock.now())], chance)
        step("Writing")
        number, manifest = made.id, made.manifest
        written = delivery.write(out)
        try:
            db.session.commit()
        except BaseException:
            if not _may_be_released(number, manifest):
                written.remove()
            raise
        _place(written)
    return made


def _may_be_released(number: int, manifest: str) -> bool:
    """Whether the database holds this very handover although its commit failed here; where it cannot say, perhaps."""
    try:
        db.session.rollback()
        return db.session.scalar(select(Handover.manifest).where(Handover.id == number)) == manifest
    except SQLAlchemyError:
        return True


def _place(written: Written) -> None:
    """The handover is committed: whatever the disk says now, its files are kept."""
    try:
        written.place()
    except OSError as error:
        raise click.ClickException(
            f"handed over, but not all files got their names ({error.strerror}); they lie in {written.folder} as *.part"
        ) from None


def _read(folder: Path, k: int) -> Extract:
    with _steps() as step:
        step(f"Reading {folder}")
        return read(folder, k)


def _world(extracts: list[Extract]) -> World:
    """What the site beside has published; where no database is ready, nothing."""
    try:
        read_one_moment()
        return world_of(extracts)
    except (OperationalError, ProgrammingError):
        return World()
    finally:
        db.session.rollback()


def _show(extracts: list[Extract]) -> None:
    table = Table("delivery", "k", "rows", *LEVELS, "smallest cell", "waiting", "suppressed")
    for one in extracts:
        smallest = min((cell.rows for cell in one.cells.values()), default=0)
        said = (str(one.facts.get(key, "–")) for key in ("waiting", "suppressed_values"))
        table.add_row(one.name, str(one.k), *_shares(one.levels), str(smallest), *said)
    if len(extracts) > 1:
        table.add_row("all", "", *_shares(sum((one.levels for one in extracts), Counter())), end_section=True)
    Console(width=150).print(table)


def _shares(levels: Counter[str]) -> Iterator[str]:
    """All rows, then those of each level with their share."""
    rows = levels.total()
    yield f"{rows:,}"
    yield from (f"{levels[level]:,} ({levels[level] / rows:.1%})" if rows else "0" for level in LEVELS)


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """Says on the terminal what is being done, and for how long."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda name: progress.update(task, description=name)
