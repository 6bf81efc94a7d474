"""Names as they stand in addresses: small ASCII letters, digits and single hyphens."""

import hashlib
import re
import unicodedata

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "₂": "2"})
LONGEST = 100

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    return len(text) <= LONGEST and _SLUG.fullmatch(text) is not None


def slugify(text: str) -> str:
    """`Köln/Bonn` → `koeln-bonn`; a name without a single Latin letter becomes a stable short code."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(GERMAN))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain.lower() if not unicodedata.combining(c)))
    return "-".join(words)[:LONGEST].strip("-") or f"x{hashlib.sha256(text.encode()).hexdigest()[:10]}"
