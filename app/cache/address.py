"""Which addresses are one: arguments by which others follow people around say nothing of the page."""

from functools import lru_cache

TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "gclsrc",
        "gbraid",
        "wbraid",
        "dclid",
        "msclkid",
        "twclid",
        "ttclid",
        "yclid",
        "igshid",
        "igsh",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "mkt_tok",
        "oly_anon_id",
        "oly_enc_id",
        "vero_id",
        "s_cid",
        "ref_src",
        "ref_url",
        "wickedid",
        "srsltid",
        "epik",
    ]
)
PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "at_")


@lru_cache(1024)
def without_tracking(query: str) -> str:
    """The query as the page is known by."""
    if not query:
        return query
    return "&".join(part for part in query.split("&") if part and not _is_tracking(part))


def asks_for_now(query: str) -> bool:
    """Whether somebody was led here by what he has just written, which may not be a moment late."""
    return query.startswith("new=") or "&new=" in query


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name in TRACKING or name.startswith(PREFIXES)
