"""Text that templates write as it is."""


class Markup(str):
    """Text that is HTML already; templates do not escape it again."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text as it is."""
        return str(self)
