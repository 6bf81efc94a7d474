"""What is said to somebody who cannot be let in: tiny, from memory, and what was typed stays."""

import json
import random
import threading
from collections.abc import Iterable
from html import escape
from urllib.parse import parse_qsl, quote, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, render_template
from flask_babel import gettext as _

from app.config import LANGUAGES
from app.extensions import SAFE_METHODS
from app.web import guard
from app.web.headers import POLICY

RETRY_AFTER = (3, 8)  # seconds; different for everybody, so that not all come back together
# seconds to wait for the one who reads what was typed; more than one, dawdling over a body, would take readers' threads
A_MOMENT = 0.05
HERE, FIELDS = "{{here}}", "{{fields}}"  # what of the request stands in the page
HEADERS = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
]


class Busy:
    """The pages, made once a process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pages: dict[tuple[str, bool], str] = {}
        self._words: dict[str, str] = {}
        self._reading = threading.Lock()

    @property
    def shows_faults(self) -> bool:
        """Whether the app is run by somebody who wants to see its exceptions."""
        return bool(self._app.config["PROPAGATE_EXCEPTIONS"])

    def make(self) -> None:
        """Make them now; else the first one who needs one does."""
        own = self._app.extensions["settings"].base_url
        for lang in LANGUAGES:
            with self._app.test_request_context(f"/?lang={lang}", base_url=own):
                self._words[lang] = _("A great many people are here right now")
                for is_form in (False, True):
                    told = {"lang": lang, "is_form": is_form, "here": HERE, "fields": FIELDS}
                    self._pages[lang, is_form] = render_template("errors/busy.html", **told)

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """503: the same address again in a moment, and of a form everything that was typed, to be sent once more."""
        if not self._pages:
            self.make()
        lang = self._language(environ)
        if "application/json" in environ.get("HTTP_ACCEPT", ""):
            kind, body = "application/json", json.dumps({"error": self._words[lang]})
        else:
            kind, body = "text/html; charset=utf-8", self._page(environ, lang)
        sent = body.encode("utf-8", "replace")
        wait = str(random.randint(*RETRY_AFTER))  # noqa: S311 -- nobody gains by guessing it
        start_response(
            "503 Service Unavailable",
            [("Content-Type", kind), ("Content-Length", str(len(sent))), ("Retry-After", wait), *HEADERS],
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [sent]

    def _page(self, environ: WSGIEnvironment, lang: str) -> str:
        fields = self._fields(environ)
        before, _mark, rest = self._pages[lang, fields is not None].partition(HERE)
        between, _mark, after = rest.partition(FIELDS)
        return "".join((before, escape(_address(environ)), between, fields or "", after))

    def _fields(self, environ: WSGIEnvironment) -> str | None:
        """What a form of ours sent, as hidden fields; None where there is none, or it is long in coming."""
        if not is_form(environ):
            return None
        own = {urlsplit(self._app.extensions["settings"].base_url).netloc, environ.get("HTTP_HOST", "")}
        if guard.is_foreign(environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE"), own):
            return None  # a stranger's page must not get its form sent from this one
        if not self._reading.acquire(timeout=A_MOMENT):
            return None
        try:
            body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), guard.BODY_LIMIT))
            sent = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
        except (OSError, ValueError):
            return None
        finally:
            self._reading.release()
        return "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in sent)

    def _language(self, environ: WSGIEnvironment) -> str:
        asked = environ.get("QUERY_STRING", "").split("&")
        default: str = self._app.extensions["campaign"].language
        return next((lang for lang in LANGUAGES if f"lang={lang}" in asked), default)


def is_form(environ: WSGIEnvironment) -> bool:
    """Whether it carries what somebody typed into a form."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    return environ["REQUEST_METHOD"] not in SAFE_METHODS and kind == "application/x-www-form-urlencoded"


def _address(environ: WSGIEnvironment) -> str:
    """Path and query as they were asked for, on this site whatever they say."""
    path = quote(environ.get("PATH_INFO", "/").encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~-._")
    query = environ.get("QUERY_STRING", "")
    return f"/{path.lstrip('/')}" + (f"?{query}" if query else "")
