"""`flask comments …`: moving comments in and out. `flask spam …`: what rules would have done."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from app.comments import exporting
from app.comments.importing import FORMATS, Importer, Source, Threads, Unreadable, UnreadableMap, open_source
from app.comments.importing.told import tell
from app.comments.models.replay import cases, replay
from app.extensions import read_one_moment
from app.ledger import outside
from app.spam.judges import judges
from app.spam.rules import KEYS, Mode
from app.web.commands import Group
from app.web.moving import follow, printable, write_whole

File = click.Path(exists=True, dir_okay=False, path_type=Path)

comments = Group("comments", help="Importing and exporting comments.")
spam = Group("spam", help="What judges advise.")


@comments.command("import")
@click.argument("file", type=File)
@click.option("--format", "kind", type=click.Choice(FORMATS), required=True, help="WordPress, Disqus, Isso, our own.")
@click.option("--map", "map_", type=File, help='TOML: which old address is which post of ours, each "/old/" = "slug".')
@click.option("--post", help="Put all of them under the post with this slug.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, change nothing.")
def import_(file: Path, kind: str, map_: Path | None, post: str | None, *, dry_run: bool) -> None:
    """Import the comments in FILE. Begin with --dry-run.

    A file imported twice adds nothing; an import that was stopped goes on when it is begun again. Exit 1: the file is
    damaged, or nothing of it could be used.

    wxr is what WordPress exports, disqus what Disqus sends by mail (unpacked), isso its comments.db, jsonl what
    `flask comments export` writes. No addresses are imported, and no badge comes out of a file.
    """
    if map_ and post:
        raise click.UsageError("Say --map or --post, not both.")
    try:
        importer = Importer(Threads.load(map_) if map_ else Threads(all_under=post), is_dry=dry_run)
    except UnreadableMap as error:
        raise click.ClickException(printable(str(error))) from error
    try:
        with open_source(file, kind) as source:
            follow(_steps(importer, source), source.total)
    except Unreadable as error:
        raise click.ClickException(printable(f"{file} {error}")) from error
    except outside.Unreadable as error:
        tell(file, importer.tally, is_dry=dry_run)
        raise click.ClickException(f"What was deleted here must not come back, and {error}.") from error
    except BaseException:
        tell(file, importer.tally, is_dry=dry_run)
        again = "Nothing was changed." if dry_run else "Import it again: what is here already is not doubled."
        click.echo(f"Stopped before the end. {again}", err=True)
        raise
    tell(file, importer.tally, is_dry=dry_run)
    if importer.tally.is_vain or importer.tally.is_broken:
        raise SystemExit(1)


@comments.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write all comments to FILE, a line of JSON each, spam and removed ones, too. Keep it safe.

    Not in it: addresses, private links, devices, marks of being helpful, questions to the carrier, earlier words.
    """
    read_one_moment()
    total = exporting.count()
    shown = track(exporting.lines(), "Exporting", total=total + 1, console=Console(stderr=True), transient=True)
    try:
        write_whole(file, shown)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{total} comments written to {file}.")


@spam.command("replay")
@click.argument("rule", type=click.Choice(KEYS))
@click.argument("mode", type=click.Choice([mode.value for mode in Mode]))
def replay_rule(rule: str, mode: str) -> None:
    """Print what RULE in MODE would have made of the last 1,000 decisions."""
    modes = judges().modes()
    found = replay(cases(modes), modes, rule, Mode(mode))
    click.echo(
        f"{rule} in mode {mode} would have changed {found.changed:,} of the last {found.decided:,} decisions, "
        f"{found.wrong:,} of them wrong."
    )


def _steps(importer: Importer, source: Source) -> Iterator[int]:
    """How much further each batch has come, in what the source counts."""
    was = 0
    for rows in importer.run(source.rows):
        now = source.reached() if source.reached else was + rows
        yield now - was
        was = now
