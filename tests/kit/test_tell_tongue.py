"""Which language a text is written in."""

import csv
from pathlib import Path

import pytest

from app.kit import tongue

GERMAN = (
    "Bei mir auch!",
    "Seit drei Wochen geht abends in Altona gar nichts mehr, und die Hotline nennt mich einen Einzelfall.",
    "Ned amol daheim hob i a Netz, und des seit Wochen nicht",
    "Das iPhone zeigt full bars, but calls gehen trotzdem nicht raus, und die Hotline weiß von nichts",
)
ENGLISH = (
    "Me too, no network in Hamburg",
    "Three weeks without a signal in Berlin-Kreuzberg, and they’re telling me that it’s my phone.",
)
UNSAID = (
    "",
    "Kein Netz",
    "o2 😡😡",
    "Depuis trois semaines je n'ai plus de réseau à la maison et le service client ne répond pas",
    "Ik heb al drie dagen geen netwerk en niemand helpt mij, dit is echt belachelijk",
    "Üç gündür telefonum çekmiyor ve kimse bana yardım etmiyor, bu çok kötü",
    "Od trzech tygodni nie mam zasięgu w domu i nikt mi nie pomaga",
    "Jeg har ikke hatt dekning på tre uker og ingen hjelper meg",
    "У меня уже три недели нет сети дома и никто не помогает",
    "我家里已经三个星期没有信号了",
)


@pytest.mark.parametrize("text", GERMAN)
def test_german_is_told_by_its_small_words(text: str) -> None:
    assert tongue.of(text) == "de"


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_told_by_its_small_words(text: str) -> None:
    assert tongue.of(text) == "en"


@pytest.mark.parametrize("text", UNSAID)
def test_what_is_too_short_or_of_another_language_is_left_unsaid(text: str) -> None:
    assert tongue.of(text) == ""


def test_of_real_german_texts_nearly_all_are_told_and_hardly_one_is_taken_for_english(shared: Path) -> None:
    with (shared / "data" / "spam" / "germeval2018_tweets_de.csv").open(encoding="utf-8") as file:
        told = [tongue.of(row["text"]) for row in csv.DictReader(file)]
    assert told.count("de") > 0.94 * len(told)
    assert told.count("en") <= 1
