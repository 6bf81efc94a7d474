"""Who asks: the address that our own proxies say, and how much comes from its network."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request

from app.extensions import limiter
from app.kit import addresses

PEER = "einzelfall.peer"  # in the environment of a request: who is connected to us
LOOPBACK = ("127.", "::1", "::ffff:127.")
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")
SCHEMES = frozenset({"http", "https"})


class OurProxies:
    """Takes over what the last of our proxies but so many wrote; whatever stands before that was written by strangers.

    Not Werkzeug's `ProxyFix`: it reads quotes and empty places in the list as headers of other kinds have them, so a
    quotation mark that a stranger sends swallows the address that our proxy adds, and it takes over what is none.
    """

    def __init__(self, app: WSGIApplication, hops: int) -> None:
        self._app, self._hops = app, hops

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[PEER] = environ.get("REMOTE_ADDR", "")
        if address := addresses.plain(self._said(environ, "HTTP_X_FORWARDED_FOR")):
            environ["REMOTE_ADDR"] = address
        if (scheme := self._said(environ, "HTTP_X_FORWARDED_PROTO")) in SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

    def _said(self, environ: WSGIEnvironment, header: str) -> str:
        values: list[str] = environ.get(header, "").split(",")
        return values[-self._hops].strip() if len(values) >= self._hops else ""


def trust(app: Flask, hops: int) -> None:
    """Believe so many proxies before us what they add to X-Forwarded-For and X-Forwarded-Proto; never a host."""
    if hops:
        app.wsgi_app = OurProxies(app.wsgi_app, hops)  # type: ignore[method-assign]  # the way that Flask documents


def is_from_here_alone() -> bool:
    """Whether somebody on this machine asks, and for nobody else."""
    peer: str = request.environ.get(PEER, request.environ.get("REMOTE_ADDR")) or ""
    return peer.startswith(LOOPBACK) and not any(name in request.headers for name in FORWARDED)


def sent_from_here() -> int:
    """How many forms of this kind came from the sender's network within the minute; 0 where nobody counts."""
    known = limiter.current_limit
    if known is None:
        return 0
    try:
        return limiter.storage.get(known.key)
    except limiter.storage.base_exceptions:
        return 0
