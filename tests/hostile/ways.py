"""Every way by which words of a stranger come in, found in the app itself: paths, queries, fields, forms on pages."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Rule

from app.kit import tokens
from tests.desk.rooms import path_of
from tests.page import Form, Page

HERE = "put-it-here"  # stands in a path where the string comes
CHOSEN = frozenset({"hidden", "radio", "checkbox", "submit", "button", "file"})  # controls into which nobody types
# afterwards other ways are closed
LEAVES = frozenset({"/desk/sign-out", "/desk/sign-ins", "/desk/surge"})
ADDRESS_MOST, BODY_MOST = 30_000, 60_000  # bytes that the server takes
ODD_NUMBERS = ("-1", "٣", "9" * 19, "9" * 5_000)  # beyond what a database counts, and what Python reads as a number

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Sent:
    """A request, as far as a string decides how it looks."""

    method: str
    target: str
    body: bytes = b""


@dataclass(frozen=True)
class Way:
    """One way in: a path that may hold the string, and the names under which it is sent."""

    method: str
    path: str
    names: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()  # what goes along as it is
    is_number: bool = False

    @property
    def closes_others(self) -> bool:
        """Whether nothing is left to attack once it has worked: a receipt is erased, a question answered."""
        return "/erasures" in self.path or "/questions/" in self.path

    def carrying(self, string: str) -> Iterator[Sent]:
        """The requests that carry it: one, or as many as the server's limits ask for where it is long."""
        if HERE in self.path:
            yield Sent(self.method, self.path.replace(HERE, quote(string, safe="", errors="surrogatepass")))
            return
        most = ADDRESS_MOST if self.method == "GET" else BODY_MOST
        for names in _split(self.names, most // (len(quote(string, errors="surrogatepass")) + 40)):
            fields = [*((name, tokens.new_key() if name == "key" else value) for name, value in self.kept)]
            fields += [(name, string) for name in names]
            coded = urlencode(fields, errors="surrogatepass")
            if self.method == "GET":
                yield Sent("GET", f"{self.path}{'&' if '?' in self.path else '?'}{coded}")
            else:
                yield Sent(self.method, self.path, coded.encode())


class Curious(ImmutableMultiDict[str, str]):
    """What was sent, which remembers by what names the app asks for it."""

    asked: set[str] = set()  # noqa: RUF012 -- one set for all on purpose

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, *more: Any, **named: Any) -> Any:  # Any: as its parent has it
        self.asked.add(key)
        return super().getlist(key, *more, **named)


@contextmanager
def watched(app: Flask) -> Iterator[set[str]]:
    """The names that any view looks for in what it is sent meanwhile."""
    before, Curious.asked = app.request_class, set()
    app.request_class = type("Watched", (before,), {"parameter_storage_class": Curious})
    yield Curious.asked
    app.request_class = before


def rules(app: Flask, method: str) -> list[Rule]:
    found = [each for each in app.url_map.iter_rules() if method in (each.methods or ())]
    return [each for each in found if method == "GET" or each.rule not in LEAVES]


def named_ways(
    app: Flask, values: dict[str, object], method: str, names: Iterable[str], *kept: tuple[str, str]
) -> Iterator[Way]:
    """Every route, with the string under all the names but those that go along as they are."""
    open_to_all = tuple(sorted(set(names) - dict(kept).keys()))
    for rule in rules(app, method):
        yield Way(method, path_of(app, rule, values), open_to_all, kept)


def ways_by_path(app: Flask, values: dict[str, object]) -> Iterator[Way]:
    """Every variable in the path of every route."""
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            for name, converter in rule._converters.items():
                is_number = isinstance(converter, IntegerConverter)
                mark = "987654321" if is_number else HERE
                given = {each: values[each] for each in rule.arguments} | {name: mark}
                path = app.url_map.bind("localhost").build(rule.endpoint, given, method)
                yield Way(method, path.replace(mark, HERE), is_number=is_number)


def ways_by_form(page: Page) -> Iterator[Way]:
    """Every form of a page as a person sends it, by each of its buttons, with the string in all that can be typed."""
    for form in page.forms:
        if form.action.partition("?")[0] in LEAVES:
            continue
        typed = tuple(dict.fromkeys(_typed(form)))
        kept = [(name, value) for name, value in form.values.items() if name not in typed]
        kept += _ticked(form)
        for pressed in form.buttons or [("", "")]:
            yield Way(form.method.upper(), form.action, typed, (*kept, *([pressed] if pressed[0] else [])))


def _typed(form: Form) -> Iterator[str]:
    for control in form.element.all("input", "textarea"):
        if control.get("name") and control.get("type") not in CHOSEN:
            yield control["name"]


def _ticked(form: Form) -> Fields:
    """What is ticked; where nothing of a name is, the first of it: without a symptom no report is read further."""
    boxes = [each for each in form.element.all("input") if each.get("type") in {"radio", "checkbox"}]
    first = {each["name"]: [each.get("value", "on")] for each in reversed(boxes) if each.get("name")}
    return [(name, value) for name, many in (first | form.lists).items() for value in many]


def _split(names: tuple[str, ...], most: int) -> Iterable[tuple[str, ...]]:
    size = max(1, most)
    return [names[at : at + size] for at in range(0, len(names), size)] or [()]
