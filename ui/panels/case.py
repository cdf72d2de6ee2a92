"""The open case: its head with state and next step, and the tabs for facts, items, conversation, files, letters and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from qmdesk.documents.compose import answering, fitting
from qmdesk.i18n import N_, _
from qmdesk.operations import actions, cases, letters, return_terms
from qmdesk.operations.deadlines import deemed_accepted_on
from qmdesk.operations.due import reasoning
from qmdesk.operations.return_terms import Standing
from qmdesk.operations.steps import take_step
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import OPEN_STATES, Case, CaseItem, CaseKind
from qmdesk.records.deadline import Deadline
from qmdesk.records.improvement import Action, ActionSource
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import Customer, Supplier
from qmdesk.records.product import Order as ShopOrder
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.shop import THE_SHOP, Shop
from qmdesk.records.steps import WAYS, Step, next_step, steps
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.buyer import WhoIsTheBuyer
from ui.dialogs.decide import Decide
from ui.dialogs.document import DocumentDialog
from ui.dialogs.new_action import new_action_dialog
from ui.dialogs.step import StepDialog
from ui.forms.dialog import RecordDialog
from ui.panels.case_parts import Conversation, Files, Items, Letters, Past
from ui.panels.checklist_part import Checklist
from ui.panels.costs_part import Spent
from ui.panels.deadlines_part import DeadlinesPart, nearest, silence_words
from ui.panels.due_words import DueRows
from ui.panels.facts import Facts
from ui.panels.return_part import ReturnPart
from ui.panels.words import age
from ui.tables import paint
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel, harmless_tooltip
from ui.widgets.tabs import Part, Tabs

Open = Callable[[type[Record], int], None]

# what the form of a case leaves to others: the decision has its dialog, the state its steps, the kind gave the number
DECISION = WAYS[Step.DECIDE].asks
NOT_IN_FORM = ("number", "kind", "state", "closed_on", *DECISION)
# what the main button says for the step that comes next; … stands for a dialog
NEXT = {
    Step.CLOSE: N_("Close the case"),
    Step.ANSWER: N_("Answer…"),
    Step.DECIDE: N_("Decide…"),
    Step.REOPEN: N_("Open again"),
    Step.ACKNOWLEDGE: N_("Confirm the withdrawal…"),
    Step.GOODS_RECEIVED: N_("The goods came…"),
    Step.INSPECT: N_("Look at the goods…"),
    Step.APPROVE: N_("Set the refund…"),
    Step.REFUND: N_("The money was returned…"),
}
LONGEST_LINK = 24  # letters of a customer's or an order's name in the head; marketplaces number with 36
CASE_FIELDS = tuple(name for name in Case.spec.fields if name not in NOT_IN_FORM)
OF_COMPLAINTS = (
    "noticed_on", "demand", "claimed", "safety", "guarantee_days", "examined_on", "warranty_excluded", "second_tier", "second_tier_on",
    "remedy_kind", "remedy_started_on", "remedy_done_on", "remedy_cost", "reduction_method",
)  # fmt: skip
"""A return is not asked for these; what stands in one all the same is shown."""


class CasePanel(QWidget):
    """Shows one case; what the user does is done through the desk, and the panel is told to refresh by its page."""

    facts = Part(N_("Case"), lambda panel: Facts(panel.desk, Case, CASE_FIELDS, N_("Change a case"), cases.edit))
    deadlines = Part(N_("Deadlines"), lambda panel: DeadlinesPart(panel.desk))
    of_return = Part(N_("Return"), lambda panel: ReturnPart(panel.desk, lambda: panel.do(Step.APPROVE)))
    items = Part(N_("Items"), lambda panel: Items(panel.desk))
    checklist = Part(N_("Checklist"), lambda panel: Checklist(panel.desk, panel.decide_with_reasons))
    conversation = Part(N_("Conversation"), lambda panel: Conversation(panel.desk))
    files = Part(N_("Files"), lambda panel: Files(panel.desk))
    letters = Part(N_("Letters"), lambda panel: Letters(panel.desk, panel.write_letter))
    spent = Part(N_("Costs"), lambda panel: Spent(panel.desk))
    past = Part(N_("History"), lambda panel: Past(panel.desk))

    def __init__(self, desk: Desk, open_record: Open, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._open = open_record
        self.case: Case | None = None
        self._left_out: set[str] = set()  # the fields the form does not ask for now
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, 0)
        rows.setSpacing(theme.em(0.5))
        rows.addLayout(self._head())
        rows.addLayout(self._second_line())
        self.silence = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self.silence)
        self.tabs = Tabs(self)
        theme.mark(self.tabs, "many")  # all of them in sight beside a list
        self.tabs.currentChanged.connect(lambda _at: self._show_part())
        rows.addWidget(self.tabs, 1)

    def _head(self) -> FlowLayout:
        line = FlowLayout(gap=theme.em(0.6))
        self.number = PlainLabel("", "title", selectable=True)
        self.kind = PlainLabel("", "muted")
        self.state = Pill()
        self.waiting = Pill()
        line.addWidget(self.number)
        self.main_button = Button("", part="primary", on_click=self._next)
        self.steps_button = Button(_("Steps"), "menu", on_click=self._show_steps)
        self.letter_button = Button(_("Letter…"), "letter", on_click=lambda: self.write_letter())
        for button in (self.letter_button, self.steps_button, self.main_button):
            line.addWidget(button)
        line.push(self.letter_button)
        for key, button in (("Ctrl+L", self.letter_button), ("Ctrl+E", self.steps_button), ("Ctrl+D", self.main_button)):
            button.setToolTip(key)
            QShortcut(QKeySequence(key), self, button.click)  # the button's own shortcut would go with its next text
        return line

    def _second_line(self) -> FlowLayout:
        line = FlowLayout(gap=theme.em(0.5))
        self.customer_link = Button("", "person", "link", self._open_customer)
        self.order_link = Button("", "orders", "link", self._open_order)
        self.buyer_link = Button("", "law", "link", self.say_who_the_buyer_is)
        self.buyer_link.setToolTip(_("Who is the buyer in law?"))
        for part in (self.state, self.waiting, self.kind, self.customer_link, self.order_link, self.buyer_link):
            line.addWidget(part)
        return line

    # -- showing

    def show_case(self, case_id: int | None) -> None:
        """Show a case, or nothing; what was typed and not saved is asked about before."""
        if self.case and case_id != self.case.id and not self.may_leave():
            return
        self.case = self.desk.register.find(Case, case_id) if case_id else None
        if self.case is not None:
            self.refresh()

    def may_leave(self) -> bool:
        """Whether the case may be left now; what was typed and not saved is asked about."""
        return self.case is None or self._may_leave("facts", "of_return", "conversation")

    def _may_leave(self, *parts: str) -> bool:
        return all(getattr(self, part).may_leave() for part in parts if self.tabs.made(part))

    def refresh(self) -> None:
        """Ask the register again for the case that is shown."""
        if self.case is None:
            return
        found = self.desk.register.rows(Case, [self.case.id])
        if not found:  # taken back, with all that was typed about it
            self.case = None
            for part in ("facts", "of_return", "conversation"):
                if self.tabs.made(part):
                    getattr(self, part).forget()
            return
        self.case, titles = found[0]
        case = self.case
        self.number.setText(case.number)
        self.kind.setText(_(case.kind.label))
        role, icon = paint.state(case.state)
        self.state.show_state(_(case.state.label), role or "neutral", icon)
        self.buyer_link.setText(_(case.buyer_type.label))
        self._show_clock(case)
        for link, name in ((self.customer_link, "customer"), (self.order_link, "order")):
            title = titles[name]
            link.setText((title if len(title) <= LONGEST_LINK else f"{title[: LONGEST_LINK - 1]}…").replace("&", "&&"))  # a name, not a mnemonic
            link.setToolTip(harmless_tooltip(title))
            link.setVisible(bool(titles[name]))
        self.tabs.setTabVisible(self.tabs.place("checklist"), case.kind is not CaseKind.RETURN)
        self.tabs.setTabVisible(self.tabs.place("of_return"), case.kind is CaseKind.RETURN)
        self._name_next()
        self._show_part()

    def _ask_for_kind(self) -> None:
        """Show the fields that belong to a case of this kind."""
        case = self.case
        assert case is not None
        left_out = {name for name in OF_COMPLAINTS if getattr(case, name) == Case.blank[name]} if case.kind is CaseKind.RETURN else set()
        if left_out != self._left_out:
            self._left_out = left_out
            self.facts.form.ask_only([name for name in CASE_FIELDS if name not in left_out])

    def _show_clock(self, case: Case) -> None:
        """The nearest day in words, or how long the case has waited where the law sets none; and what silence has done."""
        told = DueRows(self.desk.register)
        found = self.desk.register.records(parts_of(case, Deadline))
        first = nearest(found)
        cell = told.left(first) if first else age(case)
        self.waiting.show_state(cell.text, cell.role or "neutral", cell.icon)
        self.waiting.setToolTip(harmless_tooltip(f"{told.what(first).text}\n{reasoning(first)}") if first else "")
        self.waiting.setVisible(case.state in OPEN_STATES)
        since = deemed_accepted_on(case, found, told.book, told.today)
        self.silence.setText(silence_words(since) if since else "")
        self.silence.setVisible(since is not None)

    def _show_part(self) -> None:
        if self.case is not None:
            self.tabs.currentWidget().show_case(self.case)  # type: ignore[attr-defined]
            if self.tabs.made("facts"):
                self._ask_for_kind()

    def _next_step(self) -> Step | None:
        """The step most cases take next."""
        assert self.case is not None
        step = next_step(self.case)
        if self.case.kind is CaseKind.RETURN and step in (Step.GOODS_RECEIVED, Step.INSPECT, Step.APPROVE) and not steps(self.case)[Step.DECIDE]:
            refusable = return_terms.right(self.desk.register, self.case).standing in (Standing.LATE, Standing.EXCLUDED)
            return Step.DECIDE if refusable and self.case.decision is None else step
        return step

    def _name_next(self) -> None:
        assert self.case is not None
        step = self._next_step()
        arriving = letters.on_its_way(self.desk.register, self.case)
        self.main_button.setText(_("The letter arrived…") if arriving else _(NEXT[step]) if step else "")
        self.main_button.setVisible(arriving is not None or step is not None)
        writable = not self.desk.register.read_only
        self.main_button.setEnabled(writable)
        self.steps_button.setEnabled(writable)

    # -- doing

    def _next(self) -> None:
        assert self.case is not None
        step = self._next_step()
        if arriving := letters.on_its_way(self.desk.register, self.case):
            self.letters.note_delivery(arriving)
        elif step is not None:
            self.do(step)

    def do(self, step: Step) -> None:
        """Do a step; one that needs more than a click opens its dialog."""
        assert self.case is not None
        if not self._may_leave("facts", "of_return"):
            return
        if step is Step.DECIDE:
            ran(Decide(self.desk, self.case, self))
        elif WAYS[step].by_letter:
            self.write_letter(answering(self.case) if step is Step.ANSWER else fitting(self.case))
        elif WAYS[step].asks or WAYS[step].asks_return:
            ran(StepDialog(self.desk, self.case, step, self))
        else:
            self.desk.attempt(step.label, take_step, self.case.id, step)

    def decide_with_reasons(self) -> None:
        """Open the decision with the answers of the checklist as its reasons."""
        assert self.case is not None
        dialog = Decide(self.desk, self.case, self)
        dialog.use_reasons()
        ran(dialog)

    def steps_menu(self) -> QMenu:
        """Every step; one that can't be done now says why."""
        assert self.case is not None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for step, refusal in steps(self.case).items():
            if step is Step.REOPEN and refusal:
                continue
            action = menu.addAction(_(NEXT.get(step, step.label)))
            action.setEnabled(not refusal)
            if refusal:
                action.setText(_("{step} – {why}").format(step=_(step.label), why=refusal))
            action.triggered.connect(lambda _checked=False, step=step: self.do(step))
        menu.addSeparator()
        menu.addAction(theme.icon("improvement"), _("Begin an action…")).triggered.connect(lambda _checked=False: self.begin_action())
        return menu

    def begin_action(self) -> None:
        """Begin an action so that what the case is about does not come back."""
        if self.case is None or not self._may_leave("facts"):
            return
        known = {"case": self.case.id, **actions.known_from(self.desk.register, case=self.case.id)}
        dialog = new_action_dialog(self.desk, ActionSource.CASE, known, self)
        if ran(dialog) and dialog.saved_id:
            self._open(Action, dialog.saved_id)

    def _show_steps(self) -> None:
        self.steps_menu().popup(self.steps_button.mapToGlobal(QPoint(0, self.steps_button.height())))

    def write_letter(self, kind: DocumentKind | None = None) -> None:
        """Look at a letter and issue it."""
        if self.case is None or not self._may_leave("facts"):
            return
        dialog = DocumentDialog(self.desk, self.case.id, kind, self)
        dialog.on_gap = lambda field: self._fill_gap(field, dialog)
        if ran(dialog) and dialog.issued is not None:
            self.tabs.setCurrentWidget(self.letters)
            self.letters.table.go_to(dialog.issued.id)

    def _fill_gap(self, field: str, over: QWidget | None = None) -> None:
        """Lead to the field a letter misses, in a dialog over this window."""
        assert self.case is not None
        over = over or self
        place, _sign, id_ = field.partition("#")
        table, _dot, name = place.partition(".")
        if table == Case.spec.table and name in DECISION:
            ran(Decide(self.desk, self.case, over, first=name))
        elif table == Case.spec.table:
            ran(RecordDialog(self.desk, Case, self.case, fields=(name,), parent=over))
        elif table == Customer.spec.table and self.case.customer:
            self._edit(Customer, self.case.customer, name, over)
        elif not self._fill_part(table, name, int(id_ or 0), over):
            self._edit(Shop, THE_SHOP, name, over)
        self.refresh()

    def _fill_part(self, table: str, name: str, id_: int, over: QWidget) -> bool:
        """Lead to a field of a part of the case, made first where there is none; whether the field was of a part."""
        assert self.case is not None
        if table == CaseItem.spec.table and id_:
            ran(RecordDialog(self.desk, CaseItem, self.desk.register.get(CaseItem, id_), fields=(name,), parent=over))
            return True
        kinds: dict[str, type[Any]] = {kind.spec.table: kind for kind in (ReturnDetails, SupplierClaim)}
        claims = self.desk.register.records(parts_of(self.case, SupplierClaim))
        if table == Supplier.spec.table and claims:
            self._edit(Supplier, claims[-1].supplier, name, over)
        elif table in kinds:
            kind = kinds[table]
            found = self.desk.register.records(parts_of(self.case, kind))
            if found:
                ran(RecordDialog(self.desk, kind, found[-1], fields=(name,), parent=over))
            else:
                ran(RecordDialog(self.desk, kind, preset={"case": self.case.id}, fields=kind.spec.asked("case"), parent=over))
        else:
            return False
        return True

    def _edit(self, kind: type[Any], id_: int, field: str, over: QWidget) -> None:
        dialog = RecordDialog(self.desk, kind, self.desk.register.get(kind, id_), parent=over)
        if field in dialog.form.editors:
            dialog.form.editors[field].input.setFocus()
        ran(dialog)

    def say_who_the_buyer_is(self) -> None:
        """Ask who the buyer is in law."""
        if self.case is not None and self._may_leave("facts"):
            ran(WhoIsTheBuyer(self.desk, self.case, self))

    def _open_customer(self) -> None:
        if self.case and self.case.customer:
            self._open(Customer, self.case.customer)

    def _open_order(self) -> None:
        if self.case and self.case.order:
            self._open(ShopOrder, self.case.order)
