"""A letter before it goes: its pages with the gaps marked, how it is sent, issuing it for good, or noting that it went elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk import i18n
from qmdesk.documents import render
from qmdesk.documents.compose import Letter
from qmdesk.documents.writer import WORDS
from qmdesk.errors import Known
from qmdesk.i18n import _, n_, show_day
from qmdesk.operations import letters
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.lists import Channel
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.records.party import Customer, Supplier
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.shop import Shop
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Order, Query, offered
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.sent_elsewhere import SentElsewhere
from ui.forms.dialog import shortcuts_to_save
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.sheets import Sheets
from ui.widgets.within_screen import resize_within

DOTS = 80
TYPING = 400  # ms without a key until the letter is drawn with what was typed
WIDE = 28
"""Of the choices beside the pages, in ems: the longest name of a letter can be read."""


def _named(field: str, label: str) -> str:
    """What is missing and whose it is, in the window's language: an e-mail address of the shop or of the customer."""
    table, _dot, name = field.partition("#")[0].partition(".")
    kind = next((kind for kind in (Case, Customer, Shop, CaseItem, ReturnDetails, SupplierClaim, Supplier) if kind.spec.table == table and name in kind.spec.fields), None)
    if kind is None:
        return label
    return _("{record}: {title}").format(record=_(kind.spec.label), title=kind.spec.fields[name].labelled())


class _Deliberate(Button):
    """What can't be undone is not done by a plain Enter, also where the keyboard has come to it by itself."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        QPushButton.keyPressEvent(self, event)


class Sheet(QLabel):
    """One page as a picture; a click tells where, in parts of its width and height."""

    def __init__(self, page: int, png: bytes, on_click: Callable[[int, float, float], None]) -> None:
        super().__init__()
        self._page, self._on_click = page, on_click
        picture = QPixmap()
        picture.loadFromData(png)
        self.setPixmap(picture)
        self.setFixedSize(picture.size())
        self.setAccessibleName(_("Page {page}").format(page=page + 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._on_click(self._page, at.x() / self.width(), at.y() / self.height())


class DocumentDialog(Dialog):
    """Shows the letter a case asks for next; ``issued`` is the letter once it is issued."""

    def __init__(self, desk: Desk, case_id: int, kind: DocumentKind | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.case_id = desk, case_id
        self.issued: IssuedDocument | None = None
        self.on_gap: Callable[[str], None] = lambda _field: None
        case = desk.register.get(Case, case_id)
        self.setWindowTitle(_("Letter in case {number}").format(number=case.number))
        self._gaps: list[render.Gap] = []
        self._letter: Letter | None = None
        offered_kinds = letters.offered(desk.register, case)
        self._kinds = offered_kinds if kind is None or kind in offered_kinds else (kind, *offered_kinds)
        self._choices(case, kind)
        columns = QHBoxLayout(self)
        columns.addWidget(self._pages(), 1)
        panel = QWidget()
        panel.setLayout(self._side())
        panel.setFixedWidth(theme.em(WIDE))
        columns.addWidget(panel)
        resize_within(self, theme.em(WIDE) + 760, 1000)
        for box in (self.kind, self.lang, self.channel):
            box.currentIndexChanged.connect(lambda _at: self.refresh())
        self._typed = QTimer(self, singleShot=True, interval=TYPING)
        self._typed.timeout.connect(self.refresh)
        self.words.textChanged.connect(self._typed.start)
        self.refresh()
        self._come()

    def _choices(self, case: Case, kind: DocumentKind | None) -> None:
        self.kind = QComboBox()
        for word in self._kinds:
            self.kind.addItem(_(word.label))
        self.kind.setCurrentIndex(self._kinds.index(kind) if kind else 0)
        self.lang = QComboBox()
        for lang, name in i18n.LANGUAGES.items():
            self.lang.addItem(name, lang)
        self.lang.addItem(_("Polish, and English after it"), letters.BILINGUAL)
        self.lang.setCurrentIndex(list(i18n.LANGUAGES).index(letters.language_for(self.desk.register, case)))
        self.channel = QComboBox()
        for channel in self.desk.register.records(Query(Channel, offered(Channel)).by(Order("id"))):
            if channel.durable:
                self.channel.addItem(channel.name, channel.id)
        if case.channel is not None and self.channel.findData(case.channel) >= 0:
            self.channel.setCurrentIndex(self.channel.findData(case.channel))
        self.words = QPlainTextEdit()
        self.words.setFixedHeight(theme.em(6))
        self.words.setTabChangesFocus(True)

    def _side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        asked = QWidget()
        theme.mark(asked, "page")
        upper = QVBoxLayout(asked)
        upper.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        chosen = ((_("Letter"), self.kind), (_("Language"), self.lang), (_("Sent by"), self.channel), (_("In your own words"), self.words))
        for words, box in chosen:
            box.setAccessibleName(words)
            form.addRow(PlainLabel(words, "muted"), box)
        upper.addLayout(form)
        self.post = PlainLabel("", "warn", wrap=True)
        self.doubt = PlainLabel("", "small", wrap=True)
        self.note = PlainLabel("", "problem", wrap=True)
        for line in (self.post, self.doubt, self.note):
            upper.addWidget(line)
        self.missing = QVBoxLayout()
        self.missing.setSpacing(theme.em(0.3))
        upper.addLayout(self.missing)
        upper.addStretch()
        area = QScrollArea()  # with large text, and much that is missing, it is higher than a small screen
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(asked)
        side.addWidget(area, 1)
        self.issue_button = _Deliberate(_("Issue the letter"), "send", "primary", self._issue)
        self.issue_button.setToolTip(_("Issue the letter (Ctrl+Enter)"))
        shortcuts_to_save(self, lambda: self.issue_button.click())  # not a plain Enter: it can't be undone
        side.addWidget(PlainLabel(_("Issuing gives the letter its number and keeps its PDF for good; it can't be undone."), "small", wrap=True))
        side.addWidget(self.issue_button)
        self.elsewhere_button = Button(_("It was sent elsewhere…"), "attachment", on_click=self._sent_elsewhere)
        side.addWidget(self.elsewhere_button)
        close = Button(_("Close"), on_click=self.reject)
        for button in (self.issue_button, self.elsewhere_button, close):
            button.setAutoDefault(False)
        side.addWidget(close)
        return side

    def _pages(self) -> Sheets:
        self.sheets = Sheets(_("Preview of the letter"))
        theme.mark(self.sheets, "reading")
        return self.sheets

    def chosen_kind(self) -> DocumentKind:
        """The letter that is chosen; Qt's own data would make a plain text of it."""
        return self._kinds[self.kind.currentIndex()]

    def choose_kind(self, kind: DocumentKind) -> None:
        """Choose one of the letters that are offered."""
        self.kind.setCurrentIndex(self._kinds.index(kind))

    def said(self) -> str:
        """What is added in the shop's own words."""
        return types.LongText().parse(self.words.toPlainText())

    def refresh(self) -> None:
        """Draw the letter anew."""
        self._typed.stop()
        self.sheets.clear()
        self._tell_about_post()
        kind, read_only = self.chosen_kind(), self.desk.register.read_only
        self.doubt.setText(letters.doubt(kind))
        self.elsewhere_button.setEnabled(not read_only)
        try:
            self._letter = letters.preview(self.desk.register, self.case_id, kind, self.lang.currentData(), self.said())
            pages = render.to_pages(self._letter.content, dots_per_inch=DOTS)
            self._gaps = render.gaps(self._letter.content) if self._letter.gaps else []
        except Known as error:
            self.note.setText(error.sentence)
            self.note.show()
            self.issue_button.setEnabled(False)
            return
        for place, png in enumerate(pages):
            self.sheets.add(Sheet(place, png, self._clicked))
        self._offer_gaps(self._letter)
        self.issue_button.setEnabled(not self._letter.gaps and not read_only)

    def _tell_about_post(self) -> None:
        """Say by when an answer must leave that takes days to arrive."""
        case = self.desk.register.get(Case, self.case_id)
        found = letters.leave_by(self.desk.register, case, self.chosen_kind(), self.channel.currentData())
        self.post.setVisible(found is not None)
        if found is not None:
            days, last = found
            takes = n_("Sent this way it takes {n} day to arrive, and the day it arrives counts.", "Sent this way it takes {n} days to arrive, and the day it arrives counts.", days)
            leave = _("It must leave by {day}.") if last >= clock().date() else _("It should have left by {day}; choose a quicker way.")
            self.post.setText(f"{takes} {leave.format(day=show_day(last))}")

    def _offer_gaps(self, letter: Letter) -> None:
        """What is missing, each as a button that leads to it: the marks on the page can't be reached by keys."""
        lost = False
        while item := self.missing.takeAt(0):
            if widget := item.widget():
                lost = lost or widget is self.focusWidget()
                widget.hide()
                widget.deleteLater()  # it may have been clicked just now
        self.note.setText(_("Still missing; fill it in here, or click its mark on the page:") if letter.gaps else "")
        self.note.setVisible(bool(letter.gaps))
        before: QWidget = self.channel
        for field, label in {gap.field: gap.label for gap in letter.gaps}.items():
            button = Button(_named(field, label), "edit", on_click=lambda _checked=False, field=field: self._fill(field))
            button.setAutoDefault(False)
            self.missing.addWidget(button)
            button.show()  # or it could not take the keyboard yet
            QWidget.setTabOrder(before, button)
            before = button
        if lost:
            self._come()

    def _come(self) -> None:
        """Give the keyboard to the first thing that is missing, else to the choice of the letter."""
        first = self.missing.itemAt(0)
        (first.widget() if first is not None else self.kind).setFocus()

    def _fill(self, field: str) -> None:
        if field == WORDS:
            self.words.setFocus()
        else:
            self.on_gap(field)
            self.refresh()

    def _clicked(self, page: int, x: float, y: float) -> None:
        for gap in self._gaps:
            if gap.page == page and gap.x - 0.01 <= x <= gap.x + gap.width + 0.01 and gap.y - 0.01 <= y <= gap.y + gap.height + 0.01:
                self._fill(gap.field)
                return

    def _issue(self) -> None:
        args = (self.case_id, self.chosen_kind(), self.lang.currentData(), self.channel.currentData(), clock())
        self.issued = self.desk.attempt(letters.ISSUE, lambda tx: letters.issue(tx, *args, words=self.said()))
        if self.issued is not None:
            self.accept()

    def _sent_elsewhere(self) -> None:
        dialog = SentElsewhere(self.desk, self.case_id, self.chosen_kind(), self.channel.currentData(), self)
        if ran(dialog) and dialog.noted is not None:
            self.issued = dialog.noted
            self.accept()
