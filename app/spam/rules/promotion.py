"""Somebody offers something: in the text, or instead of a name."""

import re

from app.spam.rules.rule import READ
from app.spam.submission import Submission

_OWN = (
    r"(?:channel|vlog|blog|web\ ?site|page|store|shop|videos?|vids?|songs?|covers?|remix(?:es)?|mixtape|album|music"
    r"|tracks?|beats?|app|game|profile)"
)
_FEW = r"(?:[\w'’-]{1,20}\s{1,3}){0,2}?"  # words between
_NOBODYS = r"(?:[\w-]{1,20}\s{1,3}){0,2}?"  # the same, none of which says whose: "my daughter's music" is not one's own
_OFFER = re.compile(
    rf"""(?ix) \b (?:
      check(?:ing|ed)? \s{{1,3}} (?: out\b | (?:it|this|me|us|my|our|'?em|them) \s{{1,3}} {_FEW} out\b | my\b )
    | (?:my|our) (?<!of\ my) (?!\s{{1,3}}favou?rite\b) \s{{1,3}} {_NOBODYS} {_OWN}\b
    | su[bs]c?s?cribe \s{{1,3}} (?:to|me|my|us|our|for|and|back|guys|please) \b
    | sub \s? (?:4|for) \s? sub | like \s? (?:4|for) \s? like | follow \s? (?:4|for) \s? follow
    | (?:follow|visit) \s{{1,3}} (?:me|us|my|our)\b | click \s{{1,3}} (?:here|my|the\ link)\b
    | (?:make|earn|earning|making|win|get) \s{{1,3}} {_FEW} (?:money\ online|real\ money|extra\ money|free\ cash|paid)\b
    | (?:free|amazon|paypal) \s{{1,3}} gift \s? cards? | bit \s? coins? \s{{1,3}} to \b
    | (?:mein|unser)(?:e|en|em|er)? \s{{1,3}} {_FEW} (?:kanal|blog|web\ ?seite|homepage|online-?shop|angebote?)\b
    | besuch(?:t|en\ sie)? \s{{1,3}} (?:mich|uns|mein\w{{0,2}}|unser\w{{0,2}})\b | klick(?:t|en\ sie)? \s{{1,3}} hier\b
    | geld \s{{1,3}} (?:im\ internet|online|von\ zu\ ?hause) \s{{1,3}} verdienen
    | kredit\w{{0,2}} \s{{1,3}} ohne \s{{1,3}} schufa
    )"""
)
_TRADE = re.compile(
    r"""(?ix) \b (?:
      buy | cheap | discount | casino | poker | slots? | viagra | cialis | pills? | meds | pharmacy | loans? | cash
    | seo | backlinks? | replica | watches | handbags? | outlet | shop | store | hosting | insurance
    | kaufen | kredite? | agentur | versicherung(?:en)? | umzug(?:sunternehmen)? | schlüsseldienst | detektei | escort
    )\b"""
)


def offer(submission: Submission) -> int:
    """Words that lead to something of the writer's own."""
    return int(bool(_OFFER.search(submission.text[:READ])))


def trade_name(submission: Submission) -> int:
    """A trade or its goods where a name is asked for, as who wants to be found for them writes."""
    return int(bool(_TRADE.search(submission.name[:READ])))
