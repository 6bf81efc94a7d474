"""Every rule and every weight, in one table (docs/decisions/0036).

Up to 2 points speak for nothing; 3 to 7 are for Akismet or a person to decide; 8 are spam, if some of them come from
the manner in which the text came. Besides the honeypot no rule gets there alone.
"""

from app.spam.rules import copies, form, language, links, names, promotion, topic, words
from app.spam.rules.rule import Effect, Layer, Mode, Rule

AKISMET = "akismet"  # the judge outside: it has a mode, and a verdict instead of points
CROWDED = "crowded"
BAYES = "bayes"
DECLINED = "declined"
CROWD = 30  # comments from one network within a minute; one address may be that of hundreds of phones
BLATANT = 100
LIKELY = 995  # per mille: from so probable spam on the learned words are in doubt (docs/decisions/0036 says how chosen)

RULES = {
    rule.key: rule
    for rule in (
        Rule("honeypot", Layer.FORM, form.honeypot, ((1, BLATANT),)),
        Rule("form-token-missing", Layer.FORM, form.token_missing, ((1, 2),)),
        Rule("form-token-old", Layer.FORM, form.token_old, ((1, 1),)),
        Rule("too-quick", Layer.FORM, form.haste, ((1, 3),)),
        Rule(DECLINED, Layer.FORM, form.declined, ((1, 0),), Effect.PERSON),
        Rule("repeats", Layer.COPIES, copies.repeats, ((1, 2), (3, 4), (10, 6))),
        Rule("near-copies", Layer.COPIES, copies.similar, ((3, 2), (10, 4))),
        Rule("known-spam", Layer.COPIES, copies.known_spam, ((1, 4), (3, 6))),
        Rule(CROWDED, Layer.NETWORK, copies.network, ((CROWD + 1, 0),), Effect.PERSON),
        Rule("links", Layer.LINKS, links.links, ((1, 1), (2, 2), (3, 4), (5, 5))),
        Rule("link-markup", Layer.LINKS, links.markup, ((1, 4),)),
        Rule("short-links", Layer.LINKS, links.shorteners, ((1, 2),)),
        Rule("same-host", Layer.LINKS, links.same_host, ((5, 1), (20, 2))),
        Rule("script", Layer.LANGUAGE, language.script, ((1, 3),)),
        Rule("other-tongue", Layer.LANGUAGE, language.other_tongue, ((1, 1),), mode=Mode.OBSERVE),
        Rule("url-in-name", Layer.NAME, names.address, ((1, 4),)),
        Rule("imitates-staff", Layer.NAME, names.staff, ((1, 4),), Effect.PERSON),
        Rule("trade-in-name", Layer.NAME, promotion.trade_name, ((1, 3),)),
        Rule("offer", Layer.WORDS, promotion.offer, ((1, 3),)),
        Rule("shouting", Layer.WORDS, words.shouting, ((1, 1),)),
        Rule("hidden-characters", Layer.WORDS, words.hidden_characters, ((1, 4),)),
        Rule("off-topic", Layer.POST, topic.off_topic, ((1, 1),)),
        Rule(BAYES, Layer.LEARNED, words.learned, ((LIKELY, 0),), Effect.DOUBT),
    )
}
KEYS = (*RULES, AKISMET)


def mode_of(key: str) -> Mode:
    """The mode of a rule, or of Akismet, as long as nobody has set another one."""
    return RULES[key].mode if key in RULES else Mode.ENFORCE
