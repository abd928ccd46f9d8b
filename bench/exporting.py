"""Claims: an export of all ended cases needs no more memory than one of a few.

Each form is exported in a process of its own, through the same address, permission and
audit entry as by a person, and read piece by piece as a server sends it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .claims import Claim, peak_mib
from .house import House, house_of, start_django

BAR_MIB = 40.0
LAYOUTS = (("utf8", "CSV"), ("xlsx", "XLSX"))
_VIEW = "done"


def claims(house: House) -> Iterator[Claim]:
    """Measure each form in a child process."""
    for layout, words in LAYOUTS:
        command = [sys.executable, "-m", "bench.exporting", layout, str(house.data_dir)]
        environment = {**os.environ, "BENCH_SESSION": house.session_key}
        done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
        figures = json.loads(done.stdout)
        yield Claim(
            name=f"{words} export of {house.cases:,} cases, peak extra memory",
            measured=figures["extra_mib"],
            unit="MiB",
            bar=BAR_MIB,
            note=f"[{figures['seconds']:.1f} s, {house.cases / figures['seconds']:,.0f} rows/s, "
            f"{figures['bytes'] / 2**20:.1f} MiB file]",
        )


def measure(layout: str, data_dir: Path) -> dict[str, float]:
    """Export in this process; memory is the peak afterwards less what was in use before."""
    start_django(data_dir)
    house = house_of(data_dir, cases=0, session_key=os.environ["BENCH_SESSION"])
    form = {"view": _VIEW, "layout": layout, "reason": "計測"}
    # Few rows first: what is imported and compiled once is no memory of the export.
    few = {"state": "rejected", "channel": "paper", "assignee": "none"}
    house.staff.post("/desk/export/", {**form, **few}, expect=200)
    before = _resident_mib()
    started = time.perf_counter()
    answer = house.staff.post("/desk/export/", form, expect=200)
    return {
        "seconds": time.perf_counter() - started,
        "extra_mib": peak_mib() - before,
        "bytes": answer.size,
    }


def _resident_mib() -> float:
    """Return the resident size of this process now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
