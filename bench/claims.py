"""What a benchmark says, and how it is measured: CPU of this process, alternated rounds."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Claim:
    """One measured figure against its baseline or an absolute bar."""

    name: str
    measured: float
    unit: str
    bar: float
    baseline: float | None = None
    baseline_name: str = ""
    note: str = ""

    @property
    def figure(self) -> float:
        """Return what is held against the bar: the ratio where there is a baseline."""
        return self.measured / self.baseline if self.baseline else self.measured

    @property
    def holds(self) -> bool:
        """Return whether the bar is met."""
        return self.figure <= self.bar

    def line(self) -> str:
        """Return the claim as one printed line."""
        verdict = "ok  " if self.holds else "MISS"
        measured = f"{self.measured:.2f} {self.unit}"
        if self.baseline is None:
            return f"{verdict} {self.name}: {measured} (bar {self.bar:g} {self.unit}) {self.note}"
        return (
            f"{verdict} {self.name}: {self.figure:.2f}× (bar {self.bar:g}×)  "
            f"{measured} against {self.baseline:.2f} {self.unit} of {self.baseline_name} {self.note}"
        )


def cpu_ms(act: Callable[[], object], *, times: int) -> float:
    """Return the CPU milliseconds of one call, over `times` calls in a row."""
    gc.collect()
    started = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - started) * 1000 / times


def alternated(
    first: Callable[[], object], second: Callable[[], object], *, times: int, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return median CPU milliseconds of both, measured in turns on the same machine."""
    first(), second()
    pairs = [(cpu_ms(first, times=times), cpu_ms(second, times=times)) for _ in range(rounds)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def peak_mib() -> float:
    """Return the greatest resident size of this process so far, in MiB.

    From the kernel's own mark: `ru_maxrss` keeps that of the process which started this one.
    """
    status = Path("/proc/self/status").read_text()
    mark = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(mark.split()[1]) / 1024
