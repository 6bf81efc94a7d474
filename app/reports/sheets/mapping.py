"""Which column is which answer, and which option is which symptom: data from a TOML file."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from app.reports.sheets.answers import fold_answers, tidy
from app.reports.sheets.errors import UnreadableFile, UnreadableMapping

DEFAULT = Path(__file__).parent.parent / "data" / "google_form_2011.toml"
ALWAYS = ("told_at", "place")  # columns without which no file is read

Names = Annotated[tuple[str, ...], Field(min_length=1)]


class Columns(BaseModel):
    """For each answer the names its column may have; `*` stands for anything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    told_at: Names
    place: Names
    symptoms: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    device: tuple[str, ...] = ()
    hotline: tuple[str, ...] = ()
    text: tuple[str, ...] = ()


class Mapping(BaseModel):
    """How one form's table is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timezone: str
    columns: Columns
    symptoms: dict[str, Names] = {}
    symptom_words: dict[str, Names] = {}
    default_symptom: str = ""
    hotline: dict[str, Names] = {}
    ignore: tuple[str, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("a time zone like Europe/Berlin is expected") from error
        return name

    @field_validator("symptoms", "hotline")
    @classmethod
    def _mean_one_thing(cls, options: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        folded = [fold_answers(text) for texts in options.values() for text in texts]
        if twice := next((text for text in folded if folded.count(text) > 1), None):
            raise ValueError(f'"{twice}" stands for two answers')
        return options

    @model_validator(mode="after")
    def _tells_symptoms(self) -> Self:
        """Some way to know what does not work has to be there."""
        if bool(self.columns.symptoms) != bool(self.symptoms):
            raise ValueError("columns.symptoms and symptoms are expected together")
        if not (self.symptoms or self.symptom_words or self.default_symptom):
            raise ValueError("symptoms, symptom_words or default_symptom is expected")
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a mapping from a TOML file; app/reports/data holds one to start from."""
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise UnreadableMapping(f"{path.name} cannot be opened: {error.strerror}.") from error
        except ValidationError as error:
            raise UnreadableMapping(f"{path.name}: {_faults(error)}") from error
        except ValueError as error:  # not TOML, not UTF-8
            raise UnreadableMapping(f"{path.name} is not TOML: {error}") from error

    @classmethod
    def default(cls) -> Self:
        """The mapping of the form of 2011."""
        return cls.load(DEFAULT)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def symptom_options(self) -> dict[str, str]:
        """Folded option to symptom key, in the mapping's order."""
        return _by_text(self.symptoms)

    @property
    def symptom_keys(self) -> tuple[str, ...]:
        """Every symptom that a row may get, each once."""
        default = (self.default_symptom,) if self.default_symptom else ()
        return tuple(dict.fromkeys((*self.symptoms, *self.symptom_words, *default)))

    @property
    def required(self) -> tuple[str, ...]:
        """The answers whose column has to be there, as a report would not be what was told without them."""
        named = tuple(field for field in ("time", "region") if getattr(self.columns, field))
        can_lack_symptoms = self.symptom_words or self.default_symptom
        return (*ALWAYS, *named) if can_lack_symptoms else (*ALWAYS, *named, "symptoms")

    @property
    def hotline_options(self) -> dict[str, str]:
        """Folded answer to hotline key."""
        return _by_text(self.hotline)

    def missing(self, header: Sequence[str]) -> int:
        """How many of the columns that must be there the header lacks."""
        return sum(not self._positions(field, header) for field in self.required)

    def positions(self, header: Sequence[str]) -> dict[str, int]:
        """Each answer's column; raises UnreadableFile where a column is missing, doubled or unknown."""
        found = {field: self._positions(field, header) for field in Columns.model_fields}
        for field, places in found.items():
            if field in self.required and not places:
                raise UnreadableFile(f"There is no column {self._expected(field)} in the first row.")
            if len(places) > 1:
                raise UnreadableFile(f"Two columns are called {self._expected(field)}.")
        self._refuse_unknown(header, known={place for places in found.values() for place in places})
        return {field: places[0] for field, places in found.items() if places}

    def _positions(self, field: str, header: Sequence[str]) -> list[int]:
        patterns = getattr(self.columns, field)
        return [at for at, name in enumerate(header) if any(_matches(pattern, name) for pattern in patterns)]

    def _expected(self, field: str) -> str:
        return " or ".join(f'"{name}"' for name in getattr(self.columns, field))

    def _refuse_unknown(self, header: Sequence[str], known: set[int]) -> None:
        for at, name in enumerate(header):
            ignored = not name.strip() or any(_matches(pattern, name) for pattern in self.ignore)
            if at not in known and not ignored:
                raise UnreadableFile(
                    f'The mapping does not know the column "{name[:80]}". Name it there, or list it under ignore.'
                )


def _matches(pattern: str, name: str) -> bool:
    wanted, given = (" ".join(tidy(text).split()).casefold() for text in (pattern, name))
    return re.fullmatch(".*".join(map(re.escape, wanted.split("*"))), given) is not None


def _by_text(options: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold_answers(text): key for key, texts in options.items() for text in texts}


def _faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
