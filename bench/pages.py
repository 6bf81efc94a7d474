"""What making each page costs, past the page cache: queries, milliseconds, bytes; the peer is a bare route."""

from flask import Flask
from werkzeug.test import Client

from app.cache import page_cache
from app.extensions import db
from bench.measure import Figure, counted, median_ms

PEER = "/healthz"
GUEST_POST = "/posts/gastbeitrag-o2-netz"
PAGES = (
    "/",
    "/?lang=en",
    "/posts/",
    GUEST_POST,
    f"{GUEST_POST}?page=8",
    "/posts/wir-sind-einzelfall",
    "/reports/new",
    "/organisations/o2",
    "/counter.json",
    "/feed.atom",
    "/places/suggest?q=neust",
    "/desk/sign-in",
)


def figures(app: Flask) -> list[Figure]:
    """A figure for each page, of an app whose instance holds the demo."""
    client = Client(page_cache(app).inner)
    bare = median_ms(lambda: client.get(PEER))
    return [_figure(app, client, path, bare) for path in PAGES]


def _figure(app: Flask, client: Client, path: str, bare: float) -> Figure:
    def get() -> int:
        response = client.get(path, headers={"Accept-Encoding": "br"})
        assert response.status_code == 200, f"{path}: {response.status}"
        return len(response.data)

    ms = median_ms(get)
    with app.app_context(), counted(db.engine) as statements:
        size = get()
    return Figure(path, ms, len(statements), size, ms / bare, f"bare route {bare:.2f} ms")
