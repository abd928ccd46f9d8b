"""What a reader chose for the screen, kept in cookies so that no page flashes."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_noop

THEMES = {
    "light": gettext_noop("明るい"),
    "dark": gettext_noop("暗い"),
    "auto": gettext_noop("端末に合わせる"),
}
TEXT_SIZES = {
    "normal": gettext_noop("標準"),
    "large": gettext_noop("大きい"),
    "largest": gettext_noop("とても大きい"),
}
THEME_COOKIE = "minamo-theme"
TEXT_COOKIE = "minamo-text"
SHORTCUTS_COOKIE = "minamo-shortcuts"


@dataclass(frozen=True, slots=True)
class Preferences:
    """The reader's choices; every field is one of the offered values."""

    theme: str = "light"
    text: str = "normal"
    shortcuts: bool = True


def preferences_of(request: HttpRequest) -> Preferences:
    """Return the choices in the request's cookies; anything unknown counts as not chosen."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    text = request.COOKIES.get(TEXT_COOKIE, "")
    return Preferences(
        theme=theme if theme in THEMES else "light",
        text=text if text in TEXT_SIZES else "normal",
        shortcuts=request.COOKIES.get(SHORTCUTS_COOKIE, "") != "off",
    )
