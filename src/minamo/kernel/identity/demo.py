"""Accounts the demo city offers on its sign-in page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account a newcomer may choose: who it is and what can be tried with it."""

    username: str
    password: str
    title: str
    what: str


_accounts: dict[str, DemoAccount] = {}


def register_demo_account(account: DemoAccount) -> None:
    """Offer an account on the sign-in page; shown only when `settings.DEMO` is on."""
    _accounts[account.username] = account


def demo_accounts() -> list[DemoAccount]:
    """Return the offered accounts in the order they were registered."""
    return list(_accounts.values())
