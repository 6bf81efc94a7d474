"""Pages over the line, from the production server as `make run` starts it, beside nginx with the same packed bytes.

Both run on the same cores, with the load generator beside them; each ratio is of two rounds that follow each other.
"""

from pathlib import Path
from statistics import median

from bench import load
from bench.load import Round, wrk
from bench.measure import Figure

ROUNDS = 5
WARM_UP = 1  # seconds
BR = {"Accept-Encoding": "br"}
FEW = 8  # connections for what is made anew: more would find no seat (app/surge)
GUEST_POST = "/posts/gastbeitrag-o2-netz"
HITS = {"home": "/", "guest post, 50 of 750 comments": GUEST_POST, "counter": "/counter.json"}
MISSES = {"home": "/", "guest post, 50 of 750 comments": GUEST_POST, "form": "/reports/new"}
TOLD = ("content-type", "cache-control", "content-security-policy", "x-content-type-options", "x-frame-options",
        "referrer-policy", "cross-origin-opener-policy", "permissions-policy")  # fmt: skip
ANEW = """
local threads, number = 0, 0
setup = function(thread)
  thread:set("own", os.time() .. "-" .. threads)
  threads = threads + 1
end
request = function()
  number = number + 1
  return wrk.format("GET", wrk.path .. "?n=" .. own .. "-" .. number)
end
"""


def figures() -> list[Figure]:
    """Hits, 304s and misses; an instance with the demo is made for it, in a folder of its own."""
    with load.demo() as instance:
        return figures_of(instance)


def figures_of(instance: Path) -> list[Figure]:
    """The same, of an instance that is there."""
    with load.site(instance) as site:
        bodies = {name: load.fetched(site + path, BR) for name, path in HITS.items()}
        told = {name: value for name, value in bodies["home"][1].items() if name in TOLD}
        files = {f"{number}.br": body for number, (body, _) in enumerate(bodies.values())}
        with load.nginx(files, told) as peer:
            found = []
            for number, (name, path) in enumerate(HITS.items()):
                twin, size = f"{peer}/{number}.br", len(bodies[name][0])
                found.append(_beside(f"{name}, hit", site + path, twin, size))
                found.append(_beside(f"{name}, 304", site + path, twin, 0, is_conditional=True))
            return [*found, *(_miss(name, site + path, f"{peer}/0.br") for name, path in MISSES.items())]


def _beside(name: str, ours: str, theirs: str, size: int, *, is_conditional: bool = False) -> Figure:
    """Rounds in turns, and the median of their ratios."""
    headers = [{**BR}, {**BR}]
    if is_conditional:
        for asked, url in zip(headers, (ours, theirs), strict=True):
            asked["If-None-Match"] = load.fetched(url, asked)[1]["etag"]
    for asked, url in zip(headers, (ours, theirs), strict=True):
        wrk(url, WARM_UP, headers=asked)
    pairs = [(wrk(ours, headers=headers[0]), wrk(theirs, headers=headers[1])) for _ in range(ROUNDS)]
    assert not sum(mine.bad for mine, _ in pairs), f"{name}: some answers were none"
    mine, their = _median([mine for mine, _ in pairs]), _median([their for _, their in pairs])
    said = f"nginx {their.rate:,.0f}/s, p99 {their.p99:.1f} ms; here {mine.rate:,.0f}/s, p99 {mine.p99:.1f} ms"
    return Figure(name, 1000 / mine.rate, 0, size, median(a.rate / b.rate for a, b in pairs), said)


def _miss(name: str, ours: str, theirs: str) -> Figure:
    """Each answer is made anew, no address is asked for twice; of parts (app/cache/parts.py) only what does not change.

    `bench/growth.py` has pages made from nothing.
    """
    mine, their = wrk(ours, headers=BR, script=ANEW, connections=FEW), wrk(theirs, headers=BR)
    assert not mine.bad, f"{name}: some answers were none"
    return Figure(
        f"{name}, made anew", 1000 / mine.rate, 0, 0, mine.rate / their.rate, f"here {mine.rate:,.0f}/s, both cores"
    )


def _median(rounds: list[Round]) -> Round:
    return Round(
        median(one.rate for one in rounds), median(one.p50 for one in rounds), median(one.p99 for one in rounds), 0
    )
