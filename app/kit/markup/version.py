"""Which version of the renderer this is: HTML that was kept is as good as new as long as it says the same."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from app.kit import picture

LIBRARIES = ("Markdown", "pymdown-extensions", "bleach", "nh3", "MarkupSafe")


@cache
def made_by() -> str:
    """A hash of this package's own code, of what pictures are called, and of the versions of what it calls."""
    told = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for file in (*sorted(Path(__file__).parent.glob("*.py")), Path(picture.__file__)):
        told.update(file.read_bytes())
    return told.hexdigest()
