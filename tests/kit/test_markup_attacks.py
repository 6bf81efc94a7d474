"""What is thrown at comment forms comes out harmless, visible and quickly."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.kit.markup import COMMENT_MAX, Embed, comment, post
from app.kit.markup.comment import ALLOWED
from app.kit.markup.text import clean
from tests.cpu import STEEP, cpu_seconds, growth, own_garbage_only

FAR_TOO_LONG = 5.0  # CPU seconds for one text; the slowest takes a sixteenth of that, and `make bench` tells

VOID = {"br", "hr", "img"}
COMMENT_TAGS: dict[str, set[str]] = {
    **{tag: set() for tag in ("p", "br", "em", "strong", "pre", "blockquote", "ul", "ol", "li")},
    "code": {"class"},
    "a": {"href", "rel"},
}
POST_TAGS: dict[str, set[str]] = COMMENT_TAGS | {
    **{tag: set() for tag in ("hr", "table", "thead", "tbody", "tr")},
    **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "li", "sup")},
    "a": {"href", "title", "rel", "class"},
    "img": {"src", "alt", "title"},
    "td": {"align"},
    "th": {"align"},
    "div": {"class", "tabindex", "role"},
}
Judge = Callable[[str], str]


@pytest.fixture(scope="module", autouse=True)
def _own_garbage_only() -> Iterator[None]:
    with own_garbage_only():
        yield


class StrictReader(HTMLParser):
    """Reads like a person (text, list numbers, where links lead) and refuses what is not allowed."""

    def __init__(self, allowed: dict[str, set[str]], *, same_site: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed, self.same_site = allowed, same_site
        self.open: list[str] = []
        self.targets: list[str] = []
        self.numbers: list[int] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.allowed, tag
        values = dict(attrs)
        assert len(values) == len(attrs)
        assert set(values) <= self.allowed[tag], attrs
        for name in ("href", "src"):
            if name in values:
                self._check_address(name, values[name] or "")
        if tag == "a":
            self.targets.append(f"{values.get('href') or ''} {values.get('title') or ''}")
        self._note_what_is_shown(tag, values)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag
        if tag == "a":
            self.seen.append(f" {self.targets.pop()} ")
        if tag == "ol":
            self.numbers.pop()

    def handle_data(self, data: str) -> None:
        self.seen.append(data)

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        pytest.fail(f"a processing instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        pytest.fail(f"a declaration: {data}")

    def _check_address(self, name: str, address: str) -> None:
        if name == "href" and re.match("(?:https?://[^/]|mailto:[^/])", address):
            return
        assert self.same_site, address
        assert not re.match(r"[\s\x00-\x20]*(?:[^/?#]*:|[/\\]{2})", address), address

    def _note_what_is_shown(self, tag: str, values: dict[str, str | None]) -> None:
        if tag == "ol":
            self.numbers.append(0)
        if tag == "li" and self.numbers and "ol" in self.open and self._is_numbered():
            self.numbers[-1] += 1
            self.seen.append(f" {self.numbers[-1]}. ")
        self.seen.append(" ".join(values.get(name) or "" for name in ("alt", "src", "class")))

    def _is_numbered(self) -> bool:
        return next(tag for tag in reversed(self.open) if tag in {"ol", "ul"}) == "ol"


def read(html: str, allowed: dict[str, set[str]], *, same_site: bool) -> str:
    reader = StrictReader(allowed, same_site=same_site)
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return "".join(reader.seen)


def read_comment(text: str) -> str:
    html = comment(text)
    assert html.count("<a ") == html.count('rel="nofollow ugc noopener"')
    return read(html, COMMENT_TAGS, same_site=False)


def read_post(text: str) -> str:
    rendered = post(text)
    seen = [
        f"[[{part}]]" if isinstance(part, Embed) else read(part, POST_TAGS, same_site=True) for part in rendered.parts
    ]
    return " ".join([rendered.first_heading or "", *seen])


def lost_word(text: str, seen: str) -> str | None:
    """The first run of letters and digits that is not seen in its place."""
    at = 0
    word: str
    for word in re.findall(r"[^\W_]+", clean(text)):
        found = seen.find(word, at)
        if found < 0:
            return word
        at = found + len(word)
    return None


def hostile_strings(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            yield str(json.loads(line)["s"])[:COMMENT_MAX]


@pytest.mark.parametrize("judge", [read_comment, read_post])
def test_every_hostile_string_is_harmless_and_stays_visible(shared: Path, judge: Judge) -> None:
    lost, times = [], []
    for text in hostile_strings(shared / "data" / "security"):
        seen, seconds = cpu_seconds(partial(judge, text), FAR_TOO_LONG)
        times.append((seconds, text[:60]))
        if word := lost_word(text, seen):
            lost.append((word, text))
    print(f"{judge.__name__}: {len(times)} strings, {sum(t for t, _ in times):.1f} s, slowest {max(times)}")
    assert lost == []
    assert len(times) > 7000
    assert max(times)[0] < FAR_TOO_LONG


def full(unit: str) -> str:
    return (unit * COMMENT_MAX)[:COMMENT_MAX]


UNITS = [
    *("[a", "![![", "[ a_", "> ", "* ", "_", "*", "`", "``` \n", "~~~a\n", "```a\n~~~a\n", "<!-- <!--"),
    *("<![CDATA[", "**a ", "*a _b ", "***a ", "a*b*", "a* ", "__a ", "[^", "[^1]", "[", "]", "[](", "[a]("),
    *("[a](https://x", "[a](https://x(", "![a](https://x", '[a](https://x "', "https://", "https://x.de "),
    *("https://x))", "https://a(", "http://[", "mailto:a ", "&", "<", "&lt;", "\n", "\n\n", "a\n", "a\n\n"),
    *("- a\n", "-\n", "1. ", "1. a\n", "1. 1. ", "> a\n", "> a\n\n", "a\n> b\n", ">", "- a\n\n", "    a\n\n"),
    *("\t", "\\", "\\*", "\\`", "`a` ", "`a", "a`b``", "\x02klzzwxh:0000\x03", "|a", "a|b\n-|-\n", "# a\n"),
    *("a\n=\n", "---\n\n", "[1]: https://x\n", "[^a]: b\n", '"', "\"'", "--", "[[counter]]\n\n", "\u202e"),
    *("a\u0301", "* * *\n", "*_", "_*", "*a**b", "~~~~~~\n", "x_", ">- ", "- > ", "1. > ", "- 1. "),
]
TOWERS = [
    "".join(">" * depth + "a\n" for depth in range(1, 98)),
    "".join("    " * depth + "- a\n" for depth in range(48)),
    "".join("    " * depth + "1. a\n\n" for depth in range(47)),
    "".join("`" * length + " " for length in range(1, 98)),
    "".join("`" * length + "\n" for length in range(3, 98)),
    "".join("*" * length + "a" for length in range(1, 98)),
    "".join("_" * length + "a " for length in range(1, 97)),
    "*" * 2499 + "a" + "*" * 2499,
    "_" * 2499 + "a" + "_" * 2499,
    "[" * 2500 + "]" * 2500,
    "https://x" + "(" * 2490 + ")" * 2490,
    "https://x" + ".)" * 2490,
    "> " * 1200 + "a\n" + "> " * 1200 + "b",
    "**a _b " * 300 + "c_ d** " * 300,
]


@pytest.mark.parametrize("judge", [read_comment, read_post])
@pytest.mark.parametrize("text", [*UNITS, *TOWERS])
def test_every_attack_is_harmless(judge: Judge, text: str) -> None:
    judge((text * 20)[:COMMENT_MAX])


@pytest.mark.parametrize("render", [comment, post])
def test_no_text_costs_more_and_more_for_each_repetition(render: Callable[[str], object]) -> None:
    grown = [(growth(lambda length: render(full(unit)[:length]), COMMENT_MAX), unit) for unit in UNITS]  # noqa: B023 -- asked at once
    print(f"{render.__name__}: steepest {sorted(grown, reverse=True)[:5]}")
    assert max(grown)[0] < STEEP


@pytest.mark.parametrize("render", [comment, post])
def test_no_tower_of_nested_signs_takes_seconds(render: Callable[[str], object]) -> None:
    times = []
    for text in TOWERS:
        assert len(text) <= COMMENT_MAX
        _, seconds = cpu_seconds(partial(render, text), FAR_TOO_LONG)
        times.append((seconds, text[:20]))
    print(f"{render.__name__}: slowest {sorted(times, reverse=True)[:5]}")
    assert max(times)[0] < FAR_TOO_LONG


@pytest.mark.parametrize("text", [full(unit) for unit in ("> ", "* ", "- > ", "1. > ")])
def test_nesting_stops_and_what_is_deeper_stays_text(text: str) -> None:
    html = comment(text + "Ende"[: COMMENT_MAX - len(text)])
    assert max(html.count("<blockquote>"), html.count("<li>")) <= 10
    assert text.count(">") == html.count("<blockquote>") + html.count("&gt;")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "javascript:123",
        "JaVaScRiPt:alert",
        "java&#10;script:alert",
        "javascript&colon;alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "https://o2.de@evil.example/",
        "https:evil",
        "http://",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "ftp://x.example",
        "https://[::1",
        "mailto:",
    ],
)
def test_a_link_to_where_none_may_lead_stays_text(address: str) -> None:
    assert "<a" not in comment(f"[hier]({address})")
    assert "<a" not in post(f"[hier]({address})").html
    assert "<img" not in post(f"![hier]({address})").html


def test_comments_link_nowhere_inside_the_site() -> None:
    assert "<a" not in comment("[hier](/desk/sign-in) [da](posts/x) [dort](#form)")


def test_either_wall_alone_stops_what_markdown_never_writes() -> None:
    bad = '<p onclick="x()">a<script>b</script><a href="javascript:123">c</a><img src=x onerror=d></p>'
    for wall in (ALLOWED.first_wall, ALLOWED.second_wall):
        left = wall.clean(bad)
        assert not re.search("onclick|<script|javascript|<img|onerror", left), left
        assert "c" in left


def test_many_threads_render_at_once_without_mixing_their_texts() -> None:
    wrong: list[str] = []

    def render(number: int) -> None:
        for turn in range(30):
            text = f"**{number}** `{turn}`"
            if comment(text) != f"<p><strong>{number}</strong> <code>{turn}</code></p>":
                wrong.append(text)

    threads = [threading.Thread(target=render, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
