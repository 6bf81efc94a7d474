"""The writer of front matter: what is to change changes, every other byte stays."""

import difflib
import random
import string
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.posts import source
from app.posts.problem import Fault
from app.posts.writing import changed

FILE = """---
# what the team agreed on, 12 November
title: "Wir sind kein Einzelfall"   # short!
slug: wir-sind
date: 2011-11-12T20:00+01:00
tags: [Netz, 'O2']
authors:
  - name: Anna   # speaks to the press
    role: Redaktion

  # and who helped
  - Ben
summary: >-
  Ein langer
  Satz.
# the end
---

# Ein Text

Mit zwei Absätzen.
"""


def lines_that_differ(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """What `git diff` shows: lines gone, lines that came."""
    told = list(difflib.ndiff(before.decode().splitlines(keepends=True), after.decode().splitlines(keepends=True)))
    return [line[2:] for line in told if line[0] == "-"], [line[2:] for line in told if line[0] == "+"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_changed_title_is_one_line_whatever_ends_lines(end: str, mark: str) -> None:
    before = (mark + FILE.replace("\n", end)).encode()
    gone, come = lines_that_differ(before, changed(before, {"title": "Ein neuer Titel"}))
    assert gone == [f'title: "Wir sind kein Einzelfall"   # short!{end}']
    assert come == [f'title: "Ein neuer Titel"   # short!{end}']


@pytest.mark.parametrize(
    ("key", "value", "gone", "come"),
    [
        ("date", "2011-11-13T08:00+01:00", ["date: 2011-11-12T20:00+01:00\n"], ["date: 2011-11-13T08:00+01:00\n"]),
        ("summary", "Kurz: so.", ["summary: >-\n", "  Ein langer\n", "  Satz.\n"], ["summary: 'Kurz: so.'\n"]),
        ("tags", ["Netz", "a, b"], ["tags: [Netz, 'O2']\n"], ["tags: [Netz, 'a, b']\n"]),
        ("tags", None, ["tags: [Netz, 'O2']\n"], []),
        ("status", "draft", [], ["status: draft\n"]),
        (
            "authors",
            [{"name": "Anna", "role": "Redaktion"}, "Ben", {"name": "Cem", "role": "Technik"}],
            [],
            ["  - name: Cem\n", "    role: Technik\n"],
        ),
        ("authors", [{"name": "Anna", "role": "Redaktion"}], ["  - Ben\n"], []),
        ("own_key", "Wert", [], ["own_key: Wert\n"]),
    ],
)
def test_only_the_lines_of_a_value_are_written_anew(
    key: str, value: source.Value | None, gone: list[str], come: list[str]
) -> None:
    assert lines_that_differ(FILE.encode(), changed(FILE.encode(), {key: value})) == (gone, come)


def test_another_body_leaves_the_front_matter_and_lines_that_stay() -> None:
    after = changed(FILE.encode(), {}, "# Ein Text\n\nMit drei Absätzen.\n")
    assert lines_that_differ(FILE.encode(), after) == (["Mit zwei Absätzen.\n"], ["Mit drei Absätzen.\n"])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_body_of_lines_that_are_all_alike_takes_no_longer_than_another(end: str) -> None:
    chance = random.Random(1)
    old, new = ("\n".join(chance.choice("ab") for _ in range(4900)) for _ in range(2))
    data = f"---\ntitle: x{end}---{end}\n{old}\n".encode()
    before = time.process_time()
    made = changed(data, {}, new)
    assert time.process_time() - before < 1
    assert source.read(made).body.strip() == new


def test_mixed_line_ends_stay_with_their_lines() -> None:
    made = changed(b"---\ntitle: x\r\n---\n\none\r\ntwo\nthree\r\nfour\n", {}, "one\nnew\ntwo\nthree\nend")
    assert made == b"---\ntitle: x\r\n---\n\none\r\nnew\ntwo\nthree\r\nend\n"


def test_nothing_to_change_leaves_every_byte() -> None:
    assert changed(FILE.encode(), {"slug": "wir-sind"}, "# Ein Text\n\nMit zwei Absätzen.") == FILE.encode()


def test_a_file_without_front_matter_is_given_one() -> None:
    made = changed(b"# Nur Text\n", {"title": "Mit Titel", "status": "draft"})
    assert made == b"---\ntitle: Mit Titel\nstatus: draft\n---\n\n# Nur Text\n"


def test_front_matter_in_braces_is_written_as_a_whole() -> None:
    made = changed(b"---\n{title: Alt, date: 2011-11-12}\n---\nText\n", {"title": "Neu"})
    assert source.read(made).values == {"title": "Neu", "date": "2011-11-12"}


def test_front_matter_in_braces_takes_a_title_that_asks() -> None:
    made = changed(b"---\n{title: Alt, tags: [a]}\n---\nText\n", {"title": "Netz?", "authors": [{"name": "A?"}]})
    assert source.read(made).values == {"title": "Netz?", "tags": ["a"], "authors": [{"name": "A?"}]}


@pytest.mark.parametrize("body", ["---\nfront: matter\n---\n", "Text"])
def test_a_file_that_cannot_be_read_is_not_written(body: str) -> None:
    with pytest.raises(Fault):
        changed(b"---\ntitle: [\n---\n" + body.encode(), {"title": "Neu"})


# whatever people write

WORD = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cf", "Cn", "Co")), min_size=1).map(
    lambda text: " ".join(text.split())
)
VALUES = WORD.filter(bool)
KEYS = st.sampled_from(["title", "slug", "summary", "date", "own", "authors", "lang"])
PLAIN = st.text(string.ascii_letters + "äöüß", min_size=1, max_size=20)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, dict[str, list[str]]]:
    """A file in any of the ways in which people write them, and the lines of each key."""
    lines: dict[str, list[str]] = {}
    for key in draw(st.lists(KEYS, unique=True, min_size=1)):
        value, comment = draw(PLAIN), draw(st.sampled_from(["", " # so", "  #: noch"]))
        lines[key] = draw(
            st.sampled_from(
                [
                    [f"{key}: {value}{comment}"],
                    [f"{key}:   '{value}'{comment}"],
                    [f'{key}: "{value}"{comment}'],
                    [f"{key}:{comment}", f"  {value}"],
                    [f"{key}: >{comment}", f"  {value}", f"  {value}"],
                    [f"{key}: |-", f"    {value}", "", f"    {value}"],
                    [f"{key}: {value}", f"  und {value}{comment}"],
                    [f"{key}:", f"- {value}{comment}", "# dazwischen", f"- {value}"],
                    [f"{key}: [{value}, '{value}']{comment}"],
                    [f"{key}:{comment}"],
                ]
            )
        )
    told = [line for one in lines.values() for line in [*draw(st.sampled_from([[], [""], ["# Satz"]])), *one]]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join([draw(st.sampled_from(["", "\ufeff"])) + "---", *told, "---", "", "Ein Text.", ""])
    return text.encode(), lines


FLOW = b"---\ntitle: [A, 'A']\nslug: A\n---\n\nEin Text.\n", {"title": ["title: [A, 'A']"], "slug": ["slug: A"]}


@example(FLOW, {"title": ["0?"]})
@example(FLOW, {"title": ["a?b", "?", "-", "a: b", "a:b", "#x", "a #x", "it's", "*a", "&a", "!a", "{}", "]", "~"]})
@example((b"---\ntitle: [A, 'B']\n---\n\nEin Text.\n", {"title": ["title: [A, 'B']"]}), {"title": ["0?", "a:", "b"]})
@given(files(), st.dictionaries(KEYS, VALUES | st.none() | st.lists(VALUES, min_size=1, max_size=3), min_size=1))
def test_what_is_read_of_what_was_written_has_exactly_the_changes(
    file: tuple[bytes, dict[str, list[str]]], changes: dict[str, source.Value | None]
) -> None:
    before, lines = file
    after = changed(before, changes)
    wanted = {**source.read(before).values, **changes}
    assert source.read(after).values == {key: value for key, value in wanted.items() if value is not None}
    kept = list(before.decode().splitlines(keepends=True))
    own = {line for key in changes for line in lines.get(key, [])}
    left = iter(after.decode().splitlines(keepends=True))
    others = [line for line in kept if line.rstrip("\r\n") not in own or not line.strip()]
    assert all(any(line == other for other in left) for line in others if line.strip()), "another line has changed"
