"""What somebody wrote, out of the HTML in which the old site kept it."""

from app.comments.importing.row import Refused
from app.comments.models import State
from app.kit import markup

LONGEST = 50_000  # characters of HTML: ten times as many as a comment has, and what a hostile one costs stays small


def words(html: str, column: str, state: State) -> str:
    """The text in Markdown; of spam, which only teaches, the beginning. Raises Refused for what nobody can read."""
    if len(html) > LONGEST and state is not State.SPAM:
        raise Refused(column, f"It has {len(html)} characters of HTML; {LONGEST} are read at most.")
    try:
        text = markup.from_html(html[:LONGEST])
    except (AssertionError, ValueError, RecursionError) as error:  # as Python's parser has done before
        raise Refused(column, f"Its HTML cannot be read ({type(error).__name__}).") from error
    if len(text) > LONGEST and state is not State.SPAM:  # as quotes in quotes write more than they take
        raise Refused(column, f"It has {len(text)} characters; {LONGEST} are read at most.")
    return text[:LONGEST]
