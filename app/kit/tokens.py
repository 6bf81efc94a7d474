"""Random keys and what is derived from them."""

import base64
import hashlib
import hmac
import secrets

CODE_DIGITS = 6
RECEIPT_BYTES = 15  # 120 bits: nobody guesses one, and 24 letters can still be copied by hand
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_BASE32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def new_key() -> str:
    """A fresh random key for one submission, 128 bits."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """A secret for a one-time link, 256 bits."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A code to type, six digits; its safety is the small number of tries."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def digest(value: str) -> str:
    """SHA-256 in hex, for secrets of full strength that are stored only to be recognised."""
    return hashlib.sha256(value.encode()).hexdigest()


def keyed(secret: str, purpose: str, value: str) -> bytes:
    """HMAC-SHA-256 of `value`; `purpose` keeps one use of the secret apart from another."""
    return hmac.digest(secret.encode(), f"{purpose}\0{value}".encode(), "sha256")


def receipt(secret: str, key: str, purpose: str = "receipt") -> str:
    """The receipt code of a submission's key: Crockford base 32 in groups of four, the same for the same key."""
    raw = base64.b32encode(keyed(secret, purpose, key)[:RECEIPT_BYTES]).decode().translate(_BASE32)
    return "-".join(raw[i : i + 4] for i in range(0, len(raw), 4))


def read_receipt(typed: str) -> str:
    """A receipt code as it is stored, from what a person copied by hand."""
    raw = "".join(typed.upper().split()).replace("-", "").translate(_CONFUSED)
    return "-".join(raw[i : i + 4] for i in range(0, len(raw), 4))
