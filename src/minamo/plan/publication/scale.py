"""A round scale for printed charts: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from ..measures import wording

_FACTORS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Scale:
    """From nothing to a round number above everything that is drawn."""

    top: Decimal
    ticks: tuple[Decimal, ...]

    def as_data(self) -> dict[str, object]:
        """Return the scale as the template draws it."""
        return {
            "top": float(self.top),
            "ticks": [{"value": float(t), "label": wording.number(t)} for t in self.ticks],
        }


def scale_over(values: Iterable[Decimal | None]) -> Scale:
    """Return a scale of about four steps over the values; negative ones lie on its floor."""
    highest = max((value for value in values if value is not None), default=Decimal(0))
    highest = max(highest, Decimal("0.000001")) if highest > 0 else Decimal(1)
    rough = highest / 4
    power = Decimal(10) ** rough.adjusted()
    step = next(power * factor for factor in _FACTORS if power * factor >= rough)
    steps = max(1, ceil(highest / step))
    return Scale(top=step * steps, ticks=tuple(step * n for n in range(steps + 1)))
