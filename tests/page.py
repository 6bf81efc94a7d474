"""A page as a strict reader sees it: reading it refuses whatever breaks the rules of the house."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})
LOADING_LINKS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"})
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns")
OWN_HOSTS = frozenset({"", "localhost:8000", "localhost"})


class BrokenPage(AssertionError):
    """The page breaks rules of the house; the message names each fault."""


@dataclass
class Element:
    """One element with what is in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def all(self, *tags: str) -> "Iterator[Element]":
        """Every element below, in the order of the source; with tags only those."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def with_class(self, name: str) -> "list[Element]":
        return [each for each in self.all() if name in each.get("class").split()]

    @property
    def above(self) -> "Iterator[Element]":
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    @property
    def text(self) -> str:
        """The words a reader sees, on one line."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        if self.tag in {"script", "style", "template"}:
            return ""
        gap = "" if self.tag in {"b", "i", "em", "strong", "a", "span", "data", "code", "kbd"} else " "
        parts = (child if isinstance(child, str) else child._raw() for child in self.children)
        return gap + "".join(parts) + gap


class Form:
    """A form as a browser would send it."""

    def __init__(self, element: Element, page_path: str) -> None:
        self.element = element
        self.method = element.get("method").lower()
        self.action = element.get("action") or page_path
        self.values: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        for control in element.all("input", "textarea", "select"):
            self._read(control)

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Name and value of each button that sends something of its own."""
        found = self.element.all("button")
        return [(each["name"], each.get("value")) for each in found if each.get("name")]

    @property
    def text(self) -> str:
        return self.element.text

    def filled(self, **values: object) -> dict[str, object]:
        """What the form sends when these fields are filled in."""
        unknown = set(values) - self.names - {name for name, _ in self.buttons}
        assert not unknown, f"the form at {self.action} has no {', '.join(sorted(unknown))}"
        return {**self.values, **self.lists, **values}

    @property
    def names(self) -> set[str]:
        return {control.get("name") for control in self.element.all("input", "textarea", "select")}

    def _read(self, control: Element) -> None:
        name, kind = control.get("name"), control.get("type", "text")
        if not name:
            return
        if control.tag == "input" and kind in {"checkbox", "radio"}:
            if "checked" in control.attributes:
                self.lists.setdefault(name, []).append(control.get("value", "on"))
        elif control.tag != "input" or kind not in {"submit", "button"}:
            self.values[name] = _value(control)


class Page:
    """A whole page of HTML. Making one checks it."""

    def __init__(self, html: str, path: str = "/") -> None:
        self.html, self.path = html, path
        self.root = _read(html)
        faults = list(_faults(self))
        if faults:
            raise BrokenPage(f"{path}:\n  " + "\n  ".join(faults))

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def main(self) -> Element:
        return next(self.root.all("main"), self.root)

    @property
    def title(self) -> str:
        return next(element.text for element in self.root.all("title"))

    @property
    def heading(self) -> str:
        return next(element.text for element in self.root.all("h1"))

    @property
    def lang(self) -> str:
        return next(self.root.all("html")).get("lang")

    @property
    def links(self) -> dict[str, str]:
        """Words to address of every link."""
        return {element.text: element.get("href") for element in self.root.all("a")}

    @property
    def forms(self) -> list[Form]:
        return [Form(element, self.path) for element in self.root.all("form")]

    def form(self, wanted: str) -> Form:
        """The first form with a field or button of that name, or that sends to an address ending so."""
        for form in self.forms:
            path = urlsplit(form.action).path
            if wanted in form.names or path.endswith(wanted) or wanted in {name for name, _ in form.buttons}:
                return form
        actions = ", ".join(form.action for form in self.forms)
        raise LookupError(f"{self.path} has no form with {wanted!r}; there are {actions or 'none'}")

    def by_id(self, name: str) -> Element:
        return next(element for element in self.root.all() if element.get("id") == name)

    def with_class(self, name: str) -> list[Element]:
        return self.root.with_class(name)


class Pages:
    """Opens pages as a reader does and holds each against the rules."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str, status: int = 200) -> Page:
        return self.read(self.client.get(path), path, status)

    def send(self, form: Form, status: int = 200, **values: object) -> Page:
        """Send a form that is answered with a page."""
        return self.read(self.post(form, **values), form.action, status)

    def post(self, form: Form, **values: object) -> TestResponse:
        """Send a form, whatever comes."""
        if form.method == "get":
            return self.client.get(form.action, query_string=form.filled(**values))
        return self.client.post(form.action, data=form.filled(**values))

    def read(self, answer: TestResponse, path: str, status: int = 200) -> Page:
        """The page in an answer."""
        assert answer.status_code == status, f"{path} answered {answer.status_code} {answer.location or ''}"
        assert answer.mimetype == "text/html", f"{path} answered {answer.mimetype}"
        if not path.startswith("/desk"):
            assert "Set-Cookie" not in answer.headers, f"{path} sets a cookie"
        return Page(answer.text, path)


def _faults(page: Page) -> Iterator[str]:
    for rule in (_document, _headings, _ids, _labels, _inline, _images, _forms, _resources, _pointers):
        yield from rule(page)


def _document(page: Page) -> Iterator[str]:
    if not page.html.lstrip().lower().startswith("<!doctype html>"):
        yield "has no doctype"
    if not page.lang:
        yield "the html element says no language"
    titles = [element.text for element in page.root.all("title") if "svg" not in {up.tag for up in element.above}]
    if len(titles) != 1 or not titles[0]:
        yield f"has the titles {titles}"
    if len(list(page.root.all("main"))) != 1:
        yield "has not one main"


def _headings(page: Page) -> Iterator[str]:
    levels = [int(element.tag[1]) for element in page.root.all(*HEADINGS)]
    if levels.count(1) != 1:
        yield f"has {levels.count(1)} h1"
    for before, level in zip([0, *levels], levels, strict=False):
        if level > before + 1:
            yield f"h{level} comes after h{before}"
    yield from (f"{element.tag} is empty" for element in page.root.all(*HEADINGS) if not element.text)


def _ids(page: Page) -> Iterator[str]:
    many = Counter(element["id"] for element in page.root.all() if "id" in element.attributes)
    yield from (f"the id {name!r} stands {count} times" for name, count in many.items() if count > 1)


def _labels(page: Page) -> Iterator[str]:
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


def _inline(page: Page) -> Iterator[str]:
    for element in page.root.all():
        yield from (f"{element.tag} carries {name}" for name in element.attributes if name.startswith("on"))
        if "style" in element.attributes or element.tag == "style":
            yield f"{element.tag} carries a style of its own"
        if element.get("href").lower().startswith("javascript:"):
            yield "a link is a script"
        is_data = element.get("type") == "application/ld+json"
        if element.tag == "script" and "src" not in element.attributes and not is_data:
            yield "there is an inline script"


def _images(page: Page) -> Iterator[str]:
    yield from (f"img {e.get('src')!r} has no alt" for e in page.root.all("img") if "alt" not in e.attributes)


def _forms(page: Page) -> Iterator[str]:
    for element in page.root.all("form"):
        action = urlsplit(element.get("action") or page.path)
        has_token = any(each.get("name") == "csrf_token" for each in element.all("input"))
        if element.get("method").lower() not in {"get", "post"}:
            yield f"the form to {action.path} has no method"
        if action.netloc not in OWN_HOSTS:
            yield f"the form sends to {action.netloc}"
        if element.get("method").lower() == "post" and has_token != action.path.startswith("/desk"):
            yield f"the form to {action.path} {'has a' if has_token else 'has no'} CSRF token"


def _resources(page: Page) -> Iterator[str]:
    for element in page.root.all("script", "img", "iframe", "source", "video", "audio", "embed", "object", "link"):
        if element.tag == "link" and not LOADING_LINKS & set(element.get("rel").split()):
            continue
        address = element.get("src") or element.get("href") or element.get("data")
        if urlsplit(address).netloc not in OWN_HOSTS:
            yield f"{element.tag} loads {address}"


def _pointers(page: Page) -> Iterator[str]:
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


def _value(control: Element) -> str:
    if control.tag == "textarea":
        raw = "".join(child for child in control.children if isinstance(child, str))
        return raw.removeprefix("\n")
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = next((each for each in options if "selected" in each.attributes), options[0] if options else None)
        return chosen.get("value", chosen.text) if chosen else ""
    return control.get("value")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.children.append(Element(tag, {name: value or "" for name, value in attrs}, self._open))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._open.tag != tag:
            raise BrokenPage(f"line {self.getpos()[0]}: </{tag}> closes <{self._open.tag}>")
        self._open = self._open.parent or self.root

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)


def _read(html: str) -> Element:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader._open is not reader.root:
        raise BrokenPage(f"<{reader._open.tag}> is never closed")
    return reader.root
