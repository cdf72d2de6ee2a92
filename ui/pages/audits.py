"""Audits: the runs with what they found, the programme of the year, and the checklists that are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.operations import audits
from qmdesk.operations.programme import Occurrence
from qmdesk.records.audit import (
    AnswerPhoto,
    Audit,
    AuditAnswer,
    AuditState,
    Checklist,
    Finding,
    PlannedAudit,
    Question,
)
from qmdesk.records.improvement import Action
from qmdesk.records.party import Person
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.dialogs.audit_run import AuditRun
from ui.dialogs.new_audit import NewAudit
from ui.pages.listing import Empty, Listing
from ui.panels.audit import AuditPanel, score_pill
from ui.panels.audit_findings import Open
from ui.panels.checklists import Checklists
from ui.panels.programme import ProgrammePanel
from ui.panels.rounds import RoundsPanel
from ui.tables.filters import Filter, View
from ui.tables.model import Titles, told
from ui.tables.paint import Cell
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Part, Tabs

COLUMNS = ("number", "checklist", "place", "outcome", "started_at")
PRESETS = (
    (N_("In progress"), View((Filter(Condition("state", types.ONE_OF, (AuditState.RUNNING,))),), order="-started_at")),
    (N_("Not passed"), View((Filter(Condition("state", types.ONE_OF, (AuditState.FINISHED,))), Filter(Condition("passed", types.IS, (False,)))), order="-started_at")),
)


def outcome(audit: Audit, _titles: Titles) -> Cell:
    """How an audit ended, or that it goes on."""
    if audit.state is AuditState.RUNNING:
        return Cell(_(audit.state.label), "accent", "play")
    if audit.state is AuditState.ABANDONED:
        return Cell(_(audit.state.label), "neutral", "close", audit.abandoned_because)
    said, role, icon = score_pill(audit)
    return Cell(types.Percent().show(audit.score) or said, role, icon, said)


class AuditsPage(Page):
    """The officer's page: three tabs, the audits first."""

    shows = (Audit, AuditAnswer, AnswerPhoto, Finding, PlannedAudit, Checklist, Question, Person, Action)

    run_before = Part(N_("Audits"), lambda page: page._audits(), "audits")
    programme = Part(N_("Programme"), lambda page: page._programme(), "calendar")
    rounds = Part(N_("Every day and week"), lambda page: page._rounds(), "refresh")
    checklists = Part(N_("Checklists"), lambda page: Checklists(page.desk, lambda id_: page.new_audit({"checklist": id_})), "checklist")

    def __init__(self, desk: Desk, open_record: Open) -> None:
        super().__init__(desk)
        self._open_record = open_record
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.4), 0, 0)
        self.tabs = Tabs(self)
        theme.mark(self.tabs, "pages")
        rows.addWidget(self.tabs)
        self.tabs.page("run_before")  # the list and the open audit, which the others lead to

    def _audits(self) -> QWidget:
        self.listing = Listing(
            self.desk,
            Audit,
            columns=COLUMNS,
            order="-started_at",
            told=(told("outcome", N_("Result"), outcome, 12, whole=True),),
            presets=PRESETS,
            empty=Empty(N_("No audits yet."), N_("Choose a checklist and begin; each answer is kept at once."), N_("New audit"), lambda: self.new_audit(), "audits"),
        )
        self.panel = AuditPanel(self.desk, self.run, self._open_record)
        self.panel.on_begun = self._begun
        left = QWidget()
        rows = QVBoxLayout(left)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        head = FlowLayout(gap=theme.em(0.5))
        head.addWidget(PlainLabel(_("Audits"), "title"))
        self.new_button = Button(_("New audit"), "add", "primary", lambda: self.new_audit())
        self.new_button.setEnabled(not self.desk.register.read_only)
        head.addWidget(self.new_button)
        head.push(self.new_button)
        rows.addLayout(head)
        rows.addWidget(self.listing, 1)
        self.nothing = EmptyState("audits", _("Choose an audit in the list."))
        self.beside = QStackedWidget()
        self.beside.addWidget(self.nothing)
        self.beside.addWidget(self.panel)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(self.beside)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.em(44), theme.em(48)])
        self.listing.on_current = self._show
        self.listing.on_open = self._show
        return split

    def _programme(self) -> ProgrammePanel:
        made = ProgrammePanel(self.desk, self.new_audit, lambda id_: self.open(Audit, id_))
        made.refresh()
        return made

    def _rounds(self) -> RoundsPanel:
        made = RoundsPanel(self.desk, self.begin_planned, lambda id_: self.run(id_))
        made.refresh()
        return made

    # -- what it shows

    def refresh(self) -> None:
        self.beside.setVisible(bool(self.desk.register.count(Query(Audit), 1)))  # else the list itself says what to do first
        self.panel.refresh()
        self._bring_up()
        for part in ("programme", "rounds"):
            if self.tabs.made(part):
                getattr(self, part).refresh()

    def show_programme(self) -> None:
        """Show what of the programme waits now."""
        self.tabs.setCurrentWidget(self.programme)
        self.programme.go_to_waiting()

    def stops(self) -> Sequence[QWidget]:
        inner: dict[str, Callable[[], QWidget]] = {
            "programme": lambda: self.programme.list, "rounds": lambda: self.rounds.table, "checklists": lambda: self.checklists.chooser.list,
        }  # fmt: skip
        return *self.listing.stops(), self.panel.tabs, *(stop() for name, stop in inner.items() if self.tabs.made(name)), self.tabs

    def place(self) -> tuple[View, int, int, int]:
        return self.listing.view, self.panel.audit.id if self.panel.audit else 0, self.panel.tabs.currentIndex(), self.tabs.currentIndex()

    def return_to(self, place: tuple[View, int, int, int]) -> None:
        view, audit_id, part, tab = place
        self.listing.show_view(view)
        if audit_id:
            self.open(Audit, audit_id)
            self.panel.tabs.setCurrentIndex(part)
        self.tabs.setCurrentIndex(tab)

    def may_leave(self) -> bool:
        return self.panel.may_leave()

    def open(self, kind: type[Record], id_: int) -> None:
        """Show an audit, the audit a finding belongs to, or a checklist."""
        if kind is Checklist:
            self.tabs.setCurrentWidget(self.checklists)
            self.checklists.open(id_)
            return
        audit_id = self.desk.register.get(Finding, id_).audit if kind is Finding else id_
        self.tabs.setCurrentIndex(0)
        self.listing.go_to(audit_id)
        self._show(audit_id)
        if kind is Finding:
            self.panel.tabs.setCurrentWidget(self.panel.found)
            self.panel.found.table.go_to(id_)

    def _show(self, audit_id: int | None) -> None:
        if audit_id is None:
            return
        self.panel.show_audit(audit_id)
        self._bring_up()
        if self.panel.audit is not None and self.panel.audit.id != audit_id:  # the user stays with what is not saved
            self.listing.table.go_to(self.panel.audit.id)

    def _bring_up(self) -> None:
        self.beside.setCurrentWidget(self.panel if self.panel.audit else self.nothing)

    # -- what it does

    def new_audit(self, preset: Mapping[str, Any] | None = None) -> None:
        """Ask for a new audit and run it."""
        if not self.may_leave():
            return
        dialog = NewAudit(self.desk, preset, self)
        if ran(dialog) and dialog.audit_id:
            self._begun(dialog.audit_id)

    def begin_planned(self, one: Occurrence) -> None:
        """Begin at once the run of a day of the programme, as its plan says, and ask its questions."""
        if not self.may_leave():
            return
        begun = self.desk.attempt(audits.START, audits.start, one.plan.checklist, {"plan": one.plan.id, "planned_for": one.day})
        if begun is not None:
            self.run(begun.id)

    def _begun(self, audit_id: int) -> None:
        self.open(Audit, audit_id)
        self.run(audit_id)

    def run(self, audit_id: int, answer_id: int = 0) -> None:
        """Ask the questions of an audit in a window of its own."""
        run = AuditRun(self.desk, audit_id, self)
        if answer_id:
            run.go_to(answer_id)
        ran(run)
        self.refresh()


