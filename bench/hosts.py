"""What three hosts carry against one: each in a network of its own, behind nginx, on one PostgreSQL and one Redis.

On a machine with two cores all of them share these two, with nginx, the database and the load: this says whether hosts
hinder each other, not how far they carry.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from bench.measure import Figure
from tests.deploy.fleet import fleet
from tests.deploy.network import is_possible

SECONDS, CLIENTS = 8, 16
HOSTS = ("a", "b", "c")
WRITES = """
local number = 0
local threads = 0
function setup(thread) thread:set("id", threads); threads = threads + 1 end
function request()
  number = number + 1
  local body = "key=%s-" .. id .. "-" .. number .. "&symptoms=no_data&place=Jena"
  return wrk.format("POST", "/reports", {["Content-Type"] = "application/x-www-form-urlencoded"}, body)
end
"""
RATE, FAILED = re.compile(r"Requests/sec:\s+([\d.]+)"), re.compile(r"Non-2xx or 3xx responses: (\d+)")


def figures() -> list[Figure]:
    """Misses and writes a second with one host and with three, as milliseconds each and as a ratio."""
    if not is_possible():
        print("hosts: network namespaces need Linux, root and iproute2; left out")
        return []
    one, three = _rates(HOSTS[:1]), _rates(HOSTS)
    found = []
    for name in one:
        found.append(Figure(f"{name}, 1 host", 1000 / one[name], 0, 0, 1.0, f"{one[name]:,.0f} a second"))
        ratio = three[name] / one[name]
        found.append(Figure(f"{name}, 3 hosts", 1000 / three[name], 0, 0, ratio, f"{three[name]:,.0f} a second"))
    return found


def _rates(names: tuple[str, ...]) -> dict[str, float]:
    """Requests a second that were answered as they should be."""
    with tempfile.TemporaryDirectory() as place, fleet(Path(place), *names, proxy=("--writes=100000",)) as (site, _app):
        script = Path(place) / "writes.lua"
        script.write_text(WRITES % f"bench-{len(names)}-hosts")
        names_known = Path(place) / "hosts"  # nginx answers to nobody who does not call it by its name
        names_known.write_text(f"{site.nginx.address} {site.nginx.name}\n")
        known = ["unshare", "-m", "sh", "-c", f'mount --bind {names_known} /etc/hosts && exec "$@"', "sh"]
        wrk = [*site.network.inside(), *known, "wrk", f"-d{SECONDS}s", f"-c{CLIENTS}", "-t1"]
        where = site.nginx.url
        hit = _run([*wrk, f"{where}/"])
        miss = _run([*wrk, f"{where}/reports/new"])
        write = _run([*wrk, "-s", str(script), f"{where}/reports"])
    return {"GET / kept by nginx": hit, "GET /reports/new": miss, "POST /reports": write}


def _run(command: list[str]) -> float:
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate, failed = RATE.search(said), FAILED.search(said)
    assert rate, said
    assert float(rate[1]) > 0, said
    if failed:
        print(f"{failed[1]} answers were refusals: {command[-1]}")
    return float(rate[1]) - (int(failed[1]) / SECONDS if failed else 0)
