"""Which posts stand on the shelf, in which order, for whom and when."""

from datetime import timedelta
from pathlib import Path

from app.posts.shelf import Shelf

from .folder import EARLY, LATE, NOW, write


def slugs(posts: tuple[object, ...]) -> list[str]:
    return [post.slug for post in posts]  # type: ignore[attr-defined]  # posts


def reasons(shelf: Shelf) -> list[str]:
    return [problem.reason for problem in shelf.problems()]


def test_lists_are_newest_first_and_hold_what_is_published(shelf: Shelf, folder: Path) -> None:
    write(folder, "alt.md", date="2011-11-12T20:00Z")
    write(folder, "neu.md", date="2011-11-20T20:00Z")
    write(folder, "entwurf.md", date="2011-11-20T20:00Z", status="draft")
    write(folder, "archiv.md", date="2011-11-20T20:00Z", status="archived")
    assert slugs(shelf.public(NOW)) == ["neu", "alt"]
    assert shelf.get("archiv", NOW)
    assert not shelf.get("entwurf", NOW)
    assert shelf.find("entwurf")


def test_a_date_in_the_future_opens_by_the_clock(shelf: Shelf, folder: Path) -> None:
    write(folder, "spaeter.md", date=LATE.isoformat(), tags="[Netz]")
    moment_before = LATE - timedelta(microseconds=1)
    assert not shelf.get("spaeter", moment_before)
    assert not shelf.public(moment_before)
    assert not shelf.listing(moment_before, "de")
    assert not shelf.tagged("netz", moment_before)
    assert shelf.next_change(moment_before) == LATE
    assert shelf.get("spaeter", LATE)
    assert slugs(shelf.public(LATE)) == slugs(shelf.listing(LATE, "de")) == ["spaeter"]
    assert shelf.next_change(LATE) is None


def test_tags_authors_and_organisations_have_lists(shelf: Shelf, folder: Path) -> None:
    keys = {"tags": "[Netz, Köln]", "authors": "[Thea, Ruben]", "kind": "guest", "organisation": "O2"}
    write(folder, "eins.md", **keys)
    write(folder, "zwei.md", tags="[Netz]", date="2011-11-13T20:00Z")
    assert slugs(shelf.tagged("netz", NOW)) == ["zwei", "eins"]
    assert slugs(shelf.tagged("koeln", NOW)) == slugs(shelf.by_author("ruben", NOW)) == ["eins"]
    assert slugs(shelf.of_organisation("o2", NOW)) == ["eins"]
    assert shelf.tagged("nie-gesehen", NOW) == ()


def test_a_list_shows_translations_where_they_exist_and_the_original_elsewhere(shelf: Shelf, folder: Path) -> None:
    write(folder, "anfang.md", tags="[A]")
    write(folder, "beginning.md", lang="en", translation_of="anfang", tags="[A]", date="2011-11-12T21:00Z")
    write(folder, "nur-deutsch.md", date="2011-11-14T20:00Z", tags="[A]")
    write(folder, "later.md", lang="en", translation_of="nur-deutsch", date=LATE.isoformat(), tags="[A]")
    assert slugs(shelf.listing(NOW, "en")) == ["nur-deutsch", "beginning"]
    assert slugs(shelf.listing(NOW, "de")) == slugs(shelf.tagged("a", NOW, "de")) == ["nur-deutsch", "anfang"]
    assert slugs(shelf.listing(LATE, "en")) == slugs(shelf.tagged("a", LATE, "en")) == ["later", "beginning"]
    assert slugs(shelf.public(NOW, "en")) == ["beginning"]
    original = shelf.find("anfang")
    assert original
    assert slugs(shelf.translations(original, NOW)) == ["anfang", "beginning"]
    assert reasons(shelf) == []


def test_a_translation_of_nothing_is_reported_and_shown_all_the_same(shelf: Shelf, folder: Path) -> None:
    write(folder, "lonely.md", lang="en", translation_of="niemand")
    assert slugs(shelf.listing(NOW, "de")) == ["lonely"]
    assert ["niemand" in reason for reason in reasons(shelf)] == [True]


def test_the_post_of_the_instance_wins_over_a_shipped_one(shelf: Shelf, folder: Path, own_folder: Path) -> None:
    write(folder, "a.md", slug="lage", title="Geliefert")
    own = write(own_folder, "z.md", slug="lage", title="Eigen")
    post = shelf.get("lage", NOW)
    assert post
    assert post.title == "Eigen"
    [problem] = shelf.problems()
    assert (problem.path.name, problem.is_fatal) == ("a.md", False)
    own.unlink()
    shelf.refresh()
    back = shelf.get("lage", NOW)
    assert back
    assert back.title == "Geliefert"


def test_a_second_post_with_the_same_slug_is_a_fault(shelf: Shelf, folder: Path) -> None:
    write(folder, "a.md", slug="lage", title="Erste")
    write(folder, "b.md", slug="lage", title="Zweite")
    [problem] = shelf.problems()
    assert (problem.path.name, problem.is_fatal) == ("b.md", True)
    assert "in use by a.md" in problem.reason
    assert [post.title for post in shelf.public(NOW)] == ["Erste"]


def test_an_alias_leads_to_its_post_once_that_is_public(shelf: Shelf, folder: Path) -> None:
    write(folder, "a.md", aliases="[/offener-brief/, frueher, /b%C3%BCro]")
    write(folder, "b.md", aliases="[/offener-brief, /posts/a]", date="2011-11-13T20:00Z")
    write(folder, "c.md", aliases="/kommt", date=LATE.isoformat())
    found = [shelf.alias(path, NOW) for path in ("/offener-brief", "/offener-brief/", "/posts/frueher", "/büro")]
    assert [post and post.slug for post in found] == ["a", "a", "a", "a"]
    assert shelf.alias("/posts/a", NOW) is None
    assert shelf.alias("/kommt", NOW) is None
    assert shelf.alias("/kommt", LATE)
    assert len(reasons(shelf)) == 2


def test_files_that_are_no_posts_stay_off_the_shelf(shelf: Shelf, folder: Path) -> None:
    for name in ("README.md", ".#a.md", "_vorlage.md", "notiz.txt", "a.md~"):
        write(folder, name)
    write(folder / "unter", "tief.md")
    assert (shelf.public(NOW), shelf.problems()) == ((), ())


def test_the_version_tells_content_apart_and_is_the_same_in_every_worker(shelf: Shelf, folder: Path) -> None:
    path = write(folder, "a.md")
    first = shelf.version
    write(folder, "a.md", body="Anders.")
    shelf.refresh()
    second = shelf.version
    path.unlink()
    shelf.refresh()
    assert len({first, second, shelf.version}) == 3
    write(folder, "a.md")
    shelf.refresh()
    assert shelf.version == first
    assert shelf.get("a", EARLY)
