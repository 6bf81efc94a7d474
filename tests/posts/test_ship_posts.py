"""The posts that come with the site."""

from pathlib import Path

import pytest

from app.config import ROOT
from app.kit import clock
from app.kit.markup import Embed
from app.posts.front_matter import Kind
from app.posts.post import Post
from app.posts.shelf import Shelf


@pytest.fixture
def shipped(tmp_path: Path) -> Shelf:
    shelf = Shelf((ROOT / "posts",), tmp_path)
    shelf.refresh()
    return shelf


def test_they_are_without_a_fault_or_a_warning(shipped: Shelf) -> None:
    assert [str(problem) for problem in shipped.problems()] == []


def test_six_to_eight_are_german_and_two_of_them_are_in_english_too(shipped: Shelf) -> None:
    now = clock.now()
    assert 6 <= len(shipped.public(now, "de")) <= 8
    english = shipped.public(now, "en")
    assert len(english) == 2
    assert all(originals(shipped, post) for post in english)


def originals(shelf: Shelf, post: Post) -> list[Post]:
    return [other for other in shelf.translations(post, clock.now()) if other.lang == "de"]


def test_two_guest_posts_have_two_authors_with_roles_each(shipped: Shelf) -> None:
    guests = [post for post in shipped.public(clock.now()) if post.kind is Kind.GUEST]
    assert [post.organisation_slug for post in guests] == ["o2", "o2"]
    assert all(len(post.authors) == 2 and all(a.role for a in post.authors) for post in guests)


def test_some_of_them_embed_the_form_and_the_number(shipped: Shelf) -> None:
    posts = shipped.public(clock.now())
    assert any(Embed.COMPLAINT_FORM in post.body.parts for post in posts)
    assert any(Embed.COUNTER in post.body.parts for post in posts)
