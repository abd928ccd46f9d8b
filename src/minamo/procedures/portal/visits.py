"""Which cases this browser has opened, and until when: the applicant's only key is here."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from minamo.procedures.cases.models import Case

_KEY = "procedures.portal.cases"
IDLE = timedelta(minutes=60)


def grant(request: HttpRequest, case: Case, *, at: datetime) -> None:
    """Let this browser session read and act on this one case."""
    # A session fixed by somebody else beforehand must not gain the right.
    request.session.cycle_key()
    grants = _live(request, at)
    grants[str(case.uuid)] = at.timestamp()
    request.session[_KEY] = grants


def is_granted(request: HttpRequest, case: Case, *, at: datetime) -> bool:
    """Return whether this session may act on the case; a visit extends it."""
    grants = _live(request, at)
    key = str(case.uuid)
    if key not in grants:
        return False
    # Written at most once a minute, so that reading pages does not write the session.
    if at.timestamp() - grants[key] > 60:
        grants[key] = at.timestamp()
        request.session[_KEY] = grants
    return True


def leave(request: HttpRequest, case: Case) -> None:
    """Give the right back, as on a shared computer."""
    grants = dict(request.session.get(_KEY, {}))
    if grants.pop(str(case.uuid), None) is not None:
        request.session[_KEY] = grants


def _live(request: HttpRequest, at: datetime) -> dict[str, float]:
    oldest = (at - IDLE).timestamp()
    kept: dict[str, float] = request.session.get(_KEY, {})
    return {key: seen for key, seen in kept.items() if seen >= oldest}
