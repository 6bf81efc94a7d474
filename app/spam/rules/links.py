"""Links: how many, how they are written, where they lead."""

import re
from urllib.parse import urlsplit

from app.spam.rules.rule import READ
from app.spam.submission import Submission

_LINK = re.compile(
    r"""(?ix)
    \b (?: https?:// | www\. ) [^\s<>"'()\[\]]{1,500}
    | (?<![\w@./-]) [a-z0-9-]{2,63} (?:\.[a-z0-9-]{1,63}){0,3}
      \. (?: com|net|org|info|biz|shop|store|online|site|xyz|top|club|win|bet|casino
           | io|ru|cn|de|at|ch|eu|uk|me|ly|to )
      (?![\w-]) (?: /[^\s<>"'()\[\]]{0,500} )?
    """
)
_MARKUP = re.compile(r"(?i)<a\s{1,9}href|\[(?:url|link)[=\]]")


def strange(submission: Submission) -> set[str]:
    """The links of a text, without those to this site and those quoted from the comment answered."""
    own = urlsplit(submission.permalink).netloc
    return {link for link in of(submission.text) - of(submission.parent_text or "") if host(link) != own}


def links(submission: Submission) -> int:
    """How many strange links there are."""
    return len(strange(submission))


def markup(submission: Submission) -> int:
    """Links written for other forums: the comments here know neither HTML nor BBCode."""
    return int(bool(_MARKUP.search(submission.text[:READ])))


def of(text: str) -> set[str]:
    """The addresses in a text, in lower case."""
    return {link.lower().rstrip(".,;:!?/") for link in _LINK.findall(text[:READ])}


def host(link: str) -> str:
    """The name of the machine that a link of `of` leads to."""
    return re.split(r"[/?#]", re.sub(r"^https?://", "", link), maxsplit=1)[0]
