"""Why a customer may not withdraw: the fourteen cases, the evidence each needs, and where it can be seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known, Problems
from qmdesk.i18n import _
from qmdesk.law.exclusions import all_exclusions, evidence_name, exclusion, verdict
from qmdesk.law.words import rule_file, words
from qmdesk.operations import evidence, return_terms, returns
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case
from qmdesk.records.returns import Exclusion
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.forms.form import Notice
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel, harmless_tooltip
from ui.widgets.within_screen import resize_within


class _Proof(QWidget):
    """A box with its words beside it, in as many lines as they need; a click on the words ticks it too."""

    def __init__(self, box: QCheckBox, words: str) -> None:
        super().__init__()
        self._box = box
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.em(0.3), 0, 0)
        line.setSpacing(theme.em(0.2))
        line.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(PlainLabel(words, wrap=True), 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._box.toggle()
        event.accept()


class ExclusionDialog(Dialog):
    """Chooses an exclusion, or none, with the evidence that is there; what may not be used says why."""

    def __init__(self, desk: Desk, case: Case, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.case = desk, case
        terms = return_terms.details(desk.register, case)
        self._kept = evidence.shown(terms.exclusion_evidence)
        title = _("No right to withdraw: {number}").format(number=case.number)
        self.setWindowTitle(title)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Why there is no right to withdraw"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for code, said in (("", _("The customer may withdraw")), *((found.code, found.name.to()) for found in all_exclusions())):
            item = QListWidgetItem(said)
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setToolTip(harmless_tooltip(said))
            self.list.addItem(item)
        self.boxes: dict[str, QCheckBox] = {}
        self.notes: dict[str, QLineEdit] = {}
        self.proofs = QWidget()
        theme.mark(self.proofs, "page")
        self._proof_rows = QVBoxLayout(self.proofs)
        self._proof_rows.setContentsMargins(0, 0, theme.em(0.6), 0)
        self.saying = PlainLabel("", wrap=True)
        self.notice = Notice()
        self._lay_out(title)
        self.list.currentRowChanged.connect(lambda _row: self._show_evidence())
        codes = ["", *(found.code for found in all_exclusions())]
        self.list.setCurrentRow(codes.index(str(terms.exclusion.value)) if terms.exclusion else 0)
        self._show_evidence()
        shortcuts_to_save(self, self.save)
        self.list.setFocus()

    def _lay_out(self, title: str) -> None:
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(title, "title", wrap=True))
        rows.addWidget(PlainLabel(words(rule_file("exclusions"), "informed").to(), "muted", wrap=True))
        middle = QHBoxLayout()
        middle.setSpacing(theme.em(1.2))
        middle.addWidget(self.list, 3)
        right = QVBoxLayout()
        right.addWidget(PlainLabel(_("Evidence"), "heading"))
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.proofs)
        right.addWidget(area, 1)
        right.addWidget(self.saying)
        middle.addLayout(right, 4)
        rows.addLayout(middle, 1)
        rows.addWidget(self.notice)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.save_button = Button(_("Save"), "save", "primary", self.save)
        self.save_button.setEnabled(not self.desk.register.read_only)
        line.addWidget(self.save_button)
        rows.addLayout(line)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.save_button)
        resize_within(self, theme.em(76), theme.em(46))

    @property
    def code(self) -> str:
        """The exclusion chosen; "" for none."""
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else ""

    def _show_evidence(self) -> None:
        while item := self._proof_rows.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.boxes, self.notes = {}, {}
        for name in exclusion(self.code).evidence if self.code else ():
            said = evidence_name(name).to()
            box, note = QCheckBox(), QLineEdit(self._kept.get(name, ""))
            box.setAccessibleName(said)
            box.setChecked(name in self._kept)
            box.toggled.connect(lambda _on: self._judge())
            note.setPlaceholderText(_("where it can be seen: photo 2, order of 3 May…"))
            note.setAccessibleName(_("{evidence}: where it can be seen").format(evidence=said))
            note.textEdited.connect(lambda _text, box=box: box.setChecked(True))
            self.boxes[name], self.notes[name] = box, note
            self._proof_rows.addWidget(_Proof(box, said))
            self._proof_rows.addWidget(note)
        self._proof_rows.addStretch()
        self._judge()

    def _shown(self) -> dict[str, str]:
        return {name: self.notes[name].text() for name, box in self.boxes.items() if box.isChecked()}

    def _judge(self) -> None:
        """Say whether the exclusion may be used on what is ticked."""
        if not self.code:
            self.saying.setText(_("Nothing takes the right to withdraw away."))
            return
        self.saying.setText(verdict(exclusion(self.code), str(self.case.contract_type.value), tuple(self._shown())).sentence())

    def save(self) -> None:
        """Keep the exclusion with its evidence, or take it away."""
        if not self.save_button.isEnabled():
            return
        chosen = next((one for one in Exclusion if one.value == self.code), None)
        text = evidence.written(self._shown(), str(the_shop(self.desk.register).language.value)) if chosen else ""
        try:
            self.desk.do(returns.CHANGE, returns.change_details, self.case.id, {"exclusion": chosen, "exclusion_evidence": text})
        except Problems as error:
            self.notice.say(" ".join(dict.fromkeys(problem.sentence for problem in error.problems)))
        except Known as error:
            self.notice.say(error.sentence)
        else:
            self.accept()
