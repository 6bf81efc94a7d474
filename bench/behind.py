"""Pages through the proxy that ships, beside the same bytes from a file that the same nginx serves over TLS, too.

The same cores carry nginx, the site and the load; each ratio is of two rounds that follow each other.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench import load
from bench.load import wrk
from bench.measure import Figure
from bench.page_hits import BR, HITS, ROUNDS, TOLD, WARM_UP
from tests.deploy.nginx import Nginx
from tests.server import eventually

NAME = "localhost"  # nginx answers to nobody who does not call it by its name
PEER = """
    location ^~ /peer/ {{
        proxy_cache off; root {folder}; default_type "{type}";
        add_header Content-Encoding br; add_header Vary Accept-Encoding; {headers}
    }}
    location / {{"""


def figures() -> Iterator[Figure]:
    """Hits behind nginx; an instance with the demo is made for it, in a folder of its own."""
    with load.demo() as instance:
        yield from figures_of(instance)


def figures_of(instance: Path) -> Iterator[Figure]:
    """The same, of an instance that is there; it is told the address of the proxy."""
    with tempfile.TemporaryDirectory(prefix="bench-behind-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        front = Nginx(folder / "nginx", ["127.0.0.1:@"], name=NAME)
        (instance / "config.toml").write_text(f"base_url = {json.dumps(front.url)}\ntrusted_proxies = 1\n")
        with load.site(instance) as site:
            _lead_to(front, site)
            told = _keep_files(front, site)
            _add_peer(front, told)
            with front:
                eventually(front.is_listening, "nginx listens")
                for number, name in enumerate(HITS):
                    yield _beside(name, front.url + HITS[name], f"{front.url}/peer/{number}.br")


def _beside(name: str, ours: str, theirs: str) -> Figure:
    for url in (ours, theirs):
        wrk(url, WARM_UP, headers=BR)
    pairs = [(wrk(ours, headers=BR), wrk(theirs, headers=BR)) for _ in range(ROUNDS)]
    assert not sum(mine.bad + their.bad for mine, their in pairs), f"{name}: some answers were none"
    mine, their = (median(one.rate for one in side) for side in zip(*pairs, strict=True))
    late, peer_late = (median(one.p99 for one in side) for side in zip(*pairs, strict=True))
    said = f"file {their:,.0f}/s, p99 {peer_late:.1f} ms; page {mine:,.0f}/s, p99 {late:.1f} ms"
    return Figure(f"{name}, hit behind nginx", 1000 / mine, 0, 0, median(a.rate / b.rate for a, b in pairs), said)


def _lead_to(front: Nginx, site: str) -> None:
    """The host's port is known once it runs, the proxy's address has to be known before."""
    _replace(front, "127.0.0.1:@", site.rpartition("/")[2])


def _keep_files(front: Nginx, site: str) -> dict[str, str]:
    """The packed bytes of each page, for the peer; the headers of the first."""
    (front.folder / "peer").mkdir()
    asked = BR | {"Host": front.url.rpartition("/")[2], "X-Forwarded-Proto": "https"}
    found = [load.fetched(site + path, asked) for path in HITS.values()]
    for number, (body, _) in enumerate(found):
        (front.folder / "peer" / f"{number}.br").write_bytes(body)
    return {name: value for name, value in found[0][1].items() if name in TOLD}


def _add_peer(front: Nginx, told: dict[str, str]) -> None:
    headers = " ".join(
        f'add_header {name} "{load.quoted(value)}";' for name, value in told.items() if name != "content-type"
    )
    location = PEER.format(folder=front.folder, type=told["content-type"], headers=headers)
    _replace(front, "\n    location / {", location, last=True)


def _replace(front: Nginx, old: str, new: str, *, last: bool = False) -> None:
    file = front.folder / "einzelfall.conf"
    text = file.read_text("utf-8")
    assert old in text, old
    file.write_text(new.join(text.rsplit(old, 1)) if last else text.replace(old, new), "utf-8")
