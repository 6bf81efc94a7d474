"""`flask spam …`: what rules would have done."""

import click

from app.comments.models.replay import cases, replay
from app.spam.judges import judges
from app.spam.rules import KEYS, Mode
from app.web.commands import Group

spam = Group("spam", help="What judges advise.")


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
