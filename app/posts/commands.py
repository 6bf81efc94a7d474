"""`flask posts …`"""

from pathlib import Path

import click

from app.kit import clock
from app.posts.pictures import pictures
from app.posts.problem import Problem
from app.posts.shelf import shelf
from app.web.commands import Group

posts = Group("posts", help="The Markdown posts of this site.")


@posts.command()
def check() -> None:
    """Read every post and print what is wrong, as path:line: reason. Exit 1 if a post cannot be shown."""
    current = shelf()
    current.refresh()
    problems = (*current.problems(), *pictures(current.everything()))
    for problem in problems:
        click.echo(_line(problem))
    faults = sum(problem.is_fatal for problem in problems)
    public = len(current.public(clock.now()))
    click.echo(f"{public} posts public, {faults} faults, {len(problems) - faults} warnings.")
    if faults:
        raise SystemExit(1)


def _line(problem: Problem) -> str:
    return str(problem).removeprefix(f"{Path.cwd()}/")
