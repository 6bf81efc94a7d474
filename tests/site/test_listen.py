"""The door of the site."""

import socket

from app.site.listener import listen


def test_what_is_sent_to_who_comes_in_does_not_wait_for_his_word() -> None:
    with listen("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()):
        visitor, _ = door.accept()
        with visitor:
            assert visitor.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
