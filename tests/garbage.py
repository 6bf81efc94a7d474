"""The collector does not look again and again at what stays until the end: most of its work was modules and tests."""

import gc

SELDOM = 20_000  # objects made until it looks at the youngest; Python's own 700 is for programs that run for years


def postpone() -> None:
    """While tests are found nothing is thrown away."""
    gc.disable()


def begin() -> None:
    """What is loaded by now is left alone from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)
    gc.enable()
