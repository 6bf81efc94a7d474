"""Whether a point lies within a shape of SVG path data, of moves and lines only, as the maps have them."""

import re

STEP = re.compile(r"([MmLlHhVvZz])([^MmLlHhVvZz]*)")
NUMBER = re.compile(r"-?\d*\.?\d+")
Point = tuple[float, float]


def is_inside(d: str, x: float, y: float) -> bool:
    """By the even-odd rule: a ray to the right crosses the outlines an odd number of times."""
    crossings = 0
    for ring in rings(d):
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            crossings += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


def rings(d: str) -> list[list[Point]]:
    """The corners of each outline."""
    found: list[list[Point]] = []
    here = (0.0, 0.0)
    for command, arguments in STEP.findall(d):
        numbers = [float(number) for number in NUMBER.findall(arguments)]
        for at, point in enumerate(_points(command, numbers, here)):
            if command in "Mm" and at == 0:
                found.append([])
            found[-1].append(point)
            here = point
        if command in "Zz":
            here = found[-1][0]
    return found


def _points(command: str, numbers: list[float], here: Point) -> list[Point]:
    """Where the steps of one command lead."""
    found: list[Point] = []
    pairs = {"h": [(n, 0.0) for n in numbers], "v": [(0.0, n) for n in numbers]}
    assert command in "MmLlhvZz", command
    for dx, dy in pairs.get(command, list(zip(numbers[::2], numbers[1::2], strict=False))):
        here = (here[0] + dx, here[1] + dy) if command.islower() else (dx, dy)
        found.append(here)
    return found
