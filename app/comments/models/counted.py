"""Comments as they were counted, so that exactly those are decided on: in a form's field, small and exact."""

import base64
import zlib
from collections.abc import Iterator, Mapping

MOST = 20_000  # comments in one bulk: what is more is for the next one
_UNPACKED = 1 << 18  # bytes; more than so many comments take


class NotCounted(ValueError):
    """What was sent is no list of comments."""


def pack(edits: Mapping[int, int]) -> str:
    """The numbers of comments, each with how often it had been edited; 11,398 of 13,152 take some kilobytes."""
    before, said = 0, bytearray()
    for id_, times in sorted(edits.items()):
        said += _varint((id_ - before) * 2 + bool(times))  # a gap; odd where it was edited
        said += _varint(times) if times else b""
        before = id_
    return base64.urlsafe_b64encode(zlib.compress(bytes(said), 9)).decode()


def unpack(said: str) -> dict[int, int]:
    """What `pack` made."""
    try:
        numbers = _numbers(zlib.decompressobj().decompress(base64.urlsafe_b64decode(said), _UNPACKED))
        found, at = dict[int, int](), 0
        for gap in numbers:
            at += gap >> 1
            found[at] = next(numbers) if gap & 1 else 0
    except (ValueError, zlib.error, StopIteration) as error:
        raise NotCounted(said[:40]) from error
    if len(found) > MOST or any(not 0 < id_ < 2**31 or times >= 2**31 for id_, times in found.items()):
        raise NotCounted(said[:40])
    return found


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow (LEB128)."""
    said = bytearray()
    while number > 0x7F:
        said.append(number & 0x7F | 0x80)
        number >>= 7
    said.append(number)
    return bytes(said)


def _numbers(said: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in said:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            yield number
            number = shift = 0
        elif shift > 63:
            raise NotCounted("a number is too long")
