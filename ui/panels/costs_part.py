"""What a case cost the shop beside the refund, and what is asked back of a supplier for it."""

from __future__ import annotations

from qmdesk.i18n import N_, _
from qmdesk.operations import keeping
from qmdesk.operations.figures.refund_only import refund_only
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import OPEN_STATES, Case
from qmdesk.records.improvement import Action
from qmdesk.records.measures import QualityCost
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.panels.case_parts import Part, PartTable
from ui.panels.claims_part import Claims
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel


class Costs(PartTable):
    """Postage, packaging, goods lost, minutes of work: what was spent on one case; the refund is in its own register."""

    kind = QualityCost
    columns = ("kind", "amount", "minutes", "on")  # what there is room for beside a list
    choose_first = N_("Choose a cost in the table first.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Button(_("Add a cost…"), "add", on_click=self._add),
            Button(_("Change…"), "edit", on_click=self._change),
            Button(_("Remove"), "remove", on_click=self._remove),
        )
        self.advice = PlainLabel("", "small", wrap=True)
        self.rows.insertWidget(0, self.advice)
        self.table.on_open = lambda _id: self._change()
        self.table.say_empty(_("No costs were written down. The analysis counts the shop's usual ones, if they are set, and calls them estimated."))

    def query(self) -> Query:
        assert self.case is not None
        return Query(QualityCost, (Condition("case", types.IS, (self.case.id,)),)).by(Order("on"))

    def refresh(self) -> None:
        super().refresh()
        said = refund_only(self.desk.register, self.case).sentence(the_shop(self.desk.register).currency) if self._may_still_keep_them() else ""
        self.advice.setText(said)
        self.advice.setVisible(bool(said))

    def _may_still_keep_them(self) -> bool:
        """Whether the goods are not here yet, and somebody may still say that they need not come."""
        return self.case.state in OPEN_STATES and self.case.goods_received_on is None and self.case.goods_sent_on is None

    def _add(self) -> None:
        assert self.case is not None
        preset = {"case": self.case.id, "on": clock().date()}
        ran(RecordDialog(self.desk, QualityCost, preset=preset, fields=QualityCost.spec.asked("case"), parent=self))

    def _change(self) -> None:
        if cost := self.chosen():
            ran(RecordDialog(self.desk, QualityCost, cost, fields=QualityCost.spec.asked("case"), parent=self))

    def _remove(self) -> None:
        if cost := self.chosen():
            self.desk.attempt(keeping.REMOVE, keeping.remove, QualityCost, cost.id)


class Spent(Part):
    """The tab of both."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.costs, self.claims = Costs(desk), Claims(desk)
        for words, part in ((_("What the case cost"), self.costs), (_("Asked back of the supplier"), self.claims)):
            part.rows.setContentsMargins(0, 0, 0, 0)
            self.rows.addWidget(PlainLabel(words, "heading"))
            self.rows.addWidget(part, 1)

    def show_case(self, case: Case | Action) -> None:
        self.case = case
        for part in (self.costs, self.claims):
            part.show_case(case)

    def refresh(self) -> None:
        for part in (self.costs, self.claims):
            part.refresh()
