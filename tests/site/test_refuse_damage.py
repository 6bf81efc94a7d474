"""An archive that is not to the bit what was written is refused, and what a made-up one says is not believed."""

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, LargeBinary, MetaData, Table

from app.extensions import db
from app.site.backup import sealed
from app.site.backup.archive import CHECKSUM, MANIFEST, Archive, Damaged, Writer, _tail
from app.site.backup.rows import _packed, load
from tests.ledger.telling import tell
from tests.site.backups import Instance, back_up

Members = dict[str, bytes | None]
Change = Callable[[Members, dict[str, Any]], object]  # Any: a manifest
REPORTS = "rows/report/000000.jsonl.gz"
KEY = pyrage.x25519.Identity.generate()
UNLISTED = "unlisted:"


def _small() -> bytes:
    """A small whole archive, made as every one is."""
    writer = Writer()
    made = b"".join(writer.member("files/posts/a-name-that-is-lon" + "g" * 120, 1500, [b"x" * 1500]))
    return made + b"".join(writer.member("files/posts/b", 0, [])) + b"".join(writer.end({"format": 1}))


SMALL = _small()
SEALED = pyrage.encrypt(SMALL, [KEY.to_public()])


def read(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The archive, decrypted if it is encrypted."""
    folder = tmp_path_factory.getbasetemp()
    key = folder / "key.txt"
    key.write_text(str(KEY))
    with sealed.opened(io.BytesIO(data), key, folder) as plain:
        return Archive(plain)


@pytest.mark.parametrize("whole", [SMALL, SEALED], ids=["plain", "encrypted"])
def test_the_whole_one_is_read(whole: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert len(read(whole, tmp_path_factory).members) == 2


@pytest.mark.parametrize("whole", [SMALL, SEALED], ids=["plain", "encrypted"])
@settings(max_examples=200)
@given(data=st.data())
def test_any_flipped_bit_is_found(whole: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    spoilt = bytearray(whole)
    spoilt[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Damaged, sealed.NoKey)):
        read(bytes(spoilt), tmp_path_factory)


@pytest.mark.parametrize("whole", [SMALL, SEALED], ids=["plain", "encrypted"])
@settings(max_examples=50)
@given(data=st.data())
def test_so_is_whatever_is_cut_off_or_put_on(
    whole: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cut, more = whole[: data.draw(st.integers(0, len(whole) - 1))], whole + data.draw(st.binary(min_size=1))
    for spoilt in (cut, more):
        with pytest.raises(Damaged):
            read(spoilt, tmp_path_factory)


def test_a_spoilt_archive_leaves_the_instance_empty(archive: Path, there: Instance) -> None:
    spoilt = bytearray(archive.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    archive.write_bytes(spoilt)
    assert "checksum does not fit" in there.refuses(archive)


def _renamed(name: str) -> Change:
    return lambda members, _: members.update({name: b"x"})


def _rows(change: Callable[[list[Any]], object]) -> Change:
    def work(members: Members, _: dict[str, Any]) -> None:
        said = [json.loads(line) for line in zlib.decompress(members[REPORTS] or b"", 31).splitlines()]
        change(said)
        members[REPORTS] = _packed("".join(f"{json.dumps(row)}\n" for row in said).encode())

    return work


MADE_UP: dict[str, tuple[Change, str]] = {
    "a later format": (lambda _, manifest: manifest.update(format=2), "does not know"),
    "a revision of a later release": (lambda _, manifest: manifest.update(revision="0999"), "does not know"),
    "a manifest that says nothing": (lambda _, manifest: manifest.clear(), "manifest does not say"),
    "a member that is missing": (lambda members, _: members.update({REPORTS: None}), "missing"),
    "a member too much": (lambda members, _: members.update({f"{UNLISTED}files/posts/x": b""}), "too much"),
    "a way out": (_renamed("files/posts/../../../etc/x"), "no file of an instance"),
    "a way from the root": (_renamed("files//etc/x"), "no file of an instance"),
    "a file that is no part of it": (_renamed("files/jobs.sqlite"), "no file of an instance"),
    "a folder that is no part of it": (_renamed("files/outbox/x"), "no file of an instance"),
    "something that belongs nowhere": (_renamed("x"), "belongs nowhere"),
    "no secret": (lambda members, _: members.pop("files/secret_key"), "no secret key"),
    "a row less": (_rows(lambda said: said.pop()), "not hold all rows of report"),
    "rows of no table": (_renamed("rows/nothing/000000.jsonl.gz"), "rows of tables that there are not"),
    "another root": (lambda _, manifest: manifest["ledger"].update(root="ab" * 32), "another root"),
    "words that nobody told": (_rows(lambda said: said[1].update(text="Alles gut.")), "report 2 is not what"),
}


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()


@pytest.fixture
def archive(app: Flask, tmp_path: Path) -> Path:
    """An archive of a site with three reports."""
    with app.app_context():
        for _ in range(3):
            tell()
    return back_up(app, tmp_path / "site.tar")


@pytest.fixture
def there(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "elsewhere", tmp_path / "posts")


def test_what_a_made_up_archive_says_is_not_believed(archive: Path, there: Instance) -> None:
    whole = archive.read_bytes()
    with there.app() as app:
        for what, (change, said) in MADE_UP.items():
            archive.write_bytes(rebuilt(whole, change))
            done = app.test_cli_runner().invoke(args=["backup", "restore", str(archive)])
            assert (done.exit_code, said in done.stderr) == (1, True), f"{what}: {done.output}"
            assert there.names == set(), what
    archive.write_bytes(rebuilt(whole, lambda *_: None))
    there.restored(archive)


def rebuilt(whole: bytes, change: Change) -> bytes:
    """The archive with something else in it, and a checksum that fits, as a careful forger would."""
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        members: Members = {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]  # plain files
    manifest = json.loads(members.pop(MANIFEST) or b"")
    del members[CHECKSUM]
    change(members, manifest)
    listed = {name: data for name, data in members.items() if not name.startswith(UNLISTED)}
    writer, written = Writer(), b""
    for name, data in members.items():
        if data is not None:
            written += b"".join(writer.member(name.removeprefix(UNLISTED), len(data), [data]))
    if manifest:
        hashes = {name: hashlib.sha256(data or b"").hexdigest() for name, data in listed.items()}
        manifest["members"] = {
            name: {"size": len(data or b""), "sha256": hashes[name]} for name, data in listed.items()
        }
    text = json.dumps(manifest).encode()
    written += b"".join(writer.member(MANIFEST, len(text), [text]))
    return written + _tail(hashlib.sha256(written).hexdigest())


ROWS = {
    "a bomb": (_bomb(), "cut off, or more than"),
    "noise": (b"noise", "cannot be unpacked"),
    "rows that are cut off": (_packed(b"{}")[:-9], "cut off, or more than"),
    "another column": (_packed(b'{"number": 1}'), "other columns"),
    "no row": (_packed(b"[1]"), "cannot be read"),
    "no JSON": (_packed(b"[" * 100_000), "cannot be read"),
    "no bytes": (_packed(b'{"hash": 1}'), "cannot be read"),
}


@pytest.mark.parametrize("what", ROWS)
def test_rows_that_are_none_are_refused(app: Flask, what: str) -> None:
    packed, said = ROWS[what]
    table = Table("odd", MetaData(), Column("hash", LargeBinary))
    with app.app_context(), db.engine.connect() as connection, pytest.raises(Damaged, match=said):
        load(connection, table, packed)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_nothing_but_plain_files_is_taken(kind: bytes) -> None:
    odd = tarfile.TarInfo("files/posts/odd.md")
    odd.type, odd.linkname = kind, "/etc/passwd"
    with pytest.raises(Damaged, match="no plain file"):
        Archive(io.BytesIO(_sealed_off(odd.tobuf())))


def test_a_header_that_claims_to_be_huge_costs_no_memory() -> None:
    odd = tarfile.TarInfo("././@LongLink")
    odd.type, odd.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    with pytest.raises(Damaged):
        Archive(io.BytesIO(_sealed_off(odd.tobuf(tarfile.GNU_FORMAT))))


def test_a_name_twice_is_refused() -> None:
    writer = Writer()
    twice = b"".join(b"".join(writer.member("files/posts/a", 1, [b"x"])) for _ in range(2))
    with pytest.raises(Damaged, match="twice"):
        Archive(io.BytesIO(_sealed_off(twice)))


def _sealed_off(body: bytes) -> bytes:
    return body + _tail(hashlib.sha256(body).hexdigest())
