"""The three questions that say who the buyer is in law, and below them what follows: the basis, the reasons, what silence means."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.law.buyer import Regime, Silence, buyer_questions, silence
from qmdesk.records.case import LegalBasis
from qmdesk.records.party import BuyerType
from ui import theme
from ui.widgets.plain_label import PlainLabel

_SILENT = {
    Silence.CERTAIN: N_("Silence: when no answer reaches the customer in time, the complaint counts as accepted."),
    Silence.POSSIBLE: N_("Silence: when no answer reaches the customer in time, the complaint may count as accepted; that is not certain."),
    Silence.NONE: N_("Silence: the law ties nothing to it here; answer all the same."),
}


class BuyerQuestions(QWidget):
    """Asks them one below the other; a question that does not matter is not seen. ``changed`` tells of every answer."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.25))
        self.boxes: dict[str, QComboBox] = {}
        self._rows: dict[str, list[QWidget]] = {}
        for question in buyer_questions():
            box = QComboBox()
            box.setAccessibleName(question.name.to())
            box.addItem(_("Choose…"), "")
            for answer, words in question.answers.items():
                box.addItem(words.to(), answer)
            box.currentIndexChanged.connect(lambda _at: self._answered())
            self.boxes[question.id] = box
            heading, helping = PlainLabel(question.name.to(), "muted", wrap=True), PlainLabel(question.help.to(), "small", wrap=True)
            self._rows[question.id] = [heading, box, helping]
            for part in self._rows[question.id]:
                rows.addWidget(part)
            rows.addSpacing(theme.em(0.4))
        self.verdict = PlainLabel("", "strong", wrap=True)
        self.why = PlainLabel("", "small", wrap=True)
        for part in (self.verdict, self.why):
            rows.addWidget(part)
        self._show_asked()

    def answers(self) -> dict[str, str]:
        """Question -> answer, of those that are asked and answered."""
        given = {name: str(box.currentData() or "") for name, box in self.boxes.items()}
        return {question.id: given[question.id] for question in buyer_questions() if given[question.id] and question.asked(given)}

    def give(self, answers: Mapping[str, str]) -> None:
        """Show these answers; the others stay as they are."""
        for name, answer in answers.items():
            with QSignalBlocker(self.boxes[name]):
                self.boxes[name].setCurrentIndex(max(0, self.boxes[name].findData(answer)))
        self._show_asked()

    def tell(self, found: Regime, country: str) -> None:
        """Say what follows from the answers."""
        buyer = next(word for word in BuyerType if word.value == found.buyer)
        basis = next(word for word in LegalBasis if word.value == found.basis)
        self.verdict.setText(_("{buyer} · {basis}").format(buyer=_(buyer.label), basis=_(basis.label)))
        lines = [reason.to() for reason in found.reasons]
        if basis not in (LegalBasis.WITHDRAWAL, LegalBasis.VOLUNTARY):
            lines.append(_(_SILENT[silence(found.buyer, found.basis, country)]))
        self.why.setText("\n".join(lines))

    def _answered(self) -> None:
        self._show_asked()
        self.changed.emit()

    def _show_asked(self) -> None:
        given = {name: str(box.currentData() or "") for name, box in self.boxes.items()}
        for question in buyer_questions():
            for part in self._rows[question.id]:
                part.setVisible(question.asked(given))
