"""What a supplier replied to a list of claims: an outcome and what came back for each, in one window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known
from qmdesk.i18n import _, show_money
from qmdesk.operations import claim_lists
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.rating import ClaimList
from qmdesk.register import clock
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.forms.editors import Editor, editor_for
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within


class ClaimReply(Dialog):
    """Asks for the reply to one list; claims the supplier said nothing about stay waiting."""

    def __init__(self, desk: Desk, list_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.listed = desk, desk.register.get(ClaimList, list_id)
        self.answers: dict[int, tuple[Editor, Editor]] = {}
        self.setWindowTitle(_("Reply to list {number}").format(number=self.listed.number))
        rows = QVBoxLayout(self)
        edge = theme.em(1.4)
        rows.setContentsMargins(edge, edge, edge, theme.em(1))
        rows.setSpacing(theme.em(0.6))
        self.on = editor_for(ClaimList.spec.fields["replied_on"], desk)
        self.on.set_value(self.listed.replied_on or clock().date())
        self.words = editor_for(ClaimList.spec.fields["reply"], desk)
        self.words.set_value(self.listed.reply)
        form = QFormLayout()
        form.addRow(ClaimList.spec.fields["replied_on"].labelled(), self.on)
        form.addRow(ClaimList.spec.fields["reply"].labelled(), self.words)
        rows.addLayout(form)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._claims())
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rows.addWidget(area, 1)
        self.problem = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self.problem)
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
        shortcuts_to_save(self, self.accept)
        resize_within(self, theme.em(56), theme.em(38))
        first = next(iter(self.answers.values()), None)
        if first:
            first[0].input.setFocus()

    def _claims(self) -> QWidget:
        inner = QWidget()
        theme.mark(inner, "page")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, theme.em(0.5), 0)
        grid.setHorizontalSpacing(theme.em(0.8))
        fields = SupplierClaim.spec.fields
        for at, words in enumerate((_("Claim"), fields["amount"].labelled(), fields["outcome"].labelled(), fields["recovered"].labelled())):
            grid.addWidget(PlainLabel(words, "muted"), 0, at)
        currency = the_shop(self.desk.register).currency
        for row, claim in enumerate(claim_lists.claims_of(self.desk.register, self.listed.id), 1):
            outcome, recovered = editor_for(fields["outcome"], self.desk, ClaimOutcome.WAITING), editor_for(fields["recovered"], self.desk)
            outcome.set_value(claim.outcome)
            recovered.set_value(claim.recovered)
            for editor, name in ((outcome, "outcome"), (recovered, "recovered")):
                editor.input.setAccessibleName(_("{field} of {number}").format(field=fields[name].labelled(), number=claim.number))
            self.answers[claim.id] = (outcome, recovered)
            said = PlainLabel(_("{number}: {description}").format(number=claim.number, description=" ".join(claim.basis.split())[:90] or "–"), wrap=True)
            amount = PlainLabel(show_money(claim.amount, currency) if claim.amount is not None else "–")
            for at, widget in enumerate((said, amount, outcome, recovered)):
                grid.addWidget(widget, row, at, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        return inner

    def accept(self) -> None:
        """Keep the reply; what can't be is said, and everything typed stays."""
        for editor in (self.on, *(recovered for _outcome, recovered in self.answers.values())):
            if sentence := editor.problem():
                self.problem.setText(sentence)
                return
        if not self.on.value():
            self.problem.setText(_("Say on which day the supplier replied."))
            return
        given = {id_: (outcome.value(), recovered.value() or None) for id_, (outcome, recovered) in self.answers.items()}
        try:
            self.desk.do(claim_lists.REPLY, claim_lists.note_reply, self.listed.id, self.on.value(), self.words.value() or "", given)
        except Known as error:
            self.problem.setText(error.sentence)
        else:
            super().accept()
