"""What something kept is made of: the versions that were known before it was made."""

from collections.abc import Hashable, Iterable
from typing import NamedTuple, Self

from app.cache.versions import NEVER, Stamp, State


class Made(NamedTuple):
    """Versions of tables, and of what lies outside of the database."""

    stamps: tuple[tuple[str, Stamp], ...]
    elsewhere: tuple[Hashable, ...]

    @classmethod
    def of(cls, names: Iterable[str], state: State) -> Self:
        known = state.known or {}
        return cls(tuple((name, known.get(name, NEVER)) for name in sorted(names)), state.elsewhere)

    def is_fresh(self, state: State) -> bool:
        """Whether nothing of it is known to have changed."""
        known = state.known
        return (
            known is not None
            and self.elsewhere == state.elsewhere
            and all(known.get(name, NEVER) == stamp for name, stamp in self.stamps)
        )

    def may_be_late(self, state: State) -> bool:
        """Whether nothing is known to have been removed from it."""
        known = state.known or {}
        return self.elsewhere == state.elsewhere and all(
            known.get(name, NEVER).hard == stamp.hard for name, stamp in self.stamps
        )
