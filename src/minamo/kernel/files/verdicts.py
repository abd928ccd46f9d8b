"""What the cleaning process throws; the words for people are added outside of it."""


class Refused(Exception):
    """A file that cannot be kept, by code, with values for the words."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
