"""Experiments: the card that shows before and after as a picture and a sentence, counts them, and ends with a verdict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qmdesk.analysis.comparison import Judgement
from qmdesk.i18n import N_, _
from qmdesk.operations import experiments
from qmdesk.operations.experiments import counts_words, value_words
from qmdesk.records.improvement import COUNTED, SHARES, Action, Experiment, Idea, Verdict
from qmdesk.register import Transaction, clock
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.panels.card import Card
from ui.tables import paint
from ui.tables.model import Titles
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.interval_picture import IntervalPicture, Stretch
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

OpenRecord = Callable[[type[Record], int], None]
BEGINNING = (
    ("", ("name", "hypothesis", "change")),
    (N_("How it is measured"), ("measure", "indicator", "wanted", "product", "category", "cause", "follow_days")),
    (N_("Before and after"), ("before_since", "since", "until")),
)
BEFORE_DAYS = 90
"""How long the time before is at first."""


def new_dialog(desk: Desk, parent: QWidget) -> RecordDialog:
    """The dialog for a new experiment, begun today."""
    today = clock().date()
    sections = [(_(words) if words else "", fields) for words, fields in BEGINNING]
    preset = {"since": today, "before_since": today - timedelta(days=BEFORE_DAYS)}
    return RecordDialog(desk, Experiment, preset=preset, sections=sections, parent=parent)


def begin(desk: Desk, parent: QWidget) -> int:
    """Ask for a new experiment; its id, or 0."""
    dialog = new_dialog(desk, parent)
    return dialog.saved_id if ran(dialog) else 0


class ExperimentCard(Card):
    """One experiment: what is believed, what the counts show, and the verdict."""

    def __init__(self, desk: Desk, open_record: OpenRecord) -> None:
        self._open = open_record
        self.state, self.when = Pill(), PlainLabel("", "muted")
        self.belief, self.measured = PlainLabel("", wrap=True, selectable=True), PlainLabel("", "muted", wrap=True)
        self.picture = IntervalPicture(lambda value: value_words(value, shares=True))
        self.shown = PlainLabel("", "strong", wrap=True, selectable=True)
        self.caution = PlainLabel(_(experiments.CAUTION), "small", wrap=True)
        self.learned = PlainLabel("", wrap=True, selectable=True)
        self.count_button = Button(_("Count (C)"), "refresh", on_click=self.count)
        self.keep_button = Button(_("Keep it… (K)"), "done", "primary", self.keep)
        self.drop_button = Button(_("Give it up… (G)"), "close", on_click=self.drop)
        self.open_button = Button(_("End without a verdict (U)"), "help", on_click=self.leave_open)
        self.on_button = Button(_("Go on with it (O)"), "undo", on_click=self.go_on)
        self.action_button = Button(_("Make it an action (A)"), "improvement", "primary", self.make_action)
        self.buttons = (self.count_button, self.keep_button, self.drop_button, self.open_button, self.on_button, self.action_button)
        self.keys = tuple(zip("CKGUOA", (button.click for button in self.buttons), strict=True))
        self.idea_link = Button("", "star", "link", lambda: self._follow(Idea))
        self.action_link = Button("", "improvement", "link", lambda: self._follow(Action))
        super().__init__(desk, Experiment, (), open_record, above=self._shown())
        self._lay_out()

    def _shown(self) -> QWidget:
        """What it shows, which scrolls with the facts: with a large text on a small screen all of it is tall."""
        part = QWidget()
        rows = QVBoxLayout(part)
        rows.setContentsMargins(0, 0, 0, theme.em(0.8))
        rows.setSpacing(theme.em(0.6))
        for one in (self.belief, self.measured, self.picture, self.shown, self.caution, self.learned):
            rows.addWidget(one)
        return part

    def _lay_out(self) -> None:
        head = FlowLayout(gap=theme.em(0.6))
        for part in (self.state, self.when, self.idea_link, self.action_link):
            head.addWidget(part)
        answers = FlowLayout(gap=theme.em(0.5))
        for button in self.buttons:
            answers.addWidget(button)
        between = QVBoxLayout()
        between.setSpacing(theme.em(0.6))
        between.addLayout(head)
        between.addLayout(answers)
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout)
        rows.insertLayout(1, between)

    # -- what it shows

    def refresh(self) -> None:
        super().refresh()
        one = self.record
        if not isinstance(one, Experiment):
            return
        role, icon = paint.state(one.verdict)
        self.state.show_state(_(one.verdict.label), role or "neutral", icon)
        self.when.setText(experiments.until_words(one, clock().date()))
        self.belief.setText(one.hypothesis)
        self.measured.setText(_("Measured by: {what}").format(what=experiments.what(self.desk.register, one)))
        self._draw(one)
        self.shown.setText(experiments.told(one))
        self.learned.setText(_("Learned: {text}").format(text=one.conclusion) if one.conclusion else "")
        self.learned.setVisible(bool(one.conclusion))
        self._name_links(one)
        self._offer(one)

    def _draw(self, one: Experiment) -> None:
        found, shares = experiments.comparison(one), one.measure in SHARES
        better = experiments.is_better(one)
        role: Role = "accent" if better is None else "good" if better else "bad"
        stretches = (
            Stretch(_("Before"), found.before.value, found.before_interval.low, found.before_interval.high, counts_words(found.before, shares=shares), "neutral"),
            Stretch(_("After"), found.after.value, found.after_interval.low, found.after_interval.high, counts_words(found.after, shares=shares), role),
        ) if found is not None else ()  # fmt: skip
        self.picture.show_stretches(stretches, lambda value: value_words(value, shares=shares))
        self.caution.setVisible(better is not None)

    def _name_links(self, one: Experiment) -> None:
        register = self.desk.register
        self.idea_link.setText(_("From an idea"))
        self.idea_link.setVisible(one.idea is not None)
        self.action_link.setText(_("Action {number}").format(number=register.title(Action, one.action)) if one.action else "")
        self.action_link.setVisible(one.action is not None)

    def _offer(self, one: Experiment) -> None:
        running, writable = one.verdict is Verdict.RUNNING, not self.desk.register.read_only
        offered = {
            self.count_button: running and one.measure in COUNTED, self.keep_button: running, self.drop_button: running, self.open_button: running,
            self.on_button: not running, self.action_button: one.verdict is Verdict.KEPT and one.action is None,
        }  # fmt: skip
        for button, shown in offered.items():
            button.setVisible(shown)
            button.setEnabled(shown and writable)

    def _follow(self, kind: type[Record]) -> None:
        one = self.record
        assert isinstance(one, Experiment)
        id_ = one.idea if kind is Idea else one.action
        if id_ is not None and self.may_leave():
            self._open(kind, id_)

    # -- what it does

    def _attempt(self, label: str, operation: Callable[..., object], *values: object) -> None:
        if self.record is not None and self.may_leave():
            id_ = self.record.id
            self.desk.attempt(label, lambda tx: operation(tx, id_, *values))

    def count(self) -> None:
        """Count before and after anew."""
        self._attempt(experiments.COUNT, experiments.count)

    def keep(self) -> None:
        """End it: the change stays."""
        self._end(_("Keep what was tried"), experiments.KEEP, experiments.keep)

    def drop(self) -> None:
        """End it: the change is taken back."""
        self._end(_("Give up what was tried"), experiments.DROP, experiments.drop)

    def _end(self, title: str, label: str, operation: Callable[[Transaction, int, str], Experiment]) -> None:
        if not isinstance(self.record, Experiment) or not self.may_leave():
            return
        said = self.desk.ask.ask_text(title, _("What was learned?"), self.record.conclusion.partition("\n")[0], parent=self)
        if said is not None:
            self._attempt(label, operation, said)

    def leave_open(self) -> None:
        """End it without a verdict."""
        self._attempt(experiments.LEAVE_OPEN, experiments.leave_open)

    def go_on(self) -> None:
        """Go on with it."""
        self._attempt(experiments.GO_ON, experiments.go_on)

    def make_action(self) -> None:
        """Make an action of it and show that."""
        if self.record is not None and self.may_leave() and (made := self.desk.attempt(experiments.AS_ACTION, experiments.make_action, self.record.id)):
            self._open(Action, made.id)


def shown_word(one: Experiment, _titles: Titles) -> paint.Cell:
    """What an experiment shows, in a word for the list; the sentence as its tooltip."""
    found, better = experiments.comparison(one), experiments.is_better(one)
    if found is None:
        return paint.Cell(_("not counted"), "neutral")
    told = experiments.told(one)
    if better is not None:
        return paint.Cell(_("better"), "good", "good", told) if better else paint.Cell(_("worse"), "bad", "bad", told)
    few = found.judgement is Judgement.TOO_FEW
    return paint.Cell(_("too few") if few else _("may be chance"), "neutral" if few else "warn", "waiting" if few else "help", told)
