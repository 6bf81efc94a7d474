"""What somebody takes for an export and is something else, as far as its first bytes tell: said with the way out."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from app.comments.importing.row import Unreadable

HEAD = 1024
PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "ZIP",
    b"\xfd7zXZ\0": "xz",
    b"BZh": "bzip2",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"(\xb5/\xfd": "zstd",
}
BEGINS = {b"SQLite format 3\0": "isso", b'{"einzelfall"': "jsonl"}  # of each other kind, how it begins
HAS = {b"<disqus": "disqus", b"xmlns:wp=": "wxr"}  # or what stands in its first tag
PAGES = (b"<!doctype html", b"<html")


def refuse(path: Path, kind: str) -> None:
    """Raises Unreadable for what is surely no file of this kind."""
    if not path.is_file():
        raise Unreadable("is no plain file: what it says can only be read once. Save it to a file and import that.")
    with path.open("rb") as file:
        head = file.read(HEAD)
    said = _empty_or_packed(head) or _another_kind(head.removeprefix(BOM_UTF8).lstrip(), kind)
    if said:
        raise Unreadable(said)


def _empty_or_packed(head: bytes) -> str:
    if not head.strip():
        return "is empty."
    if how := next((name for begins, name in PACKED.items() if head.startswith(begins)), ""):
        return f"is packed ({how}): unpack it and import what is in it."
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or head[:2] in {b"<\0", b"\0<", b"{\0", b"\0{"}:
        return "is in UTF-16: save it in UTF-8 and import that."
    return ""


def _another_kind(head: bytes, kind: str) -> str:
    if head[:20].lower().startswith(PAGES):
        return "is a web page and no export: perhaps a page that asks who you are was saved in its place."
    others = {one for begins, one in BEGINS.items() if head.startswith(begins)}
    others |= {one for has, one in HAS.items() if head.startswith(b"<") and has in head}
    if len(others) == 1 and kind not in others:
        return f"is another kind of file: import it with --format {others.pop()}."
    return ""
