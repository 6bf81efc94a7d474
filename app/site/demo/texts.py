"""What people say in the demo, invented anew for every number the random source gives."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from app.site.demo import grammar
from app.site.demo.grammar import Place, Slots, Speaker, Voice

Kind = Literal["reader", "staff", "reply", "question", "spam"]
Language = Literal["de", "en"]
Under = Literal["campaign", "guest"]
Written = tuple[str, str]  # who wrote it, and what

STAFF = ("Maike", "Torben")  # the two of the carrier who answer readers
SOMEWHERE = {"de": Place("Ihrem Ort", "bei Ihnen"), "en": Place("your town", "where you are")}
GREETING = {"de": ("Guten Tag, {to}!", "Hallo {to}!"), "en": ("Hello {to}!",)}
FAREWELL = {"de": ("Viele Grüße", "Freundliche Grüße"), "en": ("Kind regards",)}
PARTS_AROUND = {"before": 0.12, "after": 0.4, "hotline": 0.28, "end": 0.18}  # of a report
ADDRESS = ("@{to}: ", "@{to}: ", "@{to} – ", "{to}: ", "")


@dataclass(frozen=True)
class Tongue:
    """Everything needed to speak as a person in one language."""

    slots: Slots
    places: tuple[Place, ...]
    voices: Mapping[str, tuple[Voice, ...]]


def report_text(rng: random.Random, place: str, symptoms: Sequence[str]) -> str:
    """One to four German sentences about these symptoms (keys of campaign.toml) in this place."""
    reports = grammar.read("reports.toml")
    said, parts = reports["symptoms"], reports["parts"]
    known = [symptom for symptom in symptoms if symptom in said] or ["other"]
    chosen = rng.sample(known, min(len(known), rng.choice((1, 1, 1, 2))))
    sentences = [rng.choice(said[symptom]) for symptom in chosen]
    around = [name for name, chance in PARTS_AROUND.items() if rng.random() < chance]
    before = [rng.choice(parts["before"])] if "before" in around else []
    after = [rng.choice(parts[name]) for name in around if name != "before"]
    speaker = Speaker(rng, _tongue("de").slots, place=place)
    return speaker.say(" ".join([*before, *sentences, *after][:4]))


def comment(
    rng: random.Random,
    *,
    kind: Kind,
    language: Language = "de",
    under: Under = "campaign",
    answering: Written | None = None,
) -> Written:
    """Who writes, and what. `under` is the sort of post, `answering` the comment above, as given here."""
    if kind == "spam":
        return _spam(rng, language)
    if kind == "staff":
        return _staff(rng, language, answering)
    if kind == "reply":
        return _name(rng, besides=answering), _reply(rng, language, answering)
    tongue = _tongue(language)
    voice = grammar.one_of(rng, [v for v in tongue.voices[f"{kind}s"] if v.speaks_under(under)])
    place = rng.choice([p for p in tongue.places if p.town not in voice.not_in])
    return _name(rng), _speaker(rng, tongue, place).say(voice.shape(rng))


def places(language: Language) -> tuple[Place, ...]:
    """Where people in this language say they are."""
    return _tongue(language).places


def _reply(rng: random.Random, language: Language, answering: Written | None) -> str:
    tongue = _tongue(language)
    to, above = answering or ("", "")
    voice = _listener(rng, tongue.voices["to_staff" if to in STAFF else "replies"], above)
    place = grammar.place_named_in(above, tongue.places) if rng.random() < 0.5 or to in STAFF else None
    speaker = _speaker(rng, tongue, place or rng.choice(tongue.places), to=to)
    text = voice.shape(rng)
    address = rng.choice(ADDRESS) if to and "{to}" not in text else ""
    return speaker.say(address + text)


def _staff(rng: random.Random, language: Language, answering: Written | None) -> Written:
    tongue = _tongue(language)
    to, above = answering or ("", "")
    author = rng.choice(STAFF)
    place = grammar.place_named_in(above, tongue.places) or SOMEWHERE[language]
    speaker = _speaker(rng, tongue, place, to=to)
    greeting = [rng.choice(GREETING[language])] if to else []
    body = _listener(rng, tongue.voices["staff"], above).shape(rng)
    farewell = f"{rng.choice(FAREWELL[language])}\n{author}"
    return author, speaker.say("\n\n".join([*greeting, body, farewell]))


def _listener(rng: random.Random, voices: Sequence[Voice], above: str) -> Voice:
    """A voice that heard something it knows in the comment above, else one that can always speak."""
    hearing = [voice for voice in voices if any(word in above for word in voice.hears)]
    return grammar.one_of(rng, hearing or [voice for voice in voices if not voice.hears])


def _spam(rng: random.Random, language: Language) -> Written:
    """Spam under German posts was mostly English, too."""
    words = grammar.read("spam.toml")
    german = language == "de" and rng.random() < 0.3
    speaker = Speaker(rng, words["slots"], forgetful=True)
    voice = rng.choice(_spammers("de" if german else "en"))
    author = rng.choice(words["authors"]["name_de" if german else "name"])
    return speaker.say(author), speaker.say(voice.shape(rng))


def _name(rng: random.Random, besides: Written | None = None) -> str:
    names = grammar.read("words.toml")["names"]
    form = rng.choices(("{first}", "{first} {letter}", "{nick}{number}"), weights=(5, 2, 3))[0]
    name = Speaker(rng, names).say(form)
    return name if besides is None or name != besides[0] else _name(rng, besides)


def _speaker(rng: random.Random, tongue: Tongue, place: Place, *, to: str = "") -> Speaker:
    return Speaker(rng, tongue.slots, at=place.at, town=place.town, to=to)


@cache
def _tongue(language: Language) -> Tongue:
    return _german() if language == "de" else _english()


def _german() -> Tongue:
    words, answers = grammar.read("words.toml"), grammar.read("answers.toml")
    voices = {kind: grammar.voices(tables) for kind, tables in answers.items()}
    voices["readers"] = grammar.voices(grammar.read("readers.toml"))
    return Tongue(words["slots"], grammar.places(words["places"]), voices)


def _english() -> Tongue:
    words = grammar.read("english.toml")
    kinds = words.keys() - {"slots", "places"}
    voices = {kind: grammar.voices(words[kind]) for kind in kinds}
    return Tongue(words["slots"], grammar.places(words["places"]), voices)


@cache
def _spammers(language: Language) -> tuple[Voice, ...]:
    return grammar.voices(grammar.read("spam.toml")[language])
