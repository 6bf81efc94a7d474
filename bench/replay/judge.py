"""`python -m bench.replay.judge SEED`: speaks Akismet's protocol, knows the advertisements, and has its weather."""

import sys
from collections.abc import Iterator
from itertools import count

from bench.replay.campaign import fingerprint, spam_fingerprints
from tests.akismet_server import AkismetServer, Request

SILENT = 100  # one question in so many gets no answer that counts
_numbers = count(1)


class Judge(AkismetServer):
    """Says spam of what it knows, ham of the rest; now and then it fails."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        super().__init__()

    def mode_for(self, request: Request) -> str:
        self.requests.clear()  # tens of thousands would only fill the memory
        if request.deed != "comment-check":
            return "ham"
        if next(_numbers) % SILENT == 0:
            return "500"
        return "spam" if fingerprint(request["comment_content"]) in self._known else "ham"


def serve(seed: int) -> Iterator[str]:
    """The address, then nothing more until standard input ends."""
    with Judge(spam_fingerprints(seed)) as judge:
        yield judge.url
        sys.stdin.read()


if __name__ == "__main__":
    for address in serve(int(sys.argv[1])):
        print(address, flush=True)
