"""Incoming goods: how many pieces of a batch to look at, which ones, and what was found."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from qmdesk.analysis.sampling import LARGEST_LOT, MOST_ACCEPTED
from qmdesk.errors import Known, Problems
from qmdesk.i18n import _, decimal_sign, n_
from qmdesk.operations import sampling
from qmdesk.operations.sampling import Sample, Verdict
from qmdesk.records.product import Batch, Product
from qmdesk.register import clock
from qmdesk.schema.record import replace
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.forms.editors import editor_for
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within


class Sampling(Dialog):
    """Draws a sample while it is typed, and keeps it with what was found; a sample that is kept stays until another is drawn."""

    def __init__(self, desk: Desk, batch_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.batch = desk.register.get(Batch, batch_id)
        self.sample: Sample | None = None
        product = desk.register.title(Product, self.batch.product)
        self.setWindowTitle(_("Incoming inspection: {product}, {batch}").format(product=product, batch=self.batch.code))
        rows = QVBoxLayout(self)
        edge = theme.em(1.4)
        rows.setContentsMargins(edge, edge, edge, theme.em(1))
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(_("The sample"), "heading"))
        rows.addWidget(self._asked())
        self.kept = PlainLabel("", "muted", wrap=True)
        self.sentence = PlainLabel("", "strong", wrap=True, selectable=True)
        self.pieces = PlainLabel("", wrap=True, selectable=True)
        self.reasons = PlainLabel("", "small", wrap=True)
        self.problem = PlainLabel("", "problem", wrap=True)
        for label in (self.problem, self.sentence, self.pieces, self.kept, self.reasons):
            rows.addWidget(label)
        line = QHBoxLayout()
        self.copy_button = Button(_("Copy the numbers"), "copy", on_click=self.copy)
        self.again_button = Button(_("Draw another sample"), "redo", on_click=self.begin_anew)
        line.addWidget(self.copy_button)
        line.addWidget(self.again_button)
        line.addStretch()
        rows.addLayout(line)
        rows.addWidget(PlainLabel(_("What was found"), "heading"))
        rows.addWidget(self._found())
        rows.addStretch()
        buttons = QDialogButtonBox()
        self.save_button = Button(_("Save"), "save", "primary")
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.save_button.setDefault(True)
        self.save_button.setEnabled(not desk.register.read_only)
        shortcuts_to_save(self, self.accept)
        resize_within(self, theme.em(46), theme.em(44))
        if self.batch.sample_size is None:
            self.begin_anew()
            self.lot.setFocus()
        else:
            self._show_kept()
            self.defects.setFocus()

    def _asked(self) -> QWidget:
        self.asked = QWidget()
        form = QFormLayout(self.asked)
        form.setContentsMargins(0, 0, 0, 0)
        self.lot = QSpinBox()
        self.lot.setRange(1, LARGEST_LOT)
        self.lot.setValue(self.batch.quantity or 100)
        self.aql = self._shares(sampling.USUAL_AQL, "2.5")
        self.risk = self._shares(sampling.USUAL_RISK, "10")
        self.accepts = QSpinBox()
        self.accepts.setRange(0, MOST_ACCEPTED)
        self.seed = QLineEdit(sampling.new_seed())
        self.seed.setMaxLength(sampling.LONGEST_SEED)
        self.seed.setToolTip(_("The same seed draws the same pieces again, so that nobody can say they were chosen."))
        for words, widget in (
            (_("Pieces in the delivery"), self.lot),
            (_("Acceptable share of defective pieces (AQL), %"), self.aql),
            (_("Risk that a worse delivery passes, %"), self.risk),
            (_("Accept with up to so many defective ones"), self.accepts),
            (_("Seed of the draw"), self.seed),
        ):
            widget.setAccessibleName(words)
            form.addRow(words, widget)
        for spin in (self.lot, self.accepts):
            spin.valueChanged.connect(lambda _value: self.reckon())
        for combo in (self.aql, self.risk):
            combo.editTextChanged.connect(lambda _text: self.reckon())
        self.seed.textEdited.connect(lambda _text: self.reckon())
        return self.asked

    @staticmethod
    def _shares(usual: tuple[str, ...], chosen: str) -> QComboBox:
        combo = QComboBox()
        combo.setEditable(True)
        for share in usual:
            combo.addItem(share.replace(".", decimal_sign()))
        combo.setCurrentIndex(usual.index(chosen))
        return combo

    def _found(self) -> QWidget:
        found = QWidget()
        form = QFormLayout(found)
        form.setContentsMargins(0, 0, 0, 0)
        self.on = editor_for(Batch.spec.fields["inspected_on"], self.desk)
        self.defects = editor_for(Batch.spec.fields["defects_found"], self.desk)
        self.on.set_value(self.batch.inspected_on)
        self.defects.set_value(self.batch.defects_found)
        self.verdict = Pill()
        form.addRow(_("Defective pieces found"), self.defects)
        form.addRow(_("Looked at on"), self.on)
        form.addRow("", self.verdict)
        self.defects.changed.connect(self._judge)
        return found

    # -- what it shows

    def begin_anew(self) -> None:
        """Draw a sample instead of the one that is kept."""
        self.asked.setVisible(True)
        self.again_button.hide()
        self.kept.hide()
        self.reckon()

    def _show_kept(self) -> None:
        """The sample the batch has."""
        batch = self.batch
        self.asked.hide()
        self.problem.hide()
        self.reasons.hide()
        said = n_("Look at {n} piece and accept the delivery with at most {accepts} defective.", "Look at {n} pieces and accept the delivery with at most {accepts} defective.", batch.sample_size or 0, accepts=str(batch.sample_accepts or 0))
        self.sentence.setText(said)
        self.pieces.setText(batch.sample_picks)
        self.kept.setText(batch.sample_plan)
        self._judge()

    def reckon(self) -> None:
        """Draw the sample for what is typed now, or say what is wrong with it."""
        try:
            aql: Fraction = sampling.share(self.aql.currentText(), "AQL")
            risk = sampling.share(self.risk.currentText(), _("Risk"))
            self.sample = sampling.draw(self.lot.value(), aql, risk, self.seed.text() or "0", self.accepts.value())
        except Known as error:
            self.sample = None
            self.problem.setText(error.sentence)
        else:
            self.problem.setText("")
            self.sentence.setText(sampling.told(self.sample))
            self.pieces.setText(", ".join(map(str, self.sample.picks)) if self.sample.plan.size < self.lot.value() else _("All of them."))
            self.reasons.setText("\n".join(sampling.reasons(self.sample)))
        for label in (self.sentence, self.pieces, self.reasons):
            label.setVisible(self.sample is not None)
        self.problem.setVisible(self.sample is None)
        self.copy_button.setEnabled(self.sample is not None)
        self._judge()

    def _judge(self) -> None:
        """Say at once what the number found means."""
        accepts = self.sample.plan.accepts if self.sample else self.batch.sample_accepts
        found = self.defects.value()
        verdict = sampling.verdict(replace(self.batch, sample_accepts=accepts, defects_found=found if isinstance(found, int) else None))
        self.verdict.setVisible(verdict is not None)
        if verdict is Verdict.PASSED:
            self.verdict.show_state(_("Accept the delivery"), "good", "good")
        elif verdict is Verdict.REFUSED:
            self.verdict.show_state(_("Refuse the delivery: look at all of it, or send it back with a claim"), "bad", "bad")

    # -- what is done

    def copy(self) -> None:
        """Take the numbers of the pieces along."""
        QGuiApplication.clipboard().setText(self.pieces.text())

    def accept(self) -> None:
        """Keep the sample and what was found; what can't be is said."""
        found, on = self.defects.value(), self.on.value()
        defects = found if isinstance(found, int) else None
        day = (on or clock().date()) if defects is not None else on or None
        if self.asked.isVisibleTo(self) and self.sample is None:
            return
        for editor in (self.defects, self.on):
            if sentence := editor.problem():
                self._refuse(sentence)
                return
        try:
            self.desk.do(sampling.INSPECT, sampling.inspect, self.batch.id, self.sample, day, defects)
        except Problems as error:
            self._refuse(error.sentence)
        except Known as error:
            self._refuse(error.sentence)
        else:
            super().accept()

    def _refuse(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()


def verdict_words(batch: Batch) -> tuple[str, theme.Role, str]:
    """What a list says of a batch's inspection: words, colour, icon."""
    verdict = sampling.verdict(batch)
    if verdict is Verdict.PASSED:
        return _("accepted"), "good", "good"
    if verdict is Verdict.REFUSED:
        return _("refused"), "bad", "bad"
    if batch.sample_size is not None:
        return n_("look at {n}", "look at {n}", batch.sample_size), "warn", "hourglass"
    return "", "neutral", ""
