"""The WSGI middleware in front of Flask: what is kept is answered from memory, everything else is Flask's."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import structlog
from flask import Flask
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.sansio.utils import get_host

from app.cache import answer
from app.cache.address import asks_for_now, without_tracking
from app.cache.answer import NEVER_ENDS, Environ, StartResponse, WsgiApp
from app.cache.entry import REST, Entry, Told, Variant
from app.cache.flight import Flights
from app.cache.negotiation import matches
from app.cache.noting import Reading, reading
from app.cache.parts import Moment, Parts
from app.cache.store import Key, Store
from app.cache.tables import UNSEEN
from app.cache.versions import State, Versions
from app.kit import clock

MOST = 60.0  # seconds for which a copy is used at most: pages say the minute, and forms carry tokens
LATE = 0.75  # seconds for which an older copy may still be shown while the new one is made
WAIT = 5.0  # seconds to wait for another one's rendering
LOOK = 0.25  # seconds between two looks at the clock for what is asked for again and again
LONGEST = 1024  # characters of an address that is worth keeping
HOSTS = 64  # names under which we have been asked that are remembered

log = structlog.get_logger()


@dataclass
class Counts:
    """How requests were answered since the process began."""

    hits: int = 0
    misses: int = 0  # made anew
    stale: int = 0  # an older copy
    not_modified: int = 0  # 304, of hits and stale ones
    passed: int = 0  # Flask's business


class PageCache:
    """Complete public answers in memory."""

    def __init__(self, app: Flask, versions: Versions, store: Store | None = None) -> None:
        self.counts = Counts()
        self.versions = versions
        self.store = store or Store()
        self.parts = Parts()
        self.late = LATE  # of pages; more of it in a surge
        self._app = app
        self.inner: WsgiApp = app.wsgi_app
        self._flights = Flights()
        self._hosts: set[str] = set()
        self._private: set[str] = set()  # endpoints whose answers nobody may keep
        self._public: set[str] = set()  # those of which one was kept
        self._next_change: Callable[[datetime], datetime | None] = lambda _now: None

    def follow(self, version: Callable[[], Hashable], next_change: Callable[[datetime], datetime | None]) -> None:
        """Let every answer end when this version changes, and when the clock brings the next change."""
        self.versions.watch(version)
        self._next_change = next_change

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            self.counts.passed += 1
            return self.inner(environ, start_response)
        entry = self._found(environ)
        if entry is None:
            return self._look_closer(environ, start_response)
        self.counts.hits += 1
        return self._send(entry, environ, start_response)

    def hit(self, environ: Environ) -> Told | None:
        """The whole answer to a GET if it is kept, good and packed already; None for everything else.

        For a server that can send it as it is: nothing of WSGI is needed for it. Each call less in here is felt.
        """
        now, versions = monotonic(), self.versions
        if now >= versions.next_look:
            versions.catch_up()
        entry = self.store.entries.get((environ["PATH_INFO"], environ["QUERY_STRING"]))
        if (
            entry is None
            or (
                (now >= entry.sent_until or entry.sent_for != versions.state.generation)
                and not self._may_be_sent(entry)
            )
            or environ["REQUEST_METHOD"] != "GET"
            or environ.get("HTTP_HOST") not in self._hosts
        ):
            return None
        variant = entry.chosen.get(environ.get("HTTP_ACCEPT_ENCODING"))
        if variant is None:
            return None
        self.counts.hits += 1
        entry.used = self.counts.hits
        if "HTTP_IF_NONE_MATCH" in environ and self._is_unchanged(variant, environ):
            return 304, variant.unchanged, b""
        return variant.told

    # What is kept

    def _found(self, environ: Environ) -> Entry | None:
        """The copy under just this address, if it may be sent."""
        versions = self.versions
        if monotonic() >= versions.next_look:
            versions.catch_up()
        entry = self.store.entries.get((environ["PATH_INFO"], environ["QUERY_STRING"]))
        if entry is not None and self._may_be_sent(entry) and environ.get("HTTP_HOST") in self._hosts:
            return entry
        return None

    def _send(self, entry: Entry, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        entry.used = self.counts.hits
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        variant = entry.chosen.get(accepted)
        if variant is None:
            variant = entry.choose(accepted)
            if variant is None:
                return answer.refuse_coding(start_response)
            if entry.size != entry.counted:
                self.store.weigh(entry)
        if self._is_unchanged(variant, environ):
            start_response("304 Not Modified", variant.unchanged)
            return ()
        _, headers, body = variant.told
        start_response("200 OK", headers)
        return [body] if environ["REQUEST_METHOD"] == "GET" else ()

    def _is_unchanged(self, variant: Variant, environ: Environ) -> bool:
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition and (condition == variant.etag or matches(condition, variant.etag)):
            self.counts.not_modified += 1
            return True
        return False

    def _look_closer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The address may be another way to write one that is kept, and what is kept may have to be made anew."""
        environ["QUERY_STRING"] = without_tracking(environ["QUERY_STRING"])
        key = (environ["PATH_INFO"], environ["QUERY_STRING"])
        endpoint = self._endpoint(environ) if len(key[0]) + len(key[1]) <= LONGEST else None
        if endpoint is None or endpoint in self._private or not self._is_ours(environ):
            self.counts.passed += 1
            with reading(self._moment(self.versions.state, clock.now(), may_take=False)):
                return self.inner(environ, start_response)
        entry = self._kept(key)
        may_be_sent = entry is not None and self._may_be_sent(entry)
        if entry is not None and (may_be_sent or self.versions.is_blind):
            self.counts.hits += may_be_sent
            self.counts.stale += not may_be_sent
            return self._send(entry, environ, start_response)
        return self._fly(key, endpoint, entry, environ, start_response)

    def _kept(self, key: Key) -> Entry | None:
        """The copy, also one that is late; without one after which something was removed."""
        entry = self.store.entries.get(key)
        if entry is None or self._is_fresh(entry) or entry.may_be_late(self.versions.state):
            return entry
        self.store.drop(key, entry)
        return None

    def _is_fresh(self, entry: Entry) -> bool:
        state = self.versions.state
        if entry.generation != state.generation and entry.is_fresh(state):
            entry.generation = state.generation
        return entry.generation == state.generation

    def _may_be_sent(self, entry: Entry) -> bool:
        """Whether a copy is good, or made so short a while ago that it is not made anew; it notes until when.

        Once it is, nobody looks at the clock again for a moment, unless anything changes.
        """
        now, generation = clock.now().timestamp(), self.versions.state.generation
        if self._is_fresh(entry) and entry.made_at <= now < entry.ends_at:
            lasts = entry.ends_at - now
        elif entry.may_rest and 0 <= now - entry.made_at < REST and self._is_late_only(entry):
            lasts = REST - (now - entry.made_at)
        else:
            return False
        entry.sent_for, entry.sent_until = generation, monotonic() + min(LOOK, lasts)
        return True

    def _is_late_only(self, entry: Entry) -> bool:
        """Whether it was good a moment ago, and nothing has been removed since."""
        if not entry.may_be_late(self.versions.state):
            return False
        overdue = clock.now().timestamp() - entry.ends_at
        since = monotonic() - self.versions.confirmed_at(entry.generation)
        late = self.late if entry.is_page else LATE
        return overdue < late and (entry.generation == self.versions.state.generation or since < late)

    # What has to be made

    def _fly(
        self, key: Key, endpoint: str, kept: Entry | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Make the answer, or wait for who makes it."""
        with self._flights.board(key) as (flight, is_own):
            if is_own:
                self.counts.misses += 1
                flight.entry, body = self._ask(key, endpoint, environ, start_response, kept)
                return body
        patience = 0 if self.versions.is_blind else WAIT
        made = kept if kept is not None and self._is_late_only(kept) else flight.wait(patience)
        if made is None or not (made.is_fresh(self.versions.state) or self._is_late_only(made)):
            self.counts.passed += 1
            return self._ask(key, endpoint, environ, start_response, kept)[1]
        self.counts.stale += 1
        return self._send(made, environ, start_response)

    def _ask(
        self,
        key: Key,
        endpoint: str,
        environ: Environ,
        start_response: StartResponse,
        kept: Entry | None = None,
    ) -> tuple[Entry | None, Iterable[bytes]]:
        """Flask's answer; kept if it is everyone's. If it fails and there is an older copy, that one."""
        state, now = self.versions.state, clock.now()
        moment = self._moment(state, now, may_take=endpoint in self._public and not asks_for_now(key[1]))
        with reading(moment) as noted:
            told = answer.of(self.inner, environ)
        if told.is_failure and kept is not None and kept.may_be_late(self.versions.state):
            told.close()
            self.counts.stale += 1
            return None, self._send(kept, environ, start_response)
        if told.is_private and endpoint not in self._public:
            self._private.add(endpoint)
        if moment is None or not told.is_public or not self._is_ours(environ):
            return None, told.send(environ, start_response)
        self._refuse_unseen(noted.names, endpoint)
        self.parts.keep(moment.made)
        entry = told.entry(state, noted.names, now.timestamp(), _ends_at(moment, noted, told.max_age))
        entry.follow(kept)
        entry.used = self.counts.hits
        self._public.add(endpoint)
        if entry.is_for_good or entry.ends_at > now.timestamp():
            self.store.keep(key, entry)
        return entry, self._send(entry, environ, start_response)

    def _moment(self, state: State, now: datetime, *, may_take: bool) -> Moment | None:
        """What the parts of a page are as fresh as; None before anything is known."""
        if state.known is None:
            return None
        following = self._next_change(now)
        ends_at = following.timestamp() if following else NEVER_ENDS
        return Moment(self.parts, may_take, state, now.timestamp(), ends_at, {})

    def _refuse_unseen(self, names: set[str], endpoint: str) -> None:
        unseen = names & UNSEEN.keys()
        if not unseen:
            return
        log.error("public_page_read_what_is_private", endpoint=endpoint, tables=sorted(unseen))
        raise RuntimeError(f"{endpoint} is public and has read {', '.join(sorted(unseen))}; see app/cache/tables.py")

    # Who asks for what

    def _endpoint(self, environ: Environ) -> str | None:
        """What Flask would call for this address; None if nothing."""
        try:
            endpoint, _ = self._app.url_map.bind_to_environ(environ).match(method="GET")
        except (HTTPException, ValueError):
            return None
        return str(endpoint)

    def _is_ours(self, environ: Environ) -> bool:
        """Whether Flask answers under the name by which we are asked; the good ones are remembered."""
        host = environ.get("HTTP_HOST")
        if host in self._hosts:
            return True
        if not host:
            return False
        try:
            get_host(environ["wsgi.url_scheme"], host, None, self._app.config["TRUSTED_HOSTS"])
        except SecurityError:
            return False
        if len(self._hosts) >= HOSTS:
            self._hosts.clear()  # somebody is trying ports
        self._hosts.add(host)
        return True


def _ends_at(moment: Moment, noted: Reading, max_age: int) -> float:
    """Others may hold it for `max_age`; together that must not reach beyond what the clock brings."""
    seconds = MOST if noted.seconds is None else min(noted.seconds, MOST)
    return min(moment.now + seconds, noted.ends_at, moment.ends_at - (max_age if max_age > 1 else 0))
