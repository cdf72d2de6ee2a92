"""A step of an action with the facts it asks for; a verdict shows by what it is judged, and is one of two buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.operations.action_reading import cause_found, open_tasks
from qmdesk.operations.actions import take_step
from qmdesk.records.action_steps import WAYS, ActionStep, steps
from qmdesk.records.improvement import Action
from qmdesk.register import clock
from qmdesk.schema.record import empty
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import adding, shortcuts_to_save
from ui.forms.form import Notice, RecordForm
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

VERDICTS = (ActionStep.EFFECTIVE, ActionStep.INEFFECTIVE)
ABOUT = {
    ActionStep.CONTAIN: N_("What keeps it from doing more harm while its cause is looked for. If nothing is needed, write why."),
    ActionStep.CORRECT: N_("What puts this one case right; so that it does not come back, its cause is found next."),
    ActionStep.ANALYSE: N_("Why it could happen. The tab Causes helps: five whys, or a fishbone."),
    ActionStep.PLAN: N_("What will be done against the cause. By what you will see that it helped is written now, so that the verdict is not made to fit."),
    ActionStep.CLOSE: N_("So that it stays: which checklist, procedure or step of a process was changed."),
    ActionStep.DROP: N_("It stays on record with its reason."),
}


class ActionStepDialog(Dialog):
    """Does one of ``offered`` (several verdicts share their facts); accepted when it was done, ``led_to`` is the action it led to."""

    def __init__(self, desk: Desk, action: Action, offered: Sequence[ActionStep], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.action = desk, action
        self.led_to: Action | None = None
        judging = offered[0] in VERDICTS
        title = _("{step}: {number}").format(step=_("Check whether it helped") if judging else _(offered[0].label), number=action.number)
        self.setWindowTitle(title)
        self.notice = Notice()
        way = WAYS[offered[0]]
        self.form = RecordForm(desk, Action, sections=[("", way.asks)], add_new=adding(desk), notice=self.notice)
        self.form.load(action)
        today = clock().date()
        self.form.propose(**{name: today for name in way.days if getattr(action, name) is None})
        if offered[0] is ActionStep.ANALYSE:
            found = cause_found(desk.register, action)
            self.form.propose(**{name: value for name, value in found.items() if empty(getattr(action, name))})
        inner = QWidget()
        theme.mark(inner, "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.em(0.6), theme.em(0.8), theme.em(0.6))
        if judging:
            column.addWidget(_criterion(action))
        column.addWidget(self.form)
        column.addStretch()
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addWidget(PlainLabel(title, "title", wrap=True))
        rows.addWidget(PlainLabel(action.name, "strong", wrap=True))
        if offered[0] in ABOUT:
            rows.addWidget(PlainLabel(_(ABOUT[offered[0]]), "muted", wrap=True))
        rows.addWidget(area, 1)
        rows.addWidget(self.notice)
        rows.addLayout(self._buttons(offered, rows))
        self.form.focus_first()
        resize_within(self, theme.em(52), min(theme.em(58), inner.sizeHint().height() + theme.em(18)))

    def _buttons(self, offered: Sequence[ActionStep], rows: QVBoxLayout) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.buttons: dict[ActionStep, Button] = {}
        refusals = steps(self.action, open_tasks(self.desk.register, self.action), clock().date())
        for step in reversed(offered):
            words, icon = (_(step.label), "done" if step is ActionStep.EFFECTIVE else "close") if step in VERDICTS else (_("Save"), "save")
            main = step is offered[0]
            button = Button(words, icon, "primary" if main else "", lambda _checked=False, step=step: self.do(step))
            button.setEnabled(not refusals[step] and not self.desk.register.read_only)
            if refusals[step]:
                rows.addWidget(PlainLabel(refusals[step], "problem" if len(offered) == 1 else "muted", wrap=True))
            self.buttons[step] = button
            line.addWidget(button)
        for other in self.findChildren(QPushButton):
            other.setAutoDefault(False)
        if len(offered) == 1:
            self.buttons[offered[0]].setDefault(True)
            shortcuts_to_save(self, lambda: self.do(offered[0]))
        return line

    def do(self, step: ActionStep) -> None:
        """Do the step; problems stand beside their fields."""
        if not self.buttons[step].isEnabled():
            return
        draft = self.form.check()
        if draft is None:
            return
        with self.form.telling():
            self.led_to = self.desk.do(step.label, take_step, self.action.id, step, {name: getattr(draft, name) for name in self.form.rows})
            super().accept()

    def reject(self) -> None:
        question = _("What you typed has not been saved. Close without saving it?")
        if not self.form.dirty or self.desk.ask.confirm(question, _("Close without saving"), _("Go on editing"), danger=True, parent=self):
            super().reject()


def do_step(desk: Desk, action: Action, step: ActionStep, parent: QWidget) -> Action | None:
    """Do a step, asking for its facts where it has some; returns the action it led to, None when nothing was done."""
    if not WAYS[step].asks:
        return desk.attempt(step.label, take_step, action.id, step)
    dialog = ActionStepDialog(desk, action, VERDICTS if step in VERDICTS else (step,), parent)
    return dialog.led_to if ran(dialog) else None


def _criterion(action: Action) -> QFrame:
    """By what the action is judged, as it was written before."""
    card = QFrame()
    theme.mark(card, "card")
    rows = QVBoxLayout(card)
    edge = theme.em(0.8)
    rows.setContentsMargins(edge, edge, edge, edge)
    for name in ("indicator", "criterion", "criterion_on"):
        field = Action.spec.fields[name]
        if said := field.show(action):
            rows.addWidget(PlainLabel(_("{label}: {value}").format(label=field.labelled(), value=said), wrap=True))
    return card
