"""Settings: the shop's letterhead and numbers, its lists of words and people, and how this computer shows things."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from qmdesk import i18n
from qmdesk.errors import Known
from qmdesk.i18n import N_, _, n_
from qmdesk.law.packs import load
from qmdesk.operations import deadlines, keeping
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import OPEN_STATES, Case
from qmdesk.records.imports import ImportBatch, ImportProfile
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.measures import SalesCount
from qmdesk.records.paper import TextBlock
from qmdesk.records.party import Person
from qmdesk.records.shop import Shop
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.forms.dialog import RecordDialog
from ui.pages.listing import Empty, Listing
from ui.panels.facts import Facts
from ui.panels.letter_texts import LetterTexts
from ui.panels.rules_panel import RulesPanel
from ui.preferences import Preferences, Scanner
from ui.tables.model import Column, told
from ui.tables.paint import Cell
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel, label_of
from ui.widgets.tabs import Part, Tabs

THEMES = (("system", N_("As the system")), ("light", N_("Light")), ("dark", N_("Dark")))
SCALES = (90, 100, 110, 125, 150, 175, 200)
LETTERHEAD = N_("Change the shop")


class _Words(QWidget):
    """A list the shop edits itself; with ``fields`` only those of a record, and no new ones: those come from elsewhere."""

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        advice: str,
        columns: tuple[str, ...],
        *,
        edit: bool = True,
        fields: tuple[str, ...] = (),
        told: Sequence[Column] = (),
        empty: Empty | None = None,
    ) -> None:
        super().__init__()
        self.desk, self.kind = desk, kind
        self._fields = fields or None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.9), 0, theme.em(1))
        rows.setSpacing(theme.em(0.6))
        line = QHBoxLayout()
        line.addWidget(PlainLabel(advice, "muted", wrap=True), 1)
        remove = Button(_("Remove") if edit else _("Withdraw the import"), "remove" if edit else "undo", on_click=self._remove)
        self._of_one = [Button(_("Change…"), "edit", on_click=self._change), remove] if edit else [remove]
        """What can only be done to the record the list is on."""
        new = [Button(_("New…"), "add", on_click=self._add)] if edit and not fields else []
        for button in (*new, *self._of_one):
            button.setEnabled(not desk.register.read_only and button not in self._of_one)
            line.addWidget(button)
        rows.addLayout(line)
        self.listing = Listing(desk, kind, columns=columns, order="id", told=told, empty=empty)
        if edit:
            self.listing.on_open = lambda _id: self._change()
        self.listing.on_current = self._allow
        rows.addWidget(self.listing, 1)

    def _allow(self, id_: int | None) -> None:
        for button in self._of_one:
            button.setEnabled(id_ is not None and not self.desk.register.read_only)

    def _add(self) -> None:
        ran(RecordDialog(self.desk, self.kind, parent=self))

    def _change(self) -> None:
        id_ = self.listing.current_id
        if id_ is not None:
            ran(RecordDialog(self.desk, self.kind, self.desk.register.get(self.kind, id_), fields=self._fields, parent=self))

    def _remove(self) -> None:
        id_ = self.listing.current_id
        if id_ is not None:
            self.desk.attempt(keeping.REMOVE, keeping.remove, self.kind, id_)


def _came_in(batch: ImportBatch | ImportProfile, _titles: object = None) -> Cell:
    from qmdesk.exchange.mapping import TARGETS  # the reading of files is loaded when it is used

    target = TARGETS.get(batch.target)
    return Cell(_(target.main.spec.plural) if target else batch.target)


def _written_by(batch: ImportBatch, _titles: object = None) -> Cell:
    from qmdesk.exchange.sources import source_label  # the reading of files is loaded when it is used

    return Cell(source_label(batch.source))


CAME_IN = told("came_in", N_("Comes in as"), _came_in, 18)


class _Imports(_Words):
    """The files taken in; each can be withdrawn whole."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, ImportBatch, _("Every file taken in. An import can be withdrawn as long as nothing it brought has changed since."), ("file", "taken_at", "written_by", "came_in", "rows_read", "added", "changed", "rejected"), edit=False, told=(told("written_by", N_("Written by"), _written_by, 22), CAME_IN), empty=Empty(N_("No file was imported yet."), N_("Import orders on the Orders page, or any file with Ctrl+I.")))

    def _remove(self) -> None:
        from qmdesk.operations.imports import step_of  # the reading of files is loaded when it is used

        id_ = self.listing.current_id
        if id_ is not None:
            self.desk.undo(step_of(self.desk.register, id_))


class _Computer(QWidget):
    """Language, theme, text size and scanner of this computer."""

    def __init__(self, desk: Desk, dress: Callable[[Preferences], None]) -> None:
        super().__init__()
        self._desk, self._dress = desk, dress
        now = desk.preferences
        form = QFormLayout(self)
        form.setContentsMargins(0, theme.em(1), 0, theme.em(1))
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        form.setHorizontalSpacing(theme.em(1.5))
        form.setVerticalSpacing(theme.em(0.8))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self.language = QComboBox()
        self.language.addItem(_("As the system"), "system")
        for lang, name in i18n.LANGUAGES.items():
            self.language.addItem(name, lang)
        self.language.setCurrentIndex(max(0, self.language.findData(now.language)))
        self.theme = QComboBox()
        for name, words in THEMES:
            self.theme.addItem(_(words), name)
        self.theme.setCurrentIndex(max(0, self.theme.findData(now.theme)))
        self.scale = QComboBox()
        for percent in sorted({*SCALES, round(now.text_scale * 100)}):
            self.scale.addItem(_("{percent} %").format(percent=percent), percent)
        self.scale.setCurrentIndex(self.scale.findData(round(now.text_scale * 100)))
        self.letters, self.pause = QSpinBox(), QSpinBox()
        self.letters.setRange(3, 40)
        self.letters.setValue(now.scanner.min_chars)
        self.pause.setRange(5, 200)
        self.pause.setSuffix(_(" ms"))
        self.pause.setValue(now.scanner.max_ms_per_char)
        for spin in (self.letters, self.pause):
            spin.lineEdit().setTextMargins(theme.em(0.4), 0, 0, 0)
        for words, box in (
            (_("Language"), self.language),
            (_("Theme"), self.theme),
            (_("Text size"), self.scale),
            (_("Scanner: shortest code"), self.letters),
            (_("Scanner: longest pause between characters"), self.pause),
        ):
            box.setAccessibleName(words)
            form.addRow(label_of(box, words), box)
        form.addRow("", Button(_("Apply"), "done", "primary", self.apply))
        note = PlainLabel(_("This is kept on this computer; everything else on this page is kept in the register."), "small", wrap=True)
        note.setMinimumWidth(theme.em(30))
        form.addRow("", note)

    def apply(self) -> None:
        """Take what was chosen; the window is built anew around the same register."""
        self._dress(
            replace(
                self._desk.preferences,
                language=self.language.currentData(),
                theme=self.theme.currentData(),
                text_scale=self.scale.currentData() / 100,
                scanner=Scanner(self.letters.value(), self.pause.value()),
            )
        )


def _profiles(desk: Desk) -> _Words:
    empty = Empty(N_("No mapping was kept yet."), N_("The import has a button that keeps how you mapped the columns."))
    about = _("Mappings of columns, kept for the next file of the same kind.")
    return _Words(desk, ImportProfile, about, ("name", "came_in"), fields=("name",), told=(CAME_IN,), empty=empty)


class SettingsPage(Page):
    """One tab for each thing that can be set."""

    shows = (Shop, TextBlock)

    shop = Part(N_("Shop"), lambda page: page._letterhead())
    people = Part(N_("Staff"), lambda page: _Words(page.desk, Person, _("Who takes complaints in, decides and signs."), ("name", "role", "email", "active")))
    channels = Part(N_("Channels"), lambda page: _Words(page.desk, Channel, _("The ways customers reach you and letters go out."), ("name", "durable", "delivery_days", "active")))
    causes = Part(N_("Causes"), lambda page: _Words(page.desk, Cause, _("Why things go wrong; the code is what a marketplace's export says."), ("name", "code", "active")))
    sales = Part(N_("Sales"), lambda page: _Words(page.desk, SalesCount, _("How much was sold in months whose orders are not imported: without it no rate can be told."), ("month", "orders", "pieces", "sales", "note")))
    texts = Part(N_("Texts of letters"), lambda page: LetterTexts(page.desk))
    imports = Part(N_("Imports"), lambda page: _Imports(page.desk))
    profiles = Part(N_("Import profiles"), lambda page: _profiles(page.desk))
    rules = Part(N_("Rules"), lambda page: RulesPanel(page.desk))
    computer = Part(N_("This computer"), lambda page: _Computer(page.desk, page.dress))

    def __init__(self, desk: Desk, dress: Callable[[Preferences], None]) -> None:
        super().__init__(desk)
        self.dress = dress
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, 0)
        rows.addWidget(PlainLabel(_("Settings"), "title"))
        self.tabs = Tabs(self)
        rows.addWidget(self.tabs, 1)

    def _letterhead(self) -> Facts:
        made = Facts(self.desk, Shop, tuple(Shop.spec.fields), LETTERHEAD, deadlines.change_shop)
        made.may_save = self._agrees
        made.show_case(the_shop(self.desk.register))
        return made

    def refresh(self) -> None:
        if self.tabs.made("shop"):
            self.shop.show_case(the_shop(self.desk.register))
        if self.tabs.made("texts"):
            self.texts.refresh()

    def _agrees(self, changes: Mapping[str, Any]) -> bool:
        """Whether the user wants what follows from another country: other rules for every open case."""
        country = str(changes.get("country", "")).strip().upper()
        if not country or country == the_shop(self.desk.register).country.upper():
            return True
        try:
            book = load(country)
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
            return False
        cases = self.desk.register.count(Query(Case, (Condition("state", types.ONE_OF, OPEN_STATES),)))
        what = n_(
            "{n} open case gets the deadlines of {country} then; what has passed or was met stays as it is.",
            "{n} open cases get the deadlines of {country} then; what has passed or was met stays as it is.",
            cases,
            country=book.name.to(),
        )
        question = " ".join(part for part in (what, book.note.to(), _("Change the country?")) if part)
        return self.desk.ask.confirm(question, _("Change the country"), parent=self)

    def stops(self) -> Sequence[QWidget]:
        return (self.tabs,)

    def place(self) -> int:
        return self.tabs.currentIndex()

    def return_to(self, place: int) -> None:
        self.tabs.setCurrentIndex(place)

    def may_leave(self) -> bool:
        return all(getattr(self, part).may_leave() for part in ("shop", "texts") if self.tabs.made(part))
