"""Makes new pictures of a foreign one: a program of its own, which opens no file and ends when it takes too much.

Bytes come in on standard input. A line of JSON goes out: `{"fault": …}`, or the size and how long each file is, and
then the files. It is run by its path and imports nothing of the app, so no worker ever has Pillow in memory.
"""

import io
import json
import resource
import sys
import warnings
from typing import NoReturn

from PIL import Image, ImageCms, ImageFile, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin

NEEDED = MpoImagePlugin, TiffImagePlugin, WebPImagePlugin  # loaded here: later no file can be opened
MEMORY = 500 * 1024 * 1024  # bytes of addresses, libraries and all; a picture of the most pixels takes 437 MB
SECONDS = 20  # of a processor
PIXELS = {"JPEG": 50_000_000, "PNG": 30_000_000, "WEBP": 20_000_000}  # WebP is decoded in two copies
LONGEST = 16_000  # pixels on a side
BEGINNINGS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
QUALITY = {"webp": 80, "jpg": 82}


def kind_of(data: bytes) -> str:
    """By the first bytes, never by a name; what is refused says itself what it is."""
    for begins, kind in BEGINNINGS.items():
        if data.startswith(begins):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        refuse("heic")
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        refuse("gif")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        refuse("markup")
    return refuse("unknown")


def refuse(fault: str) -> NoReturn:
    sys.stdout.write(json.dumps({"fault": fault}) + "\n")
    raise SystemExit(0)


def limit() -> None:
    """Nothing that is inside a picture may take more than a picture does, or open a file or a connection."""
    Image.preinit()
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),  # standard input and output are open already
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(widest: int, highest: int, widths: list[int]) -> None:
    limit()
    data = sys.stdin.buffer.read()
    kind = kind_of(data)
    warnings.simplefilter("ignore")
    try:
        files, size = made(data, kind, widest, highest, widths)
    except MemoryError:
        refuse("large")
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        ZeroDivisionError,
        OverflowError,
        TypeError,
        KeyError,
        IndexError,
    ):
        refuse("damaged")  # Pillow says in all these ways that a file is not what it says
    head = {"width": size[0], "height": size[1], "files": [[name, len(one)] for name, one in files.items()]}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(files.values()))


def made(
    data: bytes, kind: str, widest: int, highest: int, widths: list[int]
) -> tuple[dict[str, bytes], tuple[int, int]]:
    """The files by their names, "480.webp", and the size of the largest."""
    Image.MAX_IMAGE_PIXELS = None  # counted below, before anything is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    opened = Image.open(io.BytesIO(data), formats=[kind])
    width, height = opened.size
    if width * height > PIXELS[kind] or max(width, height) > LONGEST:
        refuse("large")
    if kind != "JPEG" and getattr(opened, "n_frames", 1) > 1:  # what phones put behind a JPEG is not shown
        refuse("moving")
    opened.draft("RGB", (widest, widest))  # JPEG decodes a half or a quarter in a part of the time
    clean = bare(opened, widest)
    narrowed = min(clean.width, widest, max(1, highest * clean.width // clean.height))
    size = narrowed, min(highest, max(1, round(clean.height * narrowed / clean.width)))
    files = dict[str, bytes]()
    for one in sorted({min(each, narrowed) for each in widths}):
        smaller = clean.resize((one, max(1, round(size[1] * one / size[0]))), Image.Resampling.LANCZOS, reducing_gap=3)
        files |= {f"{one}.webp": webp(smaller), f"{one}.jpg": jpeg(smaller)}
    return files, size


def bare(opened: Image.Image, widest: int) -> Image.Image:
    """Its pixels the right way up in sRGB, and nothing else of it."""
    opened.load()
    picture = opened if opened.mode != "P" else opened.convert("RGBA" if "transparency" in opened.info else "RGB")
    factor = min(picture.size) // (2 * widest)
    if factor > 1 and not picture.mode.startswith("I"):
        picture = picture.reduce(factor)  # before any copy is made of it
    ImageOps.exif_transpose(picture, in_place=True)
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    seen = in_srgb(picture, "RGBA" if has_alpha else "RGB")
    clean = Image.new(seen.mode, seen.size)
    clean.paste(seen)
    return clean


def in_srgb(picture: Image.Image, mode: str) -> Image.Image:
    """With the colours that its profile means; one that makes no sense is passed over."""
    if picture.mode.startswith("I"):  # 16 bits a pixel
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return picture.convert(mode)
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    flat = picture.convert("RGB") if alpha else picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        flat = ImageCms.profileToProfile(flat, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or flat
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture.convert(mode)
    flat = flat.convert(mode)
    if alpha:
        flat.putalpha(alpha)
    return flat


def webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY["webp"], method=4)
    return out.getvalue()


def jpeg(picture: Image.Image) -> bytes:
    """On white, as JPEG knows no transparency."""
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY["jpg"], optimize=True, progressive=True)
    return out.getvalue()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), [int(one) for one in sys.argv[3:]])
