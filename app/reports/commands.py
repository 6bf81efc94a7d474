"""`flask reports …`: moving reports in and out."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from sqlalchemy import select

from app.extensions import paged, read_one_moment
from app.reports.importing import Tally, UnknownSymptom, import_rows, require_symptoms
from app.reports.models import Report, State
from app.reports.models.report import rows
from app.reports.sheets import DateOrder, DateOrderNeeded, Fault, Mapping, UnreadableFile, UnreadableMapping, read
from app.web.commands import Group

SHOWN = 50  # faults that are printed one by one
File = click.Path(exists=True, dir_okay=False, path_type=Path)

reports = Group("reports", help="Importing and exporting reports.")


@reports.command("import")
@click.argument("file", type=File)
@click.option("--mapping", type=File, help="Which column is which; default the Google Form of 2011.")
@click.option("--date-order", type=click.Choice([order.value for order in DateOrder]), help="Asked, never guessed.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, change nothing.")
def import_(file: Path, mapping: Path | None, date_order: str | None, *, dry_run: bool) -> None:
    """Import the CSV FILE of a form's answers. A file imported twice adds nothing."""
    tally = Tally()
    try:
        used = Mapping.load(mapping) if mapping else Mapping.default()
        require_symptoms(used)
        rows = list(read(file, used, DateOrder(date_order) if date_order else None))
    except DateOrderNeeded as error:
        raise click.ClickException(f"{error} Say --date-order dmy or mdy.") from error
    except (UnreadableFile, UnreadableMapping, UnknownSymptom) as error:
        raise click.ClickException(str(error)) from error
    _follow(import_rows(iter(rows), tally, is_dry=dry_run), len(rows))
    _report(file, tally, dry_run=dry_run)
    if tally.faults and not tally.imported and not tally.known:
        raise SystemExit(1)


@reports.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write all counted reports to FILE, a line of JSON each. It holds people's own words: keep it safe."""
    read_one_moment()
    total = rows()
    counted = select(Report).where(Report.state == State.COUNTED).order_by(Report.id)
    try:
        with closing(paged(counted, 1000)) as found:
            shown = track(found, "Exporting", total=total, console=Console(stderr=True), transient=True)
            _write(file, (json.dumps(_exported(report), ensure_ascii=False) for (report,) in shown))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{total} reports written to {file}.")


def _write(file: Path, lines: Iterable[str]) -> None:
    """The file whole or not at all, readable by its owner only."""
    temporary = file.with_name(f"{file.name}.part")
    try:
        temporary.touch(mode=0o600)
        with temporary.open("w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _follow(batches: Iterator[int], total: int) -> None:
    console = Console(stderr=True)
    steps = (1 for count in batches for _ in range(count))
    for _ in track(steps, "Importing", total=total, console=console, transient=True):
        pass


def _report(file: Path, tally: Tally, *, dry_run: bool) -> None:
    for fault in tally.faults[:SHOWN]:
        click.echo(f"{file}:{fault.line}: {_where(fault)}{fault.reason}", err=True)
    if len(tally.faults) > SHOWN:
        click.echo(f"… and {len(tally.faults) - SHOWN} more rows refused", err=True)
    deed = "would be imported" if dry_run else "imported"
    click.echo(
        f"{tally.read} rows read: {tally.imported} {deed}, {tally.known} here already, {len(tally.faults)} refused."
    )


def _where(fault: Fault) -> str:
    return f"{fault.column}: " if fault.column else ""


def _exported(report: Report) -> dict[str, Any]:  # Any: JSON values
    """A report as the outside may keep it: no nonce, no receipt."""
    told = report.as_told().record()
    extra = {"number": report.number, "source": report.source.value, "told_at": report.told_at.isoformat()}
    return extra | told | {"place_id": report.place_id, "entry": report.entry_seq}
