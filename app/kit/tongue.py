"""Which language a text is written in, as far as its small words tell (docs/decisions/0034)."""

import re
from typing import Literal

Tongue = Literal["de", "en", ""]

READ = 2_000  # characters that are looked at
ENOUGH = 2  # small words of a language, more than of all others, before anything is said
SHARE = 0.12  # of a text's words; in a foreign text one of ours turns up by chance

# words without content, of the most frequent ones of each language; what both languages have ("die", "in", "was", "so",
# "am", "war", "will", "hat", "man", "also", "bin", "an", "arm", "fast") says nothing and stands in neither
_WORDS = {
    "de": """
        aber alle alles als auch auf aus bei beim bist bis da damit dann das dass dazu dein deine dem den denn der
        des dich dir diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines einfach
        er es etwas euch euer eure für gar gegen geht gibt haben habe habt hatte hatten hier ich ihm ihn ihnen ihr
        ihre im immer ist ja jede jeder jetzt kann kein keine keinen keiner könnt können mal mehr mein meine meinem
        meinen meiner mich mir mit muss nach nein nicht nichts nie niemand noch nun nur ob oder ohne schon sehr sei
        seid sein seine seit selbst sich sie sind sogar sondern über um und uns unser unsere unter vom von vor wann
        warum weil wenn werden wer wie wieder wir wird wo wurde zu zum zur zwar danke leider viel viele wäre würde
        hätte nem ne nen ned ned isch kenn euren heute gestern morgen hallo genau gleich bitte welche welcher soll
        sollte nochmal überhaupt eigentlich
        """,
    "en": """
        about after again all always and any anyone anything are aren't as at back be because been before being but
        by can can't could couldn't did didn't do does doesn't doing don't dont each even ever every everyone for
        from get getting give got had has hasn't have haven't having he here him his how i i'm im i've ive if into
        is isn't it it's its just like me more most much my myself never no not nothing now of off on once one only
        or other our out over please really same she should some someone something still such than thank thanks that
        that's thats the their them then there these they they're this those through to too until up us very want
        wasn't we were weren't what when where which while who why with without won't would wouldn't yes yet you
        you're your yours u ur hey guys
        """,
    # of neighbours whose texts share words with ours
    "": """
        het een niet ook maar naar voor mijn geen zijn wij jullie deze dit bij uit heb hebben wordt dat ik op van
        met le la les est une dans pour pas avec sur qui que je nous vous mais mon ma du au ce cette el los las una
        por para con pero como más está es un mi no se lo y si del il che non per sono di della questo anche ho mio
        come bir ve bu için çok de da ne ben var yok ile ama gibi nie się na jest do że ale jak mam to tak co już
        moje og ikke det jeg og er på til som av för inte jag och att är men har som nu si este cu din pe sunt
        """,
}
_SMALL = {tongue: frozenset(words.split()) for tongue, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_GERMAN = re.compile("[äöüß]")
_FOREIGN = re.compile(r"[^\W\d_a-zäöüßéèàç]")  # letters that neither language has, save in a borrowed word


def of(text: str) -> Tongue:
    """The language of a text: "de", "en", or "" where it is too short to tell, or another one."""
    folded = text[:READ].lower().replace("’", "'")
    words = _WORD.findall(folded)
    german = _count("de", words) + 0.5 * len(_GERMAN.findall(folded))
    english = _count("en", words)
    foreign = _count("", words) + 2 * len(_FOREIGN.findall(folded))
    best = max(german, english)
    if best < SHARE * len(words) or best - max(min(german, english), foreign) < ENOUGH:
        return ""
    return "de" if german > english else "en"


def _count(tongue: str, words: list[str]) -> int:
    return sum(map(_SMALL[tongue].__contains__, words))
