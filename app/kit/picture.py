"""What a picture of this site is called, and in which widths it lies there: its address says both."""

import re
from typing import Final, NamedTuple

PATH: Final = "/pictures/"
KINDS: Final = ("webp", "jpg")
WIDTHS: Final = (480, 960, 1600)
HIGHEST: Final = 2400  # of the largest; a longer strip is made narrower
NAME: Final = r"[0-9a-f]{20}-[1-9][0-9]{0,3}x[1-9][0-9]{0,3}"
SIZES: Final = "(min-width: 48rem) 42rem, 100vw"  # how wide the column of text is

_SRCSET = re.compile(rf"{PATH}{NAME}-[0-9]+\.(?:webp|jpg) [0-9]+w(?:, {PATH}{NAME}-[0-9]+\.(?:webp|jpg) [0-9]+w)*")
_FILE = re.compile(rf"({NAME})(?:-[1-9][0-9]{{0,3}}\.(?:webp|jpg))?")
_ADDRESS = re.compile(rf"{PATH}({NAME})")


class Size(NamedTuple):
    """Pixels of the largest version."""

    width: int
    height: int

    @classmethod
    def within(cls, width: int, height: int) -> "Size":
        """The largest version of a picture that has so many: never larger than it is."""
        narrowed = min(width, WIDTHS[-1], max(1, HIGHEST * width // height))
        return cls(narrowed, min(HIGHEST, max(1, round(height * narrowed / width))))

    @classmethod
    def of(cls, name: str) -> "Size":
        width, _, height = name.rpartition("-")[2].partition("x")
        return cls(int(width), int(height))

    @property
    def widths(self) -> list[int]:
        """Three where it is large enough; of a small one fewer, as nothing is blown up."""
        return sorted({min(width, self.width) for width in WIDTHS})

    def at(self, width: int) -> "Size":
        return Size(width, max(1, round(self.height * width / self.width)))


def named(digest: str, size: Size) -> str:
    """The name of a picture: by a hash, and with its size, so that a page leaves room for it before it is there."""
    return f"{digest[:20]}-{size.width}x{size.height}"


def name_in(address: str) -> str | None:
    """The name of the picture that an address means; None where it means something else."""
    found = _ADDRESS.fullmatch(address)
    return found[1] if found else None


def name_of_file(file: str) -> str | None:
    """The name of the picture of which an address ends in this, with a width or without."""
    found = _FILE.fullmatch(file)
    return found[1] if found else None


def names_in(text: str) -> list[str]:
    """All pictures of which a text speaks, each once."""
    return list(dict.fromkeys(_ADDRESS.findall(text)))


def middle(size: Size) -> int:
    """The width for browsers that know no `srcset`."""
    return size.widths[len(size.widths) // 2]


def srcset(name: str, kind: str) -> str:
    """All versions, each with its width, for a browser to choose from."""
    return ", ".join(f"{address(name, width, kind)} {width}w" for width in Size.of(name).widths)


def is_srcset(value: str) -> bool:
    """Whether it leads to pictures of ours and nowhere else."""
    return _SRCSET.fullmatch(value) is not None


def address(name: str, width: int, kind: str) -> str:
    return f"{PATH}{name}-{width}.{kind}"
