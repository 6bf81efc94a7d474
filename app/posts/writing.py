"""Changing values of a file's front matter, and its body, so that every other line stays the bytes that it was.

What is to be changed is found by the marks of the same reader that reads posts; only those places are written anew,
by ruamel.yaml. Order, comments, quotes, line ends and a byte order mark stay: a changed title is one line of a diff.
"""

import io
import re
from collections.abc import Mapping
from difflib import SequenceMatcher

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from app.kit.diff import shared_ends
from app.posts import source
from app.posts.front_matter import KEYS
from app.posts.problem import Fault
from app.posts.source import Value

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_QUOTED = {"'": SingleQuotedScalarString, '"': DoubleQuotedScalarString}
MOST = 400  # lines whose ends are looked for among the old ones: the time grows with the cube of their number
BOM = "\ufeff"
_PLAIN = re.compile(r"\w(?:[\w ./-]*\w)?")  # what needs no quotes in brackets, whichever reader reads it
UNSAFE = "The front matter cannot be changed without changing something else in it; edit the file itself."


def changed(data: bytes, changes: Mapping[str, Value | None], body: str | None = None) -> bytes:
    """The file with these values (None takes a key out) and this body; raises `Fault` where it cannot be read.

    What comes out is read once more: it says exactly what was to be said, or a `Fault` is raised.
    """
    before = source.read(data)
    file = _File(data.decode("utf-8"))
    wanted = {key: value for key, value in changes.items() if before.values.get(key) != value}
    try:
        file.write(wanted)
    except (YAMLError, yaml.YAMLError, ValueError) as error:
        raise Fault(UNSAFE) from error
    if body is not None and bare(body) != bare(before.body):
        file.say(bare(body))
    made = file.bytes()
    _check(made, {**before.values, **changes}, before.body if body is None else body)
    return made


def rewritten(source: str, typed: str) -> str:
    """The whole file as somebody typed it: lines that stay keep their ends, and so does the byte order mark."""
    file = _File(source)
    file.become(typed.rstrip("\n").split("\n"))
    return file.bytes().decode()


def bare(body: str) -> str:
    """A body without what only separates it: blank lines before it, white space after it."""
    return body.lstrip("\n").rstrip()


def _check(made: bytes, values: Mapping[str, Value | None], body: str) -> None:
    found = source.read(made)
    if dict(found.values) != {key: value for key, value in values.items() if value is not None}:
        raise Fault(UNSAFE)
    if bare(found.body) != bare(body):
        raise Fault("The text would be taken for front matter; begin it with another line than ---.")


class _File:
    """The lines of a file, each with its own end."""

    def __init__(self, text: str) -> None:
        self._mark = BOM if text.startswith(BOM) else ""
        split = _LINES.findall(text.removeprefix(BOM))
        self._lines = [line.rstrip("\r\n") for line in split]
        self._ends = [line[len(line.rstrip("\r\n")) :] for line in split]
        self._end = max(("\n", "\r\n", "\r"), key=self._ends.count)

    def bytes(self) -> bytes:
        return (self._mark + "".join(map("".join, zip(self._lines, self._ends, strict=True)))).encode()

    def write(self, values: Mapping[str, Value | None]) -> None:
        """Change values one by one: each moves the lines below it."""
        for key, value in values.items():
            first, last = self._bounds()
            written = _written("\n".join(self._lines[first + 1 : last]), key, value)
            self._put(first + 1, last, written.split("\n") if written else [])

    def become(self, lines: list[str]) -> None:
        """Say these lines and no others."""
        self._put(0, len(self._lines), lines)
        self._ends[-1] = self._ends[-1] or self._end

    def say(self, body: str) -> None:
        """Another body; blank lines between it and the front matter stay."""
        start = self._bounds()[1] + 1
        first = start
        while start < len(self._lines) and not self._lines[start].strip():
            start += 1
        gap = [""] if start == first else []
        self._put(start, len(self._lines), [*gap, *body.split("\n")])
        if not self._ends[-1]:
            self._ends[-1] = self._end

    def _bounds(self) -> tuple[int, int]:
        """The lines with --- and ---; a file without any is given both."""
        rest = (number for number, line in enumerate(self._lines) if line.strip())
        first = next(rest, 0)
        if not self._lines or not _is_mark(self._lines[first]):
            self._lines[:0], self._ends[:0] = ["---", "---", ""], [self._end] * 3
            return 0, 1
        return first, next(n for n in range(first + 1, len(self._lines)) if _is_mark(self._lines[n]))

    def _put(self, start: int, end: int, lines: list[str]) -> None:
        """Other lines in the place of some; those that are the same keep their ends."""
        ends = self._ends_of(lines, self._lines[start:end], self._ends[start:end])
        ends = [one or self._end for one in ends[:-1]] + ends[-1:]
        if start and lines and not self._ends[start - 1]:
            self._ends[start - 1] = self._end
        self._lines[start:end], self._ends[start:end] = lines, ends

    def _ends_of(self, lines: list[str], old: list[str], old_ends: list[str]) -> list[str]:
        """Which ends other lines have: where all are of one kind, and where too much is new, that of the file."""
        head, tail = shared_ends(old, lines)
        middle = len(lines) - head - tail
        ends = old_ends[:head] + [self._end] * middle + old_ends[len(old) - tail :]
        if len(set(filter(None, self._ends))) == 1 or len(old) - head - tail + middle > MOST:
            return ends
        rest = old[head : len(old) - tail], lines[head : len(lines) - tail]
        for a, b, size in SequenceMatcher(None, *rest, autojunk=False).get_matching_blocks():
            ends[head + b : head + b + size] = old_ends[head + a : head + a + size]
        return ends


def _is_mark(line: str) -> bool:
    return re.fullmatch(r"-{3,}\s*", line) is not None


def _written(front: str, key: str, value: Value | None) -> str:
    """The front matter with one value changed, put in, or taken out."""
    root = source.composed(front)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    if isinstance(root, yaml.MappingNode) and root.flow_style:
        return _anew(front, key, value)  # {title: …} in braces: there are no lines to keep
    found = next(((name, node) for name, node in pairs if name.value.strip() == key), None)
    if found is None:
        return front if value is None else _with_new(front, pairs, key, value)
    name, node = found
    if isinstance(value, str) and isinstance(node, yaml.ScalarNode):
        return _spliced(front, node, _scalar(value, node.style))
    if isinstance(value, list) and isinstance(node, yaml.SequenceNode) and node.flow_style:
        return _spliced(front, node, _dumped("k", _in_one_line(value))[0].removeprefix("k: "))
    lines, start, end = front.split("\n"), _line(front, name.start_mark), _last_line(front, node) + 1
    if isinstance(value, list) and value and isinstance(node, yaml.SequenceNode):
        lines[start:end] = _edited(lines[start:end], key, value)
    else:
        lines[start:end] = [] if value is None else _dumped(key, value)
    return "\n".join(lines)


def _with_new(front: str, pairs: list[tuple[yaml.Node, yaml.Node]], key: str, value: Value) -> str:
    """After the nearest key that usually stands before it, else at the end."""
    rank = KEYS.index(key) if key in KEYS else len(KEYS)
    before = [node for name, node in pairs if name.value in KEYS and KEYS.index(name.value) < rank]
    lines = front.split("\n") if front else []
    at = max((_last_line(front, node) + 1 for node in before), default=0 if pairs else len(lines))
    lines[at:at] = _dumped(key, value)
    return "\n".join(lines)


def _line(front: str, mark: yaml.Mark) -> int:
    """Counted as editors do: YAML knows other breaks besides."""
    return front.count("\n", 0, mark.index)


def _last_line(front: str, node: yaml.Node) -> int:
    """The last line of a value; what comes after it, comments and blank lines, is not its own."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        return front.count("\n", 0, _end(front, node))
    children = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
    return max((_last_line(front, child) for child in children), default=_line(front, node.start_mark))


def _end(front: str, node: yaml.Node) -> int:
    """Where the text of a scalar or a list in brackets ends."""
    start, end = node.start_mark.index, node.end_mark.index
    is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return start + len(front[start:end].rstrip()) if is_block else end


def _spliced(front: str, node: yaml.Node, text: str) -> str:
    """One value in the place of another; what stands around it stays."""
    start, end = node.start_mark.index, _end(front, node)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        head = front[start:end].partition("\n")[0]
        text += head.lstrip("|>+-0123456789").rstrip()  # a comment beside the mark
    return front[:start] + (" " if start == end else "") + text + front[end:]


def _scalar(value: str, style: str | None) -> str:
    """A text on one line, in the quotes that were there; without any where none are needed."""
    line = _dumped("k", _QUOTED.get(style or "", str)(value))
    return line[0].removeprefix("k: ") if len(line) == 1 else _dumped("k", DoubleQuotedScalarString(value))[0][3:]


def _in_one_line(value: Value) -> CommentedSeq | CommentedMap | str:
    """A list or a mapping in brackets; what ruamel.yaml leaves bare there PyYAML may refuse: `[0?]`."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else SingleQuotedScalarString(value)
    made: CommentedSeq | CommentedMap
    if isinstance(value, dict):
        made = CommentedMap({_in_one_line(key): _in_one_line(one) for key, one in value.items()})
    else:
        made = CommentedSeq([_in_one_line(one) for one in value])
    made.fa.set_flow_style()
    return made


def _edited(lines: list[str], key: str, value: list[Value]) -> list[str]:
    """A list on lines of its own: entries that stay keep their comments."""
    tool = _tool(*_indent_of(lines))
    loaded = tool.load("\n".join(lines))
    held: CommentedSeq = loaded[key]
    old = [_plain(entry) for entry in held]
    both = [repr(entry) for entry in old], [repr(entry) for entry in value]
    for deed, a, b, c, d in reversed(SequenceMatcher(None, *both, autojunk=False).get_opcodes()):
        if deed != "equal":
            for number in reversed(range(a, b)):
                del held[number]
            for offset, entry in enumerate(value[c:d]):
                held.insert(a + offset, entry)
    return _text_of(tool, loaded)


def _indent_of(lines: list[str]) -> tuple[int, int]:
    """How far entries of a list are moved in, and how far the hyphen before them."""
    found = next((match for line in lines if (match := re.match(r"( *)-( *)", line))), None)
    offset, gap = (len(found[1]), len(found[2]) or 1) if found else (0, 1)
    return offset + 1 + gap, offset


def _plain(entry: object) -> Value:
    if isinstance(entry, dict):
        return {str(key): _plain(value) for key, value in entry.items()}
    return (
        [_plain(one) for one in entry] if isinstance(entry, list) else str(entry if entry is not None else "").strip()
    )


def _anew(front: str, key: str, value: Value | None) -> str:
    tool = _tool(4, 2)
    loaded = tool.load(front)
    if value is None:
        loaded.pop(key, None)
    else:
        loaded[key] = _in_one_line(value)
    return "\n".join(_text_of(tool, loaded))


def _dumped(key: str, value: Value) -> list[str]:
    return _text_of(_tool(4, 2), {key: value})


def _text_of(tool: YAML, loaded: object) -> list[str]:
    out = io.StringIO()
    tool.dump(loaded, out)
    return out.getvalue().rstrip("\n").split("\n")


def _tool(sequence: int, offset: int) -> YAML:
    tool = YAML(typ="rt")
    tool.preserve_quotes = True
    tool.allow_unicode = True
    tool.width = 1_000_000
    tool.indent(mapping=2, sequence=sequence, offset=offset)
    return tool
