"""`flask reports …`: moving reports in and out."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from sqlalchemy import select

from app.extensions import paged, read_one_moment
from app.reports.importing import UnknownSymptom, import_rows, require_symptoms
from app.reports.models import Report, State
from app.reports.models.report import rows
from app.reports.sheets import DateOrder, DateOrderNeeded, Mapping, UnreadableFile, UnreadableMapping, read
from app.web.commands import Group
from app.web.moving import Tally, deed, follow, print_faults, printable, write_whole

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
        raise click.ClickException(f"{printable(str(error))} Say --date-order dmy or mdy.") from error
    except (UnreadableFile, UnreadableMapping, UnknownSymptom) as error:
        raise click.ClickException(printable(str(error))) from error
    follow(import_rows(iter(rows), tally, is_dry=dry_run), len(rows))
    _report(file, tally, dry_run=dry_run)
    if tally.is_vain:
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
            write_whole(file, (json.dumps(_exported(report), ensure_ascii=False) for (report,) in shown))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{total} reports written to {file}.")


def _report(file: Path, tally: Tally, *, dry_run: bool) -> None:
    print_faults(file, tally.faults)
    done = f"{tally.imported} {deed(is_dry=dry_run)}"
    click.echo(f"{tally.read} rows read: {done}, {tally.known} here already, {len(tally.faults)} refused.")


def _exported(report: Report) -> dict[str, Any]:  # Any: JSON values
    """A report as the outside may keep it: no nonce, no receipt."""
    told = report.as_told().record()
    extra = {"number": report.number, "source": report.source.value, "told_at": report.told_at.isoformat()}
    return extra | told | {"place_id": report.place_id, "entry": report.entry_seq}
