"""The same signals for many reports that come at once and tell of other times: an import, counted in memory."""

from collections import defaultdict
from datetime import datetime, timedelta

from app.spam.models.cluster import TextCluster, cluster_id
from app.spam.simhash import LIMIT, bands, distance, is_comparable, simhash


class Batch:
    """What one import has seen so far. Its windows go by the times that its rows claim."""

    def __init__(self) -> None:
        self._hashes: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._clusters: dict[int, list[datetime]] = {}
        self._tallies: dict[tuple[str, str], list[datetime]] = defaultdict(list)

    def similar(self, text: str, at: datetime) -> tuple[str | None, int]:
        """As `TextCluster.note`: the text's cluster, and how many like it came within the hour before."""
        if not is_comparable(text):
            return None, 0
        hash_ = simhash(text)
        found = self._nearest(hash_)
        return cluster_id(found), _within(self._clusters[found], TextCluster.WINDOW, at)

    def tally(self, kind: str, value: str, window: timedelta, at: datetime) -> int:
        """As `RecentTally.note`: how many of this kind came within the window before."""
        return _within(self._tallies[kind, value], window, at)

    def _nearest(self, hash_: int) -> int:
        """The beginning of the nearest cluster, or of a new one."""
        known = {one for place in enumerate(bands(hash_)) for one in self._hashes[place]}
        near = min(((distance(hash_, one), one) for one in known), default=(LIMIT + 1, 0))
        if near[0] <= LIMIT:
            return near[1]
        self._clusters[hash_] = []
        for place in enumerate(bands(hash_)):
            self._hashes[place].append(hash_)
        return hash_


def _within(seen: list[datetime], window: timedelta, at: datetime) -> int:
    """How many moments lie within the window before `at`, which is then one of them."""
    seen[:] = [moment for moment in seen if abs(at - moment) < window]
    seen.append(at)
    return len(seen) - 1
