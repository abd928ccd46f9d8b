"""Arithmetic of names and roles: no database, no clock."""

import re
import unicodedata
from collections.abc import Sequence

from . import permissions as registry

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")


def normalise_username(text: str) -> str:
    """Return a sign-in name as it is kept: half-width, lower case, without outer spaces."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def is_username(text: str) -> bool:
    """Return whether a normalised sign-in name is well formed."""
    return _USERNAME.fullmatch(text) is not None


def separation_problem(permissions: Sequence[str]) -> str:
    """Return why permissions must not meet in one person, or nothing.

    Whoever runs the system must not be able to read the personal data in it
    (総務省 地方公共団体における情報セキュリティポリシーに関するガイドライン, 権限の分離).
    """
    found = [permission for name in permissions if (permission := registry.find(name))]
    personal = sorted({permission.label for permission in found if permission.personal_data})
    administration = sorted({permission.label for permission in found if permission.administration})
    if personal and administration:
        return (
            f"「{administration[0]}」と「{personal[0]}」の権限は、同じ人に持たせられません。"
            "管理する人と個人情報を見る人を分けてください。"
        )
    return ""


def role_problem(permissions: Sequence[str]) -> str:
    """Return what is wrong with a role's permissions, or nothing."""
    unknown = sorted(name for name in permissions if registry.find(name) is None)
    if unknown:
        return f"知らない権限があります：{'、'.join(unknown)}"
    return separation_problem(permissions)
