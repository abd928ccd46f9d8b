"""`make bench`: fill an installation, measure every claim, fail when one does not hold."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from . import house as houses
from .claims import Claim
from .house import House

CASES = 100_000


def main(arguments: Sequence[str]) -> int:
    """Run the claims that were asked for; the exit code is 1 when a bar is missed."""
    options = _options(arguments)
    started = time.perf_counter()
    print(f"filling an installation with {options.cases:,} ended cases …", flush=True)
    found: list[Claim] = []
    with houses.opened(options.cases) as house:
        print(f"filled in {time.perf_counter() - started:.0f} s\n", flush=True)
        for name, claims in _measures().items():
            if not options.only or name in options.only:
                for claim in claims(house):
                    print(claim.line(), flush=True)
                    found.append(claim)
    missed = [claim.name for claim in found if not claim.holds]
    seconds = time.perf_counter() - started
    print(f"\n{len(found) - len(missed)} of {len(found)} claims hold ({seconds:.0f} s).")
    for name in missed:
        print(f"MISSED: {name}")
    return 1 if missed else 0


def _measures() -> dict[str, Callable[[House], Iterator[Claim]]]:
    # Imported when Django stands.
    from . import creating, exporting, listing, planning, rendering, ruling

    return {
        "create": creating.claims,
        "list": listing.claims,
        "render": rendering.claims,
        "rules": ruling.claims,
        "export": exporting.claims,
        # Last: a million cases are no longer the installation that the others promise about.
        "plan": planning.claims,
    }


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES, help="ended cases in the section")
    parser.add_argument(
        "--only",
        action="append",
        choices=("create", "list", "render", "rules", "export", "plan"),
        help="measure this only; may be repeated",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    # The database of an installation must never be filled by accident.
    os.environ.pop("DATABASE_URL", None)
    sys.exit(main(sys.argv[1:]))
