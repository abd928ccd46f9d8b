"""Numbers without useless zeros, the same in every output: pure."""

from decimal import ROUND_DOWN, Decimal

MILLIONTH = Decimal("0.000001")


def tidy(value: Decimal | None) -> Decimal | None:
    """Return a number as people write it: 3954.000000 becomes 3954, never 3.954E+3."""
    if value is None:
        return None
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    return value.normalize()


def cut(share: Decimal | None) -> Decimal | None:
    """Return a share with six decimals, never rounded up: what is not reached is not 1."""
    return None if share is None else tidy(share.quantize(MILLIONTH, rounding=ROUND_DOWN))


def plain(value: Decimal | None) -> int | float | None:
    """Return a number for JSON and spreadsheets, whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
