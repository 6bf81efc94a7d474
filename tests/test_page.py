"""The strict page client refuses what it is there to refuse."""

import pytest

from tests.page import BrokenPage, Page

GOOD = '<h1>A</h1><form method="post" action="/reports"><label for="t">Text</label><input id="t" name="t"></form>'


def page(main: str, head: str = "", lang: str = ' lang="de"') -> Page:
    html = f"<!DOCTYPE html><html{lang}><head><title>T</title>{head}</head><body><main>{main}</main></body></html>"
    return Page(html, "/")


def test_a_good_page_is_read() -> None:
    assert page(GOOD).form("t").filled(t="x") == {"t": "x"}


@pytest.mark.parametrize(
    "main",
    [
        "<p>no heading</p>",
        "<h1>A</h1><h1>B</h1>",
        "<h1>A</h1><h3>C</h3>",
        "<h1></h1>",
        '<h1>A</h1><input name="t">',
        '<h1>A</h1><p id="x"></p><p id="x"></p>',
        "<h1>A</h1><script>alert(1)</script>",
        "<h1>A</h1><style>p {}</style>",
        '<h1 style="color: red">A</h1>',
        '<h1 onclick="x()">A</h1>',
        '<h1>A</h1><a href="javascript:x()">B</a>',
        '<h1>A</h1><img src="/x.png">',
        '<h1>A</h1><img src="https://cdn.example/x.png" alt="x">',
        '<h1>A</h1><script src="//cdn.example/x.js"></script>',
        '<h1>A</h1><form action="/reports"></form>',
        '<h1>A</h1><form method="post" action="https://evil.example/"></form>',
        '<h1>A</h1><form method="post" action="/desk/sign-out"></form>',
        '<h1>A</h1><form method="post" action="/reports"><input type="hidden" name="csrf_token" value="x"></form>',
        '<h1>A</h1><a href="#nowhere">B</a>',
        '<h1>A</h1><p aria-describedby="nowhere">B</p>',
        "<h1>A</h1><div>never closed",
        "<h1>A</h1><b><i>crossed</b></i>",
        '<h1>A</h1><a href="/x"></a>',
    ],
)
def test_a_page_that_breaks_a_rule_is_refused(main: str) -> None:
    with pytest.raises(BrokenPage):
        page(main)


def test_a_page_without_language_is_refused() -> None:
    with pytest.raises(BrokenPage):
        page(GOOD, lang="")


def test_a_style_sheet_from_elsewhere_is_refused() -> None:
    with pytest.raises(BrokenPage):
        page(GOOD, head='<link rel="stylesheet" href="https://cdn.example/x.css">')
