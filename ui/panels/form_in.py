"""What customers sent back from a form, brought in from files, a mail or the clipboard: responses at once, complaints as drafts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from qmdesk.errors import Known
from qmdesk.exchange import form_text
from qmdesk.i18n import _, n_
from qmdesk.operations import forms, responses
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case
from qmdesk.schema.record import Record
from ui.desk import Desk

FILES = (form_text.SUFFIX, ".eml", ".txt")

NewCase = Callable[..., object]
"""Begins the dialog of a new case: (preset, newcomer=, notes=)."""
OpenRecord = Callable[[type[Record], int], Any]


def take_in_files(desk: Desk, paths: Sequence[Path], new_case: NewCase, open_record: OpenRecord, parent: QWidget) -> None:
    """Take in what files hold, all of them in one step; one that can't be read is told and keeps the others out."""
    try:
        text = "\n".join(form_text.read_file(path) for path in paths)
    except Known as error:
        desk.ask.warn(error.sentence, parent=parent)
        return
    take_in(desk, text, new_case, open_record, parent)


def choose_files(desk: Desk, new_case: NewCase, open_record: OpenRecord, parent: QWidget) -> None:
    """Ask for files and take them in."""
    patterns = " ".join(f"*{suffix}" for suffix in FILES)
    if paths := desk.ask.choose_files_to_open(_("Answers of forms"), [(_("Answers of forms"), patterns)], parent=parent):
        take_in_files(desk, paths, new_case, open_record, parent)


def paste(desk: Desk, new_case: NewCase, open_record: OpenRecord, parent: QWidget) -> None:
    """Take in what was copied out of a mail."""
    take_in(desk, QGuiApplication.clipboard().text(), new_case, open_record, parent)


def take_in(desk: Desk, text: str, new_case: NewCase, open_record: OpenRecord, parent: QWidget) -> None:
    """Take in every answered form in a text."""
    if desk.register.read_only:
        desk.ask.warn(desk.register.why_read_only, parent=parent)
        return
    try:
        found = forms.incoming(desk.register, text)
    except Known as error:
        desk.ask.warn(error.sentence, parent=parent)
        return
    if any(one.survey is not None for one in found):
        taken = desk.attempt(responses.TAKE_IN, forms.take_in, found)
        if taken is None:
            return
        if taken.known or taken.broken:
            desk.ask.tell(_said(taken), parent=parent)
    for one in found:
        if one.survey is None:
            _begin_case(desk, one, new_case, open_record, parent)


def _said(taken: forms.TakenIn) -> str:
    told = [n_("{n} new response was taken in.", "{n} new responses were taken in.", len(taken.added))]
    if taken.known:
        told.append(n_("{n} was there already.", "{n} were there already.", taken.known))
    if taken.broken:
        told.append(n_("The seal of {n} is broken: its text was changed on the way.", "The seals of {n} are broken: their text was changed on the way.", taken.broken))
        told.append(_(forms.WHAT_IT_CANNOT_KNOW))
    return " ".join(told)


def _begin_case(desk: Desk, one: forms.Incoming, new_case: NewCase, open_record: OpenRecord, parent: QWidget) -> None:
    if one.known is not None:
        desk.ask.tell(_("This complaint is registered already, as {number}.").format(number=desk.register.title(Case, one.known)), parent=parent)
        open_record(Case, one.known)
        return
    draft = forms.draft_case(desk.register, one)
    new_case(dict(draft.preset), newcomer=draft.customer, notes=draft.sentences)


def save_complaint_form(desk: Desk, lang: str, parent: QWidget) -> None:
    """Save the page on which customers complain; its key is made the first time."""
    path = desk.ask.choose_file_to_save(_("Save the complaint form"), forms.file_name(_("Complaint"), ".html"), [(_("Web page"), "*.html")], parent=parent)
    if path is None:
        return
    if not the_shop(desk.register).form_key and desk.attempt(forms.MAKE_KEY, forms.make_key) is None:
        return
    save_page(desk, path, lambda: forms.complaint_form(desk.register, lang), parent)


def save_page(desk: Desk, path: Path, page: Callable[[], str], parent: QWidget) -> None:
    """Write a page and say where it lies; why not, where it can't be."""
    try:
        forms.save(path, page())
    except Known as error:
        desk.ask.warn(error.sentence, parent=parent)
    else:
        desk.on_saved(_("{file} was saved. Attach it to an e-mail, or put it on your website.").format(file=path.name), path)
