"""Templates are compiled once a language: what never changes while the site runs stands in them as text."""

from pathlib import Path

import pytest
from flask import Flask, render_template, url_for
from jinja2 import FileSystemLoader

from app.web import addresses
from app.web.language import speaking

TEMPLATE = """{{ _("Posts") }} {{ url_for('site.posts') }} {{ url_for('site.post', slug=slug, _anchor='a') }}
{{ _("to %(name)s", name=slug) }} {{ static_url('mark.svg') }}"""


@pytest.fixture
def piece(app: Flask, tmp_path: Path) -> Flask:
    """An app with a template of our own."""
    (tmp_path / "piece.html").write_text(TEMPLATE)
    app.jinja_env.loader = FileSystemLoader(tmp_path)
    return app


def test_words_and_addresses_are_those_of_the_page(piece: Flask) -> None:
    with piece.test_request_context("/"):
        assert render_template("piece.html", slug="netz").startswith("Beiträge /posts/ /posts/netz#a\n")
    with piece.test_request_context("/?lang=en"):
        assert render_template("piece.html", slug="netz").startswith("Posts /posts/?lang=en /posts/netz?lang=en#a\n")


def test_they_are_those_that_are_spoken_whatever_page_is_asked_for(piece: Flask) -> None:
    with piece.test_request_context("/"), speaking("en"):
        assert render_template("piece.html", slug="netz").startswith("Posts /posts/?lang=en")


def test_what_people_wrote_is_escaped_beside_them(piece: Flask) -> None:
    with piece.test_request_context("/?lang=en"):
        assert "to &lt;b&gt;" in render_template("piece.html", slug="<b>")


@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_an_address_is_the_one_that_flask_builds(app: Flask, query: str) -> None:
    asked: list[tuple[str, dict[str, object]]] = [
        ("site.home", {}),
        ("site.post", {"slug": "a b/ü", "page": 2, "_anchor": "comments"}),
        ("site.post", {"slug": "netz", "lang": "de"}),
        ("site.post", {"slug": "netz", "lang": None, "page": None}),
        ("static", {"filename": "mark.svg", "v": "1"}),
    ]
    with app.test_request_context(f"/{query}"):
        for endpoint, values in asked:
            built = addresses.address(endpoint, **values)
            assert built == addresses.address(endpoint, **values)
            assert sorted(built.split("&")) == sorted(url_for(endpoint, **values).split("&"))  # type: ignore[arg-type]  # as templates do
