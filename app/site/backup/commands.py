"""`flask backup …`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from app.config import settings
from app.ledger import outside
from app.site.backup import published, sealed
from app.site.backup.create import NotMade, Told
from app.site.backup.create import create as make
from app.site.backup.restore import Accepted, Refused, Restored
from app.site.backup.restore import restore as bring_back
from app.web.commands import Group

FILE = click.Path(dir_okay=False, path_type=Path)
READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
UNSEALED = "The keys of the site are in it, readable for whoever has it. Keep it as you keep the instance, or use --to."

backup = Group("backup", help="Everything the site needs to live again elsewhere, in one file.")


@backup.command()
@click.argument("file", type=FILE)
@click.option("--to", "keys", multiple=True, metavar="AGE_PUBLIC_KEY", help="Encrypt to this key; may be repeated.")
@click.option("--force", is_flag=True, help="Replace a file of that name, once the new one is whole.")
def create(file: Path, keys: tuple[str, ...], *, force: bool) -> None:
    """Write database, posts, uploads, settings and keys into FILE, while the site runs."""
    try:
        to = sealed.recipients(keys)
    except sealed.NoKey as fault:
        raise click.BadParameter(str(fault), param_hint="--to") from None
    if not file.parent.is_dir():
        raise click.ClickException(f"there is no folder {file.parent}")
    try:
        with _progress() as told:
            manifest = make(file, to=to, force=force, told=told)
    except NotMade as fault:
        raise click.ClickException(str(fault)) from None
    ledger = manifest["ledger"]
    click.echo(
        f"{file}: {file.stat().st_size:,} bytes, {sum(manifest['tables'].values()):,} rows, "
        f"{ledger.get('size', 0):,} ledger entries, counter {ledger.get('counter', 0):,}."
    )
    click.echo(f"Keep {settings().instance / outside.FILE} apart from it, always in its newest state.", err=True)
    if not to:
        click.echo(UNSEALED, err=True)


@backup.command()
@click.argument("file", type=READABLE)
@click.option("--identity", type=READABLE, help="File with the secret age key of an encrypted archive.")
@click.option("--erasures", type=READABLE, multiple=True, help="The newest erasures.log of the lost site.")
@click.option("--checkpoint", multiple=True, metavar="FILE|URL", help="A checkpoint of the site that somebody kept.")
@click.option("--accept-rollback", is_flag=True, help="Go on behind what was published, and say so in public.")
@click.option("--accept-differences", is_flag=True, help="Restore what the audit objects to.")
def restore(
    file: Path,
    identity: Path | None,
    erasures: tuple[Path, ...],
    checkpoint: tuple[str, ...],
    *,
    accept_rollback: bool,
    accept_differences: bool,
) -> None:
    """Bring the site back from FILE into an instance that holds nothing; all of it or nothing."""
    try:
        notes = [published.note(where) for where in checkpoint]
        accepted = Accepted(rollback=accept_rollback, differences=accept_differences)
        with _progress() as told:
            done = bring_back(file, identity=identity, logs=erasures, notes=notes, accepted=accepted, told=told)
    except (Refused, published.NotPublished) as fault:
        raise click.ClickException(str(fault)) from None
    _report(done, is_known=bool(erasures or checkpoint))


def _report(done: Restored, *, is_known: bool) -> None:
    created, ledger = done.manifest["created_at"], done.manifest["ledger"]
    click.echo(f"Restored as of {created}: {ledger['size']:,} ledger entries; {done.erased} erased again.")
    for name in done.kept:
        click.echo(f"{name} was here already and stays; the archive's was left out.", err=True)
    for one in done.differences:
        click.echo(f"The audit objects, as accepted: {one}", err=True)
    if done.lost:
        click.echo(f"The published checkpoint of {done.lost.size:,} entries is lost; /ledger/ says so.", err=True)
    if not is_known:
        click.echo(
            "Neither --erasures nor --checkpoint was given: what was erased since is back, and nobody looked whether "
            "the ledger falls behind what was published.",
            err=True,
        )
    click.echo(
        f"Whatever was decided after {created} is not in it. Look at the members first: who was revoked since is in "
        "again, and invitations that were withdrawn, recovery codes that were used and passkeys that were removed are "
        "good again. All sessions are ended. Letters that were waiting then are sent again.",
        err=True,
    )


@contextmanager
def _progress() -> Iterator[Told]:
    """Bars, where somebody looks at a terminal."""
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done)

        yield told
