"""Why a verb of the yearly review refuses."""

from collections.abc import Sequence

from .completeness import Problem


class ReviewRefused(Exception):
    """A review cannot go on like this; the message says what to do."""

    def __init__(self, code: str, message: str, problems: Sequence[Problem] = ()) -> None:
        """Keep what the form shows."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = tuple(problems)


class SheetMoved(ReviewRefused):
    """Somebody else changed it since this page was shown."""

    def __init__(self) -> None:
        """Say so in the house's words."""
        super().__init__(
            "plan.review.moved",
            "ほかの人が先に保存しました。入力した内容は残っています。"
            "いま保存されている内容を確かめてから、もう一度保存してください。",
        )
