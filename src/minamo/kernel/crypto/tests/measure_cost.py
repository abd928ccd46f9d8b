"""Print the cost of one value: `python -m minamo.kernel.crypto.tests.measure_cost`."""

import sys
import tempfile
import timeit
from pathlib import Path

from django.conf import settings

_RUNS = 20_000


def main() -> None:
    """Measure sealing, opening and indexing under a key made for the purpose."""
    settings.configure(DATA_DIR=Path(tempfile.mkdtemp()))
    from minamo.kernel.crypto.sealing import blind_index, blind_indexes, seal, unseal

    place = "cases_case.place|" + "0" * 32
    token = seal(b"x" * 40, place=place)
    many = [str(number) for number in range(100)]
    for name, body, values in (
        ("seal", lambda: seal(b"x" * 40, place=place), 1),
        ("unseal", lambda: unseal(token, place=place), 1),
        ("blind_index", lambda: blind_index("0198234417", purpose="p"), 1),
        ("blind_indexes", lambda: blind_indexes(many, purpose="p"), len(many)),
    ):
        runs = _RUNS // values
        seconds = min(timeit.repeat(body, number=runs, repeat=5))
        sys.stdout.write(f"{name:14} {seconds / runs / values * 1e6:6.1f} µs per value\n")


if __name__ == "__main__":
    main()
