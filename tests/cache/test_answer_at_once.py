"""What is kept is answered at once, by the thread that must not wait; everything else is left to others."""

import pytest
from flask import Flask

from tests.cache.asking import ask, cache_of
from tests.cast import make_owner
from tests.server import eventually

HERE = {"REQUEST_METHOD": "GET", "PATH_INFO": "/imprint", "QUERY_STRING": "", "HTTP_HOST": "localhost"}
BR = HERE | {"HTTP_ACCEPT_ENCODING": "br"}


@pytest.fixture
def kept(app: Flask) -> Flask:
    """An app that keeps the imprint, packed, and has just looked."""
    ask(app.test_client(), "/imprint", "br")
    cache_of(app).versions.next_look = float("inf")
    return app


def test_what_is_kept_is_answered_as_by_the_long_way(kept: Flask) -> None:
    answer = ask(kept.test_client(), "/imprint", "br")
    assert cache_of(kept).at_once(BR) == (200, list(answer.headers), answer.data)


def test_who_has_it_is_told_so_at_once(kept: Flask) -> None:
    etag = ask(kept.test_client(), "/imprint", "br").headers["ETag"]
    told = cache_of(kept).at_once(BR | {"HTTP_IF_NONE_MATCH": etag})
    assert told is not None
    assert (told[0], dict(told[1])["ETag"], told[2]) == (304, etag, b"")


def test_head_has_the_headers_alone(kept: Flask) -> None:
    whole, head = cache_of(kept).at_once(BR), cache_of(kept).at_once(BR | {"REQUEST_METHOD": "HEAD"})
    assert whole is not None
    assert head == (200, whole[1], b"")


@pytest.mark.parametrize(
    "odd",
    [
        {"REQUEST_METHOD": "POST"},
        {"PATH_INFO": "/privacy"},
        {"QUERY_STRING": "utm_source=x"},
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
    ],
)
def test_what_is_not_known_to_be_kept_is_left_to_others(kept: Flask, odd: dict[str, str]) -> None:
    assert cache_of(kept).at_once(BR | odd) is None


def test_after_a_change_others_look_first(kept: Flask) -> None:
    make_owner(kept)
    assert cache_of(kept).at_once(BR) is None


def test_a_look_in_good_time_keeps_nobody_waiting(kept: Flask) -> None:
    versions = cache_of(kept).versions
    looked_at, versions.next_look = versions.looked_at, 0.1  # long ago, but nothing is known to have changed
    assert cache_of(kept).at_once(BR) is not None
    eventually(lambda: versions.looked_at > looked_at, "somebody has looked")


def test_what_is_known_for_too_long_is_not_gone_on_with(kept: Flask) -> None:
    versions = cache_of(kept).versions
    versions.looked_at, versions.next_look = versions.looked_at - 60, 0.1
    assert cache_of(kept).at_once(BR) is None
