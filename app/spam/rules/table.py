"""Every rule and every weight, in one table (docs/decisions/0036).

Up to 2 points speak for nothing; 3 to 7 are for Akismet or a person to decide; 8 are spam, if some of them come from
the manner in which the text came. Besides the honeypot no rule gets there alone.
"""

from app.spam.rules import copies, form, links, names, words
from app.spam.rules.rule import Effect, Layer, Mode, Rule

AKISMET = "akismet"  # the judge outside: it has a mode, and a verdict instead of points
CROWDED = "crowded"
CROWD = 30  # comments from one network within a minute; one address may be that of hundreds of phones
BLATANT = 100

RULES = {
    rule.key: rule
    for rule in (
        Rule("honeypot", Layer.FORM, form.honeypot, ((1, BLATANT),)),
        Rule("form-token-missing", Layer.FORM, form.token_missing, ((1, 2),)),
        Rule("form-token-old", Layer.FORM, form.token_old, ((1, 1),)),
        Rule("too-quick", Layer.FORM, form.haste, ((1, 3),)),
        Rule("repeats", Layer.COPIES, copies.repeats, ((1, 2), (3, 4), (10, 6))),
        Rule(CROWDED, Layer.NETWORK, copies.network, ((CROWD + 1, 0),), Effect.PERSON),
        Rule("links", Layer.LINKS, links.links, ((1, 1), (2, 2), (3, 4), (5, 5))),
        Rule("link-markup", Layer.LINKS, links.markup, ((1, 4),)),
        Rule("url-in-name", Layer.NAME, names.address, ((1, 4),)),
        Rule("imitates-staff", Layer.NAME, names.staff, ((1, 4),), Effect.PERSON),
        Rule("shouting", Layer.WORDS, words.shouting, ((1, 1),)),
        Rule("hidden-characters", Layer.WORDS, words.hidden_characters, ((1, 4),)),
    )
}
KEYS = (*RULES, AKISMET)


def mode_of(key: str) -> Mode:
    """The mode of a rule, or of Akismet, as long as nobody has set another one."""
    return RULES[key].mode if key in RULES else Mode.ENFORCE
