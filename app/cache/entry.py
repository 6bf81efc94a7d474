"""One answer that is kept: its bytes in every coding, and what it is made of."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import brotli

from app.cache.made import Made
from app.cache.negotiation import codings
from app.cache.versions import State

Headers = list[tuple[str, str]]
Told = tuple[int, Headers, bytes]  # status, headers, body
WEIGHT = 4096  # bytes that an entry takes besides its bodies
SMALL = 500  # bytes; less is not worth packing
REST = 0.5  # seconds between two makings of a page that changes all the time
BURST = 4.0  # changes in a row that are shown at once
CHOICES = 64  # ways to ask that are remembered for an entry
TOLD_AGAIN = frozenset({"cache-control", "content-location", "expires"})  # with a 304
OWN = frozenset({"content-length", "etag", "vary", "x-request-id", "content-encoding", "accept-ranges"})
PACKED = ("text/", "application/json", "application/feed+json", "application/jsonl", "application/atom+xml",
          "application/xml", "application/manifest+json", "image/svg+xml")  # fmt: skip


class Variant(NamedTuple):
    """The answer in one coding, ready to be sent."""

    etag: str
    told: Told
    unchanged: Headers  # of a 304


@dataclass(slots=True, eq=False)
class Entry:
    """The answer at one address."""

    body: bytes
    headers: Headers  # as the app gave them
    made: Made
    generation: int  # for which it is known to be fresh
    made_at: float  # seconds since 1970
    ends_at: float
    is_for_good: bool
    sent_for: int = -1  # the generation in which it may be sent without another look,
    sent_until: float = 0.0  # and until when (monotonic)
    turns: float = BURST  # how often it may be made anew at once
    used: int = 0
    counted: int = 0  # bytes that the store has counted of it; none where it is not kept
    chosen: dict[str | None, Variant] = field(default_factory=dict)  # by what was asked for
    _variants: dict[str, Variant] = field(default_factory=dict)  # by coding

    @property
    def size(self) -> int:
        """Bytes held."""
        return (
            WEIGHT
            + len(self.body)
            + sum(len(one.told[2]) for key, one in tuple(self._variants.items()) if key != "identity")
        )

    def is_fresh(self, state: State) -> bool:
        return self.is_for_good or self.made.is_fresh(state)

    def may_be_late(self, state: State) -> bool:
        """Whether it may still be shown for a moment although it is not fresh."""
        return self.made.may_be_late(state)

    def follow(self, older: "Entry | None") -> None:
        """It was made in place of an older one that had changed, which takes a turn; each `REST` gives one back."""
        if older is not None:
            self.turns = min(BURST, older.turns + max(0.0, self.made_at - older.made_at) / REST) - 1

    @property
    def may_rest(self) -> bool:
        """Whether it is made anew so often that it may be shown for `REST` although something was added meanwhile."""
        return self.turns < 1

    def choose(self, accepted: str | None) -> Variant | None:
        """What who asks so is sent; None when there is nothing that may be sent."""
        allowed = codings(accepted)
        if not allowed:
            return None
        is_worth_it = len(self.body) >= SMALL and self._is_packable
        coding = allowed[0] if is_worth_it or "identity" not in allowed else "identity"
        variant = self._variants.get(coding) or self._made(coding)
        if len(self.chosen) >= CHOICES:
            self.chosen.clear()  # somebody is trying words
        self.chosen[accepted] = variant
        return variant

    @property
    def is_page(self) -> bool:
        """Whether it is for people to read, not for a script that asks again every two seconds."""
        return self._kind.startswith("text/html")

    @property
    def _is_packable(self) -> bool:
        return self._kind.startswith(PACKED)

    @property
    def _kind(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")

    def _made(self, coding: str) -> Variant:
        body = self._packed(coding)
        etag = _tagged(next(value for name, value in self.headers if name.lower() == "etag"), coding)
        own: Headers = [("ETag", etag), ("Vary", "Accept-Encoding")]
        headers = [*_without(self.headers, OWN), *own, ("Content-Length", str(len(body)))]
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
        again = [pair for pair in self.headers if pair[0].lower() in TOLD_AGAIN]
        variant = self._variants[coding] = Variant(etag, (200, headers, body), [*again, *own])
        return variant

    def _packed(self, coding: str) -> bytes:
        """Files that stay are packed as small as can be: that is done once."""
        if coding == "br":
            return bytes(brotli.compress(self.body, quality=11 if self.is_for_good else 4))
        if coding == "gzip":
            return gzip.compress(self.body, 9 if self.is_for_good else 6, mtime=0)
        return self.body


def _tagged(etag: str, coding: str) -> str:
    return etag if coding == "identity" else f'{etag[:-1]}-{coding}"'


def _without(headers: Sequence[tuple[str, str]], names: frozenset[str]) -> Headers:
    return [pair for pair in headers if pair[0].lower() not in names]
