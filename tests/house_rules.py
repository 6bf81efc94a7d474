"""What no page of this house may do. One rule, one function; each yields its faults."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.page import Page

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})
LOADING_LINKS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"})
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns")
OWN_HOSTS = frozenset({"", "localhost:8000", "localhost"})


def faults_of(page: "Page") -> Iterator[str]:
    """Every fault of a page, in words."""
    for rule in (_document, _headings, _ids, _labels, _inline, _images, _forms, _resources, _pointers):
        yield from rule(page)


def _document(page: "Page") -> Iterator[str]:
    if not page.html.lstrip().lower().startswith("<!doctype html>"):
        yield "has no doctype"
    if not page.lang:
        yield "the html element says no language"
    titles = [element.text for element in page.root.all("title") if "svg" not in {up.tag for up in element.above}]
    if len(titles) != 1 or not titles[0]:
        yield f"has the titles {titles}"
    if len(list(page.root.all("main"))) != 1:
        yield "has not one main"


def _headings(page: "Page") -> Iterator[str]:
    levels = [int(element.tag[1]) for element in page.root.all(*HEADINGS)]
    if levels.count(1) != 1:
        yield f"has {levels.count(1)} h1"
    for before, level in zip([0, *levels], levels, strict=False):
        if level > before + 1:
            yield f"h{level} comes after h{before}"
    yield from (f"{element.tag} is empty" for element in page.root.all(*HEADINGS) if not element.text)


def _ids(page: "Page") -> Iterator[str]:
    many = Counter(element["id"] for element in page.root.all() if "id" in element.attributes)
    yield from (f"the id {name!r} stands {count} times" for name, count in many.items() if count > 1)


def _labels(page: "Page") -> Iterator[str]:
    labelled = {element.get("for") for element in page.root.all("label") if element.text}
    for control in page.root.all("input", "select", "textarea"):
        is_wrapped = any(up.tag == "label" and up.text for up in control.above)
        has_name = control.get("aria-label") or control.get("aria-labelledby") or control.get("id") in labelled
        if control.get("type") not in UNLABELLED and not (is_wrapped or has_name):
            yield f"{control.tag} {control.get('name')!r} has no label"
    for element in page.root.all("button", "a"):
        has_picture = any(image.get("alt") for image in element.all("img"))
        if not (element.text or element.get("aria-label") or has_picture):
            yield f"{element.tag} {element.attributes} says nothing"


def _inline(page: "Page") -> Iterator[str]:
    for element in page.root.all():
        yield from (f"{element.tag} carries {name}" for name in element.attributes if name.startswith("on"))
        if "style" in element.attributes or element.tag == "style":
            yield f"{element.tag} carries a style of its own"
        if element.get("href").lower().startswith("javascript:"):
            yield "a link is a script"
        is_data = element.get("type") == "application/ld+json"
        if element.tag == "script" and "src" not in element.attributes and not is_data:
            yield "there is an inline script"


def _images(page: "Page") -> Iterator[str]:
    yield from (f"img {e.get('src')!r} has no alt" for e in page.root.all("img") if "alt" not in e.attributes)


def _forms(page: "Page") -> Iterator[str]:
    for element in page.root.all("form"):
        action = urlsplit(element.get("action") or page.path)
        has_token = any(each.get("name") == "csrf_token" for each in element.all("input"))
        if element.get("method").lower() not in {"get", "post"}:
            yield f"the form to {action.path} has no method"
        if action.netloc not in OWN_HOSTS:
            yield f"the form sends to {action.netloc}"
        if element.get("method").lower() == "post" and has_token != action.path.startswith("/desk"):
            yield f"the form to {action.path} {'has a' if has_token else 'has no'} CSRF token"


def _resources(page: "Page") -> Iterator[str]:
    for element in page.root.all("script", "img", "iframe", "source", "video", "audio", "embed", "object", "link"):
        if element.tag == "link" and not LOADING_LINKS & set(element.get("rel").split()):
            continue
        address = element.get("src") or element.get("href") or element.get("data")
        if urlsplit(address).netloc not in OWN_HOSTS:
            yield f"{element.tag} loads {address}"


def _pointers(page: "Page") -> Iterator[str]:
    ids = {element.get("id") for element in page.root.all()}
    for element in page.root.all():
        if element.tag == "label" and element.get("for") and element["for"] not in ids:
            yield f"a label is for {element['for']!r}, which is not there"
        for name in POINTERS:
            yield from (
                f"{name} names {one!r}, which is not there" for one in element.get(name).split() if one not in ids
            )
        target = element.get("href")
        if element.tag == "a" and target.startswith("#") and target[1:] not in ids:
            yield f"a link leads to {target}, which is not there"
