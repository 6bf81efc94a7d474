"""The bytes of a file as front matter with line numbers, and a body.

Every value stays the text that was written: no dates, booleans or objects are made of it, so that
`comments: off` is not `False` and no tag can build anything. Aliases, depth and size are bounded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

import yaml
from frontmatter.default_handlers import YAMLHandler

from app.posts.problem import Fault

MAX_BYTES = 262_144  # some 40,000 words
MAX_LINES = 5_000  # Markdown's cost grows with their square
MAX_FRONT_MATTER = 16_384  # characters
MAX_DEPTH = 5  # front matter → authors → one author → its name → and one to spare

Value = str | list["Value"] | dict[str, "Value"]

_BOUNDARY: re.Pattern[str] = YAMLHandler.FM_BOUNDARY
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says: values of the front matter, the line of each key, the Markdown below."""

    values: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1  # of the file, where the body begins


def read(data: bytes) -> Source:
    """Take a file apart; raises `Fault` and nothing else, whatever the bytes are."""
    text = _text(data)
    start = len(text) - len(text.lstrip())
    marks = list(islice(_BOUNDARY.finditer(text, start), 2))
    if not marks or marks[0].start() != start:
        return Source(body=text)
    if len(marks) == 1:
        line = _line(text, start)
        raise Fault("The front matter opened with --- here is never closed by a second ---.", line)
    front = text[marks[0].end() : marks[1].start()]
    first = _line(text, marks[0].end())
    values, lines = _mapping(composed(front, first), first)
    return Source(values, lines, text[marks[1].end() :], _line(text, marks[1].end()))


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Fault(f"The file has {len(data):,} bytes; a post may have {MAX_BYTES:,}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Fault("This line is not UTF-8 text; save the file as UTF-8.", line) from None
    if "\0" in text:
        raise Fault("This line holds a NUL character; remove it.", _line(text, text.index("\0")))
    if not text.strip():
        raise Fault("The file is empty.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise Fault(f"The file goes on after this line; a post may have {MAX_LINES:,}.", MAX_LINES)
    return text


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


class _Loader(yaml.BaseLoader):
    """A composer that refuses aliases and deep nesting before it follows them."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # missing in the stubs
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not supported", problem_mark=mark)
        if self.depth >= MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="values are nested too deeply", problem_mark=mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def composed(front: str, first: int = 1) -> yaml.Node | None:
    """The front matter as nodes that know where they stand; `first` is its first line in the file."""
    if len(front) > MAX_FRONT_MATTER:
        raise Fault(f"The front matter is longer than {MAX_FRONT_MATTER:,} characters.", first)
    try:
        loader = _Loader(front)
    except yaml.reader.ReaderError as error:
        line = first + front.count("\n", 0, error.position)
        raise Fault("This line holds a character that YAML does not allow.", line) from None
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it is malformed"
        last = front.rstrip().count("\n")  # what is missing at the end is missed on its last line
        line = first + min(mark.line if mark else 0, last)
        raise Fault(f"The front matter is not valid YAML: {what}.", line) from None
    except (yaml.YAMLError, ValueError, OverflowError):  # ValueError: "\U00110000" is no character
        raise Fault("This line holds what YAML does not allow.", first + loader.line) from None


def _mapping(node: yaml.Node | None, first: int) -> tuple[dict[str, Value], dict[str, int]]:
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        raise Fault("The front matter must be lines of the form “key: value”.", first + node.start_mark.line)
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = _key(key_node, first), first + key_node.start_mark.line
        if key in values:
            raise Fault(f"“{key}” is given a second time; it stands in line {lines[key]} already.", line)
        values[key], lines[key] = _value(value_node, first), line
    return values, lines


def _key(node: yaml.Node, first: int) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise Fault("A key of the front matter must be a plain word.", first + node.start_mark.line)
    return _visible(node, first)


def _value(node: yaml.Node, first: int) -> Value:
    if isinstance(node, yaml.MappingNode):
        return {_key(key, first): _value(value, first) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, first) for item in node.value]
    return _visible(node, first)


def _visible(node: yaml.Node, first: int) -> str:
    text = str(node.value)
    if _INVISIBLE.search(text):
        raise Fault("This value holds an invisible control character.", first + node.start_mark.line)
    return text.strip()
