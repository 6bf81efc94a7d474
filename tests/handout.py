"""How tests are handed out to workers: whole files, the longest first, so that none is left alone with one at the end.

Where workers are few, all tests with a browser are for one of them: servers and Chromium are started once, and they
keep more than one core busy anyway. What is thrown at one site is thrown by one worker, and who may do what is asked by
one, once.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"
HOSTILE = "tests/hostile/"
ACCESS = "tests/access/"
FEW = 3  # workers
LONGEST = (
    "test_limit",
    "test_disk",
    "test_signal",
    "test_kill",
    "test_outside",
    "test_drill",
    "test_scale_out",
    "test_append_parallel",
    "test_markup_attacks",
    "test_invariants",
    "test_redact",
    "test_withstand_reports",
    "test_load_demo",
    "test_demo_extracts",
    "test_campaigns",
    "test_withstand_comments",
)


class Handout(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Hands out in the order of `rank`."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the number of tests in a file says little about how long it takes

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        for together in (HOSTILE, ACCESS):
            if file.startswith(together):
                return together
        return BROWSER if file.startswith(BROWSER) and self.numnodes <= FEW else file


def rank(item: pytest.Item) -> int:
    """When it is the turn of a test; the lower, the sooner."""
    if item.nodeid.startswith(BROWSER):
        return -1
    if item.nodeid.startswith((HOSTILE, ACCESS)):
        return 0
    return LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST)
