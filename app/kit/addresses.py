"""Addresses of clients, as proxies write them: with ports, in brackets, mapped, or not at all."""

from ipaddress import IPv6Address, ip_address, ip_network

SITE = 64  # bits of an IPv6 address that one household or one phone has; it makes up the rest as it likes


def plain(written: str) -> str | None:
    """The address alone, IPv4 where it is one; None for whatever is no address."""
    text = written.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def network(address: str) -> str:
    """What counts as one sender: an IPv4 address, of IPv6 the network of a connection."""
    found = plain(address)
    if found is None:
        return "unknown"
    return str(ip_network((found, SITE), strict=False)) if ":" in found else found
