"""`flask demo load`."""

import json
import random
from collections.abc import Iterator

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.config import settings
from app.extensions import db
from app.kit import clock, garbage
from app.ledger import models as ledger
from app.site.audit import differences
from app.site.demo import comments, figures, handovers, people, promises, reports
from app.site.demo import ledger as ledger_of_2011
from app.site.serve import prepare
from app.transparency import account
from app.web.commands import Group

SEED = 20_111_112

demo = Group("demo", help="The campaign of November 2011, to look at.")


@demo.command()
@click.option("--seed", default=SEED, show_default=True, help="The same seed tells the same campaign.")
def load(seed: int) -> None:
    """Fill an empty instance with the campaign of November 2011. A second call changes nothing."""
    marker, begun = settings().instance / "demo.json", settings().instance / "demo.begun"
    if marker.exists():
        click.echo(f"The demo lies in {settings().instance}.")
        return
    if begun.exists():
        raise click.ClickException(f"an earlier load was interrupted. Delete {settings().instance} and try again")
    prepare()
    if ledger.counter():
        raise click.ClickException(f"{settings().instance} holds a real campaign; the demo needs a folder of its own")
    begun.touch()
    with garbage.kept():  # in circles there is little of it: a seventh quicker for 90 MB more
        _fill(random.Random(seed))  # noqa: S311 -- seeded: the demo must come out the same
    if found := list(differences()):
        raise click.ClickException(f"the demo does not add up: {found[0]}")
    marker.write_text(json.dumps({"seed": seed}))
    begun.unlink()
    click.echo(f"Sign in as {people.OWNER}; the code lies in {settings().instance / 'outbox'}.")


def _fill(rng: random.Random) -> None:
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        team = people.found_team()
        handed = handovers.Handovers(rng, *team)
        ledger_of_2011.publish_until(reports.IMPORTED_AT)
        imported = _follow(progress, "Imports", 7_691, reports.import_sheet())
        _follow(progress, "Reports", reports.TOTAL - imported, reports.tell_the_rest(rng, handed.until))
        reports.release_some(rng)
        figures.come_back(rng, reports.ENDED_AT)
        figures.publish_nights(clock.now())
        staff = people.invite_staff()
        people.prepare_figures(team[0])
        handed.until(clock.now())
        ledger_of_2011.publish_until(clock.now())
        talking = comments.write(rng, staff | {team[-1].first_name: team[-1]})
        _follow(progress, "Comments", comments.REAL + comments.SPAM, talking)
        promises.load(rng, staff)
        account.count()
        db.session.commit()


def _follow(progress: Progress, name: str, total: int, steps: Iterator[int]) -> int:
    task, done = progress.add_task(name, total=total), 0
    for count in steps:
        done += count
        progress.advance(task, count)
    return done
