"""A page as a strict reader sees it: reading it refuses whatever breaks the rules of the house."""

from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.elements import BrokenPage, Element, read
from tests.house_rules import faults_of

__all__ = ["BrokenPage", "Element", "Form", "Page", "Pages"]


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
        self.root = read(html)
        faults = list(faults_of(self))
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


def _value(control: Element) -> str:
    if control.tag == "textarea":
        raw = "".join(child for child in control.children if isinstance(child, str))
        return raw.removeprefix("\n")
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = next((each for each in options if "selected" in each.attributes), options[0] if options else None)
        return chosen.get("value", chosen.text) if chosen else ""
    return control.get("value")
