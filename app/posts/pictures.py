"""What is wrong with the pictures of posts: they are not there, or nobody says what they show."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from app.kit import picture
from app.pictures.models import decorative_among
from app.posts.post import Post
from app.posts.problem import Problem

_SHOWN = re.compile(rf"!\[([^\[\]]*)\]\({picture.PATH}({picture.NAME})[\s)]")
_MEANT = re.compile(rf"{picture.PATH}([^\s()\"]+)")


def pictures(posts: Iterable[Post]) -> Iterator[Problem]:
    """Warnings, by file and line."""
    texts = {post: _text(post) for post in posts}
    known = decorative_among({name for text in texts.values() for name in picture.names_in(text)})
    for post, text in texts.items():
        for number, line in enumerate(text.splitlines(), start=1):
            for reason in _faults(line, known):
                yield Problem(post.path, number, reason, is_fatal=False)


def _text(post: Post) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return post.path.read_text("utf-8-sig")
    return ""


def _faults(line: str, known: dict[str, bool]) -> Iterator[str]:
    """Of one line; a picture that decorates needs no words."""
    for meant in dict.fromkeys(_MEANT.findall(line)):
        if not (name := picture.name_of_file(meant)) or name not in known:
            yield f"{picture.PATH}{meant} is not there: /desk/pictures has the line for each picture."
    for alt, name in _SHOWN.findall(line):
        if not alt.strip() and known.get(name) is False:
            yield f"{picture.PATH}{name} has no text for those who cannot see it: write it between the brackets."
