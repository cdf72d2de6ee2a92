"""Pictures of checklists: the shop's own with one of them beside, the library, the editor with what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from qmdesk.operations import checklist_library, checklists
from qmdesk.operations.registers import new_register, open_register
from qmdesk.register import Register
from ui import theme
from ui.desk import Desk
from ui.dialogs.checklist_editor import ChecklistEditor
from ui.dialogs.checklist_library import ChecklistLibrary
from ui.panels.checklists import Checklists

_MADE: dict[Register, int] = {}


def _made(register: Register, lang: str) -> int:
    """Every list of the library among the shop's own, once for a register; the id of one of them."""
    if register not in _MADE:
        made = {one.key: one.id for one in register.records(checklists.checklists_query())}
        for key in checklist_library.all_keys():
            if key not in made:
                made[key] = register.do(checklists.FROM_LIBRARY, checklists.add_from_library, key, lang).result
        _MADE[register] = made["packing_dispatch"]
        register.do(checklists.RETIRE, checklists.set_active, made["six_pillars"], False)
    return _MADE[register]


def panel(desk: Desk, folder: Path, lang: str) -> Iterator[tuple[str, QWidget]]:
    """The tab with the lists, and before there are any."""
    path = folder / f"no-lists-{lang}.qmd"
    with open_register(path, program="gallery") if path.exists() else new_register(path, program="gallery", lang=lang) as empty:
        none = Checklists(Desk(empty, desk.ask, desk.jobs))  # type: ignore[arg-type]
        theme.dress(none)
        none.resize(1200, 680)
        yield "checklists-none", none
        none.hide()
    shown = Checklists(desk, lambda _id: None)
    theme.dress(shown)
    shown.resize(1200, 680)
    id_ = _made(desk.register, lang)
    shown.refresh()
    shown.open(id_)
    yield "checklists", shown
    shown.chooser.search.setText("pak" if lang == "pl" else "pack")
    shown.chooser.search.flush()
    yield "checklists-found", shown
    shown.hide()


def dialogs(desk: Desk, lang: str) -> list[tuple[str, Callable[[], QDialog]]]:
    """The library, and the editor on its rows."""

    def editor(row: int) -> Callable[[], QDialog]:
        def made() -> QDialog:
            dialog = ChecklistEditor(desk, checklists.draft(desk.register, _made(desk.register, lang)))
            dialog.list.setCurrentRow(row)
            return dialog

        return made

    def wrong() -> QDialog:
        dialog = ChecklistEditor(desk, checklists.draft(desk.register, _made(desk.register, lang)))
        dialog.list.setCurrentRow(6)
        dialog.add()
        dialog.save()
        return dialog

    def tried() -> QDialog:
        dialog = ChecklistEditor(desk, checklists.draft(desk.register, _made(desk.register, lang)))
        dialog.right.setCurrentIndex(1)
        return dialog

    def versions() -> QDialog:
        dialog = ChecklistEditor(desk, checklists.draft(desk.register, _made(desk.register, lang)))
        dialog.right.setCurrentIndex(2)
        return dialog

    return [
        ("checklist-library", lambda: ChecklistLibrary(desk)),
        ("checklist-editor", editor(2)),
        ("checklist-editor-choice", editor(4)),
        ("checklist-editor-waiting", editor(20)),
        ("checklist-editor-list", editor(0)),
        ("checklist-editor-section", editor(1)),
        ("checklist-editor-wrong", wrong),
        ("checklist-editor-tried", tried),
        ("checklist-editor-versions", versions),
    ]
