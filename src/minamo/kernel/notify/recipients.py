"""Whom a notice goes to."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from minamo.kernel.identity.api import User


class RecipientRefused(ValueError):
    """A notice can go to exactly one mail address or one member of staff."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An e-mail address, or somebody who reads notices on the staff screen.

    Raises: RecipientRefused for neither, both, or text that is no single mail address.
    """

    email: str = ""
    user: User | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be delivered or would reach others too."""
        if bool(self.email) == (self.user is not None):
            raise RecipientRefused("give either an e-mail address or a user")
        if self.email:
            self._check_email()

    def _check_email(self) -> None:
        if not self.email.isprintable() or any(c in self.email for c in ',;<>" '):
            raise RecipientRefused("not a single e-mail address")
        try:
            validate_email(self.email)
        except ValidationError as error:
            raise RecipientRefused("not an e-mail address") from error
