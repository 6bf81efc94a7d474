"""What rooms above know of a thing of a room below: a part of its owner's page, and facts for the export."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Flask, current_app
from markupsafe import Markup

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Note(Generic[T]):
    """`draw` answers HTML for the thing with this code, empty for nothing; `facts` what the export says."""

    draw: Callable[[T, str], Markup]
    facts: Callable[[T], dict[str, Any]]  # Any: JSON values


N = TypeVar("N", bound=Note[Any])


class Notes(Generic[T, N]):
    """Those of one kind of thing, kept with the app."""

    def __init__(self, kept_as: str) -> None:
        self._kept_as = kept_as

    def init_app(self, app: Flask) -> None:
        app.extensions[self._kept_as] = []

    def add(self, app: Flask, note: N) -> None:
        """Let a room above say something on every such page."""
        app.extensions[self._kept_as].append(note)

    def drawn(self, thing: T, code: str) -> list[Markup]:
        """What there is to show of a thing, room by room."""
        return [html for note in self.all() if (html := note.draw(thing, code))]

    def facts(self, thing: T) -> dict[str, Any]:  # Any: JSON values
        """What there is to export of a thing, of all rooms."""
        return {key: value for note in self.all() for key, value in note.facts(thing).items()}

    def all(self) -> list[N]:
        found: list[N] = current_app.extensions[self._kept_as]
        return found
