"""Who is where, and holds what, on a day."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from .models import InstallerCompany, InstallerMember, Membership, Section, User, UserKind


@dataclass(frozen=True, slots=True)
class Grants:
    """A user's permissions on a day: those for all sections, and those by section key.

    `sections` are the keys of all sections the user belongs to.
    """

    everywhere: frozenset[str]
    by_section: Mapping[int, frozenset[str]]
    sections: frozenset[int]

    def holds(self, permission: str, section: int) -> bool:
        """Return whether a permission is held for a section."""
        return permission in self.everywhere or permission in self.by_section.get(section, ())


def find_by_username(username: str) -> User | None:
    """Return the user with a normalised sign-in name."""
    return User.objects.filter(username=username).first()


def is_usable(user: User, on: date) -> bool:
    """Return whether an account can be used on a day."""
    return user.is_active and (user.valid_to is None or on < user.valid_to)


def sections_of(user: User, on: date) -> QuerySet[Section]:
    """Return the sections a user belongs to on a day, in the bureau's order."""
    held = user.memberships.on(on).values("section_id")
    return Section.objects.filter(pk__in=held).order_by("order", "code")


def companies_of(user: User, on: date) -> QuerySet[InstallerCompany]:
    """Return the companies a person acts for on a day and whose designation holds then."""
    held = user.installer_memberships.on(on).values("company_id")
    return InstallerCompany.objects.on(on).filter(pk__in=held).order_by("designation_number")


def is_installer(user: User, on: date) -> bool:
    """Return whether a user acts for a designated installer on a day."""
    return user.kind == UserKind.INSTALLER and companies_of(user, on).exists()


def grants_of(user: User, on: date) -> Grants:
    """Return what a user holds on a day; asked once per user object and day."""
    cache: dict[date, Grants] = user.__dict__.setdefault("_grants", {})
    if on not in cache:
        cache[on] = _read_grants(user, on)
    return cache[on]


def forget_grants(user: User) -> None:
    """Make the next question read the database again."""
    user.__dict__.pop("_grants", None)


def _read_grants(user: User, on: date) -> Grants:
    if not is_usable(user, on):
        return _grants([])
    return _grants(user.memberships.on(on).select_related("role"))


def _grants(memberships: Iterable[Membership]) -> Grants:
    everywhere: set[str] = set()
    by_section: defaultdict[int, set[str]] = defaultdict(set)
    sections: set[int] = set()
    for membership in memberships:
        sections.add(membership.section_id)
        target = (
            everywhere if membership.role.covers_all_sections else by_section[membership.section_id]
        )
        target.update(membership.role.permissions)
    return Grants(
        frozenset(everywhere),
        {key: frozenset(names) for key, names in by_section.items()},
        frozenset(sections),
    )


def permissions_of(user: User, on: date) -> frozenset[str]:
    """Return every permission a user holds on a day, in whatever section."""
    grants = grants_of(user, on)
    return grants.everywhere.union(*grants.by_section.values())


def sections_with(user: User, permission: str, on: date) -> QuerySet[Section]:
    """Return the sections for which a user holds a permission on a day."""
    grants = grants_of(user, on)
    if permission in grants.everywhere:
        return Section.objects.order_by("order", "code")
    held = [key for key, names in grants.by_section.items() if permission in names]
    return Section.objects.filter(pk__in=held).order_by("order", "code")


def own_sections_with(user: User, permission: str, on: date) -> list[int]:
    """Return the keys of the sections a user belongs to and holds a permission for, on a day.

    Asks the database once per user object and day: row permission is applied many times
    in one request.
    """
    grants = grants_of(user, on)
    return sorted(key for key in grants.sections if grants.holds(permission, key))


def members_with(section: Section, permission: str, on: date) -> list[User]:
    """Return the people of a section who hold a permission for it on a day, by their reading."""
    members = section.memberships.on(on).values("user_id")
    users = User.objects.filter(pk__in=members, is_active=True).order_by(
        "kana", "display_name", "pk"
    )
    held: defaultdict[int, list[Membership]] = defaultdict(list)
    for membership in Membership.objects.on(on).filter(user__in=members).select_related("role"):
        held[membership.user_id].append(membership)
    return [
        user
        for user in users
        if is_usable(user, on) and _grants(held[user.pk]).holds(permission, section.pk)
    ]


def search_users(text: str, *, kind: str = "", state: str = "") -> QuerySet[User]:
    """Return the users whose sign-in name, name or reading contains a text.

    `state` is empty for usable accounts, `closed` for those that are not, `all` for both.
    """
    users = User.objects.all()
    text = unicodedata.normalize("NFKC", text).strip()
    for word in text.split():
        users = users.filter(
            Q(username__icontains=word) | Q(display_name__icontains=word) | Q(kana__icontains=word)
        )
    if kind:
        users = users.filter(kind=kind)
    if state == "closed":
        return users.filter(is_active=False)
    return users if state == "all" else users.filter(is_active=True)


def places_of(users: Sequence[int], on: date) -> dict[int, list[str]]:
    """Return in words where each of these users works on a day, by user key."""
    places: defaultdict[int, list[str]] = defaultdict(list)
    held = Membership.objects.on(on).filter(user__in=users).select_related("section", "role")
    for membership in held.order_by("section__order", "section__code"):
        places[membership.user_id].append(f"{membership.section.name} {membership.role.title}")
    acting = InstallerMember.objects.on(on).filter(user__in=users).select_related("company")
    for member in acting.order_by("company__designation_number"):
        places[member.user_id].append(member.company.name)
    return dict(places)
