"""Which addresses are the public internet."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.public_addresses import is_public

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "193.99.144.80",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2a02:2e0:3fe:1001:302::",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]
NOT_PUBLIC = {
    "this network": ["0.0.0.0", "0.1.2.3"],  # noqa: S104 -- read, not bound to
    "private": ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fd12:3456::1"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1", "::"],
    "carrier NAT": ["100.64.0.1", "100.127.255.255", "100.100.100.200"],
    "link-local": ["169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1"],
    "metadata of clouds": ["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "192.0.0.192", "100.100.100.200"],
    "documentation": ["192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1", "3fff::1"],
    "benchmarks": ["198.18.0.1", "198.19.255.255", "2001:2::1"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.0.1"],
    "old site-local": ["fec0::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:a00:1"],
    "compatible": ["::127.0.0.1", "::8.8.8.8"],
    "6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "192.88.99.1"],
    "Teredo": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808"],
    "discard": ["100::1"],
    "no address": [
        "",
        "localhost",
        "8.8.8",
        "8.8.8.8:53",
        "[::1]",
        "0x7f000001",
        "2130706433",
        "127.1",
        "8.8.8.8 ",
        "٨.8.8.8",
    ],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_on_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("what", NOT_PUBLIC)
def test_what_is_not_on_the_internet_is_not_public(what: str) -> None:
    assert [address for address in NOT_PUBLIC[what] if is_public(address)] == []


@given(st.ip_addresses())
def test_nothing_is_public_that_python_says_is_not_global(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)) and address not in _of_another_kind(address):
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_an_address_in_another_s_clothes_is_what_it_is(address: IPv4Address) -> None:
    for clothes in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert is_public(str(ip_address(clothes))) == is_public(str(address))
    assert not is_public(f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::1")


def _of_another_kind(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Those that stand for an IPv4 address, of which versions of Python think differently."""
    is_other = address.version == 6 and (address.ipv4_mapped or int(address) >> 32 == 0x64FF9B << 64)
    return [address] if is_other else []


@given(st.text(max_size=50))
def test_whatever_else_is_written_is_answered(text: str) -> None:
    assert is_public(text) in {True, False}
