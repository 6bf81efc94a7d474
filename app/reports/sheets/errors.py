"""Why a whole file is not read; what is wrong with one row is a `Fault`."""


class UnreadableFile(Exception):
    """The file is not the table it should be; the message is a sentence that says why."""


class UnreadableMapping(Exception):
    """The mapping file is missing or malformed; the message names the place and what is expected."""


class DateOrderNeeded(Exception):
    """The file has dates like 11/12/2011: whether day or month comes first is asked, never guessed."""

    def __init__(self, line: int, example: str) -> None:
        super().__init__(
            f'Line {line} says "{example}". Say whether day or month comes first, dmy or mdy: it is not guessed.'
        )
        self.line = line
        self.example = example
