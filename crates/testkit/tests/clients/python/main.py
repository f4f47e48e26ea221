"""Runs scenarios: `main.py SCENARIO URL`, or several such pairs. By itself it says their names, one on a line."""

import asyncio
import sys
import traceback

import actions
import batches
import beyond
import durations
import errors
import operations
import paging
import queries
import retries
from scenario import Server, scenarios

SCRIPTS = [actions, batches, beyond, durations, errors, operations, paging, queries, retries]


def main() -> None:
    """Runs them, and says what fails."""
    every = {name: run for script in SCRIPTS for name, run in scenarios(script).items()}
    if len(sys.argv) == 1:
        print("\n".join(every))
    failed = False
    for name, url in zip(sys.argv[1::2], sys.argv[2::2]):
        try:
            asyncio.run(every[name](Server(url)))
        except Exception:
            failed = True
            print(f"{name}: {traceback.format_exc()}", file=sys.stderr)
    sys.exit(failed)


main()
