"""What an entry says of a record that it does not show.

A commitment is SHA-256(nonce ‖ record), where the record is canonical JSON (UTF-8, sorted keys, no white space) and the
nonce 32 random bytes kept beside the record. Who has both can show what was counted; when they are erased, a hash
without meaning stays and every proof of others holds.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

NONCE_BYTES = 32


def canonical(record: Mapping[str, Any]) -> bytes:  # Any: JSON values
    """The one way to write a record or an entry: UTF-8 JSON, keys sorted, no white space."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def commit_to(record: Mapping[str, Any], nonce: bytes) -> bytes:  # Any: JSON values
    """SHA-256 over `nonce` (32 bytes) followed by the canonical JSON of `record`; 32 bytes."""
    return hashlib.sha256(nonce + canonical(record)).digest()


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)
