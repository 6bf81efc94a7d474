"""What is kept in memory is sent by the server itself, without the way through WSGI, which costs more than the answer.

Granian hands each request to the app through a wrapper of its own, which makes the environment and collects the body;
here another one stands before it and asks the page cache first.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from granian.server import mp
from granian.wsgi import _callback_wrapper as granians_own

from app.cache import page_cache

Asked = dict[str, Any]  # what granian knows of a request, under the names of WSGI


def answer_at_once() -> None:
    """Have the workers that are forked from here on send hits themselves."""
    mp._wsgi_call_wrap = _wrapped  # type: ignore[assignment,attr-defined]  # noqa: SLF001 -- there is no setting for it


def _wrapped(app: Flask, *options: Any) -> Callable[[Any, Asked], int]:  # Any: granian's protocol and settings
    ask_app, cache = granians_own(app, *options), page_cache(app)

    def answer(protocol: Any, asked: Asked) -> int:
        told = cache.hit(asked) if app.wsgi_app is cache else None  # else something was put before it (worker.py)
        if told is None:
            status: int = ask_app(protocol, asked)
            return status
        protocol.response_bytes(*told)
        return told[0]

    return answer
