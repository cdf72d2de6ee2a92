"""The texts of letters in both languages: chosen by document, changed, and the program's own restored."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qmdesk.documents import render
from qmdesk.documents.compose import BLANK, gap_sentence
from qmdesk.errors import Known
from qmdesk.i18n import LANGUAGES, N_, _, language
from qmdesk.operations import letter_texts, letters
from qmdesk.operations.registers import the_shop
from qmdesk.records.paper import DocumentKind
from qmdesk.register import Transaction
from ui import theme
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

MEANS = {
    "adr_entity": N_("the body for disputes"),
    "amount": N_("the amount"),
    "answer_by": N_("the last day for the answer"),
    "answer_channel": N_("how the answer is sent"),
    "basis": N_("the legal basis"),
    "buyer": N_("the buyer"),
    "case_number": N_("the number of the case"),
    "component": N_("what a part of the sum is for"),
    "consent_on": N_("the day of the consent"),
    "contact": N_("how to reach the shop"),
    "date": N_("the day of the letter"),
    "day": N_("a day"),
    "days": N_("how many days"),
    "demand": N_("what the customer wants"),
    "email": N_("an e-mail address"),
    "evidence": N_("the evidence"),
    "exclusion": N_("why there is no right to withdraw"),
    "files": N_("the files of the case"),
    "goods_condition": N_("the condition of the goods"),
    "goods_received_on": N_("the day the goods came"),
    "liability_until": N_("the end of the liability"),
    "method": N_("how the money goes back"),
    "number": N_("the number of the letter"),
    "page": N_("the page"),
    "pages": N_("how many pages"),
    "place": N_("the shop's town"),
    "privacy_contact": N_("whom to write about personal data"),
    "proof": N_("the proof of purchase"),
    "reason": N_("the reason"),
    "received_on": N_("the day the case came"),
    "received_time": N_("the time the case came"),
    "refund_by": N_("the last day for the refund"),
    "refund_method": N_("how the money goes back"),
    "retention": N_("how long the data are kept"),
    "return_address": N_("where to send the goods"),
    "send_by": N_("the last day for sending"),
    "shop": N_("the shop"),
    "shop_address": N_("the shop's address"),
    "website": N_("the shop's website"),
}
"""What stands in a letter where a text has a name in braces."""
KEY = Qt.ItemDataRole.UserRole
SHOWN = 200  # characters of a text in the list at most; where there is less room, it is cut there


class LetterTexts(QWidget):
    """A list of texts on the left, the chosen one in both languages on the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.key = ""
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.9), 0, theme.em(1))
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(_("What letters say. A change counts for letters written from now on; those already issued stay as they are."), "muted", wrap=True))
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(_("Texts of letters"))
        self.tree.setUniformRowHeights(True)
        self.tree.currentItemChanged.connect(self._choose)
        parts = QSplitter()
        parts.addWidget(self._list())
        parts.addWidget(self._editor())
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 3)
        parts.setChildrenCollapsible(False)
        rows.addWidget(parts, 1)
        self._fill()

    def _list(self) -> QWidget:
        """The texts, and below them the forms that are about no case."""
        panel = QWidget()
        rows = QVBoxLayout(panel)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tree, 1)
        rows.addWidget(PlainLabel(_("For your website and parcels, about no case:"), "small", wrap=True))
        line = FlowLayout(gap=theme.em(0.5))
        for kind in BLANK:
            line.addWidget(Button(f"{_(kind.label)}…", "pdf", on_click=self._form_saver(kind)))
        rows.addLayout(line)
        return panel

    def _form_saver(self, kind: DocumentKind) -> Callable[[], None]:
        return lambda: self.save_form(kind)

    def save_form(self, kind: DocumentKind) -> None:
        """Save a form about no case as a PDF where the user says, and tell what is not certain about it."""
        shop = the_shop(self.desk.register)
        letter = letters.blank(self.desk.register, kind, str(shop.language.value))
        if missing := gap_sentence(letter):
            self.desk.ask.warn(missing, parent=self)
            return
        out = self.desk.ask.choose_file_to_save(_("Where shall the file go?"), f"{_(kind.label)}.pdf", [("PDF", "*.pdf")], parent=self)
        if out is None:
            return
        try:
            out.write_bytes(render.to_pdf(letter.content))
        except OSError as error:
            self.desk.ask.warn(_("{file} can't be written: {detail}").format(file=out.name, detail=error.strerror), parent=self)
            return
        self.desk.on_saved(_("{file} was written.").format(file=out.name), out)
        if doubt := letters.doubt(kind):
            self.desk.ask.tell(doubt, parent=self)

    def _editor(self) -> QWidget:
        panel = QWidget()
        rows = QVBoxLayout(panel)
        rows.setContentsMargins(theme.em(1), 0, 0, 0)
        self.asks = PlainLabel("", "small", wrap=True, selectable=True)
        self.texts: dict[str, QPlainTextEdit] = {}
        self.marks: dict[str, PlainLabel] = {}
        self.restores: dict[str, Button] = {}
        for lang, name in LANGUAGES.items():
            box = QPlainTextEdit()
            box.setAccessibleName(_("Text in {language}").format(language=name))
            box.setTabChangesFocus(True)
            box.textChanged.connect(self._typed)
            self.texts[lang] = box
            self.marks[lang] = PlainLabel("", "small")
            self.restores[lang] = Button(_("Restore the program's own"), "undo", on_click=self._restorer(lang))
            line = QHBoxLayout()
            line.addWidget(PlainLabel(name, "muted"))
            line.addWidget(self.marks[lang], 1)
            line.addWidget(self.restores[lang])
            rows.addLayout(line)
            rows.addWidget(box, 1)
        rows.addWidget(self.asks)
        self.note = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self.note)
        self.save_button = Button(_("Save"), "save", "primary", lambda: self.save())
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(self.save_button)
        rows.addLayout(line)
        return panel

    def _fill(self) -> None:
        for group in letter_texts.groups():
            parent = QTreeWidgetItem(self.tree, [group.title])
            for key in group.keys:
                QTreeWidgetItem(parent, [""]).setData(0, KEY, key)
        self._name_all()
        first = self.tree.topLevelItem(0)
        assert first is not None
        self.tree.setCurrentItem(first.child(0) or first)

    def _name_all(self) -> None:
        """Name each text by its beginning; those the shop changed are bold."""
        changed = {key for key, _lang in letter_texts.changed(self.desk.register)}
        for group in range(self.tree.topLevelItemCount()):
            parent = self.tree.topLevelItem(group)
            for at in range(parent.childCount()):
                item = parent.child(at)
                key = item.data(0, KEY)
                said = letter_texts.current(self.desk.register, key, language()) if key in changed else letter_texts.own(key, language())
                item.setText(0, said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…")
                item.setToolTip(0, key)
                font = QFont(self.tree.font())
                font.setBold(key in changed)
                item.setFont(0, font)

    # -- choosing

    def choose(self, key: str) -> None:
        """Show one text."""
        for found in self.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive):
            if found.data(0, KEY) == key:
                self.tree.setCurrentItem(found)

    def _choose(self, item: QTreeWidgetItem | None, before: QTreeWidgetItem | None = None) -> None:
        key = item.data(0, KEY) if item is not None else ""
        if key == self.key:
            return
        if not self.may_leave():
            self.tree.blockSignals(True)
            self.tree.setCurrentItem(before)  # type: ignore[arg-type]  # none before the first: Qt takes it
            self.tree.blockSignals(False)
            return
        self.key = key or ""
        self._show()

    def _show(self) -> None:
        """Show the chosen text as letters use it now."""
        self.note.setText("")
        changed = letter_texts.changed(self.desk.register)
        writable = bool(self.key) and not self.desk.register.read_only
        for lang, box in self.texts.items():
            box.setPlainText(letter_texts.current(self.desk.register, self.key, lang) if self.key else "")
            box.setReadOnly(not writable)
            box.setEnabled(bool(self.key))
            own = (self.key, lang) in changed
            self.marks[lang].setText(_("changed by the shop") if own else "")
            self.restores[lang].setEnabled(own and writable)
        asked = [_("{name} – {words}").format(name=f"{{{name}}}", words=_(MEANS[name])) if name in MEANS else f"{{{name}}}" for name in (letter_texts.placeholders(self.key) if self.key else ())]
        self.asks.setText(_("The program fills in: {listed}.").format(listed=", ".join(asked)) if asked else "")
        self._typed()

    # -- changing

    def _unsaved(self) -> dict[str, str]:
        if not self.key:
            return {}
        typed = {lang: box.toPlainText().strip() for lang, box in self.texts.items()}
        return {lang: text for lang, text in typed.items() if text != letter_texts.current(self.desk.register, self.key, lang)}

    def _typed(self) -> None:
        self.save_button.setEnabled(bool(self._unsaved()) and not self.desk.register.read_only)

    def save(self) -> bool:
        """Keep what was typed, both languages in one step, or say what is wrong; whether it was kept."""
        texts = self._unsaved()
        try:
            if texts:
                self.desk.do(letter_texts.CHANGE, letter_texts.change_all, self.key, texts)
        except Known as error:
            self.note.setText(error.sentence)
            return False
        self.refresh()
        return True

    def _restorer(self, lang: str) -> Callable[[], None]:
        return lambda: self.restore(lang)

    def restore(self, lang: str) -> None:
        """Go back to the program's own text."""

        def restored(tx: Transaction) -> bool:
            letter_texts.restore(tx, self.key, lang)
            return True

        if self.desk.attempt(letter_texts.RESTORE, restored):
            self.texts[lang].setPlainText(letter_texts.own(self.key, lang))
            self.refresh()

    def refresh(self) -> None:
        """Ask the register again; what is typed and not saved stays."""
        self._name_all()
        if not self._unsaved():
            self._show()

    def may_leave(self) -> bool:
        """Whether something else may be shown now: what is typed and not saved is asked about."""
        if not self._unsaved() or self.desk.register.read_only:
            return True
        if not self.desk.ask.confirm(_("The text is changed and not saved. Save it?"), _("Throw away"), _("Save"), danger=True, parent=self.window()):
            return self.save()
        self._show()
        return True
