"""What machines read about a post."""

import json
from pathlib import Path

from app.posts import reading
from app.posts.post import Post
from app.posts.sitemap import Entry, robots, sitemap
from app.posts.structured import data_block, json_ld, open_graph

from .folder import EARLY, markdown

BASE = "https://einzelfall.example"
HOSTILE = "</script><script>alert(1)</script>&\u2028\u2029<!--"


def post(**keys: str) -> Post:
    found = reading.read(Path("lage.md"), markdown(**keys).encode()).post
    assert found
    return found


def guest() -> Post:
    authors = "[{name: Gregor, role: Leiter Netz}]"
    return post(kind="guest", organisation="o2", authors=authors, updated="2011-12-01T10:00Z")


def test_open_graph_names_title_address_and_times() -> None:
    graph = open_graph(post(lang="en", summary="Short."), base_url=BASE, site_name="Einzelfall", label=None)
    assert graph["og:type"] == "article"
    assert (graph["og:title"], graph["og:description"]) == ("Ein Titel", "Short.")
    assert (graph["og:url"], graph["og:locale"]) == (f"{BASE}/posts/lage", "en_GB")
    assert graph["article:published_time"] == "2011-11-12T19:00:00+00:00"
    assert "og:image" not in graph


def test_the_picture_of_the_post_comes_with_its_words_else_the_one_of_the_site_without() -> None:
    own = post(image="/static/a.png", image_alt="Mast")
    graph = open_graph(own, base_url=BASE, site_name="E", label=None, image="/static/site.png")
    assert (graph["og:image"], graph["og:image:alt"]) == (f"{BASE}/static/a.png", "Mast")
    graph = open_graph(post(), base_url=BASE, site_name="E", label=None, image="/static/site.png")
    assert graph["og:image"] == f"{BASE}/static/site.png"
    assert "og:image:alt" not in graph


def test_a_guest_post_says_whose_view_it_is() -> None:
    label = "Gastbeitrag von O2"
    facts = json_ld(guest(), base_url=BASE, site_name="Einzelfall", label=label, organisation="O2")
    assert facts["@type"] == "BlogPosting"
    assert facts["headline"] == "Gastbeitrag von O2: Ein Titel"
    assert facts["genre"] == facts["articleSection"] == label
    firm = {"@type": "Organization", "name": "O2"}
    assert facts["author"] == [{"@type": "Person", "name": "Gregor", "jobTitle": "Leiter Netz", "worksFor": firm}]
    assert facts["sourceOrganization"] == firm
    assert facts["publisher"]["name"] == "Einzelfall"
    assert facts["dateModified"] == "2011-12-01T10:00:00+00:00"
    assert open_graph(guest(), base_url=BASE, site_name="E", label=label)["og:title"].startswith(label)


def test_our_own_post_has_no_label_and_the_site_as_author_if_nobody_signed() -> None:
    facts = json_ld(post(), base_url=BASE, site_name="Einzelfall", label=None, comment_count=0)
    assert "genre" not in facts
    assert facts["author"] == {"@type": "Organization", "name": "Einzelfall"}
    assert facts["commentCount"] == 0


def test_no_text_can_end_the_data_block() -> None:
    block = data_block({"headline": HOSTILE})
    assert not set(block) & set("<>&\u2028\u2029")
    assert json.loads(block) == {"headline": HOSTILE}


def test_the_sitemap_lists_addresses_and_times() -> None:
    found = sitemap([Entry(f"{BASE}/?a=1&b=2"), Entry(f"{BASE}/posts/lage", EARLY)]).decode()
    assert "<loc>https://einzelfall.example/?a=1&amp;b=2</loc>" in found
    assert "<lastmod>2011-11-12T20:00:00+00:00</lastmod>" in found
    assert 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"' in found


def test_robots_are_told_what_is_private_and_where_the_map_is() -> None:
    assert "Disallow: /desk/\n" in robots(BASE)
    assert "Disallow: /reports/\nAllow: /reports/new\n" in robots(BASE)
    assert f"Sitemap: {BASE}/sitemap.xml" in robots(BASE)
