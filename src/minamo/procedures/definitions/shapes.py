"""Plain values that travel between definitions, screens and exports; no Django, no HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TypeAlias

from .markup import Markup

# Canonical answers by field key; the README of this folder has the table of shapes.
Answers: TypeAlias = Mapping[str, object]
# What a person typed, by input name, exactly as it arrived.
Raw: TypeAlias = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to put right: where it is and the sentence the person reads.

    `input_id` is the id of the very input, so that the summary can link to it.
    """

    page: str
    field: str
    input_id: str
    code: str
    message: str


@dataclass(slots=True)
class OptionView:
    """One choice of a field, or one offered town of a postal-code look-up."""

    value: str
    label: str
    id: str
    checked: bool = False
    hint: str = ""
    name: str = ""
    type: str = "radio"
    invalid: bool = False

    @property
    def attributes(self) -> Markup:
        """Return all attributes of the radio button or box as HTML."""
        text = (
            f'class="mn-check" type="{self.type}" id="{self.id}" name="{self.name}"'
            f' value="{escape(self.value)}"'
        )
        if self.checked:
            text += " checked"
        if self.invalid:
            text += ' aria-invalid="true"'
        return Markup(text)


@dataclass(slots=True)
class InputView:
    """One control of a field as the template writes it; `value` is shown exactly as typed."""

    name: str
    id: str
    label: str = ""
    value: str = ""
    type: str = "text"
    css: str = "mn-input"
    autocomplete: str = ""
    inputmode: str = ""
    placeholder: str = ""
    unit: str = ""
    max_length: int = 0
    rows: int = 0
    described_by: str = ""
    invalid: bool = False
    optional: bool = False
    hint: str = ""
    # The name for screen readers where no <label> stands beside the control.
    aria_label: str = ""
    options: list[OptionView] = field(default_factory=list)

    @property
    def attributes(self) -> Markup:
        """Return all attributes of the control as HTML."""
        # Keys, classes and ids cannot hold anything to escape; what people wrote is escaped.
        text = f'class="{self.css}" id="{self.id}" name="{self.name}"'
        if self.rows:
            text += f' rows="{self.rows}" data-max-length="{self.max_length}"'
        elif not self.options:
            text += f' type="{self.type}" value="{escape(self.value)}"'
        if self.inputmode:
            text += f' inputmode="{self.inputmode}"'
        if self.autocomplete:
            text += f' autocomplete="{self.autocomplete}"'
        if self.placeholder:
            text += f' placeholder="{escape(self.placeholder)}"'
        if self.aria_label:
            text += f' aria-label="{escape(self.aria_label)}"'
        if self.described_by:
            text += f' aria-describedby="{self.described_by}"'
        if self.invalid:
            text += ' aria-invalid="true"'
        return Markup(text)


@dataclass(slots=True)
class FileView:
    """One stored file of a file field."""

    uuid: str
    name: str
    size_text: str
    remove_id: str


@dataclass(slots=True)
class FieldView:
    """Everything that `definitions/fields.html` needs to write one field.

    `partial` names the small template of the kind's family. `id` is the field's anchor
    (`f-<key>`); for a group it is the fieldset, for a single control the control itself.
    """

    key: str
    kind: str
    partial: str
    label: str
    id: str
    name: str
    hint: str = ""
    help_title: str = ""
    help_text: str = ""
    required: bool = False
    # Neither 必須 nor 任意 is written beside headings, guidance and ready-made values.
    shows_need: bool = True
    group: bool = False
    inputs: list[InputView] = field(default_factory=list)
    options: list[OptionView] = field(default_factory=list)
    options_label: str = ""
    files: list[FileView] = field(default_factory=list)
    # (words, address) of the texts a consent speaks of.
    links: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    hint_id: str = ""
    error_id: str = ""
    described_by: str = ""
    echo: str = ""
    data: dict[str, str] = field(default_factory=dict)

    @property
    def input(self) -> InputView:
        """Return the only control of a single-control field."""
        return self.inputs[0]

    @property
    def messages(self) -> bool:
        """Return whether anything stands between hint and control."""
        return bool(self.errors or self.warnings)


@dataclass(frozen=True, slots=True)
class PageView:
    """One question page among those this person will see; `number` counts from 1."""

    key: str
    title: str
    number: int
    total: int
    heading: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What came out of reading one posted page.

    `answers` are all answers so far with this page's valid ones merged in. An answer that
    could not be read is not among them (never an older one in its place); `raw` keeps what
    was typed, so that a page saved unfinished shows it again character by character.
    """

    answers: dict[str, object]
    errors: list[FieldError]
    warnings: list[FieldError]
    raw: dict[str, list[str]] = field(default_factory=dict)
    # Questions that appeared because of this very page's answers: show the page again,
    # without calling it an error (without script nobody could have seen them).
    revealed: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Return whether the person may go on."""
        return not self.errors and not self.revealed


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One answered question on the check page, in the case view or in a mail."""

    field: str
    label: str
    lines: list[str]
    kana: str = ""
    # Pairs of written form and reading, for furigana: (("小野寺", "オノデラ"), …).
    ruby: tuple[tuple[str, str], ...] = ()
    input_id: str = ""
    sensitivity: str = "none"
    files: tuple[str, ...] = ()
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """The answered questions of one page."""

    key: str
    title: str
    rows: list[SummaryRow]
    # Where 変更 leads; empty where nothing can be changed.
    change_url: str = ""


@dataclass(frozen=True, slots=True)
class ExitView:
    """A page on which the way through the form ends with words on what to do instead."""

    key: str
    title: str
    lines: list[str]
    links: list[tuple[str, str]]
    # The question page whose answer led here, for 「前に戻る」.
    page: str


@dataclass(frozen=True, slots=True)
class WorkOrderWanted:
    """A field-work order (開栓/閉栓) that the answers ask for."""

    kind: str
    label: str
    date: str
    time_band: str
    place: dict[str, str]
    key_number: str
    note: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case needs to know of the answers without knowing the procedure.

    `place` is one line; `wanted_date` is ISO or empty; `duplicate_key` is empty when the
    answers hold too little to call anything a duplicate.
    """

    applicant_name: str = ""
    applicant_kana: str = ""
    email: str = ""
    phone: str = ""
    place: str = ""
    key_number: str = ""
    wanted_date: str = ""
    duplicate_key: str = ""
    route: str = ""
    search_texts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
