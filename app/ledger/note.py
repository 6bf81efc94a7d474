"""Signed notes and checkpoints: https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint.

A note is a text that ends in a newline, an empty line, and one line for each signature:
`— <key name> <base64(key id ‖ signature)>`. The signature is Ed25519 (RFC 8032) over the text with its last newline.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.ledger.merkle import HASH_BYTES

ED25519 = b"\x01"
KEY_ID_BYTES = 4
MOST_SIGNATURES = 100

_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}", re.A)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<raw>[A-Za-z0-9+/]+={0,2})")


class Checkpoint(NamedTuple):
    """What a log says of itself: its first `size` entries have this root and make this counter."""

    origin: str
    size: int
    root: bytes
    counter: int


class Signer:
    """A key that signs: 32 bytes of seed, and a name without spaces or plus."""

    def __init__(self, seed: bytes, name: str) -> None:
        if not is_key_name(name):
            raise ValueError(
                f"{name!r} is no key name: it must not be empty nor hold spaces, plus or control characters"
            )
        self.name = name
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._private.public_key().public_bytes_raw()

    @property
    def vkey(self) -> str:
        """What others need to verify: `<name>+<key id in hex>+<base64(0x01 ‖ public key)>`."""
        return f"{self.name}+{_key_id(self.name, self._public).hex()}+{_encode(ED25519 + self._public)}"

    def sign(self, text: str) -> str:
        """The note over `text`; ValueError when the text could not be read back from it."""
        if not text.endswith("\n") or _CONTROL.search(text):
            raise ValueError("the text of a note ends in a newline and holds no other control character")
        signature = self._private.sign(text.encode())
        return f"{text}\n— {self.name} {_encode(_key_id(self.name, self._public) + signature)}\n"


def is_key_name(name: str) -> bool:
    """Whether a signature line can carry this name."""
    return bool(name) and name.isprintable() and not re.search(r"[\s+]", name)


def checkpoint_text(origin: str, size: int, root: bytes, counter: int) -> str:
    """The text of a checkpoint, to be signed; `counter N` is its one extension line."""
    if not origin or "\n" in origin or _CONTROL.search(origin) or len(root) != HASH_BYTES:
        raise ValueError("a checkpoint names its origin in one line and a root of 32 bytes")
    return f"{origin}\n{size}\n{_encode(root)}\ncounter {counter}\n"


def read_checkpoint(note: str) -> Checkpoint:
    """What a note says, whoever signed it; ValueError when it is no checkpoint of ours."""
    text, _ = _split(note)
    origin, size, root, counter, *more = [*text[:-1].split("\n"), "", "", ""]
    word, _, number = counter.partition(" ")
    if not origin or word != "counter" or "" in more[:-3] or not all(map(_NUMBER.fullmatch, (size, number))):
        raise ValueError("this is no checkpoint: it lacks origin, size, root or counter")
    return Checkpoint(origin, int(size), _decode(root, HASH_BYTES), int(number))


def is_signed_by(note: str, vkey: str) -> bool:
    """Whether the key signed this note; False for whatever is no note or no key."""
    try:
        name, public = _read_vkey(vkey)
        text, signatures = _split(note)
        found = [raw for by, raw in signatures if by == name and raw.startswith(_key_id(name, public))]
        for raw in found:
            Ed25519PublicKey.from_public_bytes(public).verify(raw[KEY_ID_BYTES:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return bool(found)


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and by whom it is signed how; ValueError when it is none."""
    text, gap, signatures = note.rpartition("\n\n")
    lines = signatures.split("\n")
    if not gap or lines.pop() or not lines or len(lines) > MOST_SIGNATURES or _CONTROL.search(note):
        raise ValueError("this is no signed note")
    matches = [_SIGNATURE.fullmatch(line) for line in lines]
    if not all(matches):
        raise ValueError("a line below the text is no signature")
    return f"{text}\n", [(match["name"], _decode(match["raw"])) for match in matches if match]


def _read_vkey(vkey: str) -> tuple[str, bytes]:
    name, id_, raw = [*vkey.split("+", 2), "", ""][:3]
    key = _decode(raw, 1 + HASH_BYTES)
    if not is_key_name(name) or key[:1] != ED25519 or id_ != _key_id(name, key[1:]).hex():
        raise ValueError("this is no Ed25519 key of a note")
    return name, key[1:]


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_ID_BYTES]


def _encode(raw: bytes) -> str:
    return b64encode(raw).decode()


def _decode(text: str, length: int | None = None) -> bytes:
    """Base 64 of exactly one spelling: unused bits must be zero, else one note had many faces."""
    raw = b64decode(text, validate=True)
    if _encode(raw) != text or length not in (None, len(raw)):
        raise ValueError(f"{text[:100]!r} is not the base 64 that was expected")
    return raw
