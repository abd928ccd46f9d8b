"""How long a session lives, on which devices a user is signed in, and ending that."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit import api as audit

from .actors import actor_of, ip_hash
from .models import SignIn, User

STARTED = "minamo_started"
SEEN = "minamo_seen"
# Writing the session on every click would make each page view a database write.
SEEN_GRAIN_SECONDS = 60
WARN_SECONDS = 120
ENDED_WORDS = {
    "idle": "しばらく操作がなかったため、サインアウトしました。もう一度サインインしてください。",
    "expired": "サインインから長い時間がたったため、サインアウトしました。もう一度サインインしてください。",
    "revoked": "ほかの画面から、この端末のサインインが終了されました。",
}


def begin(request: HttpRequest, user: User) -> None:
    """Note a new session; called when somebody has fully signed in."""
    now = timezone.now()
    request.session[STARTED] = request.session[SEEN] = int(now.timestamp())
    if request.session.session_key is None:
        request.session.save()
    with transaction.atomic():
        sign_in, _ = SignIn.objects.update_or_create(
            session_key=request.session.session_key,
            defaults={
                "user": user,
                "device": device_of(request),
                "ip_hash": ip_hash(request),
                "started_at": now,
                "seen_at": now,
            },
        )
        audit.record(
            actor=actor_of(request),
            action="identity.sign_in.started",
            subject=user.subject,
            detail={"sign_in": str(sign_in.uuid), "device": sign_in.device},
        )


def enforce(request: HttpRequest) -> None:
    """End the request's session when it is past a limit, else note that it is in use."""
    session = getattr(request, "session", None)
    if session is None or not isinstance(request.user, User):
        return
    now = int(timezone.now().timestamp())
    started, seen = session.get(STARTED), session.get(SEEN)
    if started is None or seen is None:
        session[STARTED] = session[SEEN] = now
        return
    reason = _past_limit(now, started, seen)
    if reason:
        _sign_out(request, reason)
    elif now - seen >= SEEN_GRAIN_SECONDS and not is_background(request):
        session[SEEN] = now
        SignIn.objects.filter(session_key=session.session_key).update(seen_at=timezone.now())


def _past_limit(now: int, started: int, seen: int) -> str:
    if now - seen >= settings.STAFF_IDLE_SECONDS + SEEN_GRAIN_SECONDS:
        return "idle"
    return "expired" if now - started >= settings.STAFF_SESSION_SECONDS else ""


def is_background(request: HttpRequest) -> bool:
    """Return whether a page asked by itself (a count refreshing), without its reader acting."""
    return request.headers.get("X-Minamo-Background") == "1"


def _sign_out(request: HttpRequest, reason: str) -> None:
    end_session(request.session.session_key or "", because=reason)
    auth.logout(request)
    messages.info(request, ENDED_WORDS[reason])


def end_session(session_key: str, *, because: str) -> None:
    """Note that a session ended, and why."""
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(
        ended_at=timezone.now(), ended_because=because
    )


def live(user: User) -> QuerySet[SignIn]:
    """Return a user's sessions that have not ended, last used first."""
    oldest = timezone.now() - timedelta(seconds=settings.STAFF_SESSION_SECONDS)
    idle = timezone.now() - timedelta(seconds=settings.STAFF_IDLE_SECONDS + SEEN_GRAIN_SECONDS)
    return SignIn.objects.filter(
        user=user, ended_at=None, started_at__gt=oldest, seen_at__gt=idle
    ).order_by("-seen_at")


@transaction.atomic
def revoke(*, sign_in: SignIn, by: Actor) -> None:
    """End a session on another device at once."""
    Session.objects.filter(session_key=sign_in.session_key).delete()
    end_session(sign_in.session_key, because="revoked")
    audit.record(
        actor=by,
        action="identity.sign_in.revoked",
        subject=sign_in.user.subject,
        detail={"sign_in": str(sign_in.uuid)},
    )


@transaction.atomic
def revoke_all(*, user: User, by: Actor, keep: str = "") -> int:
    """End all of a user's sessions but one, and return how many ended."""
    others = list(SignIn.objects.filter(user=user, ended_at=None).exclude(session_key=keep))
    for sign_in in others:
        revoke(sign_in=sign_in, by=by)
    return len(others)


def note_ended(user: User, session_key: str, *, by: Actor) -> None:
    """Note that somebody signed out by hand."""
    with transaction.atomic():
        end_session(session_key, because="signed_out")
        audit.record(
            actor=by,
            action="identity.sign_in.ended",
            subject=SubjectRef("identity.user", str(user.uuid)),
        )


def ends_at(request: HttpRequest) -> datetime | None:
    """Return when the session ends without further use, or nothing for visitors."""
    session = getattr(request, "session", None)
    if session is None or SEEN not in session:
        return None
    idle_end = session[SEEN] + settings.STAFF_IDLE_SECONDS
    hard_end = session[STARTED] + settings.STAFF_SESSION_SECONDS
    return datetime.fromtimestamp(min(idle_end, hard_end), tz=timezone.get_current_timezone())


def device_of(request: HttpRequest) -> str:
    """Return the kind of device and browser in a few words, from its user agent."""
    agent = request.headers.get("User-Agent", "")
    systems = {
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Android": "Android",
        "Windows": "Windows",
        "Macintosh": "Mac",
        "Linux": "Linux",
    }
    browsers = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    system = next((name for sign, name in systems.items() if sign in agent), "不明な端末")
    browser = next((name for sign, name in browsers.items() if sign in agent), "")
    return f"{system} {browser}".strip()
