"""The app as a server's worker loads it: warm, so that the first reader does not wait."""

import signal
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from app import create_app
from app.cache import page_cache
from app.cache.answer import Environ, StartResponse, WsgiApp
from app.kit.allocation import share_arenas
from app.kit.meter import FOLDER, meter
from app.kit.supervisor import be_called, end_with_parent
from app.site.listener import LEAVE, keep_to_own_core, leave
from app.site.warm import warm
from app.surge.watch import Watch
from app.web import logs
from app.web.metering import CacheMeter


def _leave(*_: object) -> None:
    """Nobody comes in any more, and who is in finds another worker with what he asks next."""
    with suppress(OSError):  # it may open no file more: then it accepts until it ends
        leave()
    answer: WsgiApp = app.wsgi_app

    def answer_last(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:  # Any: what WSGI has there
            return start_response(status, [*headers, ("Connection", "close")], *rest)

        return answer(environ, start)

    app.wsgi_app = answer_last  # type: ignore[method-assign]  # the way that Flask documents


signal.signal(signal.SIGTERM, signal.SIG_DFL)  # else who is still loading does not hear that it shall end
be_called("site-worker")
end_with_parent()  # killed at once, granian and the supervisor cannot end it, and it would go on answering
keep_to_own_core()
share_arenas()
app = create_app()
logs.keep_in(app.extensions["settings"].local / logs.FOLDER)
warm(app)
app.extensions["shelf"].held("")  # reads the folders, and goes on looking
app.extensions["gate"].busy.make()
with suppress(OSError):  # a full disk: then nobody knows what this one counts, and readers are served
    meter.keep_in(app.extensions["settings"].local / FOLDER)
Watch(app.extensions["surge"], app.extensions["gate"].measure, CacheMeter(page_cache(app)), meter.write).start()
signal.signal(LEAVE, _leave)
