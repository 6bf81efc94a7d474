"""The key with which the site signs checkpoints; it lies in the instance and never leaves it."""

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from app.config import settings
from app.kit.secret_file import secret_of
from app.ledger.note import Signer

FILE = "ledger_key"


def origin() -> str:
    """The log's name, which is also the key's: the site's address without its scheme."""
    parts = urlsplit(settings().base_url)
    return f"{parts.netloc}{parts.path}/ledger"


def signer(name: str | None = None) -> Signer:
    """Signs with the instance's key, made at the first call, under the log's name of today or an earlier one."""
    return _signer(settings().instance / FILE, name or origin())


@cache
def _signer(file: Path, name: str) -> Signer:
    return Signer(bytes.fromhex(secret_of(file)), name)
