"""The campaign's colours as a style sheet, with a check that they can be read."""

import hashlib
from functools import lru_cache

from app.config import Campaign

READABLE = 4.5  # WCAG 2.2 AA, normal text
BRIGHT = 7.0  # in the dark a colour that is only just readable looks switched off
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
DARK_GROUND = (17, 20, 19)
Rgb = tuple[int, int, int]


def sheet(campaign: Campaign) -> str:
    """CSS custom properties for light and dark, each dark or light enough for text on its ground."""
    return _sheet(campaign.colour, campaign.warning_colour, campaign.carrier_colour)


@lru_cache(4)
def _sheet(strong: str, warning: str, carrier: str) -> str:
    names = {"strong": strong, "warning": warning, "carrier": carrier}
    light = "".join(f"--{name}:{_hex(readable_on(_rgb(value), WHITE))};" for name, value in names.items())
    dark = "".join(f"--{name}:{_hex(readable_on(_rgb(value), DARK_GROUND, BRIGHT))};" for name, value in names.items())
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def theme_hash(campaign: Campaign) -> str:
    return hashlib.sha256(sheet(campaign).encode()).hexdigest()[:10]


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: Rgb, ground: Rgb, least: float = READABLE) -> Rgb:
    """The colour, moved towards black or white until text in it can be read on `ground`."""
    towards = BLACK if _luminance(ground) > 0.5 else WHITE
    for step in range(21):
        moved = _mix(colour, towards, step / 20)
        if contrast(moved, ground) >= least:
            return moved
    return towards


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _rgb(value: str) -> Rgb:
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
