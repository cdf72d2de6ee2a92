"""What a case cost the shop: money and minutes as they are written down, and whether the goods need come back at all."""

from __future__ import annotations

from qmdesk.i18n import _
from qmdesk.operations import keeping
from qmdesk.operations.refund_only import refund_only
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import OPEN_STATES
from qmdesk.records.measures import QualityCost
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.panels.case_parts import PartTable
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel


class Costs(PartTable):
    """The costs of one case; refunds stand in their own register and are not typed in again."""

    kind = QualityCost
    columns = ("on", "kind", "amount", "minutes", "note")

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Button(_("Write down a cost…"), "add", on_click=self._add),
            Button(_("Change…"), "edit", on_click=self._change),
            Button(_("Remove"), "remove", on_click=self._remove),
        )
        self.advice = PlainLabel("", "small", wrap=True)
        self.rows.insertWidget(0, self.advice)
        self.table.on_open = lambda _id: self._change()
        self.table.say_empty(_("Nothing is written down. The minutes and parcels of this case are estimated from the usual ones in the settings; refunds are counted by themselves."))

    def refresh(self) -> None:
        assert self.case is not None
        self.table.table_model.forget_all()
        self.table.ask(Query(QualityCost, (Condition("case", types.IS, (self.case.id,)),)).by(Order("on")))
        shop = the_shop(self.desk.register)
        said = refund_only(self.desk.register, self.case).sentence(shop.currency) if self._may_still_keep_them() else ""
        self.advice.setText(said)
        self.advice.setVisible(bool(said))

    def _may_still_keep_them(self) -> bool:
        """Whether the goods are not here yet, and somebody may still say that they need not come."""
        return self.case.state in OPEN_STATES and self.case.goods_received_on is None and self.case.goods_sent_on is None

    def _add(self) -> None:
        assert self.case is not None
        ran(RecordDialog(self.desk, QualityCost, preset={"case": self.case.id, "on": clock().date()}, fields=QualityCost.spec.asked("case"), parent=self))

    def _chosen(self) -> QualityCost | None:
        if self.table.current_id is None:
            self.desk.ask.tell(_("Choose a cost in the table first."), parent=self)
            return None
        return self.desk.register.get(QualityCost, self.table.current_id)

    def _change(self) -> None:
        if cost := self._chosen():
            ran(RecordDialog(self.desk, QualityCost, cost, fields=QualityCost.spec.asked("case"), parent=self))

    def _remove(self) -> None:
        if cost := self._chosen():
            self.desk.attempt(keeping.REMOVE, keeping.remove, QualityCost, cost.id)
