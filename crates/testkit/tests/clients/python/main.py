"""Runs a scenario: `main.py SCENARIO URL`. By itself it says their names, one on a line."""

import asyncio
import sys

# They register their scenarios.
import actions  # noqa: F401
import retries  # noqa: F401
from scenario import SCENARIOS, Server


def main() -> None:
    if len(sys.argv) == 1:
        print("\n".join(SCENARIOS))
        return
    name, url = sys.argv[1:]
    asyncio.run(SCENARIOS[name](Server(url)))


if __name__ == "__main__":
    main()
