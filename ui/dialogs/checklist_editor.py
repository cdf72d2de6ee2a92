"""The editor of a checklist: its questions under their headings on the left, the chosen one as a form on the right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known, Problem, Problems
from qmdesk.exchange.checklist_table import pasted
from qmdesk.i18n import N_, _, language, n_, show_moment
from qmdesk.operations import checklists
from qmdesk.records.audit import Checklist, Question, QuestionType
from qmdesk.records.checklist import (
    YES_FAILS,
    Draft,
    Flaw,
    can_fail,
    counts_for,
    fields_of,
    flaws,
)
from qmdesk.records.shop import Language
from qmdesk.schema.types import Choice
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.checklist_preview import ChecklistPreview
from ui.forms.checklist_rows import HEADING, ID, NUMBER, SECOND, SIGN, Rows
from ui.forms.checklist_waiting import Waiting
from ui.forms.dialog import shortcuts_to_save
from ui.forms.editors import PictureEditor, picture_of
from ui.forms.form import Notice, RecordForm, Sections
from ui.widgets.button import Button, IconButton
from ui.widgets.dialog import Dialog
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

SECTIONS: Sections = (
    ("", ("wording", "type", "options", "least", "most", "unit")),
    (N_("What it counts"), ("weight", "critical", "note_when_failed", "photo_when_failed")),
    (N_("For whoever checks it"), ("guidance", "clause", "picture")),
)
ASKED = tuple(name for _heading, names in SECTIONS for name in names)
OF_LIST = Checklist.spec.asked("active")
THE_LIST = 0
"""The row of the list itself, above its questions."""

Edit = Callable[[Draft], Draft]


def edit_checklist(desk: Desk, checklist_id: int = 0, parent: QWidget | None = None) -> int:
    """Let the user change a list, or write a new one (0); the id of what was saved, 0 when nothing was."""
    if checklist_id:
        draft = checklists.draft(desk.register, checklist_id)
    else:
        draft = Draft(Checklist(name="", language=Language.POLISH if language() == "pl" else Language.ENGLISH))
    dialog = ChecklistEditor(desk, draft, parent)
    return dialog.saved_id if ran(dialog) else 0


class _Questions(QListWidget):
    """The list itself, headings and questions; its keys and drops are edits of the editor's draft."""

    def __init__(self, editor: ChecklistEditor) -> None:
        super().__init__()
        self._editor = editor
        self.setAccessibleName(_("Questions"))
        self.setItemDelegate(Rows(self, lines=2, numbered=True))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of an editor of rows; others search as in every list."""
        editor = self._editor
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            editor.shift(up=event.key() == Qt.Key.Key_Up)
        elif event.key() == Qt.Key.Key_Insert and not event.modifiers():
            editor.add()
        elif event.key() == Qt.Key.Key_Delete:
            editor.remove()
        elif event.key() == Qt.Key.Key_F2 or (event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()):
            editor.go_to_form()
        elif event.matches(QKeySequence.StandardKey.Paste):
            editor.paste()
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        above = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.AboveItem
        self._editor.drop(self.row(item) if item is not None else self.count(), above=above)
        event.setDropAction(Qt.DropAction.IgnoreAction)  # or the view would take the rows away it thinks were moved
        event.accept()


class ChecklistEditor(Dialog):
    """Edits a draft in memory, with undo of each edit; saving is one step of the register. ``saved_id`` says of which list."""

    def __init__(self, desk: Desk, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.draft, self.saved_id = desk, draft, 0
        self._begun = draft
        self._done: list[tuple[str, Draft]] = []  # the edits, each with what was before
        self._undone: list[tuple[str, Draft]] = []
        self._typing: tuple[str, int] | None = None  # what is being written, and in which question: one edit until one leaves it
        self._contents: dict[str, bytes] = {}
        self._fresh: set[int] = set()  # written just now: what is missing is not said yet
        self._shown = -1
        self._judged = False
        self._read_only = desk.register.read_only
        self.setWindowTitle(_("Checklist: {name}").format(name=draft.checklist.name) if draft.checklist.id else _("New checklist"))
        self.list = _Questions(self)
        self.list.currentItemChanged.connect(lambda _now, _before: self._turn())
        self.form = RecordForm(desk, Question, sections=SECTIONS)
        self.about = RecordForm(desk, Checklist, fields=OF_LIST)
        self.waiting = Waiting(self._wait)
        self.bad_yes = QCheckBox(_("Yes is the bad answer (otherwise no is)"))
        self.points = PlainLabel("", "small", wrap=True)
        self.heading = QLineEdit()
        self.preview = ChecklistPreview(trying=True)
        self.notice = Notice()
        self._connect()
        self._lay_out()
        self._fill()
        self._go_to(THE_LIST if not draft.checklist.id else (draft.questions[0].id if draft.questions else THE_LIST))
        shortcuts_to_save(self, self.save)
        resize_within(self, theme.em(92), theme.em(54))
        if not draft.checklist.id:
            self.about.focus_first()
        else:
            self.list.setFocus()

    # -- what it is made of

    def _connect(self) -> None:
        self.form.changed.connect(self._typed)
        self.about.changed.connect(self._typed_about)
        self.bad_yes.clicked.connect(lambda checked: self._change(checklists.CHANGE_QUESTION, options=YES_FAILS if checked else ""))
        self.heading.textEdited.connect(self._rename)
        picture = self.form.editors["picture"]
        assert isinstance(picture, PictureEditor)
        picture.read = self._content
        for keys, do in (("Ctrl+D", self.duplicate), ("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo), ("Ctrl+Y", self.redo), ("Ctrl+Insert", self.begin_section)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(do)

    def _lay_out(self) -> None:
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, theme.em(0.6), 0)
        rows.setSpacing(theme.em(0.5))
        rows.addLayout(self._buttons())
        rows.addWidget(self.list, 1)
        self.count = PlainLabel("", "small", wrap=True)
        rows.addWidget(self.count)
        self.right = QTabWidget()
        self.right.setDocumentMode(True)
        self.stack = QStackedWidget()
        self._of_question, self._of_list, self._of_heading = self._question_page(), _scrolled(self.about), self._heading_page()
        for page in (self._of_list, self._of_question, self._of_heading):
            self.stack.addWidget(page)
        self.right.addTab(self.stack, _("Question"))
        self.trying = QWidget()
        around = QVBoxLayout(self.trying)
        around.setContentsMargins(theme.em(0.6), theme.em(0.5), 0, 0)
        around.addWidget(self.preview)
        self.right.addTab(self.trying, _("Try it out"))
        self.right.addTab(self._versions(), _("Versions"))
        self.right.currentChanged.connect(lambda _at: self._show_preview())
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(self.right)
        split.setChildrenCollapsible(False)
        split.setSizes([theme.em(43), theme.em(50)])
        whole = QVBoxLayout(self)
        edge = theme.em(1)
        whole.setContentsMargins(edge, edge, edge, edge)
        whole.setSpacing(theme.em(0.6))
        whole.addWidget(split, 1)
        whole.addWidget(self.notice)
        whole.addLayout(self._foot())

    def _buttons(self) -> FlowLayout:
        line = FlowLayout(gap=theme.em(0.3))
        add = Button(_("New question"), "add", on_click=self.add)
        add.setToolTip(_("A question below the chosen one (Insert)"))
        add.setAutoDefault(False)
        self.section_button = Button(_("Section"), "add", on_click=self.begin_section)
        self.section_button.setToolTip(_("A section that begins with the chosen question (Ctrl+Insert)"))
        self.section_button.setAutoDefault(False)
        self._of_rows = [
            IconButton("up", _("Up (Alt+Up)"), lambda: self.shift(up=True)),
            IconButton("down", _("Down (Alt+Down)"), lambda: self.shift(up=False)),
            IconButton("copy", _("Duplicate (Ctrl+D)"), self.duplicate),
            IconButton("remove", _("Remove (Delete)"), self.remove),
        ]
        self._undo = IconButton("undo", _("Undo (Ctrl+Z)"), self.undo)
        self._redo = IconButton("redo", _("Redo (Ctrl+Y)"), self.redo)
        paste = IconButton("note", _("Paste questions from a spreadsheet (Ctrl+V)"), self.paste)
        self._writing = [add, self.section_button, paste, *self._of_rows, self._undo, self._redo]
        for part in (add, self.section_button, *self._of_rows, paste, self._undo, self._redo):
            line.addWidget(part)
        return line

    def _question_page(self) -> QWidget:
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.5))
        for part in (self.form, self.bad_yes, self.points, self.waiting):
            rows.addWidget(part)
        rows.addStretch(1)
        return _scrolled(inner)

    def _heading_page(self) -> QWidget:
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.5))
        self.heading.setAccessibleName(_("Section"))
        self.heading.setMaxLength(120)
        self.heading.setMaximumWidth(theme.letters(64))
        label = PlainLabel(_("Name of the section"), "muted")
        label.setBuddy(self.heading)
        for part in (label, self.heading, PlainLabel(_("An empty name leaves its questions without a heading. Alt+Up and Alt+Down move the whole section."), "small", wrap=True)):
            rows.addWidget(part)
        rows.addStretch(1)
        return _scrolled(inner)

    def _versions(self) -> QWidget:
        """Which versions there were, and how often each was asked."""
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.5))
        rows.addWidget(PlainLabel(_("A list that was asked in an audit gets a new version when its questions change. Audits keep the questions as they were asked."), "muted", wrap=True))
        id_ = self.draft.checklist.id
        for version in checklists.versions(self.desk.register, id_) if id_ else ():
            asked = n_("asked in {n} audit", "asked in {n} audits", version.audits) if version.audits else _("not asked yet")
            rows.addWidget(PlainLabel(_("Version {n}, since {moment}: {asked}").format(n=version.number, moment=show_moment(version.since), asked=asked), selectable=True))
        rows.addStretch(1)
        return _scrolled(inner)

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(PlainLabel(_("Drag questions, or move them with Alt+Up and Alt+Down. Ctrl+V pastes rows of a spreadsheet."), "small", wrap=True), 1)
        cancel = Button(_("Close") if self._read_only else _("Cancel"), on_click=self.reject)
        cancel.setAutoDefault(False)
        line.addWidget(cancel)
        self.save_button = Button(_("Save"), "save", "primary", self.save)
        self.save_button.setAutoDefault(False)
        self.save_button.setToolTip(_("Save (Ctrl+S or Ctrl+Enter)"))
        self.save_button.setVisible(not self._read_only)
        line.addWidget(self.save_button)
        return line

    # -- the list on the left

    def _fill(self, current: int | None = None, chosen: Collection[int] = ()) -> None:
        """Write the rows anew from the draft; the same rows stay chosen."""
        current = self._shown if current is None else current
        with QSignalBlocker(self.list):
            self.list.clear()
            self._row(THE_LIST, self.draft.checklist.name or _("New checklist"), _("What the list is called and what it is for"))
            sections = self.draft.sections()
            for name, questions in sections:
                if name or len(sections) > 1:
                    heading = self._row(questions[0].id, name or _("(without a section)"), "")
                    heading.setData(HEADING, True)
                    heading.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled)
                for question in questions:
                    self._question_row(question)
        self._go_to(current, chosen)
        self._show_flaws()
        self._show_preview()

    def _row(self, id_: int, words: str, second: str) -> QListWidgetItem:
        item = QListWidgetItem(words)
        item.setData(ID, id_)
        item.setData(SECOND, second)
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
        self.list.addItem(item)
        return item

    def _question_row(self, question: Question) -> None:
        item = self._row(question.id, "", "")
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        self._name_row(item, question)

    def _name_row(self, item: QListWidgetItem, question: Question) -> None:
        told = [Choice(QuestionType).show(question.type)]
        if points := counts_for(question):
            told.append(n_("{n} point", "{n} points", points))
        if question.critical and can_fail(question):
            told.append(_("critical"))
        if question.shown_by is not None and (place := self.draft.place(question.shown_by)):
            told.append(_("after question {place}").format(place=place))
        item.setText(" ".join(question.wording.split()) or _("(no text yet)"))
        item.setData(SECOND, " · ".join(told))
        item.setData(NUMBER, f"{self.draft.place(question.id)}.")

    def _rows(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def _go_to(self, id_: int, chosen: Collection[int] = (), *, heading: bool = False) -> None:
        """Make a row current, choose these questions, and show what stands in it."""
        self._choose_rows(id_, chosen, heading=heading)
        self._show_current()

    def _choose_rows(self, id_: int, chosen: Collection[int], *, heading: bool) -> None:
        with QSignalBlocker(self.list):
            self.list.clearSelection()
            for item in self._rows():
                if not item.data(HEADING) and item.data(ID) in chosen:
                    item.setSelected(True)
            found = next((item for item in self._rows() if item.data(ID) == id_ and bool(item.data(HEADING)) == heading), None)
            self.list.setCurrentItem(found or self.list.item(0), QItemSelectionModel.SelectionFlag.Select)

    def _current(self) -> tuple[int, bool]:
        """The id of the current row, and whether it is a heading."""
        item = self.list.currentItem()
        return (THE_LIST, False) if item is None else (item.data(ID), bool(item.data(HEADING)))

    def chosen(self) -> set[int]:
        """The questions that are chosen, the current one at least."""
        found = {item.data(ID) for item in self.list.selectedItems() if not item.data(HEADING)} - {THE_LIST}
        id_, heading = self._current()
        return found or (set() if heading or id_ == THE_LIST else {id_})

    # -- the form on the right

    def _turn(self) -> None:
        """Another row is current: the one that was shown is left, unless something in it can't be read."""
        if self._unread():
            self._choose_rows(self._shown, {self._shown}, heading=False)
            return
        self._fresh.discard(self._shown)
        self._typing = None
        self._show_current()
        self._show_flaws()

    def _unread(self) -> bool:
        """Whether a field holds what its type can't read: it would be lost."""
        if self.draft.find(self._shown) is None:
            return False
        problems = [Problem(name, sentence) for name, row in self.form.rows.items() if not row.isHidden() and (sentence := row.editor.problem())]
        if problems:
            self.form.show_problems(problems)
        return bool(problems)

    def _show_current(self) -> None:
        id_, heading = self._current()
        self._shown = id_
        question = self.draft.find(id_)
        if heading and question is not None:
            self.heading.setText(question.section)
            self.heading.setReadOnly(self._read_only)
            self.stack.setCurrentWidget(self._of_heading)
            self.right.setTabText(0, _("Section"))
        elif question is not None:
            self._show_question(question)
            self.stack.setCurrentWidget(self._of_question)
            self.right.setTabText(0, _("Question {place}").format(place=self.draft.place(id_)))
        else:
            self._shown = THE_LIST
            if self.about.record != self.draft.checklist:
                self.about.load(self.draft.checklist)
            self.about.set_read_only(self._read_only)
            self.stack.setCurrentWidget(self._of_list)
            self.right.setTabText(0, _("The list"))
        self._allow()

    def _show_question(self, question: Question) -> None:
        self.form.load(Question(**{**vars(question), "shown_by": None, "shown_for": "", "checklist": max(1, question.checklist)}))
        self.form.set_read_only(self._read_only)
        self._fit_form(question)

    def _fit_form(self, question: Question) -> None:
        """Ask only for what means something for the question's type."""
        told = fields_of(question.type)
        yes_no = question.type is QuestionType.YES_NO
        names = [name for name in ASKED if name in told]
        if yes_no:  # its box stands for the options
            names.remove("options")
        self.form.ask_only(names)
        self.bad_yes.setVisible(yes_no)
        self.bad_yes.setChecked(question.options == YES_FAILS)
        self.bad_yes.setEnabled(not self._read_only)
        hint = ""
        if question.weight and question.type is QuestionType.NUMBER and not can_fail(question):
            hint = _("Without bounds the number is noted down and gives no points.")
        elif question.weight and question.type is QuestionType.CHOICE and not can_fail(question):
            hint = _("As long as no answer is marked with “!”, the choice is noted down and gives no points.")
        self.points.setText(hint)
        self.points.setVisible(bool(hint))
        self.waiting.show_question(self.draft, question, self._read_only)

    def _allow(self) -> None:
        id_, _heading = self._current()
        for button in self._writing:
            button.setEnabled(not self._read_only)
        for button in (*self._of_rows, self.section_button):
            button.setEnabled(not self._read_only and id_ != THE_LIST)
        self._undo.setEnabled(bool(self._done))
        self._redo.setEnabled(bool(self._undone))
        self._undo.setToolTip(_("Undo (Ctrl+Z): {step}").format(step=_(self._done[-1][0])) if self._done else _("Undo (Ctrl+Z)"))

    def go_to_form(self) -> None:
        """Put the keyboard where the current row is written."""
        self.right.setCurrentIndex(0)
        if self.stack.currentWidget() is self._of_heading:
            self.heading.setFocus()
            self.heading.selectAll()
        elif self.stack.currentWidget() is self._of_question:
            self.form.editors["wording"].input.setFocus()
        else:
            self.about.editors["name"].input.setFocus()

    # -- edits

    def _edit(self, label: str, edit: Edit, typing_in: int | None = None) -> bool:
        """Do an edit of the draft and remember what was before; what is typed on in one place is one edit."""
        after = edit(self.draft)
        if self._read_only or after == self.draft:
            return False
        typing = None if typing_in is None else (label, typing_in)
        if typing is None or typing != self._typing:
            self._done.append((label, self.draft))
        self._typing = typing
        self._undone.clear()
        self.draft = after
        return True

    def undo(self) -> None:
        """Take the last edit back."""
        self._go_back(self._done, self._undone)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._go_back(self._undone, self._done)

    def _go_back(self, steps: list[tuple[str, Draft]], others: list[tuple[str, Draft]]) -> None:
        if not steps or self._read_only:
            return
        label, draft = steps.pop()
        others.append((label, self.draft))
        before, self.draft = self.draft, draft
        self._typing = None
        differing = next((one.id for one in draft.questions if before.find(one.id) != one), self._shown)
        self._fill(differing, {differing})

    def _typed(self) -> None:
        """Something was written in the form of the current question."""
        picture = self.form.editors["picture"]
        if isinstance(picture, PictureEditor) and picture.content:
            self._contents[picture.value()] = picture.content
        question = self.draft.find(self._shown)
        if question is None:
            return
        values = _written(self.form)
        if question.type is QuestionType.YES_NO:  # its box stands for the options
            values.pop("options")
        self._change(checklists.CHANGE_QUESTION, **values)

    def _change(self, label: str, **values: object) -> None:
        """The current question, with these fields changed."""
        before = self.draft.find(self._shown)
        if before is None or not self._edit(label, lambda draft: draft.changed(before.id, **values), before.id):
            return
        self._after_change(before)

    def _after_change(self, before: Question) -> None:
        now = self.draft.find(before.id)
        assert now is not None
        if fields_of(now.type) != fields_of(before.type) or can_fail(now) != can_fail(before) or (now.shown_by, now.shown_for) != (before.shown_by, before.shown_for):
            self._fit_form(now)
        for item in self._rows():
            if (question := self.draft.find(item.data(ID))) is not None and not item.data(HEADING):
                self._name_row(item, question)
        self._show_flaws()
        self._show_preview()
        self._allow()

    def _typed_about(self) -> None:
        values = _written(self.about)
        if self._edit(checklists.NAME, lambda draft: draft.headed(**values), THE_LIST):
            self.list.item(0).setText(self.draft.checklist.name or _("New checklist"))
            self._show_flaws()
            self._allow()

    def _rename(self, name: str) -> None:
        words = " ".join(name.split())
        if self._edit(checklists.CHANGE_SECTION, lambda draft: draft.renamed(self._shown, words), self._shown):
            for item in self._rows():
                if item.data(HEADING) and item.data(ID) == self._shown:
                    item.setText(words or _("(without a section)"))
            self._allow()

    def _wait(self, other: int | None, for_: str) -> None:
        self._change(checklists.CHANGE_QUESTION, shown_by=other, shown_for=for_)

    def add(self) -> None:
        """A new question below the current one, ready to be written."""
        if self._unread():
            return
        id_, heading = self._current()
        here = self.draft.find(id_)
        section = here.section if here else (self.draft.questions[0].section if self.draft.questions else "")
        at = self.draft.place(id_) - (1 if heading else 0) if here else 0 if self.draft.questions else None
        if here is None and self.draft.questions:  # on the list itself: at its end
            at, section = None, self.draft.questions[-1].section
        new = Question(checklist=1, wording="", section=section)
        known = {one.id for one in self.draft.questions}
        if self._edit(checklists.ADD_QUESTION, lambda draft: draft.inserted([new], at)):
            made = next(one.id for one in self.draft.questions if one.id not in known)
            self._fresh.add(made)
            self._fill(made, {made})
            self.go_to_form()

    def begin_section(self) -> None:
        """A section that begins with the current question, its name ready to be written."""
        id_, heading = self._current()
        if self._unread() or self.draft.find(id_) is None:
            return
        names = {name for name, _questions in self.draft.sections()}
        name, n = _("New section"), 1
        while name in names:
            n += 1
            name = _("New section {n}").format(n=n)
        if heading or self._edit(checklists.CHANGE_SECTION, lambda draft: draft.parted(id_, name)):
            self._fill(id_)
            self._go_to(id_, heading=True)
            self.go_to_form()

    def remove(self) -> None:
        """Take the chosen questions away, or the whole section of a heading."""
        id_, heading = self._current()
        ids = {one.id for one in self.draft.section_of(id_)} if heading else self.chosen()
        last = max(map(self.draft.place, ids), default=0)
        lonely = sum(one.shown_by in ids and one.id not in ids for one in self.draft.questions)
        if ids and self._edit(checklists.REMOVE_QUESTIONS, lambda draft: draft.without(ids)):
            after = self.draft.questions[min(max(0, last - len(ids)), len(self.draft.questions) - 1)].id if self.draft.questions else THE_LIST
            self._fill(after, {after})
            self.list.setFocus()
            if lonely:
                self.notice.say(n_("{n} question waited for an answer to what was removed; it is always asked now.", "{n} questions waited for an answer to what was removed; they are always asked now.", lonely))

    def duplicate(self) -> None:
        """The chosen questions once more, below them."""
        ids = self.chosen()
        known = {one.id for one in self.draft.questions}
        if not self._unread() and ids and self._edit(checklists.DUPLICATE_QUESTIONS, lambda draft: draft.duplicated(ids)):
            made = [one.id for one in self.draft.questions if one.id not in known]
            self._fill(made[0], made)

    def shift(self, *, up: bool) -> None:
        """The chosen questions, or the section of a heading, one place up or down."""
        id_, heading = self._current()
        if id_ == THE_LIST or self._unread():
            return
        ids = self.chosen()
        if heading:
            if self._edit(checklists.CHANGE_SECTION, lambda draft: draft.moved_section(id_, up)):
                self._fill(id_)
                self._go_to(id_, heading=True)
        elif self._edit(checklists.MOVE_QUESTIONS, lambda draft: draft.moved(ids, up)):
            self._fill(id_, ids)

    def drop(self, row: int, *, above: bool) -> None:
        """The chosen questions, dragged to a row: before it, or after it."""
        ids = self.chosen()
        item = self.list.item(row)
        target = self.draft.find(item.data(ID)) if item is not None else None
        if not ids or self._unread() or not self.draft.questions:
            return
        if target is None:  # below the last row, or on the list itself
            at_end = item is None
            edge = self.draft.questions[-1 if at_end else 0]
            before, section = (0, edge.section) if at_end else (edge.id, edge.section)
        elif item is not None and item.data(HEADING):
            place = self.draft.place(target.id)
            before = target.id
            section = self.draft.questions[place - 2].section if above and place > 1 else target.section
        else:
            place = self.draft.place(target.id)
            following = self.draft.questions[place].id if place < len(self.draft.questions) else 0
            before, section = (target.id if above else following), target.section
        id_, _heading = self._current()
        if self._edit(checklists.MOVE_QUESTIONS, lambda draft: draft.placed(ids, before, section)):
            self._fill(id_ if id_ in ids else next(iter(ids)), ids)

    def paste(self) -> None:
        """What was copied: rows of a spreadsheet and lines become questions, a picture the photo of the current one."""
        data = QGuiApplication.clipboard().mimeData()
        if not data.hasText() and (content := picture_of(data)) and self.draft.find(self._shown) is not None:
            picture = self.form.editors["picture"]
            assert isinstance(picture, PictureEditor)
            picture.put(content)
            return
        if self._unread():
            return
        try:
            found = pasted(data.text())
        except Known as error:
            self.notice.say(error.sentence)
            return
        id_, _heading = self._current()
        here = self.draft.find(id_)
        at = self.draft.place(id_) if here else None
        known = {one.id for one in self.draft.questions}
        section = here.section if here else ""
        new = [one if one.section else Question(**{**vars(one), "section": section}) for one in found]
        if self._edit(checklists.PASTE_QUESTIONS, lambda draft: draft.inserted(new, at)):
            made = [one.id for one in self.draft.questions if one.id not in known]
            self._fill(made[0], made)
            self.notice.say("")
            self.list.setFocus()

    # -- what is wrong

    def _show_flaws(self) -> None:
        """Signs in the list and sentences beside the fields; of a question that is just being written nothing is said yet."""
        found = [flaw for flaw in flaws(self.draft) if self._judged or flaw.question not in self._fresh]
        wrong = {flaw.question for flaw in found}
        for item in self._rows():
            item.setData(SIGN, ("warn", "bad") if not item.data(HEADING) and item.data(ID) in wrong else None)
        if self._shown == THE_LIST:
            _put_beside(self.about, [flaw for flaw in found if not flaw.question], judged=self._judged)
        elif self.draft.find(self._shown) is not None:
            own = [flaw for flaw in found if flaw.question == self._shown]
            _put_beside(self.form, own, judged=True)
            self.waiting.problem.setText(" ".join(flaw.sentence for flaw in own if flaw.field not in self.form.rows))
        asked = len(self.draft.questions)
        points = sum(map(counts_for, self.draft.questions))
        said = [n_("{n} question", "{n} questions", asked), n_("{n} point to reach", "{n} points to reach", points)]
        if wrong:
            said.append(n_("{n} place to mend", "{n} places to mend", len(wrong)))
        self.count.setText(" · ".join(said))

    def save(self) -> bool:
        """Keep the list in one step and close; what is wrong is said where it is, and everything written stays."""
        if self._read_only or self._unread():
            return False
        self._judged = True
        found = flaws(self.draft)
        if found:
            self._say_flaws(found)
            return False
        if self.draft == self._begun and self.draft.checklist.id:
            self.done(QDialog.DialogCode.Accepted)
            return True
        used = {question.picture for question in self.draft.questions}
        contents = [content for sha, content in self._contents.items() if sha in used]
        try:
            self.saved_id = self.desk.do(self._label(), checklists.keep, self.draft, contents)
        except Problems as error:
            self._go_to(THE_LIST)
            self.about.show_problems(error.problems)
            return False
        except Known as error:
            self.notice.say(error.sentence)
            return False
        self.done(QDialog.DialogCode.Accepted)
        return True

    def _label(self) -> str:
        """The name of the step: of the one kind of edit that was made, else that the list was changed."""
        if not self.draft.checklist.id:
            return checklists.NEW
        kinds = {label for label, _before in self._done}
        return kinds.pop() if len(kinds) == 1 else checklists.CHANGE

    def _say_flaws(self, found: Sequence[Flaw]) -> None:
        first = found[0]
        self._fresh.clear()
        self._go_to(first.question, {first.question})
        self._show_flaws()
        self.right.setCurrentIndex(0)
        form = self.form if first.question else self.about
        if first.field in form.rows:
            form.rows[first.field].editor.input.setFocus()
        whole = [flaw.sentence for flaw in found if not flaw.question and flaw.field not in self.about.rows]
        self.notice.say(" ".join(whole) or n_("{n} place must be mended before the list can be saved; it is marked.", "{n} places must be mended before the list can be saved; they are marked.", len({flaw.question for flaw in found})))

    def reject(self) -> None:
        question = _("The changes of this checklist are not saved. Close without saving them?")
        if self.draft == self._begun or self._read_only or self.desk.ask.confirm(question, _("Close without saving"), _("Go on editing"), danger=True, parent=self):
            super().reject()

    # -- trying it out

    def _content(self, sha256: str) -> bytes:
        return self._contents.get(sha256) or self.desk.register.content(sha256)

    def _show_preview(self) -> None:
        if self.right.currentWidget() is self.trying:
            self.preview.show_draft(self.draft, self._content)


def _scrolled(inner: QWidget) -> QScrollArea:
    """A form that scrolls where there is little room."""
    page = QWidget()
    theme.mark(page, "page")
    rows = QVBoxLayout(page)
    rows.setContentsMargins(theme.em(0.6), theme.em(0.9), theme.em(0.9), theme.em(0.9))
    rows.addWidget(inner)
    rows.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
    area.setWidget(page)
    return area


def _written(form: RecordForm) -> dict[str, Any]:
    """What stands in a form, the unchanged too: a field may have been changed back."""
    return {**{name: getattr(form.record, name) for name in form.rows}, **form.changes()}


def _put_beside(form: RecordForm, found: Sequence[Flaw], *, judged: bool) -> None:
    """Say what is wrong beside the fields; the keyboard stays where it is."""
    for name, row in form.rows.items():
        said = " ".join(flaw.sentence for flaw in found if flaw.field == name) if judged else ""
        row.say(said or row.editor.problem())
