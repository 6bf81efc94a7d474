"""What machines read about a post: OpenGraph and JSON-LD."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from app.posts.feeds import labelled_title
from app.posts.post import Post

LOCALES = {"de": "de_DE", "en": "en_GB"}

# inside <script> neither a tag nor an entity may begin, and U+2028/9 end a line of old JavaScript
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def open_graph(
    post: Post, *, base_url: str, site_name: str, label: str | None, image: str | None = None
) -> dict[str, str]:
    """Property → content; `image` (a path on this site) stands in where the post has none."""
    picture = post.image or image
    return {
        "og:type": "article",
        "og:title": labelled_title(post, label),
        "og:description": post.summary,
        "og:url": base_url + post.url,
        "og:site_name": site_name,
        "og:locale": LOCALES[post.lang],
        "article:published_time": post.date.isoformat(),
        "article:modified_time": post.changed.isoformat(),
        **({"og:image": base_url + picture} if picture else {}),
        **({"og:image:alt": post.image_alt} if post.image and post.image_alt else {}),
    }


def json_ld(
    post: Post,
    *,
    base_url: str,
    site_name: str,
    label: str | None,
    organisation: str | None = None,
    ended: Mapping[str, datetime] = MappingProxyType({}),
    comment_count: int | None = None,
    answered: Post | None = None,
    replies: Sequence[Post] = (),
    follows: Post | None = None,
) -> dict[str, Any]:
    """A schema.org BlogPosting; `genre` and `articleSection` say whose view it is; a reply is about what it answers."""
    firm = {"@type": "Organization", "name": organisation or post.organisation} if post.organisation else None
    people = _people(post, firm if post.is_guest else None, ended)
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": base_url + post.url,
        "url": base_url + post.url,
        "mainEntityOfPage": base_url + post.url,
        "headline": labelled_title(post, label),
        "description": post.summary,
        "inLanguage": post.lang,
        "datePublished": post.date.isoformat(),
        "dateModified": post.changed.isoformat(),
        "author": people or firm or {"@type": "Organization", "name": site_name},
        "publisher": {"@type": "Organization", "name": site_name, "url": f"{base_url}/"},
        "keywords": [tag.name for tag in post.tags],
    }
    extras = {
        "genre": label,
        "articleSection": label,
        "sourceOrganization": firm if post.is_guest else None,
        "image": base_url + post.image if post.image else None,
        "commentCount": comment_count,
        "subjectOf": [_named(reply, base_url) for reply in replies] or None,
    } | {key: _named(one, base_url) for key, one in (("about", answered), ("citation", follows)) if one}
    return facts | {key: value for key, value in extras.items() if value is not None}


def data_block(facts: Mapping[str, Any]) -> Markup:
    """JSON that can stand inside `<script type="application/ld+json">` whatever the texts hold."""
    return Markup(json.dumps(facts, ensure_ascii=False).translate(_ESCAPES))  # noqa: S704 -- just escaped


def _named(post: Post, base_url: str) -> dict[str, str]:
    return {"@type": "BlogPosting", "@id": base_url + post.url}


def _people(post: Post, firm: Mapping[str, Any] | None, ended: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """Its authors; `ended` says of names, without regard to case, until when they spoke for the organisation."""
    return [_person(one.name, one.role, firm, ended.get(one.name.casefold())) for one in post.authors]


def _person(name: str, role: str, firm: Mapping[str, Any] | None, until: datetime | None) -> dict[str, Any]:
    """Somebody, and whom they speak for: in a Role with its end (schema.org/Role) where they do so no more."""
    ended = {"@type": "OrganizationRole", "worksFor": firm, "endDate": until.date().isoformat()} if until else None
    known = {"jobTitle": role, "worksFor": ended or firm}
    return {"@type": "Person", "name": name} | {key: value for key, value in known.items() if value}
