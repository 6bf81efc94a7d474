"""A security key in software: makes real key pairs, signs real answers, and can be told to lie."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from tests.cast import SignedIn
from tests.page import Page

ORIGIN, HOST = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
Options = dict[str, Any]  # Any: JSON


@dataclass
class Authenticator:
    """One device with one key."""

    origin: str = ORIGIN
    host: str = HOST
    count: int = 0  # of uses; a device that does not count stays at 0
    counts: bool = True
    asks_for_pin: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    owner: str = ""

    def make(self, options: Options) -> str:
        """What `navigator.credentials.create` answers."""
        self.owner = options["user"]["id"]
        said = self._said("webauthn.create", options)
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + self._public_key()
        data = self._data(HAS_KEY) + attested
        told = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(clientDataJSON=said, attestationObject=encode_cbor(told), transports=["internal"])

    def sign(self, options: Options, *, owner: str | None = None) -> str:
        """What `navigator.credentials.get` answers."""
        said, data = self._said("webauthn.get", options), self._data()
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        handle = self.owner if owner is None else owner
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature, userHandle=handle)

    def _said(self, kind: str, options: Options) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags: int = 0) -> bytes:
        self.count += self.counts
        flags |= PRESENT | (VERIFIED if self.asks_for_pin else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _public_key(self) -> bytes:
        at = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32), -3: at.y.to_bytes(32)})

    def _answer(self, **said: bytes | str | list[str]) -> str:
        coded = {name: bytes_to_base64url(one) if isinstance(one, bytes) else one for name, one in said.items()}
        id_ = bytes_to_base64url(self.id)
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": coded})


def asked(page: Page, field_: str) -> Options:
    """What a page's button would ask a device whose answer goes into this field."""
    button = next(each for each in page.root.all("button") if each.get("data-field") == field_)
    options: Options = json.loads(button.get("data-passkey"))
    assert len(base64url_to_bytes(options["challenge"])) >= 16
    return options


def register(who: SignedIn, device: Authenticator | None = None, name: str = "Mein Telefon") -> Authenticator:
    """Add a passkey on its page."""
    device = device or Authenticator()
    answer = device.make(asked(who.page("/desk/passkeys"), "passkey"))
    done = who.post("/desk/passkeys", {"passkey": answer, "name": name})
    assert done.status_code == 303, done.text
    return device
