"""What an editor writes above a post, and what the site answers."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.posts import reading
from app.posts.front_matter import Comments, Kind, Status
from app.posts.post import UNDATED, Post
from app.posts.problem import Problem

from .folder import markdown

PATH = Path("ein-fall.md")


def read(text: str | bytes) -> reading.Reading:
    return reading.read(PATH, text if isinstance(text, bytes) else text.encode())


def good(text: str) -> Post:
    found = read(text)
    assert found.post, found.problems
    assert found.problems == ()
    return found.post


def fault(text: str | bytes) -> Problem:
    found = read(text)
    assert found.post is None
    [problem] = [problem for problem in found.problems if problem.is_fatal]
    return problem


def test_every_key_arrives_as_it_was_written() -> None:
    post = good("""---
title: "Zur Lage: unser Netz"
slug: zur-lage
date: 2011-11-29T10:00:00+01:00
updated: 2011-11-30 09:00 +01:00
status: archived
kind: guest
lang: de
organisation: O2
authors:
  - name: Gregor Ö.
    role: Leiter Netz
  - Friederike
summary: Kurz gesagt.
tags: [Netz, Köln/Bonn, Netz]
image: /static/mast.webp
image_alt: Ein Mast
comments: off
comment_policy: all
aliases: [/alt, alter-name]
translation_of: the-state
mood: angry
---
Text.
""")
    assert (post.title, post.slug, post.lang) == ("Zur Lage: unser Netz", "zur-lage", "de")
    assert post.date == datetime(2011, 11, 29, 9, tzinfo=UTC)
    assert post.updated == datetime(2011, 11, 30, 8, tzinfo=UTC)
    assert (post.status, post.kind, post.comments) == (Status.ARCHIVED, Kind.GUEST, Comments.OFF)
    assert post.comment_policy == "all"
    assert (post.organisation, post.organisation_slug) == ("O2", "o2")
    assert [(a.name, a.role, a.slug) for a in post.authors] == [
        ("Gregor Ö.", "Leiter Netz", "gregor-oe"),
        ("Friederike", "", "friederike"),
    ]
    assert [tag.slug for tag in post.tags] == ["netz", "koeln-bonn"]
    assert post.aliases == ("/alt", "/posts/alter-name")
    assert (post.summary, post.image, post.image_alt) == ("Kurz gesagt.", "/static/mast.webp", "Ein Mast")
    assert (post.translation_of, dict(post.extra)) == ("the-state", {"mood": "angry"})


def test_a_post_without_front_matter_of_its_own_takes_heading_file_name_and_first_words() -> None:
    post = good(markdown("# Wir *sind* viele\n\nUnd wir werden mehr.", title=""))
    assert (post.title, post.slug) == ("Wir sind viele", "ein-fall")
    assert post.summary == "Und wir werden mehr."
    assert "<h1" not in post.body.html


def test_windows_line_ends_a_byte_order_mark_and_empty_values_are_welcome() -> None:
    text = markdown(tags=" ", image=" ", authors="Redaktion").replace("\n", "\r\n")
    post = good("\ufeff" + text)
    assert (post.tags, post.image, post.authors[0].name) == ((), None, "Redaktion")


def test_a_draft_needs_no_date_and_is_never_public() -> None:
    post = good(markdown(date="", status="draft"))
    assert post.date == UNDATED
    assert not post.is_public_at(datetime(2999, 12, 31, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("keys", "line", "reason"),
    [
        ({"date": "2011-11-12"}, 3, "needs a time with its zone, as in 2011-11-12T00:00+01:00"),
        ({"date": "2011-11-12T20:00"}, 3, "needs a time with its zone, as in 2011-11-12T20:00+01:00"),
        ({"date": "gestern"}, 3, "date “gestern” is not a date"),
        ({"date": "0001-01-01T00:00+14:00"}, 3, "is not a date"),
        ({"date": "3000-01-01T00:00Z"}, 3, "lies outside the years"),
        ({"date": ""}, 1, "A post that is published needs a date"),
        (
            {"status": "publishd"},
            4,
            "must be one of draft, published or archived; published was probably meant",
        ),
        ({"kind": "guest"}, 4, "needs the organisation whose view it is"),
        ({"lang": "fr"}, 4, "must be one of de or en"),
        ({"comment_policy": "alle"}, 4, "must be one of open, judged or all; all was probably meant"),
        ({"comments": "judged"}, 4, "who reads a comment first is said by comment_policy"),
        ({"slug": "Über uns"}, 4, "as in “ueber-uns”"),
        ({"slug": "../../etc/passwd"}, 4, "may hold only a–z"),
        ({"image": "https://elsewhere.example/x.png"}, 4, "must be a path on this site"),
        ({"image": "//elsewhere.example/x.png"}, 4, "must be a path on this site"),
        ({"aliases": "[//elsewhere.example]"}, 4, "must be paths on this site"),
        ({"aliases": "['/\\elsewhere.example']"}, 4, "must be paths on this site"),
        ({"summary": "[a, b]"}, 4, "summary must be text, not a list"),
        ({"authors": "[{role: Chefin}]"}, 4, "needs a name in each entry"),
        ({"authors": "[{name: Thea, rolle: Chefin}]"}, 4, "not “rolle”"),
        ({"tags": "{a: b}"}, 4, "tags must be a list"),
        ({"summary": '"a\\u202Eb"'}, 4, "invisible control character"),
        ({"summary": '"a\\0b"'}, 4, "invisible control character"),
        ({"summary": '"\\uD800"'}, 4, "invisible control character"),
        ({"summary": "&x a", "tags": "*x"}, 5, "aliases (*name) are not supported"),
        ({"summary": "[[[[[[[[[[deep]]]]]]]]]]"}, 4, "nested too deeply"),
        ({"summary": "a: b"}, 4, "not valid YAML"),
        ({"summary": '"open'}, 4, "not valid YAML"),
        ({"summary": "x" * 20_000}, 1, "longer than 16,384"),
    ],
)
def test_a_fault_names_its_line_and_says_what_is_expected(keys: dict[str, str], line: int, reason: str) -> None:
    problem = fault(markdown(**keys))
    assert reason in problem.reason
    assert problem.line == line


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", None, "empty"),
        (b" \n\n", None, "empty"),
        (b"---\ntitle: x\n", 1, "never closed"),
        (b"---\n- a\n---\n", 2, "key: value"),
        (b"---\ntitle: a\ntitle: b\n---\n", 3, "it stands in line 2 already"),
        (b"# A\n\nok\n\xff\n", 4, "not UTF-8"),
        (b"# A\n\n\0\n", 3, "NUL"),
        (b"x" * 262_145, None, "262,145 bytes"),
        (b"# a\n" * 5_001, 5_000, "goes on after this line"),
        (b"---\ndate: 2011-11-12T20:00Z\n---\nno title", 1, "no title"),
        (b'---\ntitle: "\\U00110000"\n---\n', 2, "YAML does not allow"),
        (b"---\ntitle: a\nb: \x07\n---\n", 3, "character that YAML does not allow"),
        (b"---\n? [a]\n: b\n---\n", 2, "plain word"),
    ],
)
def test_a_file_that_is_no_post_is_a_fault(data: bytes, line: int | None, reason: str) -> None:
    problem = fault(data)
    assert reason in problem.reason
    assert problem.line == line


def test_several_faults_are_all_named() -> None:
    found = read(markdown(date="gestern", kind="essay", slug="A B"))
    assert sorted(problem.line or 0 for problem in found.problems) == [3, 4, 5]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("autors", "authors"),
        ("Title", "title"),
        ("image-alt", "image_alt"),
        ("draft", "status"),
        ("datum", "date"),
    ],
)
def test_a_likely_typo_is_named_and_the_key_is_kept(key: str, meant: str) -> None:
    found = read(markdown(**{key: "x"}))
    assert found.post
    assert found.post.extra == {key: "x"}
    [warning] = found.problems
    assert (warning.line, warning.is_fatal) == (4, False)
    assert f"{key} → {meant}?" in warning.reason


def test_an_unknown_key_like_no_other_is_kept_without_a_word() -> None:
    assert good(markdown(wetter="Regen")).extra == {"wetter": "Regen"}


def test_a_misspelt_embed_and_a_picture_without_words_are_remarked_upon() -> None:
    found = read(markdown("Hier:\n\n[[complaintform]]", image="/static/x.png"))
    assert found.post
    assert [(problem.line, problem.is_fatal) for problem in found.problems] == [(4, False), (9, False)]
    assert "[[complaint-form]] and [[counter]]" in found.problems[1].reason


def test_a_yaml_bomb_is_refused_at_its_first_alias() -> None:
    bomb = "---\na: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefghi"))
    assert fault(bomb + "---\nText").line == 3


def test_no_tag_of_yaml_builds_an_object() -> None:
    post = good(markdown(mood="!!python/object/apply:os.system ['true']"))
    assert post.extra == {"mood": ["true"]}


TOKENS = "---\n|\n|title: |date: |2011-11-12T20:00+01:00|tags: [|]|{|}|- |*a|&a |!!x |# H\n|[[counter]]|'|\"|\\|\t"
PIECES = st.sampled_from([*TOKENS.split("|"), "authors:\n", "  - name: x\n", "? ", ": ", "|\n", "<<: "])


@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join))
def test_whatever_is_written_the_answer_is_a_post_or_a_fault(text: str) -> None:
    answers_with_a_post_or_a_fault(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda data: b"---\n" + data + b"\n---\nText"))
def test_whatever_the_bytes_are_the_answer_is_a_post_or_a_fault(data: bytes) -> None:
    answers_with_a_post_or_a_fault(data)


def answers_with_a_post_or_a_fault(data: bytes) -> None:
    found = read(data)
    assert (found.post is None) == any(problem.is_fatal for problem in found.problems)
    assert all(problem.reason.endswith((".", "?")) for problem in found.problems)
