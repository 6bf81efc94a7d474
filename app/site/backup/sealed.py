"""An archive encrypted to age public keys (https://age-encryption.org/v1), as a stream: memory stays flat."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyrage

from app.site.backup.archive import Damaged

MAGIC = b"age-encryption.org/"


class NoKey(Exception):
    """A key is missing or malformed; the message says which."""


def recipients(keys: Iterable[str]) -> list[Any]:  # Any: pyrage ships no types
    """Public keys, each `age1…`; raises `NoKey`."""
    return [_parsed(pyrage.x25519.Recipient, key, "public key that begins with age1") for key in keys]


def identities(path: Path) -> list[Any]:  # Any: pyrage ships no types
    """The secret keys in a file as `age-keygen` writes it; raises `NoKey`."""
    lines = [line.strip() for line in path.read_text("utf-8", errors="replace").splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    if not keys:
        raise NoKey(f"{path} holds no key")
    return [
        _parsed(pyrage.x25519.Identity, key, f"secret key that begins with AGE-SECRET-KEY-1 ({path})") for key in keys
    ]


def write(pieces: Iterator[bytes], file: IO[bytes], to: Sequence[Any]) -> None:
    """Write the pieces to the file, encrypted if there is anyone to encrypt them to."""
    if not to:
        file.writelines(pieces)
        return
    source, target = _Pieces(pieces), _Target(file)
    try:
        pyrage.encrypt_io(source, target, to)
    except (pyrage.EncryptError, OSError) as error:
        raise (source.fault or target.fault or OSError(str(error))) from None


def opened(file: IO[bytes], identity: Path | None, folder: Path) -> IO[bytes]:
    """The archive itself, for an encrypted one decrypted into a file without a name in `folder`.

    Raises `NoKey` when it needs a key and none fits, `Damaged` when it is not what was encrypted.
    """
    is_sealed = file.read(len(MAGIC)) == MAGIC
    file.seek(0)
    if not is_sealed:
        return file
    if identity is None:
        raise NoKey("the archive is encrypted: name the file with the secret key, --identity FILE")
    plain: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 -- as long as the archive is read
    target = _Target(plain)
    try:
        pyrage.decrypt_io(file, target, identities(identity))
    except (pyrage.DecryptError, OSError) as error:
        plain.close()
        if target.fault:
            raise target.fault from None
        if "No matching keys" in str(error):
            raise NoKey("the archive is encrypted to other keys than this one") from None
        raise Damaged("it is not what was encrypted: it was damaged or cut off") from error
    return plain


class _Pieces:
    """A file to read from, made of pieces; it keeps what went wrong, which pyrage only tells in words."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""
        self.fault: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                self._rest = next(self._pieces)
        except StopIteration:
            return b""
        except BaseException as error:
            self.fault = error
            raise
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


class _Target:
    """A file to write to, with the same memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.fault: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.fault = error
            raise

    def flush(self) -> None:
        self._file.flush()


def _parsed(kind: Any, key: str, expected: str) -> Any:  # Any: pyrage ships no types
    try:
        return kind.from_str(key)
    except (pyrage.RecipientError, pyrage.IdentityError, ValueError):
        raise NoKey(f"a {expected} is expected") from None
