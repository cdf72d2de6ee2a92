"""The tabs of a case besides its facts: items, conversation, files, letters, history."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known, NotFound, Problem, Problems
from qmdesk.i18n import N_, _, show_moment, show_number
from qmdesk.operations import cases, evidence_pack, letters
from qmdesk.operations.history import sentences
from qmdesk.records.case import Case, CaseItem, Direction, Message
from qmdesk.records.improvement import Action, Evidence
from qmdesk.records.lists import Channel
from qmdesk.records.paper import Attachment, DocumentKind, IssuedDocument
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Order, Query, offered, parts_of
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.print_pdf import print_pdf
from ui.dialogs.split import Split
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.forms.photos import PhotoStrip, is_picture
from ui.opening import opened
from ui.panels.pictures import Pictures
from ui.tables.model import TableModel, Titles, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.story import Story

SAFE_TO_OPEN = (".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".txt", ".csv")


class Part(QWidget):
    """One tab: it shows the parts of one case."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.case: Any = None  # a case; of files and history an action too
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, theme.em(0.6), 0, theme.em(0.6))

    def show_case(self, case: Case | Action) -> None:
        """Show the parts of this case (files and history: of an action too)."""
        self.case = case
        self.refresh()

    def refresh(self) -> None:
        raise NotImplementedError


class PartTable(Part):
    """A tab with a small table and buttons over it."""

    kind: type[Record]
    columns: tuple[str, ...]
    choose_first: str
    """What is said where something is to be done and no row is chosen, marked for translation."""

    def __init__(self, desk: Desk, *buttons: Button) -> None:
        super().__init__(desk)
        line = FlowLayout(gap=theme.em(0.5))
        for button in buttons:
            button.setEnabled(not desk.register.read_only or button.property("reads") is True)
            line.addWidget(button)
        self.rows.addLayout(line)
        self.table = TableView(TableModel(desk.register, self.kind))
        self.table.warn = desk.ask.warn
        self.table.arrange(self.columns)
        self.rows.addWidget(self.table, 1)

    def query(self) -> Query:
        """What the table shows."""
        assert self.case is not None
        return parts_of(self.case, self.kind)

    def refresh(self) -> None:
        self.table.table_model.forget_all()
        self.table.ask(self.query())

    def chosen(self) -> Any:
        """The record of the chosen row; where none is chosen that is said, and it is None."""
        if self.table.current_id is None:
            self.desk.ask.tell(_(self.choose_first), parent=self)
            return None
        return self.desk.register.get(self.kind, self.table.current_id)


def _save_item(desk: Desk, form: RecordForm, draft: Record) -> int:
    """Keep an item as the case allows it: a return takes back no more pieces than were sold. Raises Problems."""
    assert isinstance(draft, CaseItem)
    if form.record is None:
        return desk.do(cases.ADD_ITEM, cases.add_item, draft).id
    return desk.do(cases.CHANGE_ITEM, cases.change_item, form.record.id, form.changes()).id


class Items(PartTable):
    """What the case is about, piece by piece; pieces with their own outcome stand in their own row."""

    kind = CaseItem
    columns = ("name", "quantity", "defect", "outcome")  # what there is room for beside a list
    choose_first = N_("Choose an item in the table first.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Button(_("Add an item…"), "add", on_click=self._add),
            Button(_("Outcome…"), "done", on_click=self._settle),
            Button(_("Change…"), "edit", on_click=self._change),
            Button(_("Remove"), "remove", on_click=self._remove),
        )
        self.table.on_open = lambda _id: self._change()
        self.table.say_empty(_("No items yet. Add what the complaint is about."))

    def _add(self) -> None:
        assert self.case is not None
        ran(RecordDialog(self.desk, CaseItem, preset={"case": self.case.id, "currency": self.case.currency}, fields=CaseItem.spec.asked("case", "currency", "outcome"), save=_save_item, parent=self))

    def _change(self) -> None:
        if item := self.chosen():
            ran(RecordDialog(self.desk, CaseItem, item, fields=CaseItem.spec.asked("case", "currency"), save=_save_item, parent=self))

    def _settle(self) -> None:
        item = self.chosen()
        if item is None:
            return
        dialog = Split(item, self)
        if ran(dialog):
            self.desk.attempt(cases.SPLIT, cases.split_item, item.id, dialog.quantity(), dialog.outcome())

    def _remove(self) -> None:
        if item := self.chosen():
            self.desk.attempt(cases.REMOVE_ITEM, cases.remove_item, item.id)


class Letters(PartTable):
    """The letters of the case, with proof of what was sent when."""

    kind = IssuedDocument
    columns = ("kind", "sent_at", "channel", "delivered_at")  # the number stands below, with the proof
    choose_first = N_("Choose a letter in the table first.")

    def __init__(self, desk: Desk, write: Callable[[DocumentKind | None], None]) -> None:
        open_, save, print_, evidence = (
            Button(_("Open"), "open", on_click=self._open),
            Button(_("Save as…"), "save", on_click=self._save),
            Button(_("Print…"), "print", on_click=self._print),
            Button(_("All the evidence…"), "save", on_click=self._evidence),
        )
        evidence.setToolTip(_("All that proves what was done in this case: one PDF, or a ZIP with its letters and files"))
        for button in (open_, save, print_, evidence):
            button.setProperty("reads", True)
        super().__init__(
            desk,
            Button(_("New letter…"), "add", on_click=lambda: write(None)),
            open_,
            save,
            print_,
            Button(_("Delivered…"), "done", on_click=self._delivered),
            evidence,
        )
        self.evidence = evidence
        self.table.on_open = lambda _id: self._open()
        self.table.say_empty(_("No letters yet."))
        self.proof = PlainLabel("", "small", selectable=True, wrap=True)
        self.rows.addWidget(self.proof)
        self.table.on_current = self._prove

    def _prove(self, id_: int | None) -> None:
        document = self.desk.register.find(IssuedDocument, id_) if id_ else None
        self.proof.setText(_("{number}, SHA-256 of the PDF: {sha256}").format(number=document.number, sha256=document.content) if document else "")

    def _file_name(self, document: IssuedDocument) -> str:
        return letters.file_name(self.desk.register, document)

    def _open(self) -> None:
        if document := self.chosen():
            open_content(self.desk, document.content, self._file_name(document))

    def _save(self) -> None:
        if document := self.chosen():
            save_content(self.desk, document.content, self._file_name(document), self)

    def _print(self) -> None:
        if document := self.chosen():
            print_pdf(self.desk, document, self)

    def _evidence(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, ending in ((_("As one PDF…"), ".pdf"), (_("As a ZIP with its letters and files…"), ".zip")):
            menu.addAction(words).triggered.connect(lambda _checked=False, ending=ending: self.save_evidence(ending))
        menu.popup(self.evidence.mapToGlobal(QPoint(0, self.evidence.height())))

    def save_evidence(self, ending: str) -> None:
        """Save all that proves what was done in the case, as .pdf or .zip, where the user says."""
        assert self.case is not None
        name = evidence_pack.suggested_name(self.case, ending)
        out = self.desk.ask.choose_file_to_save(_("Where shall the evidence go?"), name, [(ending.removeprefix(".").upper(), f"*{ending}")], parent=self)
        if out is None:
            return
        try:
            evidence_pack.write(self.desk.register, self.case.id, out, replace=True)
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
            return
        self.desk.on_saved(_("{file} was written.").format(file=out.name), out)

    def _delivered(self) -> None:
        if document := self.chosen():
            self.note_delivery(document)

    def note_delivery(self, document: IssuedDocument) -> None:
        """Ask when a letter reached the customer; now is proposed."""
        dialog = RecordDialog(self.desk, IssuedDocument, document, fields=("delivered_at",), save=_save_delivery, parent=self)
        dialog.setWindowTitle(_("When did the letter reach the customer?"))
        if document.delivered_at is None:
            dialog.form.propose(delivered_at=clock().replace(second=0, microsecond=0))
        dialog.form.editors["delivered_at"].input.setFocus(Qt.FocusReason.TabFocusReason)  # selected: + and - step by days
        ran(dialog)


def _save_delivery(desk: Desk, form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, IssuedDocument)
    at = draft.delivered_at
    if at is None:
        raise Problems([Problem("delivered_at", _("{field} is missing.").format(field=IssuedDocument.spec.fields["delivered_at"].labelled()))])
    if draft.sent_at is not None and at < draft.sent_at < at + timedelta(minutes=1):
        at = draft.sent_at  # handed over in the minute it was issued: what is typed knows no seconds
    return desk.do(letters.DELIVERED, letters.delivered, draft.id, at).id


def open_content(desk: Desk, sha256: str, name: str, *, own: bool = False) -> None:
    """Open a kept file in the system's viewer, from a temporary copy; kinds that could run are only saved, unless this program made it (``own``)."""
    if not own and Path(name).suffix.lower() not in SAFE_TO_OPEN:
        desk.ask.warn(_("{file} is of a kind that could run as a program or load from elsewhere; save it and open it yourself if you trust it.").format(file=name))
        return
    try:
        path = Path(tempfile.mkdtemp(prefix="qmdesk-")) / name
        path.write_bytes(desk.register.content(sha256))
    except (OSError, NotFound) as error:
        desk.ask.warn(error.sentence if isinstance(error, Known) else _("{file} can't be written: {detail}").format(file=name, detail=error.strerror))
        return
    if not opened(path):
        desk.ask.warn(_("No program on this computer opens {file}. Save it instead.").format(file=name))


def save_content(desk: Desk, sha256: str, name: str, parent: QWidget) -> None:
    """Save a kept file where the user says."""
    path = desk.ask.choose_file_to_save(_("Where shall the file go?"), name, parent=parent)
    if path is None:
        return
    try:
        path.write_bytes(desk.register.content(sha256))
    except OSError as error:
        desk.ask.warn(_("{file} can't be written: {detail}").format(file=path.name, detail=error.strerror), parent=parent)
    else:
        desk.on_saved(_("{file} was written.").format(file=path.name), path)


class _Bubble(QFrame):
    """One thing said."""

    def __init__(self, message: Message, channel: str) -> None:
        super().__init__()
        theme.mark(self, {Direction.INCOMING: "card", Direction.OUTGOING: "note", Direction.INTERNAL: "warn"}[message.direction])
        rows = QVBoxLayout(self)
        edge = theme.em(0.7)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.2))
        facts = [_(message.direction.label), message.author, channel, show_moment(message.at)]
        rows.addWidget(PlainLabel(" · ".join(fact for fact in facts if fact), "small", wrap=True))
        rows.addWidget(PlainLabel(message.text, wrap=True, selectable=True))


class Conversation(Part):
    """What was said, oldest first, and a place to note more."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.said = QWidget()
        theme.mark(self.said, "page")
        self.bubbles = QVBoxLayout(self.said)
        self.bubbles.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.bubbles.setContentsMargins(0, 0, theme.em(0.6), 0)
        self.area = QScrollArea()
        theme.mark(self.area, "reading")
        self.area.setWidgetResizable(True)
        self.area.setWidget(self.said)
        self.area.setAccessibleName(_("Conversation"))
        self.rows.addWidget(self.area, 1)
        line = FlowLayout(gap=theme.em(0.5))
        self.direction = QComboBox()
        self.direction.setAccessibleName(_("Direction"))
        for word in Direction:
            self.direction.addItem(_(word.label))
        self.channel = QComboBox()
        self.channel.setAccessibleName(_("Channel"))
        self.channel.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.channel.setMinimumContentsLength(12)  # the longest name would take a line of its own
        line.addWidget(self.direction)
        line.addWidget(self.channel)
        self.add = Button(_("Note it"), "add", "primary", self._say)
        line.addWidget(self.add)
        line.push(self.add)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("What was said"))
        self.text.setPlaceholderText(_("What was said, on the phone or in a mail. Paste the whole mail if you like."))
        self.text.setFixedHeight(theme.em(6))
        self.text.setTabChangesFocus(True)
        QShortcut(QKeySequence("Ctrl+Return"), self.text, self._say, context=Qt.ShortcutContext.WidgetShortcut)
        self.rows.addWidget(self.text)
        self.rows.addLayout(line)
        for part in (self.text, self.add, self.direction, self.channel):
            part.setEnabled(not desk.register.read_only)

    def _offer_channels(self) -> None:
        """The channels there are by now; the one chosen stays."""
        chosen = self.channel.currentData()
        self.channel.clear()
        for channel in self.desk.register.records(Query(Channel, offered(Channel)).by(Order("id"))):
            self.channel.addItem(channel.name, channel.id)
        self.channel.setCurrentIndex(max(0, self.channel.findData(chosen)))

    def refresh(self) -> None:
        assert self.case is not None
        self._offer_channels()
        while item := self.bubbles.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        found = self.desk.register.rows(Message, self.desk.register.ids(parts_of(self.case, Message).by(Order("at"), Order("id"))))
        for message, titles in found:
            self.bubbles.addWidget(_Bubble(message, titles["channel"]))
        if not found:
            self.bubbles.addWidget(PlainLabel(_("Nothing was said yet besides the complaint itself."), "muted", wrap=True))

    def forget(self) -> None:
        """The case is gone."""
        self.text.clear()

    def may_leave(self) -> bool:
        """Whether another case may be shown now: what is typed here belongs to this one."""
        if self.case is None or not self.text.toPlainText().strip():
            return True
        question = _("What you typed in the conversation of {number} is not noted yet. Note it?").format(number=self.case.number)
        if not self.desk.ask.confirm(question, _("Throw away"), _("Note it"), danger=True, parent=self.window()):
            return self._say()
        self.text.clear()
        return True

    def _say(self) -> bool:
        assert self.case is not None
        text = types.LongText().parse(self.text.toPlainText())
        if not text:
            self.text.setFocus()
            return False
        message = Message(
            case=self.case.id, at=clock(), direction=list(Direction)[self.direction.currentIndex()], channel=self.channel.currentData(), author=self.desk.register.who, text=text
        )
        if self.desk.attempt(cases.SAY, cases.say, message) is None:
            return False
        self.text.clear()
        return True


@dataclass(frozen=True)
class Keeping:
    """Which kind of file a record keeps, and by which operations (each with the label of its step)."""

    kind: type[Attachment] | type[Evidence]
    add: tuple[str, Callable[..., Any]]
    remove: tuple[str, Callable[..., Any]]
    nothing: str


OF_CASES = Keeping(Attachment, (cases.ATTACH, cases.add_files), (cases.DETACH, cases.remove_file), N_("No files yet. Photos the customer sent belong here."))


class Files(Part):
    """Photos and other files: dropped, pasted or chosen; kept at once."""

    def __init__(self, desk: Desk, keeping: Keeping = OF_CASES) -> None:
        super().__init__(desk)
        self._keeping = keeping
        self.strip = PhotoStrip(desk)
        self.strip.changed.connect(self._keep)
        self.strip.setEnabled(not desk.register.read_only)
        self.rows.addWidget(self.strip)
        line = FlowLayout(gap=theme.em(0.5))
        self.open = Button(_("Open"), "open", on_click=lambda: self._with_chosen(lambda file: open_content(desk, file.content, file.name)))
        self.save = Button(_("Save as…"), "save", on_click=lambda: self._with_chosen(lambda file: save_content(desk, file.content, file.name, self)))
        self.remove = Button(_("Remove"), "remove", on_click=lambda: self._with_chosen(self._take_away))
        self.remove.setEnabled(not desk.register.read_only)
        for button in (self.open, self.save, self.remove):
            line.addWidget(button)
        self.table = TableView(TableModel(desk.register, keeping.kind, (told("kilobytes", N_("Size"), _size, 8),)))
        self.table.arrange(("name", "kilobytes", "added_at"))
        self.table.on_open = lambda _id: self.open.click()
        self.pictures = Pictures()
        self.pictures.on_choose = self.table.go_to
        self.pictures.on_open = lambda _id: self.open.click()
        self.rows.addLayout(line)
        self.rows.addWidget(self.pictures)
        self.rows.addWidget(self.table, 1)
        self.table.say_empty(_(keeping.nothing))

    def show_case(self, case: Case | Action) -> None:
        """Show the files of this case; a photo still being made small goes to the case it was dropped on."""
        if self.case is not None and case.id != self.case.id:
            self._keep()
        super().show_case(case)

    def refresh(self) -> None:
        assert self.case is not None
        self.table.table_model.forget_all()
        self.table.ask(parts_of(self.case, self._keeping.kind))
        files = self.desk.register.records(parts_of(self.case, self._keeping.kind))
        self.pictures.show_files([(file.id, file.name, self.desk.register.content(file.content)) for file in files if is_picture(file.name)])

    def _keep(self) -> None:
        staged = self.strip.staged()
        if not staged or self.case is None:
            return
        if self.desk.attempt(*self._keeping.add, self.case.id, staged) is not None:
            self.strip.clear()

    def _with_chosen(self, do: Callable[[Attachment | Evidence], None]) -> None:
        id_ = self.table.current_id
        if id_ is None:
            self.desk.ask.tell(_("Choose a file in the table first."), parent=self)
            return
        do(self.desk.register.get(self._keeping.kind, id_))

    def _take_away(self, file: Attachment | Evidence) -> None:
        self.desk.attempt(*self._keeping.remove, file.id)


def _size(file: Attachment | Evidence, _titles: Titles) -> Cell:
    """How large a file is; nobody counts bytes."""
    kilobytes = max(1, round(file.size / 1024))
    return Cell(_("{size} kB").format(size=show_number(kilobytes)) if kilobytes < 1024 else _("{size} MB").format(size=show_number(round(kilobytes / 1024))))


class Past(Part):
    """Everything that happened to the case and its parts."""

    def __init__(self, desk: Desk, called: str = N_("History of the case")) -> None:
        super().__init__(desk)
        self.text = Story()
        self.text.setAccessibleName(_(called))
        self.rows.addWidget(self.text, 1)

    def refresh(self) -> None:
        assert self.case is not None
        register, last = self.desk.register, 0
        self.text.clear()
        for step, entry in register.history(self.case):
            if step.id != last:
                what = _(step.label) if step.undoes is None else _("{step} (undo or redo of step {number})").format(step=_(step.label), number=step.undoes)
                self.text.head(what, f"{show_moment(step.at)}   {step.who}")
                last = step.id
            self.text.tell(sentences(register, entry, self.case))
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
