"""The open audit: what it is and how far, the one thing to do with it next, and its parts in tabs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, show_day
from qmdesk.operations import audit_papers, audits
from qmdesk.records.audit import Audit, AuditState, Checklist
from qmdesk.schema import types
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.paper import PaperDialog
from ui.panels.audit_findings import FoundPart, Open
from ui.panels.audit_parts import AuditFacts, Outcome, Questions
from ui.tables import paint
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Part, Tabs

Run = Callable[[int, int], None]
"""Opens the run of an audit, at a question (0: at the first open one)."""


class AuditPanel(QWidget):
    """Shows one audit; ``on_begun`` is called with the id of a copy."""

    outcome = Part(N_("Result"), lambda panel: Outcome(panel.desk))
    found = Part(N_("Findings"), lambda panel: FoundPart(panel.desk, panel.open_record))
    questions = Part(N_("Questions"), lambda panel: Questions(panel.desk, panel._open_question))
    facts = Part(N_("Facts"), lambda panel: AuditFacts(panel.desk))

    def __init__(self, desk: Desk, run: Run, open_record: Open) -> None:
        super().__init__()
        self.desk = desk
        self.audit: Audit | None = None
        self._run, self.open_record = run, open_record
        self.on_begun: Callable[[int], object] = lambda _id: None
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, 0)
        rows.addLayout(self._head())
        self.about = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.about)
        self.tabs = Tabs(self)
        self.tabs.currentChanged.connect(lambda _at: self._show_part())
        rows.addWidget(self.tabs, 1)

    def _head(self) -> FlowLayout:
        head = FlowLayout(gap=theme.em(0.6))
        self.number = PlainLabel("", "title", selectable=True)
        self.state, self.score = Pill(), Pill()
        self.main_button = Button("", "play", "primary", self._go_on)
        self.report_button = Button(_("Report…"), "pdf", on_click=self.show_report)
        self.more_button = Button(_("More"), "more", on_click=self._show_more)
        for part in (self.number, self.state, self.score, self.main_button, self.report_button, self.more_button):
            head.addWidget(part)
        head.push(self.main_button)
        return head

    # -- what it shows

    def show_audit(self, audit_id: int | None) -> None:
        """Show an audit; what was typed and not saved is asked about before."""
        if self.audit is not None and audit_id != self.audit.id and not self.may_leave():
            return
        self.audit = self.desk.register.find(Audit, audit_id) if audit_id else None
        self.refresh()

    def may_leave(self) -> bool:
        """Whether the audit may be left now."""
        return self.audit is None or not self.tabs.made("facts") or self.facts.may_leave()

    def refresh(self) -> None:
        """Ask the register again."""
        self.audit = self.desk.register.find(Audit, self.audit.id) if self.audit else None
        if self.audit is None:  # taken back, with all that was typed about it
            if self.tabs.made("facts"):
                self.facts.forget()
            return
        audit = self.audit
        self.number.setText(audit.number)
        role, icon = paint.state(audit.state)
        self.state.show_state(_(audit.state.label), role or "neutral", icon)
        self.score.show_state(*score_pill(audit))
        self.score.setVisible(audit.state is AuditState.FINISHED)
        name = self.desk.register.title(Checklist, audit.checklist)
        self.about.setText(" · ".join(part for part in (name, audit.place, show_day(audit.started_at.astimezone().date())) if part))
        running = audit.state is AuditState.RUNNING
        self.main_button.setText(_("Go on"))
        self.main_button.setVisible(running)
        self.main_button.setEnabled(not self.desk.register.read_only)
        self._show_part()

    def _show_part(self) -> None:
        if self.audit is not None:
            self.tabs.currentWidget().show_audit(self.audit)  # type: ignore[attr-defined]

    # -- what it does

    def _go_on(self) -> None:
        assert self.audit is not None
        if self.may_leave():
            self._run(self.audit.id, 0)

    def _open_question(self, answer_id: int) -> None:
        assert self.audit is not None
        if self.audit.state is AuditState.RUNNING and not self.desk.register.read_only and self.may_leave():
            self._run(self.audit.id, answer_id)

    def more_menu(self) -> QMenu:
        """What else can be done with the audit now."""
        assert self.audit is not None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        writable = not self.desk.register.read_only
        running = self.audit.state is AuditState.RUNNING
        offered: list[tuple[str, str, Callable[[], object], bool]] = [
            (_("Blank form to fill in by hand…"), "print", self.show_form, True),
            (_("Copy without the answers"), "copy", self.copy, writable),
            (_("Abandon…"), "close", self.abandon, writable and running),
            (_("Open again…"), "unlock", self.reopen, writable and not running),
        ]
        for words, icon, do, enabled in offered:
            if enabled:
                action = menu.addAction(theme.icon(icon), words)
                action.triggered.connect(lambda _checked=False, do=do: do())
        return menu

    def _show_more(self) -> None:
        self.more_menu().popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def show_report(self) -> None:
        """Look at the report, to save or print it."""
        if self.audit is None or not self.may_leave():
            return
        audit_id, lang = self.audit.id, str(self.desk.register.get(Checklist, self.audit.checklist).language.value)
        title = _("Report of audit {number}").format(number=self.audit.number)
        make = partial(audit_papers.report, self.desk.register, audit_id)
        ran(PaperDialog(self.desk, title, audit_papers.report_name(self.audit), make, lang, self))

    def show_form(self) -> None:
        """Look at the checklist as a form to fill in by hand."""
        assert self.audit is not None
        checklist = self.desk.register.get(Checklist, self.audit.checklist)
        make = partial(audit_papers.blank_form, self.desk.register, checklist.id)
        ran(PaperDialog(self.desk, checklist.name, audit_papers.form_name(checklist), make, str(checklist.language.value), self))

    def copy(self) -> None:
        """Begin an audit with the same questions."""
        assert self.audit is not None
        copied = self.desk.attempt(audits.COPY, audits.copy, self.audit.id)
        if copied is not None:
            self.on_begun(copied.id)

    def abandon(self) -> None:
        """Stop the audit, with a reason."""
        self._with_reason(_("Abandon audit {number}"), _("Why is it abandoned?"), audits.ABANDON, audits.abandon)

    def reopen(self) -> None:
        """Go on with an audit that is over, with a reason."""
        self._with_reason(_("Open audit {number} again"), _("Why is it opened again?"), audits.REOPEN, audits.reopen)

    def _with_reason(self, title: str, question: str, label: str, operation: Callable[..., Audit]) -> None:
        assert self.audit is not None
        reason = self.desk.ask.ask_text(title.format(number=self.audit.number), question, parent=self)
        if reason is not None:
            self.desk.attempt(label, operation, self.audit.id, reason)


def score_pill(audit: Audit) -> tuple[str, Role, str]:
    """How an audit ended: the word, its meaning, its icon."""
    share = types.Percent().show(audit.score)
    if audit.passed:
        return (_("Passed, {score}").format(score=share) if share else _("Passed")), "good", "done"
    return (_("Not passed, {score}").format(score=share) if share else _("Not passed")), "bad", "close"


