"""What is said to a mail server, within a total time; its good-bye does not matter.

Each answer has twenty seconds of its own (`MAIL_TIMEOUT`), which a server that drips never reaches.
"""

import smtplib
import socket
import threading
from contextlib import suppress
from typing import Any

from flask_mailman.backends import smtp

LONGEST = 60.0  # seconds for one letter, all told; far less than a sender has it in hand (`models.TAKEN_FOR`)


class _InTime(smtplib.SMTP):
    """Hangs up when all of it together takes too long."""

    _timer: threading.Timer | None = None

    def connect(self, *arguments: Any, **named: Any) -> tuple[int, bytes]:  # Any: as the library has it
        self._timer = threading.Timer(LONGEST, self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        return super().connect(*arguments, **named)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().close()

    def _hang_up(self) -> None:
        """Whoever reads from the connection finds it closed."""
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _InTimeTls(smtplib.SMTP_SSL, _InTime):
    pass


class EmailBackend(smtp.EmailBackend):  # type: ignore[misc]  # flask_mailman ships no types
    """The library's, in time. A letter that the server has taken in has left, whatever it says to a good-bye."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _InTimeTls if self.use_ssl else _InTime

    def close(self) -> None:
        with suppress(OSError):  # of which every SMTPException is one
            super().close()
