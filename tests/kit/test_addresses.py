"""An address is read as proxies write it, and only what is one counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.addresses import network, plain


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        *(
            (odd, None)
            for odd in ("", "unknown", "_hidden", "203.0.113", "203.0.113.7.8", "١.2.3.4", "a:b", "[", "[]:1")
        ),
    ],
)
def test_an_address_is_read_as_it_is_written(written: str, address: str | None) -> None:
    assert plain(written) == address


@given(st.text(max_size=60))
def test_whatever_is_written_is_an_address_or_none(written: str) -> None:
    found = plain(written)
    assert found is None or plain(found) == found
    assert network(written)


def test_one_ipv6_connection_is_one_sender_and_two_are_two() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("203.0.113.7") == network("::ffff:203.0.113.7") != network("203.0.113.8")
