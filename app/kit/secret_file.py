"""A secret in a file of its own: made once, readable by its owner only."""

import os
import secrets
import tempfile
from pathlib import Path

from app.kit.durable import sync_folder

PRIVATE = 0o700  # the folder of such a file is nobody else's business
BYTES = 32


def secret_of(path: Path) -> str:
    """The secret in the file, 64 hexadecimal digits when new; raises OSError or ValueError where it is unusable."""
    path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, secrets.token_hex(BYTES))
    secret = path.read_text("ascii").strip()
    if not secret:
        raise ValueError(f"{path} holds no secret; restore it from a backup, or delete it for a new one")
    return secret


def _write_once(path: Path, secret: str) -> None:
    """Make the file whole or not at all; of several processes that try, the first one wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret")  # mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())  # what is signed with it may be on disk a moment later
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
    sync_folder(path.parent)
