"""Which addresses are the public internet: where somebody else's words may send the site, and nowhere behind it."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # behind a carrier's NAT; some clouds tell their secrets there
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # what a cloud tells its machines, in the middle of public space
            "169.254.0.0/16",  # link-local; what clouds tell their machines
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; what a cloud tells its machines
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
PUBLIC_6 = IPv6Network("2000::/3")  # all that is given out; loopback, link-local, private, multicast lie outside
NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: leads to the IPv4 address inside
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)
MAPPED = IPv6Network("::ffff:0:0/96")
TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: how a network without IPv4 reaches it


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet (IANA's registries of special purposes, 2025).

    One that stands for an IPv4 address is what that is. Whatever is no address is not public.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        return _is_public_6(found)
    return not any(found in network for network in NOT_PUBLIC_4)


def _is_public_6(found: IPv6Address) -> bool:
    if found.scope_id is not None:
        return False
    if found in MAPPED or found in TRANSLATED:
        return is_public(str(IPv4Address(int(found) & 0xFFFF_FFFF)))
    return found in PUBLIC_6 and not any(found in network for network in NOT_PUBLIC_6)
