"""A browser without scripts made of the standard library: cookies, links, forms.

For tests that send thousands of real form posts, where Chromium would be the slow part.
"""

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

TIMEOUT_SECONDS = 10


@dataclass
class Form:
    """A form as the page holds it: where it goes and what it would send."""

    action: str
    method: str
    data: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        """Return the names of all controls."""
        return {name for name, _ in self.data} | self.choices

    choices: set[str] = field(default_factory=set)
    in_main: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select: str = ""
        self.area: tuple[str, str] | None = None
        self.in_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "main":
            self.in_main = True
        if tag == "form":
            method = given.get("method", "get").lower()
            self.form = Form(given.get("action", ""), method, in_main=self.in_main)
            self.forms.append(self.form)
        if self.form is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(self.form, name, given)
        elif tag == "button" and name:
            self.form.buttons.append((name, given.get("value", "")))
        elif tag == "select":
            self.select = name
            self.form.choices.add(name)
        elif tag == "option" and self.select and "selected" in given:
            self.form.data.append((self.select, given.get("value", "")))
        elif tag == "textarea" and name:
            self.area = (name, "")

    @staticmethod
    def _input(form: Form, name: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"submit", "button", "image", "reset"}:
            form.buttons.append((name, given.get("value", "")))
        elif kind in {"radio", "checkbox"}:
            form.choices.add(name)
            if "checked" in given:
                form.data.append((name, given.get("value", "on")))
        elif kind != "file":
            form.data.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area = (self.area[0], self.area[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.area and self.form is not None:
            self.form.data.append(self.area)
            self.area = None


@dataclass(frozen=True)
class Answer:
    """A page as it came back."""

    status: int
    url: str
    text: str

    def forms(self) -> list[Form]:
        """Return the page's forms."""
        reader = _Reader()
        reader.feed(self.text)
        return reader.forms

    def main_form(self) -> Form:
        """Return the posting form of the page's main area with the most controls."""
        posting = [f for f in self.forms() if f.method == "post" and f.in_main]
        assert posting, f"no form on {self.url} ({self.status}):\n{self.text[:2000]}"
        return max(posting, key=lambda f: len(f.data) + len(f.choices))


class Robot:
    """One person's browser."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self.opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return Answer(response.status, response.url, response.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, request.full_url, error.read().decode(errors="replace"))
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error

    def get(self, path: str) -> Answer:
        """Follow a link."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.origin + "/", path)))

    def post(
        self,
        page: Answer,
        values: Mapping[str, str] | None = None,
        *,
        form: Form | None = None,
        button: tuple[str, str] | None = None,
    ) -> Answer:
        """Send a form with `values` laid over what it holds; returns the page after redirects.

        Raises: OSError when the server is away.
        """
        chosen = form or page.main_form()
        over = dict(values or {})
        data = [(name, value) for name, value in chosen.data if name not in over]
        data += list(over.items())
        if button:
            data.append(button)
        request = urllib.request.Request(
            urllib.parse.urljoin(page.url, chosen.action or page.url),
            data=urllib.parse.urlencode(data).encode(),
            headers={"Referer": page.url, "Origin": self.origin},
        )
        return self._open(request)
