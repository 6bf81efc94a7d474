"""The key with which the site signs checkpoints; it lies in the instance and never leaves it."""

from urllib.parse import urlsplit

from flask import current_app

from app.config import settings
from app.kit.secret_file import secret_of
from app.ledger.note import Signer

FILE = "ledger_key"


def origin() -> str:
    """The log's name, which is also the key's: the site's address without its scheme."""
    parts = urlsplit(settings().base_url)
    return f"{parts.netloc}{parts.path}/ledger"


def signer() -> Signer:
    """Signs with the instance's key, made at the first call; read once in a process."""
    kept: Signer | None = current_app.extensions.get("ledger_signer")
    if kept is None:
        kept = Signer(bytes.fromhex(secret_of(settings().instance / FILE)), origin())
        current_app.extensions["ledger_signer"] = kept
    return kept
