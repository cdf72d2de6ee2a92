"""What the shop asks back of its suppliers because of a case."""

from __future__ import annotations

from typing import Any

from qmdesk.i18n import N_, _
from qmdesk.operations import supplier_claims
from qmdesk.records.assessment import SupplierClaim
from qmdesk.schema.record import Record
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.panels.case_parts import PartTable
from ui.widgets.button import Button

NOT_IN_FORM = ("case", "document")


class Claims(PartTable):
    """The claims to suppliers in one case, each with its reply date on the clock."""

    kind = SupplierClaim
    columns = ("supplier", "reply_by", "amount", "outcome", "recovered")  # what there is room for beside a list
    choose_first = N_("Choose a claim in the table first.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Button(_("Claim from the supplier…"), "add", on_click=self._add),
            Button(_("Change…"), "edit", on_click=self._change),
            Button(_("Remove"), "remove", on_click=self._remove),
        )
        self.table.on_open = lambda _id: self._change()
        self.table.say_empty(_("Nothing was claimed from a supplier. Between businesses a defect must be notified at once (KC art. 563)."))

    def _dialog(self, claim: SupplierClaim | None, **preset: Any) -> RecordDialog:
        fields = SupplierClaim.spec.asked(*NOT_IN_FORM)
        return RecordDialog(self.desk, SupplierClaim, claim, preset=preset or None, fields=fields, save=_save, parent=self)

    def _add(self) -> None:
        assert self.case is not None
        ran(self._dialog(None, **supplier_claims.draft(self.desk.register, self.case)))

    def _change(self) -> None:
        if claim := self.chosen():
            ran(self._dialog(claim))

    def _remove(self) -> None:
        if claim := self.chosen():
            self.desk.attempt(supplier_claims.REMOVE, supplier_claims.remove, claim.id)


def _save(desk: Desk, form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, SupplierClaim)
    if form.record is None:
        return desk.do(supplier_claims.CLAIM, supplier_claims.claim, draft).id
    return desk.do(supplier_claims.CHANGE, supplier_claims.change, form.record.id, form.changes()).id
