"""The hands that granian gives requests to: one answers from the page cache at once, ten do everything else.

Were all alike, as granian has them, hits would be handed from one to the other (they take turns at Python), and behind
ten requests that wait for somebody a ninth would wait too, even for a page that is there.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import structlog
from flask import Flask
from granian import _futures, _granian, _signals
from granian.server.common import WORKERS_METHODS
from granian.server.mp import WorkerProcess
from granian.wsgi import _callback_wrapper

from app.cache import page_cache

THREADS = 10  # a worker: one more than there are seats (surge/gate.py), for copies that need a look
SWITCH = 0.001  # seconds that one thread keeps Python to itself while another one wants it; a page takes some of them

Environ = dict[str, Any]  # as PEP 3333 has it, of the request alone
log = structlog.get_logger()


class Reply(Protocol):
    """Granian's end of one request; it takes one answer, from whatever thread."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...


class Front:
    """Called by granian for each request, always on the same thread: it must never wait."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._at_once = page_cache(app).at_once
        self._others = ThreadPoolExecutor(THREADS, "request")
        self._call = _callback_wrapper(app, options)

    def __call__(self, reply: Reply, environ: Environ) -> None:
        told = self._at_once(environ)
        if told is None:
            self._others.submit(self._work, reply, environ)
        else:
            reply.response_bytes(*told)

    def _work(self, reply: Reply, environ: Environ) -> None:
        try:
            self._call(reply, environ)
        except Exception:
            log.exception("request_failed_outside_of_flask")
            reply.response_bytes(500, [], b"")  # unless the answer has begun


def _work(worker_id: int, app: Flask, sock: Any, ipc: Any, *told: Any) -> None:  # Any: granian's settings, by place
    """A worker's life, as granian has it but for who is called: serve until told to end, then finish what is begun."""
    (loop, mode, threads, blocking, _hands, idle, backpressure, _tasks, http, http1, http2, _sockets, static, _log, tls,
     options, metrics) = told  # fmt: skip
    sys.setswitchinterval(SWITCH)
    signals, futures, rust = _of(_signals), _of(_futures), _of(_granian)
    over, ended = signals.set_sync_signals(), threading.Event()
    over.add_cb(ended.set)
    limits = (threads, blocking, 1, idle, backpressure, http, http1, http2, static)
    worker = rust.WSGIWorker(worker_id, sock, ipc, *limits, *tls, metrics)
    serve = getattr(worker, WORKERS_METHODS[mode][(sock[0] or sock[1]).is_uds()])
    serve(futures._new_cbscheduler(loop, Front(app, options), impl_asyncio=True), loop, over)  # noqa: SLF001 -- as granian's
    ended.wait()


def _of(module: Any) -> Any:  # Any: granian's own modules name no types, or not all
    return module


work = _of(WorkerProcess).wrap_target(_work)
