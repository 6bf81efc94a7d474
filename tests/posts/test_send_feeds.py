"""Full texts for feed readers, with a company's view named as such."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.kit.markup import Embed
from app.posts import feeds, reading
from app.posts.post import Post

from .folder import markdown

A = "{http://www.w3.org/2005/Atom}"
BASE = "https://einzelfall.example"
Render = Callable[[list[Post], feeds.Channel], bytes]
LABEL = "Gastbeitrag von O2"


def post(name: str = "lage.md", body: str = "Ein Text.", **keys: str) -> Post:
    found = reading.read(Path(name), markdown(body, **keys).encode()).post
    assert found
    return found


def channel(query: str = "") -> feeds.Channel:
    return feeds.Channel(
        name="Wir sind Einzelfall",
        claim="Nein, wir sind viele.",
        base_url=BASE,
        path="/feed.atom",
        query=query,
        lang="de",
        label=lambda post: LABEL if post.is_guest else None,
        reply_line=lambda _: "Gegendarstellung zu",
        answered=lambda _: None,
        replies=lambda _: (),
        series=lambda _: (),
        guest_notice=lambda post: "Die Sicht des Unternehmens." if post.is_guest else None,
        embed_link=lambda _, embed: "Melden" if embed is Embed.COMPLAINT_FORM else "Zahl",
        checkpoint=None,
    )


def guest() -> Post:
    keys = {
        "authors": "[{name: Gregor, role: Leiter Netz}]",
        "tags": "[Netz]",
        "updated": "2011-12-01T10:00Z",
    }
    return post("gast.md", "Wir bedauern.", kind="guest", organisation="O2", **keys)


def parsed(*posts: Post) -> ET.Element:
    return ET.fromstring(feeds.atom(posts, channel()))  # noqa: S314 -- we wrote it ourselves


def entries(*posts: Post) -> Iterator[ET.Element]:
    return parsed(*posts).iter(f"{A}entry")


def text(element: ET.Element, path: str) -> str:
    found = element.findtext("/".join(A + name for name in path.split("/")))
    assert found is not None, path
    return found


def test_atom_has_what_the_standard_asks_of_a_feed() -> None:
    feed = parsed(post(), guest())
    assert feed.tag == f"{A}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    assert (text(feed, "id"), text(feed, "title")) == (f"{BASE}/", "Wir sind Einzelfall")
    assert text(feed, "updated") == "2011-12-01T10:00:00Z"
    assert text(feed, "author/name") == "Wir sind Einzelfall"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
    assert links == {"self": f"{BASE}/feed.atom", "alternate": f"{BASE}/"}
    ids = [text(entry, "id") for entry in feed.iter(f"{A}entry")]
    assert ids == [f"{BASE}/posts/lage", f"{BASE}/posts/gast"]


def test_every_entry_has_title_times_author_and_full_text() -> None:
    [entry] = entries(post(body="Der *ganze* Text.\n\nBis zum Ende.", title="A & <B>"))
    assert text(entry, "title") == "A & <B>"
    assert text(entry, "published") == text(entry, "updated") == "2011-11-12T19:00:00Z"
    assert text(entry, "author/name") == "Wir sind Einzelfall"
    content = entry.find(f"{A}content")
    assert content is not None
    assert content.get("type") == "html"
    assert "<em>ganze</em>" in (content.text or "")
    assert "Bis zum Ende." in (content.text or "")


def test_a_feed_without_posts_is_still_valid() -> None:
    feed = parsed()
    assert datetime.fromisoformat(text(feed, "updated"))


def test_a_guest_post_is_labelled_in_title_category_and_text() -> None:
    [entry] = entries(guest())
    assert text(entry, "title") == "Gastbeitrag von O2: Ein Titel"
    assert text(entry, "author/name") == "Gregor, Leiter Netz"
    categories = [(c.get("term"), c.get("label")) for c in entry.findall(f"{A}category")]
    assert categories == [("guest", LABEL), ("netz", "Netz")]
    opening = "<p><strong>Gastbeitrag von O2</strong> – Die Sicht des Unternehmens.</p>"
    assert text(entry, "content").startswith(opening)
    [item] = json.loads(feeds.json_feed([guest()], channel()))["items"]
    assert item["title"] == "Gastbeitrag von O2: Ein Titel"
    assert item["tags"] == [LABEL, "Netz"]
    assert item["content_html"].startswith(opening)


def test_embeds_become_links_to_the_post() -> None:
    [entry] = entries(post(body="Vorher.\n\n[[complaint-form]]\n\nNachher.\n\n[[counter]]"))
    content = text(entry, "content")
    assert f'<p><a href="{BASE}/posts/lage">Melden</a></p>' in content
    assert f'<p><a href="{BASE}/posts/lage">Zahl</a></p>' in content
    assert "[[" not in content
    assert content.index("Vorher") < content.index("Melden") < content.index("Nachher")


def test_addresses_in_the_text_are_absolute_and_code_that_shows_some_is_left_alone() -> None:
    body = (
        '[hier](/posts/anfang "a > b") und [dort](https://example.org/x) [oben](#ende)\n\n'
        '![Mast](/static/mast.webp)\n\n`<a href="/echt">`\n\nSatz.[^1]\n\n[^1]: Quelle.'
    )
    content = feeds.full_text(post(body=body), channel())
    assert f'href="{BASE}/posts/anfang"' in content
    assert 'href="https://example.org/x"' in content
    assert f'href="{BASE}/posts/lage#ende"' in content
    assert f'src="{BASE}/static/mast.webp"' in content
    assert 'href="/echt"' in content
    assert f'href="{BASE}/posts/lage#fn' in content


def test_characters_that_xml_forbids_are_left_out() -> None:
    [entry] = entries(post(body="Vor\x01\x0bher \ufffe nach."))
    assert "\x01" not in text(entry, "content")


def test_json_feed_has_what_version_1_1_asks_for() -> None:
    one = post(image="/static/a.png", image_alt="Mast", lang="en", authors="Thea", tags="[A B]")
    feed = json.loads(feeds.json_feed([one], channel()))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["home_page_url"]) == ("Wir sind Einzelfall", f"{BASE}/")
    [item] = feed["items"]
    assert item["id"] == item["url"] == f"{BASE}/posts/lage"
    assert (item["language"], item["authors"], item["tags"]) == ("en", [{"name": "Thea"}], ["A B"])
    assert (item["date_published"], item["image"]) == ("2011-11-12T19:00:00Z", f"{BASE}/static/a.png")


@pytest.mark.parametrize("render", [feeds.atom, feeds.json_feed])
def test_the_same_posts_give_the_same_bytes(render: Render) -> None:
    assert render([post(), guest()], channel()) == render([post(), guest()], channel())


def test_a_feed_in_another_language_leads_to_pages_in_it_and_keeps_the_ids() -> None:
    [item] = json.loads(feeds.json_feed([post(body="[[counter]]")], channel("?lang=en")))["items"]
    assert (item["id"], item["url"]) == (f"{BASE}/posts/lage", f"{BASE}/posts/lage?lang=en")
    assert f'href="{BASE}/posts/lage?lang=en"' in item["content_html"]
    feed = ET.fromstring(feeds.atom([], channel("?lang=en")))  # noqa: S314 -- we wrote it ourselves
    assert text(feed, "id") == f"{BASE}/?lang=en"
