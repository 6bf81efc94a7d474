"""What is told of moderation, held against itself and against the rows it was counted from."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.transparency import posts
from app.transparency.comments import FATES, received
from app.transparency.models import Account
from app.transparency.months import month_of

Numbers = dict[str, Any]  # JSON values


def faults() -> Iterator[str]:
    """Each number of the last count that cannot have been counted. What changes with time is left out."""
    last = Account.last()
    if last is None:
        return
    told = last.numbers["comments"]
    yield from _sums(told)
    yield from _rates(told)
    yield from _posts(last)
    now = Counter(received())
    for line in told["months"]:
        month, said, there = line["month"], line["received"], now.pop(line["month"], 0)
        is_over = month < month_of(last.counted_at)
        if said > there or (is_over and said < there):
            yield f"transparency tells of {said} comments received in {month}, the rows are {there}"
    for month in sorted(month for month in +now if month < month_of(last.counted_at)):
        yield f"transparency tells of no comments received in {month}, the rows are {now[month]}"


def _sums(told: Numbers) -> Iterator[str]:
    for about, line in [("all", told["total"]), *((one["month"], one) for one in told["months"])]:
        fates = sum(line[fate] for fate in FATES)
        if fates != line["received"]:
            yield f"transparency tells of {line['received']} comments received ({about}), their fates add up to {fates}"
        if sum(line["removed_for"].values()) > line["removed"]:
            yield f"transparency tells of more reasons than removals ({about})"
    for fate in ("received", *FATES):
        months = sum(one[fate] for one in told["months"])
        if months != told["total"][fate]:
            yield f"transparency tells of {told['total'][fate]} {fate} in all, its months add up to {months}"


def _rates(told: Numbers) -> Iterator[str]:
    """Counts that fit into each other, and an estimate within its interval."""
    for about, rate in [
        ("30 days", told["error_rate"]),
        *((one["month"], one["error_rate"]) for one in told["months"]),
    ]:
        if rate is None:
            continue
        counts = (0, rate["wrong"], rate["looked_at"], rate["drawn"], rate["spam"])
        is_none = rate["share"] is None
        fits = is_none if not rate["looked_at"] else not is_none and rate["low"] <= rate["share"] <= rate["high"]
        if list(counts) != sorted(counts) or not fits:
            yield f"transparency's error rate ({about}) cannot come from its counts"


def _posts(last: Account) -> Iterator[str]:
    """What is told of companies' posts is what became of them; a count of before this was told has nothing of it."""
    lines = last.numbers.get("posts")
    if lines is None or len(lines) >= posts.MOST:
        return
    told = {(line["deed"], line["slug"]) for line in lines if "slug" in line}
    there = set(posts.public_now(last.counted_at))
    yield from (f"transparency tells that post {slug} was {deed}, no row does" for deed, slug in sorted(told - there))
    yield from (f"transparency does not tell that post {slug} was {deed}" for deed, slug in sorted(there - told))
