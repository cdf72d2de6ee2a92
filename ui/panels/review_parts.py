"""What a review shows: a weekly one its points and decisions, the management's its topics with what was seen and decided, to be written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qmdesk.documents.review_report import by_topic
from qmdesk.errors import Known
from qmdesk.i18n import N_, _
from qmdesk.operations import reviews
from qmdesk.operations.review_reading import points_of
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, Review, ReviewPoint, Topic
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.widgets.button import Button, IconButton
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

OpenRecord = Callable[[type[Record], int], object]
HINTS: dict[Topic, str] = {
    Topic.CHANGES: N_("What is new around the shop and in it: law, market, competitors, suppliers, people, premises. The register does not know it; write it here."),
    Topic.GOALS: N_("Which goals the shop had and how far they were reached. The register does not know them; write it here."),
}


def link_to(desk: Desk, point: ReviewPoint, open_record: OpenRecord) -> list[Button]:
    """Buttons that lead to what a point is about and to the action that came of it."""
    found = []
    about: tuple[tuple[type[Record], int | None], ...] = ((Case, point.case), (Action, point.action), (Action, point.raised))
    for kind, id_ in about:
        if id_ is not None:
            name = _("{record} {title}").format(record=_(kind.spec.label), title=desk.register.title(kind, id_))
            found.append(Button(name, "external", "link", partial(open_record, kind, id_)))
    return found


def _cleared(rows: QVBoxLayout) -> None:
    while item := rows.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()


class WeeklyPart(QScrollArea):
    """The points of a weekly review as they stand, one under the other."""

    def __init__(self, desk: Desk, open_record: OpenRecord) -> None:
        super().__init__()
        self.desk, self._open = desk, open_record
        self.setWidgetResizable(True)
        self.setAccessibleName(_("What was looked at"))
        page = QWidget()
        self._rows = QVBoxLayout(page)
        self._rows.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._rows.setSpacing(theme.em(0.7))
        self.setWidget(page)

    def show_review(self, review: Review) -> None:
        """Show the points of a review."""
        _cleared(self._rows)
        points = points_of(self.desk.register, review)
        for one in points:
            self._rows.addWidget(self._point(one))
        if not points:
            self._rows.addWidget(PlainLabel(_("Nothing waited this week."), "muted"))
        if review.conclusion:
            self._rows.addWidget(PlainLabel(review.conclusion, wrap=True, selectable=True))

    def _point(self, one: ReviewPoint) -> QFrame:
        card = QFrame()
        theme.mark(card, "card")
        rows = QVBoxLayout(card)
        edge = theme.em(0.8)
        rows.setContentsMargins(edge, theme.em(0.5), edge, theme.em(0.5))
        rows.setSpacing(theme.em(0.2))
        rows.addWidget(PlainLabel(_(one.topic.label), "small"))
        rows.addWidget(PlainLabel(one.what, "strong", wrap=True, selectable=True))
        if one.facts:
            rows.addWidget(PlainLabel(one.facts, "muted", wrap=True, selectable=True))
        said = _("Decided: {decision}").format(decision=one.decision) if one.decision else _("no decision yet")
        rows.addWidget(PlainLabel(said, "" if one.decision else "muted", wrap=True, selectable=True))
        links = FlowLayout(gap=theme.em(0.3))
        for button in link_to(self.desk, one, self._open):
            links.addWidget(button)
        rows.addLayout(links)
        return card

    def settle(self) -> bool:
        """Nothing is typed here."""
        return True


class _Written(QPlainTextEdit):
    """A text that is kept when the keyboard leaves it."""

    def __init__(self, name: str, on_left: Callable[[], object]) -> None:
        super().__init__()
        self._on_left = on_left
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._on_left()


class ManagementPart(QWidget):
    """The topics of a management review; what is typed is kept when the keyboard leaves it."""

    def __init__(self, desk: Desk, open_record: OpenRecord, on_finish: Callable[[], object]) -> None:
        super().__init__()
        self.desk, self._open, self._on_finish = desk, open_record, on_finish
        self.review: Review | None = None
        self.points: dict[Topic, list[ReviewPoint]] = {}
        self._shown: tuple[object, ...] = ()
        self.topics = QListWidget()
        self.topics.setAccessibleName(_("Topics"))
        self.topics.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.topics.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.topics.currentRowChanged.connect(lambda _row: self._turn())
        self.stack = QStackedWidget()
        self.stack.addWidget(self._topic())
        self.stack.addWidget(self._end())
        split = QSplitter()
        split.addWidget(self.topics)
        split.addWidget(self.stack)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.em(19), theme.em(36)])
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(split, 1)
        self.problem = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self.problem)
        for key, step in (("PgUp", -1), ("PgDown", 1)):
            QShortcut(QKeySequence(key), self, partial(self._step, step), context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _topic(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.em(0.8), 0, 0, 0)
        rows.setSpacing(theme.em(0.4))
        line = QHBoxLayout()
        self.title = PlainLabel("", "heading", wrap=True)
        self.gather_button = Button(_("Gather again"), "refresh", "link", self.gather)
        self.gather_button.setToolTip(_("Puts what the register says now in the place of this text."))
        line.addWidget(self.title, 1)
        line.addWidget(self.gather_button)
        rows.addLayout(line)
        self.facts = _Written(_("What was seen"), self.settle)
        rows.addWidget(self.facts, 3)
        rows.addWidget(PlainLabel(_("Decisions"), "strong"))
        holder = QWidget()
        self.decisions = QVBoxLayout(holder)
        self.decisions.setContentsMargins(0, 0, 0, 0)
        self.decisions.setSpacing(theme.em(0.3))
        self.decisions.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        scroll.setAccessibleName(_("Decisions"))
        rows.addWidget(scroll, 2)
        self.decision = QLineEdit()
        self.decision.setAccessibleName(_("Decision"))
        self.decision.setPlaceholderText(_("A decision; Enter adds it"))
        self.decision.returnPressed.connect(self.add)
        rows.addWidget(self.decision)
        return page

    def _end(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.em(0.8), 0, 0, 0)
        rows.setSpacing(theme.em(0.4))
        rows.addWidget(PlainLabel(_("Who took part"), "muted"))
        self.participants = QLineEdit()
        self.participants.setAccessibleName(_("Who took part"))
        self.participants.editingFinished.connect(self.settle)
        rows.addWidget(self.participants)
        rows.addWidget(PlainLabel(_("Conclusion"), "muted"))
        self.conclusion = _Written(_("Conclusion"), self.settle)
        rows.addWidget(self.conclusion, 1)
        self.finish_button = Button(_("Finish the review"), "done", "primary", lambda: self._on_finish())
        rows.addWidget(self.finish_button, 0, Qt.AlignmentFlag.AlignRight)
        return page

    # -- what it shows

    @property
    def topic(self) -> Topic | None:
        """The topic that is shown; None at the end."""
        row = self.topics.currentRow()
        return list(self.points)[row] if 0 <= row < len(self.points) else None

    def show_review(self, review: Review) -> None:
        """Show a review; of the same one the topic stays."""
        other = self.review is None or self.review.id != review.id
        if other:
            self.settle()
        self.review = review
        self.points = by_topic(points_of(self.desk.register, review))
        row = 0 if other else max(0, self.topics.currentRow())
        with QSignalBlocker(self.topics):
            self.topics.clear()
            for topic, points in self.points.items():
                many = sum(bool(one.decision) for one in points)
                words = _("{topic} ({n})").format(topic=_(topic.label), n=many) if many else _(topic.label)
                item = QListWidgetItem(theme.icon(*(("done", "good") if many else ("neutral", "faint"))), words)
                item.setToolTip(words)
                self.topics.addItem(item)
            self.topics.addItem(QListWidgetItem(theme.icon("flag", "muted"), _("Conclusion and end")))
            self.topics.setCurrentRow(row)
        self._show()

    def _writable(self) -> bool:
        return self.review is not None and self.review.finished_at is None and not self.desk.register.read_only

    def _show(self) -> None:
        assert self.review is not None
        topic, writable = self.topic, self._writable()
        self.stack.setCurrentIndex(0 if topic is not None else 1)
        for field in (self.facts, self.conclusion, self.participants):
            field.setReadOnly(not writable)
        self.decision.setVisible(writable)
        self.gather_button.setVisible(writable and topic not in HINTS)
        self.finish_button.setVisible(writable)
        if topic is None:
            self._put(self.conclusion, self.review.conclusion)
            if self.participants.text() != self.review.participants:
                self.participants.setText(self.review.participants)
            return
        self.title.setText(_(topic.label))
        self.facts.setPlaceholderText(_(HINTS.get(topic, "")))
        self._put(self.facts, self.points[topic][0].facts)
        self._show_decisions([one for one in self.points[topic] if one.decision])

    def _put(self, field: QPlainTextEdit, text: str) -> None:
        if field.toPlainText() != text:
            field.setPlainText(text)

    def _show_decisions(self, points: list[ReviewPoint]) -> None:
        shown = (self._writable(), *((one.id, one.decision, one.raised) for one in points))
        if shown == self._shown:
            return  # the line that is being written in stays
        self._shown = shown
        _cleared(self.decisions)
        for one in points:
            self.decisions.addWidget(self._decision(one))
        if not points:
            self.decisions.addWidget(PlainLabel(_("Nothing is decided here yet."), "muted"))

    def _decision(self, one: ReviewPoint) -> QWidget:
        row = QWidget()
        rows = QVBoxLayout(row)
        rows.setContentsMargins(0, 0, 0, theme.em(0.2))
        rows.setSpacing(0)
        rows.addWidget(PlainLabel(one.decision, "strong", wrap=True, selectable=True))
        line = FlowLayout(gap=theme.em(0.3))
        for button in self._acts(one):
            line.addWidget(button)
        rows.addLayout(line)
        return row

    def _acts(self, one: ReviewPoint) -> list[QAbstractButton]:
        """What can be done with a decision, or where it led."""
        if one.raised is not None:
            return [*link_to(self.desk, one, self._open)]
        action = Button(_("Make it an action"), "improvement", "link", partial(self.raise_action, one.id))
        action.setEnabled(not self.desk.register.read_only)
        if not self._writable():
            return [action]
        change = IconButton("edit", _("Change the decision"), partial(self.change, one))
        return [action, change, IconButton("remove", _("Remove the decision"), partial(self.remove, one.id))]

    def _turn(self) -> None:
        if self.review is not None and self.topics.currentRow() >= 0:
            self._shown = ()
            self._show()

    def _step(self, step: int) -> None:
        row = self.topics.currentRow() + step
        if 0 <= row < self.topics.count() and self.settle():
            self.topics.setCurrentRow(row)

    # -- what it does

    def settle(self) -> bool:
        """Keep what is typed; whether that could be done."""
        if self.review is None or not self._writable():
            return True
        if self.stack.currentIndex() == 1:
            values = {"participants": self.participants.text().strip(), "conclusion": self.conclusion.toPlainText().strip()}
            changed = any(getattr(self.review, name) != value for name, value in values.items())
            return not changed or self._kept(reviews.EDIT, reviews.edit, self.review.id, values)
        return self._settle_facts() and self._settle_decision()

    def _settle_facts(self) -> bool:
        topic, said = self.topic, self.facts.toPlainText().strip()
        if topic is None or said == self.points[topic][0].facts:
            return True
        return self._kept(reviews.NOTE, reviews.note, self.points[topic][0].id, said)

    def _settle_decision(self) -> bool:
        topic, said = self.topic, self.decision.text().strip()
        if topic is None or not said:
            return True
        assert self.review is not None
        self.decision.clear()
        return self._kept(reviews.ADD_DECISION, reviews.add_decision, self.review.id, topic, said)

    def _kept(self, label: str, operation: Callable[..., object], *args: object) -> bool:
        try:
            self.desk.do(label, operation, *args)
        except Known as error:
            self.problem.setText(error.sentence)
            return False
        self.problem.setText("")
        return True

    def add(self) -> None:
        """Add the decision that is typed."""
        self._settle_decision()
        self.decision.setFocus()

    def change(self, one: ReviewPoint) -> None:
        """Write a decision otherwise."""
        said = self.desk.ask.ask_text(_("Change the decision"), _("Decision"), one.decision, parent=self)
        if said is not None and said.strip():
            self._kept(reviews.DECIDE, reviews.decide, one.id, said)

    def remove(self, point_id: int) -> None:
        """Take a decision back."""
        self._kept(reviews.REMOVE_DECISION, reviews.remove_decision, point_id)

    def raise_action(self, point_id: int) -> None:
        """Make a decision an action."""
        self._kept(reviews.RAISE, reviews.raise_action, point_id)

    def gather(self) -> None:
        """Ask the register anew about the topic."""
        if (topic := self.topic) is not None:
            self._kept(reviews.GATHER, reviews.gather_again, self.points[topic][0].id)
