"""What is made of a file: its pixels the right way up, in three widths, and nothing else; hostile files are refused."""

import errno
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from app.kit.picture import Size
from app.pictures import decoding
from app.pictures.decoding import Made, Refused, make
from tests.pictures.making import SECRET, blank, encoded, from_a_phone, jpeg, opened, png_that_says

PAYLOAD = b"PK\x03\x04<?php system($_GET['c']); ?><script>alert(document.domain)</script>GIF89a/*"


def fault(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        make(data)
    return refused.value.fault


def near(seen: object, meant: tuple[int, ...]) -> bool:
    return isinstance(seen, tuple) and all(abs(one - other) < 12 for one, other in zip(seen, meant, strict=False))


def test_there_are_three_widths_in_two_formats() -> None:
    made = make(jpeg(2000, 1000))
    assert made.size == (1600, 800)
    assert list(made.files) == ["480.webp", "480.jpg", "960.webp", "960.jpg", "1600.webp", "1600.jpg"]
    for name, data in made.files.items():
        width, kind = int(name.split(".")[0]), "WEBP" if name.endswith("webp") else "JPEG"
        assert (opened(data).format, opened(data).size) == (kind, (width, width // 2))


@pytest.mark.parametrize(
    ("size", "largest", "widths"),
    [
        ((1200, 600), (1200, 600), [480, 960, 1200]),
        ((700, 100), (700, 100), [480, 700]),
        ((480, 480), (480, 480), [480]),
        ((9, 4), (9, 4), [9]),
        ((1, 3000), (1, 2400), [1]),
        ((3000, 9000), (800, 2400), [480, 800]),
    ],
)
def test_nothing_is_blown_up_and_no_strip_is_endless(
    size: tuple[int, int], largest: tuple[int, int], widths: list[int]
) -> None:
    made = make(encoded(blank(*size), "PNG"))
    assert made.size == largest
    assert [int(name.split(".")[0]) for name in made.files][::2] == widths


def test_it_is_turned_the_right_way_up_and_everything_it_told_is_gone() -> None:
    data = from_a_phone()
    assert data.count(SECRET.encode()) >= 3
    assert opened(data).getexif().get_ifd(0x8825)
    made = make(data)
    assert made.size == (800, 1200)
    for version in made.files.values():
        picture = opened(version)
        assert near(picture.convert("RGB").getpixel((picture.width // 2, 5)), (254, 0, 0))
        assert not dict(picture.getexif())
        assert {"exif", "xmp", "icc_profile", "comment", "photoshop"}.isdisjoint(picture.info)
        for trace in (SECRET.encode(), b"Exif", b"http://ns.adobe.com", b"xmpmeta", b"8BIM", b"ICC_PROFILE", b"ICCP"):
            assert trace not in version


def test_colours_are_those_that_the_profile_means() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    same = make(encoded(blank(colour=(200, 30, 60)), "PNG", icc_profile=lab.tobytes()))
    assert near(opened(same.files["480.jpg"]).getpixel((5, 5)), (200, 30, 60))
    senseless = make(encoded(blank(colour=(200, 30, 60)), "PNG", icc_profile=b"no profile"))
    assert near(opened(senseless.files["480.jpg"]).getpixel((5, 5)), (200, 30, 60))


def test_what_shines_through_stands_on_white_in_jpeg_and_stays_in_webp() -> None:
    made = make(encoded(blank(mode="RGBA", colour=(255, 0, 0, 0)), "PNG"))
    assert near(opened(made.files["480.jpg"]).getpixel((5, 5)), (255, 255, 255))
    assert opened(made.files["480.webp"]).mode == "RGBA"


@pytest.mark.parametrize(
    "data",
    [
        encoded(blank(mode="L", colour=200), "JPEG"),
        encoded(blank(mode="CMYK", colour=(0, 0, 0, 0)), "JPEG"),
        encoded(blank(mode="P", colour=3), "PNG", transparency=3),
        encoded(blank(mode="LA", colour=(9, 9)), "PNG"),
        encoded(Image.new("I;16", (600, 600), 65535), "PNG"),
        encoded(blank(mode="1", colour=1), "PNG"),
        encoded(blank(), "WEBP"),
        jpeg(progressive=True),
    ],
)
def test_every_kind_of_pixels_can_be_taken(data: bytes) -> None:
    assert opened(make(data).files["480.jpg"]).mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [jpeg() + PAYLOAD, encoded(blank(), "PNG") + PAYLOAD, encoded(blank(), "WEBP") + PAYLOAD, jpeg(comment=PAYLOAD)],
)
def test_of_what_is_hidden_in_or_behind_a_picture_no_byte_is_left(data: bytes) -> None:
    files = b"".join(make(data).files.values())
    for trace in (b"PK\x03\x04", b"<?php", b"<script", b"GIF89a", b"document.domain"):
        assert trace in data
        assert trace not in files


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "unknown"),
        (b"%PDF-1.7", "unknown"),
        (b"GIF89a" + b"\0" * 50, "gif"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "heic"),
        (b"\0\0\0\x1cftypavif" + b"\0" * 50, "heic"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "markup"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><svg/>", "markup"),
        (b"<html><script>alert(1)</script>", "markup"),
        (b"\xff\xd8\xff" + b"\0" * 100, "damaged"),
        (jpeg()[:-200], "damaged"),
        (encoded(blank(), "PNG")[:-200], "damaged"),
        (encoded(blank(), "WEBP")[:-200], "damaged"),
        (png_that_says(2_000, 1_000), "damaged"),
        (png_that_says(60_000, 60_000), "large"),
        (png_that_says(16_001, 1), "large"),
        (encoded(blank(6000, 6000), "PNG"), "large"),
        (encoded(blank(), "PNG", save_all=True, append_images=[blank(colour="red")]), "moving"),
        (encoded(blank(), "WEBP", save_all=True, append_images=[blank(colour="red")]), "moving"),
    ],
)
def test_what_is_no_picture_or_does_harm_is_refused_by_name(data: bytes, word: str) -> None:
    assert fault(data) == word


def test_a_file_that_is_too_heavy_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LARGEST", 1000)
    monkeypatch.setattr(decoding, "_decoded", None)
    assert fault(b"x" * 1001) == "heavy"


def test_a_program_that_takes_too_long_or_falls_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "SECONDS", 0.001)
    assert fault(jpeg()) == "large"
    monkeypatch.setattr(decoding, "SECONDS", 30)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert fault(jpeg()) == "large"
    monkeypatch.setattr(sys, "executable", "/bin/true")
    assert fault(jpeg()) == "damaged"


def test_one_picture_at_a_time_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "PATIENCE", 0.01)
    with decoding._one:
        assert fault(jpeg()) == "busy"
    assert make(jpeg(10, 10)).size == (10, 10)


def test_once_its_libraries_are_loaded_the_program_opens_nothing() -> None:
    probe = """if True:
        import importlib.util, os, socket, sys
        spec = importlib.util.spec_from_file_location("decoder", sys.argv[1])
        decoder = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(decoder)
        decoder.limit()
        for deed in (lambda: os.open("/", os.O_RDONLY), socket.socket, os.pipe):
            try:
                print(deed())
            except OSError as error:
                print(error.errno)
        import resource
        print(resource.getrlimit(resource.RLIMIT_NPROC))
    """
    done = subprocess.run(
        [sys.executable, "-I", "-c", probe, str(decoding.DECODER)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n") == [*[str(errno.EMFILE)] * 3, "(0, 0)", ""]


def test_no_worker_has_pillow_in_memory() -> None:
    program = "import app, sys; app.create_app; import app.pictures.decoding; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"False\n"


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_size_in_a_name_is_the_one_that_the_program_makes(width: int, height: int) -> None:
    size = Size.within(width, height)
    assert 1 <= size.width <= min(width, 1600)
    assert 1 <= size.height <= 2400
    assert size.widths == sorted(set(size.widths))
    assert size.widths[-1] == size.width


def test_the_same_bytes_make_the_same_files() -> None:
    first: Callable[[], Made] = lambda: make(jpeg(300, 200))  # noqa: E731 -- asked twice
    assert first() == first()
