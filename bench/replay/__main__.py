"""`python -m bench.replay [--speed N] [--every N]`: November 2011 in fast motion.

Without a speed as fast as the machine allows; with one, so many campaign seconds a second (8640 is three minutes in
all), arrivals at their time whatever the answers do.
"""

import argparse
import json
import sys

from app.kit import clock
from bench.replay.run import RESULTS, ROOT, WATCHERS, replay, show


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    parser.add_argument("--speed", type=float, help="campaign seconds a second; default as fast as it goes")
    parser.add_argument("--watchers", type=int, default=WATCHERS, help="open pages that ask for the counter")
    parser.add_argument("--every", type=int, default=1, help="of the campaign only one in so many, for trying out")
    options = parser.parse_args()
    outcome = replay(options.speed, options.watchers, options.every)
    show(outcome)
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"replay-{clock.now():%Y%m%dT%H%M%S}.json"
    target.write_text(json.dumps(vars(outcome), indent=2))
    print(f"Written to {target.relative_to(ROOT)}")
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
