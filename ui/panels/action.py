"""The open action: where it stands, the one thing to do with it next, and its parts in tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from qmdesk.documents.action_report import ReportForm
from qmdesk.i18n import N_, _
from qmdesk.operations import action_papers
from qmdesk.operations.action_reading import open_tasks, opened_again_by
from qmdesk.operations.registers import the_shop
from qmdesk.records.action_steps import ActionStep, next_step, steps
from qmdesk.records.audit import Finding
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, ActionSource, Idea, Review
from qmdesk.records.process import ProcessStep
from qmdesk.register import clock
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.action_step import do_step
from ui.dialogs.paper import PaperDialog
from ui.panels.action_parts import OF_ACTIONS, ActionFacts, Tasks
from ui.panels.action_words import NEXT, days, what_next
from ui.panels.case_parts import Files, Past
from ui.panels.causes_part import Causes
from ui.tables import paint
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Part, Tabs

Open = Callable[[type[Record], int], None]
ORIGINS: tuple[tuple[str, type[Record]], ...] = (("finding", Finding), ("case", Case), ("idea", Idea), ("review", Review), ("process_step", ProcessStep))


class ActionPanel(QWidget):
    """Shows one action; what the user does is done through the desk."""

    facts = Part(N_("Action"), lambda panel: ActionFacts(panel.desk))
    causes = Part(N_("Causes"), lambda panel: panel._causes())
    tasks = Part(N_("Tasks"), lambda panel: Tasks(panel.desk))
    files = Part(N_("Evidence"), lambda panel: Files(panel.desk, OF_ACTIONS))
    past = Part(N_("History"), lambda panel: Past(panel.desk, N_("History of the action")))

    def __init__(self, desk: Desk, open_record: Open, show_watched: Callable[[Action], object]) -> None:
        super().__init__()
        self.desk = desk
        self._show_watched = show_watched
        self._open = open_record
        self.action: Action | None = None
        self.on_large: Callable[[bool], object] = lambda _large: None
        """Told when the causes want the whole room, and when no longer."""
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, 0, edge, 0)
        rows.setSpacing(theme.em(0.3))
        rows.addLayout(self._head())
        self.name = PlainLabel("", "strong", wrap=True, selectable=True)
        rows.addWidget(self.name)
        self.links = FlowLayout(gap=theme.em(0.5))
        self.state, self.days = Pill(), Pill()
        self.kind = PlainLabel("", "muted")
        self.origin = Button("", "link", "link", self._open_origin)
        self.before = Button("", "undo", "link", lambda: self._open(Action, self._earlier))
        self.after = Button("", "redo", "link", lambda: self._open(Action, self._later))
        self.watched = Button("", "rising", "link", self.show_watched)
        self.watched.setToolTip(_("Shows how it goes, before and after the action (Ctrl+G)"))
        QShortcut(QKeySequence("Ctrl+G"), self, self.watched.click)
        self._earlier = self._later = 0
        for part in (self.state, self.days, self.kind, self.origin, self.watched, self.before, self.after):
            self.links.addWidget(part)
        rows.addLayout(self.links)
        self.next = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.next)
        self.tabs = Tabs(self)
        self.tabs.currentChanged.connect(lambda _at: self._show_part())
        rows.addWidget(self.tabs, 1)

    def _causes(self) -> Causes:
        made = Causes(self.desk)
        made.on_large = lambda large: self.on_large(large)
        return made

    def _head(self) -> FlowLayout:
        head = FlowLayout(gap=theme.em(0.6))
        self.number = PlainLabel("", "title", selectable=True)
        self.main_button = Button("", part="primary", on_click=self.go_on)
        self.steps_button = Button(_("Steps"), "menu", on_click=self._show_steps)
        for button in (self.main_button, self.steps_button):
            button.setEnabled(not self.desk.register.read_only)
        self.report_button = Button(_("Report"), "pdf", on_click=self._show_reports)
        for part in (self.number, self.report_button, self.steps_button, self.main_button):
            head.addWidget(part)
        head.push(self.report_button)
        for key, button in (("Ctrl+E", self.steps_button), ("Ctrl+D", self.main_button)):
            button.setToolTip(key)
            QShortcut(QKeySequence(key), self, button.click)  # the button's own shortcut would go with its next text
        return head

    # -- what it shows

    def show_action(self, action_id: int | None) -> None:
        """Show an action; what was typed and not saved is asked about before."""
        if self.action is not None and action_id != self.action.id and not self.may_leave():
            return
        self.action = self.desk.register.find(Action, action_id) if action_id else None
        self.refresh()

    def may_leave(self) -> bool:
        """Whether the action may be left now."""
        return self.action is None or not self.tabs.made("facts") or self.facts.may_leave()

    def refresh(self) -> None:
        """Ask the register again."""
        self.action = self.desk.register.find(Action, self.action.id) if self.action else None
        if self.action is None:  # taken back, with all that was typed about it
            if self.tabs.made("facts"):
                self.facts.forget()
            return
        action = self.action
        self.number.setText(action.number)
        self.name.setText(action.name)
        role, icon = paint.state(action.state)
        self.state.show_state(_(action.state.label), role or "neutral", icon)
        left = days(action)
        self.days.show_state(left.text, left.role or "neutral", left.icon)
        self.days.setVisible(bool(left.text))
        self.kind.setText(_(action.kind.label))
        self._show_links()
        self._name_next()
        self._show_part()

    def _show_links(self) -> None:
        """Where it comes from, and the actions before and after it."""
        assert self.action is not None
        register = self.desk.register
        self.origin.setText(_(self.action.source.label))
        self.origin.setVisible(self.action.source is not ActionSource.OWN)
        self.origin.setEnabled(self._origin() is not None)
        self.watched.setVisible(self.action.watched is not None)
        self.watched.setText(_(self.action.watched.label) if self.action.watched else "")
        earlier = register.find(Action, self.action.reopens) if self.action.reopens else None
        later = opened_again_by(register, self.action)
        self._earlier, self._later = (other.id if other else 0 for other in (earlier, later))
        for link, other, words in ((self.before, earlier, _("Opened again after {number}")), (self.after, later, _("Goes on in {number}"))):
            link.setText(words.format(number=other.number) if other else "")
            link.setVisible(other is not None)

    def _origin(self) -> tuple[type[Record], int] | None:
        """The record the action comes from, where it has a page."""
        assert self.action is not None
        for name, kind in ORIGINS:
            if (id_ := getattr(self.action, name)) and kind is not ProcessStep:
                return kind, id_
        return None

    def _open_origin(self) -> None:
        if self.action is not None and (origin := self._origin()):
            self._open(*origin)

    def show_watched(self) -> None:
        """Show how the indicator goes that watches the action."""
        if self.action is not None and self.action.watched is not None:
            self._show_watched(self.action)

    def _next_step(self) -> ActionStep | None:
        assert self.action is not None
        return next_step(self.action, open_tasks(self.desk.register, self.action), clock().date())

    def _name_next(self) -> None:
        assert self.action is not None
        step, waiting = self._next_step(), open_tasks(self.desk.register, self.action)
        self.main_button.setText(_(NEXT[step]) if step else "")
        self.main_button.setVisible(step is not None)
        self.next.setText("" if step else what_next(self.desk.register, self.action))
        self.next.setVisible(bool(self.next.text()))
        self.tabs.setTabText(self.tabs.place("tasks"), _("Tasks ({count})").format(count=waiting) if waiting else _("Tasks"))
        for button in (self.main_button, self.steps_button):
            button.setEnabled(not self.desk.register.read_only)

    def _show_part(self) -> None:
        if self.action is not None:
            self.tabs.currentWidget().show_case(self.action)  # type: ignore[attr-defined]

    # -- what it does

    def go_on(self) -> None:
        """Do the step that comes next."""
        if self.action is not None and (step := self._next_step()):
            self.do(step)

    def do(self, step: ActionStep) -> None:
        """Do a step; one that asks for facts opens its dialog. An action that was opened again is shown."""
        if self.action is None or not self.may_leave():
            return
        led_to = do_step(self.desk, self.action, step, self)
        if led_to is not None and led_to.id != self.action.id:
            self._open(Action, led_to.id)

    def steps_menu(self) -> QMenu:
        """Every step; one that can't be done now says why."""
        assert self.action is not None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for step, refusal in self._offered().items():
            act = menu.addAction(_("{step} – {why}").format(step=_(step.label), why=refusal) if refusal else _("{step}…").format(step=_(step.label)))
            act.setEnabled(not refusal)
            act.triggered.connect(lambda _checked=False, step=step: self.do(step))
        return menu

    def _offered(self) -> dict[ActionStep, str]:
        assert self.action is not None
        return steps(self.action, open_tasks(self.desk.register, self.action), clock().date())

    def _show_steps(self) -> None:
        if self.action is not None:
            self.steps_menu().popup(self.steps_button.mapToGlobal(QPoint(0, self.steps_button.height())))

    def report_menu(self) -> QMenu:
        """The printouts of the action."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for form in ReportForm:
            menu.addAction(theme.icon("pdf"), _("{step}…").format(step=_(form.label))).triggered.connect(lambda _checked=False, form=form: self.show_report(form))
        return menu

    def _show_reports(self) -> None:
        if self.action is not None:
            self.report_menu().popup(self.report_button.mapToGlobal(QPoint(0, self.report_button.height())))

    def show_report(self, form: ReportForm) -> None:
        """Look at a printout, to save or print it."""
        if self.action is None or not self.may_leave():
            return
        make = partial(action_papers.report, self.desk.register, self.action.id, form)
        name = action_papers.report_name(self.action, form)
        ran(PaperDialog(self.desk, name.removesuffix(".pdf"), name, make, str(the_shop(self.desk.register).language.value), self))

    def stops(self) -> Sequence[QWidget]:
        """Where F6 leads the keyboard."""
        return (self.tabs,)
