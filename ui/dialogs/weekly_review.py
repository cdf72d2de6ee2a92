"""Quarter-hour quality: one point after the other with its facts, a sentence of what is decided, and the end; each is kept at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QElapsedTimer, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known
from qmdesk.i18n import N_, _, n_
from qmdesk.operations import audits, programme, reviews
from qmdesk.operations.review_reading import points_of, unfinished
from qmdesk.records.audit import Audit, AuditState
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, Review, ReviewKind, ReviewPoint, Topic
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.audit_run import AuditRun
from ui.dialogs.review_paper import show_paper
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel, harmless_tooltip
from ui.widgets.within_screen import resize_within

MINUTES = 15
PREPARED: dict[Topic, Sequence[str]] = {
    Topic.CASE: (N_("It is answered today."), N_("The customer is asked today."), N_("It waits; look again next week.")),
    Topic.ALERT: (N_("The cause is looked for; it becomes an action."), N_("It is known, and an action runs."), N_("It is watched for another week.")),
    Topic.VERIFICATION: (N_("Checked: it helped."), N_("Checked: it did not help; begin again."), N_("Too early to tell; look again next week.")),
    Topic.CHECKLIST: (N_("It is done today."), N_("Somebody else does it from now on."), N_("It comes round too often; the plan is changed.")),
}
"""Sentences that one key writes, by what a point is about."""
OPENS: dict[Topic, str] = {
    Topic.CASE: N_("Open the case (F4)"),
    Topic.VERIFICATION: N_("Open the action (F4)"),
    Topic.CHECKLIST: N_("Run the checklist (F4)"),
}

OpenRecord = Callable[[type[Record], int], object]


def hold_weekly(desk: Desk, open_record: OpenRecord, parent: QWidget) -> None:
    """Begin quarter-hour quality or go on with it; finished, it is shown as a page."""
    review = unfinished(desk.register, ReviewKind.WEEKLY) or desk.attempt(reviews.BEGIN_WEEKLY, reviews.begin_weekly)
    if review is None:
        return
    dialog = WeeklyReview(desk, review.id, parent)
    if ran(dialog):
        show_paper(desk, review.id, parent)
    elif dialog.wanted is not None:
        open_record(*dialog.wanted)


class WeeklyReview(Dialog):
    """Accepted when the review was finished; ``wanted`` is a record the user wants to see instead of going on."""

    def __init__(self, desk: Desk, review_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.review = desk, desk.register.get(Review, review_id)
        self.wanted: tuple[type[Record], int] | None = None
        self.points: list[ReviewPoint] = []
        self.at = 0
        self._spent = QElapsedTimer()
        self._spent.start()
        self.setWindowTitle(_("{kind} {number}").format(kind=_(self.review.kind.label), number=self.review.number))
        self._lay_out()
        self._keys()
        self._minute = QTimer(self, interval=20_000)
        self._minute.timeout.connect(self._show_progress)
        self._minute.start()
        resize_within(self, theme.em(76), theme.em(44))
        self.refresh()
        self._turn_to(next((place for place, one in enumerate(self.points) if not one.decision), len(self.points)))

    # -- what it is made of

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.8))
        head = QHBoxLayout()
        head.addWidget(PlainLabel(self.windowTitle(), "title"), 1)
        self.progress = PlainLabel("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.em(10))
        self.bar.setAccessibleName(_("Progress"))
        head.addWidget(self.progress)
        head.addWidget(self.bar)
        rows.addLayout(head)
        self.overview = QListWidget()
        self.overview.setAccessibleName(_("What is looked at"))
        self.overview.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.overview.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.overview.currentRowChanged.connect(self.go_to)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._card())
        self.stack.addWidget(self._end())
        split = QSplitter()
        split.addWidget(self.overview)
        split.addWidget(self.stack)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.em(22), theme.em(52)])
        rows.addWidget(split, 1)
        rows.addLayout(self._foot())
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _card(self) -> QWidget:
        card = QWidget()
        rows = QVBoxLayout(card)
        rows.setContentsMargins(theme.em(1), 0, 0, 0)
        rows.setSpacing(theme.em(0.6))
        self.topic = PlainLabel("", "muted")
        self.what = PlainLabel("", "heading", wrap=True, selectable=True)
        self.facts = PlainLabel("", wrap=True, selectable=True)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.facts.setContentsMargins(theme.em(0.8), theme.em(0.6), theme.em(0.8), theme.em(0.6))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.facts)
        scroll.setAccessibleName(_("What the register says of it"))
        self.open_button = Button("", "external", on_click=self.open_record)
        line = QHBoxLayout()
        line.addWidget(self.topic, 1)
        line.addWidget(self.open_button)
        rows.addLayout(line)
        rows.addWidget(self.what)
        rows.addWidget(scroll, 1)
        rows.addWidget(PlainLabel(_("What is decided, in a sentence (Enter keeps it and goes on)"), "strong", wrap=True))
        self.decision = QLineEdit()
        self.decision.setAccessibleName(_("Decision"))
        self.decision.returnPressed.connect(self._entered)
        rows.addWidget(self.decision)
        prepared = FlowLayout(gap=theme.em(0.4))
        self.prepared = [Button("", on_click=partial(self.prepare, place)) for place in range(max(map(len, PREPARED.values())))]
        for button in self.prepared:
            prepared.addWidget(button)
        rows.addLayout(prepared)
        self.action_button = Button("", "improvement", "link", self.raise_action)
        rows.addWidget(self.action_button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _end(self) -> QWidget:
        end = QWidget()
        rows = QVBoxLayout(end)
        rows.setContentsMargins(theme.em(1), 0, 0, 0)
        rows.setSpacing(theme.em(0.6))
        self.said = PlainLabel("", "heading", wrap=True)
        rows.addWidget(self.said)
        rows.addWidget(PlainLabel(_("Who took part"), "muted"))
        self.participants = QLineEdit(self.review.participants)
        self.participants.setAccessibleName(_("Who took part"))
        rows.addWidget(self.participants)
        rows.addWidget(PlainLabel(_("Conclusion (it may stay empty)"), "muted"))
        self.conclusion = QPlainTextEdit(self.review.conclusion)
        self.conclusion.setAccessibleName(_("Conclusion"))
        self.conclusion.setTabChangesFocus(True)
        rows.addWidget(self.conclusion, 1)
        return end

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.em(0.6))
        self.back_button = Button(_("Back"), "left", "large", lambda: self.go_to(self.at - 1))
        self.next_button = Button(_("Next"), "right", "large", lambda: self.go_to(self.at + 1))
        self.hint = PlainLabel("", "problem", wrap=True)
        later = Button(_("Go on later (Esc)"), on_click=self.reject)
        theme.mark(later, "large")
        self.finish_button = Button(_("Finish (F10)"), "done", "primary", self.finish)
        line.addWidget(self.back_button)
        line.addWidget(self.next_button)
        line.addWidget(self.hint, 1)
        line.addWidget(later)
        line.addWidget(self.finish_button)
        return line

    def _keys(self) -> None:
        keys: list[tuple[str, Callable[[], object]]] = [("F4", self.open_record), ("F8", self.raise_action), ("F10", self.finish)]
        keys += [("PgUp", lambda: self.go_to(self.at - 1)), ("PgDown", lambda: self.go_to(self.at + 1))]
        keys += [(f"Alt+{place + 1}", partial(self.prepare, place)) for place in range(len(self.prepared))]
        for key, do in keys:
            QShortcut(QKeySequence(key), self, do)

    # -- what it shows

    def refresh(self) -> None:
        """Ask the register how the review stands."""
        self.review = self.desk.register.get(Review, self.review.id)
        self.points = points_of(self.desk.register, self.review)
        with QSignalBlocker(self.overview):
            self.overview.clear()
            for place, one in enumerate(self.points, 1):
                item = QListWidgetItem(theme.icon(*(("good", "good") if one.decision else ("neutral", "faint"))), f"{place}  {one.what}")
                stands = one.decision or _("no decision yet")
                item.setToolTip(harmless_tooltip(f"{_(one.topic.label)}\n{one.what}\n{stands}"))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{place}. {_(one.topic.label)}: {one.what}; {stands}")
                self.overview.addItem(item)
            self.overview.addItem(QListWidgetItem(theme.icon("flag", "muted"), _("To end")))
            self.overview.setCurrentRow(self.at)
        self._show_progress()

    def _show_progress(self) -> None:
        decided = sum(bool(one.decision) for one in self.points)
        minutes = n_("{n} of {all} minutes", "{n} of {all} minutes", self._spent.elapsed() // 60_000, all=str(MINUTES))
        self.progress.setText(_("{decided} of {all} decided · {minutes}").format(decided=decided, all=len(self.points), minutes=minutes))
        self.bar.setRange(0, max(1, len(self.points)))
        self.bar.setValue(decided if self.points else 1)

    @property
    def current(self) -> ReviewPoint | None:
        """The point that is shown; None at the end."""
        return self.points[self.at] if self.at < len(self.points) else None

    def go_to(self, at: int) -> None:
        """Show a point, or the end; what is typed is kept first."""
        if 0 <= at <= len(self.points) and self.settle():
            self._turn_to(at)

    def _turn_to(self, at: int) -> None:
        self.at = at
        self.hint.setText("")
        self.refresh()
        one = self.current
        self.stack.setCurrentIndex(0 if one is not None else 1)
        self.back_button.setEnabled(at > 0)
        self.next_button.setEnabled(one is not None)
        if one is not None:
            self._show(one)
            self.decision.setFocus()
        else:
            self._show_end()

    def _show(self, one: ReviewPoint) -> None:
        self.topic.setText(_("{place} of {all} · {topic}").format(place=self.at + 1, all=len(self.points), topic=_(one.topic.label)))
        self.what.setText(one.what)
        self.facts.setText(one.facts)
        self.decision.setText(one.decision)
        sentences = PREPARED.get(one.topic, ())
        for place, button in enumerate(self.prepared):
            button.setVisible(place < len(sentences))
            button.setText(_("{sentence} (Alt+{n})").format(sentence=_(sentences[place]), n=place + 1) if place < len(sentences) else "")
        self.open_button.setText(_(OPENS.get(one.topic, "")))
        self.open_button.setVisible(one.topic in OPENS and self._there(one))
        self._name_action(one)

    def _there(self, one: ReviewPoint) -> bool:
        """Whether what a point is about can still be opened or run."""
        if one.topic is Topic.CHECKLIST:
            return self._to_run(one) is not None
        return (one.case or one.action) is not None

    def _name_action(self, one: ReviewPoint) -> None:
        number = self.desk.register.title(Action, one.raised) if one.raised else ""
        self.action_button.setText(_("Action {number}").format(number=number) if number else _("Make it an action (F8)"))
        self.action_button.setEnabled(not number)

    def _show_end(self) -> None:
        left = sum(not one.decision for one in self.points)
        if not self.points:
            self.said.setText(_("Nothing waits. Well done."))
        elif left:
            self.said.setText(n_("{n} point has no decision yet.", "{n} points have no decision yet.", left))
        else:
            self.said.setText(_("Everything is decided. Finish, and it becomes a page to keep."))
        self.finish_button.setFocus()

    # -- what it does

    def settle(self) -> bool:
        """Keep what is typed; whether that could be done."""
        one, said = self.current, " ".join(self.decision.text().split())
        if one is None:
            values = {"participants": self.participants.text().strip(), "conclusion": self.conclusion.toPlainText().strip()}
            if any(getattr(self.review, name) != value for name, value in values.items()):
                return self._kept(reviews.EDIT, reviews.edit, self.review.id, values)
            return True
        return said == one.decision or self._kept(reviews.DECIDE, reviews.decide, one.id, said)

    def _kept(self, label: str, operation: Callable[..., object], *args: object) -> bool:
        try:
            self.desk.do(label, operation, *args)
        except Known as error:
            self.hint.setText(error.sentence)
            return False
        self.refresh()
        return True

    def _entered(self) -> None:
        if not self.decision.text().strip():
            self.hint.setText(_("Write what is decided, if only that nothing is to be done."))
        else:
            self.go_to(self.at + 1)

    def prepare(self, place: int) -> None:
        """Write a prepared sentence; Enter keeps it."""
        one = self.current
        if one is not None and place < len(PREPARED.get(one.topic, ())):
            self.decision.setText(_(PREPARED[one.topic][place]))
            self.decision.setFocus()

    def raise_action(self) -> None:
        """Make what is decided an action."""
        one = self.current
        if one is not None and one.raised is None and self.settle() and self._kept(reviews.RAISE, reviews.raise_action, one.id):
            self._name_action(self.points[self.at])

    def open_record(self) -> None:
        """Leave for what the point is about, or run its checklist here."""
        one = self.current
        if one is None or not self._there(one):
            return
        if one.topic is Topic.CHECKLIST:
            self._run(one)
        else:
            self.wanted = (Case, one.case) if one.case else (Action, one.action or 0)
            self.reject()

    def _to_run(self, one: ReviewPoint) -> Audit | programme.Occurrence | None:
        """The run of a point's checklist that goes on, else the day of it that waits."""
        register = self.desk.register
        running = Query(Audit, (Condition("plan", types.IS, (one.plan,)), Condition("state", types.ONE_OF, (AuditState.RUNNING,))))
        found: list[Audit] = register.records(running, 1)
        return found[0] if found else next((day for day in programme.waiting(register) if day.plan.id == one.plan), None)

    def _run(self, one: ReviewPoint) -> None:
        found = self._to_run(one)
        if isinstance(found, programme.Occurrence):
            found = self.desk.attempt(audits.START, audits.start, found.plan.checklist, {"plan": found.plan.id, "planned_for": found.day})
        if found is None:
            return
        ran(AuditRun(self.desk, found.id, self))
        audit = self.desk.register.get(Audit, found.id)
        if audit.state is AuditState.FINISHED and not self.decision.text().strip():
            said = _("passed") if audit.passed else _("not passed")
            self.decision.setText(_("Done: {number}, {verdict}.").format(number=audit.number, verdict=said))
        self._show_run(one)

    def _show_run(self, one: ReviewPoint) -> None:
        self.open_button.setVisible(self._there(one))
        self.decision.setFocus()

    def finish(self) -> None:
        """Finish, or go to the first point that has no decision."""
        if not self.settle():
            return
        left = next((place for place, one in enumerate(self.points) if not one.decision), None)
        if left is not None:
            self.go_to(left)
            self.hint.setText(_("This point has no decision yet; write one, if only that nothing is to be done."))
        elif self._kept(reviews.FINISH, reviews.finish, self.review.id):
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # it is the line's and the buttons' own
        super().keyPressEvent(event)

    def reject(self) -> None:
        question = _("What is typed here can't be kept. Close without it? Everything before is kept.")
        if self.settle() or self.desk.ask.confirm(question, _("Close without it"), _("Go on"), danger=True, parent=self):
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()
