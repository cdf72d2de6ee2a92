"""Ideas: the line that takes one down from anywhere, the choice of a state, and the card on which one is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from qmdesk.i18n import _, show_day
from qmdesk.operations import ideas
from qmdesk.records.improvement import Action, Experiment, Idea, IdeaState
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.panels.card import Card
from ui.tables import paint
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import one_stop

OpenRecord = Callable[[type[Record], int], None]


def write_down(desk: Desk, parent: QWidget) -> int | None:
    """Ask for an idea in one line and keep it; its id."""
    said = desk.ask.ask_text(_("New idea"), _("What could be better, and how?"), parent=parent)
    made = desk.attempt(ideas.WRITE_DOWN, ideas.write_down, said) if said is not None else None
    return made.id if made is not None else None


class StateBar(QTabBar):
    """One tab for each state, with how many are in it, and one for all."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.states: tuple[IdeaState | None, ...] = (IdeaState.NEW, IdeaState.LATER, IdeaState.TAKEN_UP, IdeaState.DECLINED, None)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setAccessibleName(_("State"))
        one_stop(self)
        for state in self.states:
            self.addTab(_(state.label) if state else _("All"))
        self.setCurrentIndex(len(self.states) - 1)

    @property
    def state(self) -> IdeaState | None:
        """The state that is chosen, or None for all."""
        return self.states[self.currentIndex()]

    def show_all(self) -> None:
        """Choose all of them."""
        self.setCurrentIndex(len(self.states) - 1)

    def refresh(self) -> None:
        """Count again."""
        for at, state in enumerate(self.states):
            count = self.desk.register.count(ideas.in_state(state), 1000) if state else 0
            words = _(state.label) if state else _("All")
            self.setTabText(at, _("{words} ({count})").format(words=words, count=count) if count else words)


class IdeaCard(Card):
    """One idea with its answer: what became of it as links, and a button for each answer it can be given now."""

    def __init__(self, desk: Desk, open_record: OpenRecord) -> None:
        super().__init__(desk, Idea, (), open_record)
        self._open = open_record
        self.state, self.whose, self.answer = Pill(), PlainLabel("", "muted"), PlainLabel("", wrap=True, selectable=True)
        self.action_button = Button(_("Make it an action (A)"), "improvement", "primary", self.take_up)
        self.try_button = Button(_("Try it out (T)"), "target", on_click=self.try_out)
        self.later_button = Button(_("Later… (L)"), "clock", on_click=self.put_off)
        self.decline_button = Button(_("Decline… (D)"), "close", on_click=self.decline)
        self.again_button = Button(_("Think about it again (N)"), "undo", on_click=self.reconsider)
        self.buttons = (self.action_button, self.try_button, self.later_button, self.decline_button, self.again_button)
        self.keys = tuple(zip("ATLDN", (button.click for button in self.buttons), strict=True))
        self.links: list[Button] = []
        self._lay_out()

    def _lay_out(self) -> None:
        head = FlowLayout(gap=theme.em(0.6))
        for part in (self.state, self.whose):
            head.addWidget(part)
        self._links = FlowLayout(gap=theme.em(0.6))
        answers = FlowLayout(gap=theme.em(0.5))
        for button in self.buttons:
            answers.addWidget(button)
        between = QVBoxLayout()
        between.setSpacing(theme.em(0.6))
        between.addLayout(head)
        between.addWidget(self.answer)
        between.addLayout(self._links)
        between.addLayout(answers)
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout)
        rows.insertLayout(1, between)

    def refresh(self) -> None:
        super().refresh()
        idea = self.record
        if not isinstance(idea, Idea):
            return
        role, icon = paint.state(idea.state)
        self.state.show_state(_(idea.state.label), role or "neutral", icon)
        on = show_day(idea.on)
        self.whose.setText(_("{who}, {day}").format(who=idea.by, day=on) if idea.by else on)
        self.answer.setText(_("Answer: {answer}").format(answer=idea.answer) if idea.answer else "")
        self.answer.setVisible(bool(idea.answer))
        found = ideas.came_of(self.desk.register, idea.id)
        self._show_links(found)
        alive, open_, writable = idea.state is not IdeaState.DECLINED, idea.state in (IdeaState.NEW, IdeaState.LATER), not self.desk.register.read_only
        offered = {self.action_button: alive and not found.actions, self.try_button: alive and not found.experiments,
                   self.later_button: idea.state is IdeaState.NEW, self.decline_button: open_, self.again_button: not open_ and not self.links}  # fmt: skip
        for button, shown in offered.items():
            button.setVisible(shown)
            button.setEnabled(shown and writable)

    def _show_links(self, found: ideas.CameOf) -> None:
        for link in self.links:
            self._links.removeWidget(link)
            link.hide()
            link.deleteLater()
        told: Sequence[tuple[str, str, type[Record], int]] = (
            *((_("{number}: {state}").format(number=one.number, state=_(one.state.label)), "improvement", Action, one.id) for one in found.actions),
            *((_("{name}: {state}").format(name=one.name, state=_(one.verdict.label)), "target", Experiment, one.id) for one in found.experiments),
        )
        self.links = [Button(words, icon, "link", lambda _on=False, kind=kind, id_=id_: self._open(kind, id_)) for words, icon, kind, id_ in told]
        for link in self.links:
            self._links.addWidget(link)

    # -- answers

    def take_up(self) -> None:
        """Make an action of it and show that."""
        if self.record is not None and self.may_leave() and (made := self.desk.attempt(ideas.AS_ACTION, ideas.take_up, self.record.id)):
            self._open(Action, made.id)

    def try_out(self) -> None:
        """Make an experiment of it and show that."""
        if self.record is not None and self.may_leave() and (made := self.desk.attempt(ideas.AS_EXPERIMENT, ideas.try_out, self.record.id)):
            self._open(Experiment, made.id)

    def put_off(self) -> None:
        """Answer "later", with what is said to whoever brought it in."""
        if self.record is None or not self.may_leave():
            return
        said = self.desk.ask.ask_text(_("Later"), _("What is answered? It may stay empty."), parent=self)
        if said is not None:
            self.desk.attempt(ideas.LATER, ideas.put_off, self.record.id, said)

    def decline(self) -> None:
        """Decline it, with the reason."""
        if self.record is None or not self.may_leave():
            return
        said = self.desk.ask.ask_text(_("Decline the idea"), _("Why not? Whoever brought it in will read it."), parent=self)
        if said is not None:
            self.desk.attempt(ideas.DECLINE, ideas.decline, self.record.id, said)

    def reconsider(self) -> None:
        """Let it wait for an answer again."""
        if self.record is not None and self.may_leave():
            self.desk.attempt(ideas.RECONSIDER, ideas.reconsider, self.record.id)
