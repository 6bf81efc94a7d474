"""A find: a piece of a text that tells who somebody is or how to reach them."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a find is."""

    EMAIL = "email"
    PHONE = "phone"
    IMEI = "imei"
    IBAN = "iban"
    CUSTOMER_NUMBER = "customer-number"  # and whatever else a company files somebody under, or lets them in by
    PLATE = "plate"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class Find:
    """A kind and where it stands: text[start:end]."""

    start: int
    end: int
    kind: Kind

    def overlaps(self, other: "Find") -> bool:
        return self.start < other.end and other.start < self.end


def joined(finds: list[Find]) -> list[Find]:
    """In order, those that overlap made one; it is of the longest one's kind."""
    whole: list[Find] = []
    longest = 0
    for find in sorted(finds):
        length = find.end - find.start
        if not whole or find.start >= whole[-1].end:
            whole.append(find)
            longest = length
            continue
        last = whole[-1]
        whole[-1] = Find(last.start, max(last.end, find.end), find.kind if length > longest else last.kind)
        longest = max(longest, length)
    return whole
