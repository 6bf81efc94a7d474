"""Pictures as cameras, programs and attackers make them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

SECRET = "Anna Beispiel, Kleine Freiheit 12"  # in whatever a file tells besides its picture
NORTH = 53.5503


def encoded(picture: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def blank(width: int = 2000, height: int = 1000, mode: str = "RGB", colour: Any = "teal") -> Image.Image:
    return Image.new(mode, (width, height), colour)


def jpeg(width: int = 2000, height: int = 1000, **more: Any) -> bytes:
    return encoded(blank(width, height), "JPEG", **more)


def from_a_phone() -> bytes:
    """Taken upright: stored lying, with place, name and words in EXIF, XMP and a comment; red above, blue below."""
    picture = blank(1200, 800, colour="blue")
    picture.paste("red", (0, 0, 600, 800))  # the left half is the upper one
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x013B] = SECRET
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (53.0, 33.0, 1.0)
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    return encoded(picture, "JPEG", exif=exif, xmp=xmp, comment=SECRET.encode(), quality=95)


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
