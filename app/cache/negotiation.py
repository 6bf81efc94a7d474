"""What a client says of codings and of what it has: RFC 9110, 12.5.3 and 13.1.2."""

import re
from functools import lru_cache

CODINGS = ("br", "gzip", "identity")  # the best first
_Q = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$", re.I)
_TAG = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')


@lru_cache(256)
def codings(accepted: str | None) -> tuple[str, ...]:
    """The codings an `Accept-Encoding` allows, the most wanted first, or none; no header allows identity."""
    if accepted is None:
        return ("identity",)
    told = _told(accepted)
    anything = told.get("*")
    quality = {coding: told.get(coding, anything or 0.0) for coding in CODINGS}
    if "identity" not in told and anything is None:
        quality["identity"] = 0.0001  # allowed, and wanted less than anything that is named
    return tuple(sorted((one for one in CODINGS if quality[one] > 0), key=lambda one: -quality[one]))


def _told(accepted: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, rest = part.strip().partition(";")
        name = coding.strip().removeprefix("x-")
        if name:
            quality = _Q.match(f";{rest}") if rest else None
            found[name] = float(quality[1]) if quality else (0.0 if rest else 1.0)
    return found


def matches(condition: str, etag: str) -> bool:
    """Whether an `If-None-Match` names the tag, compared weakly; one that is malformed names none."""
    if condition.strip() == "*":
        return True
    wanted, position, is_found = etag.removeprefix("W/"), 0, False
    while position < len(condition):
        found = _TAG.match(condition, position)
        if not found:
            return False
        is_found = is_found or found[1] == wanted
        position = found.end()
    return is_found
