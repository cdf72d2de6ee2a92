"""The verdict on a register: whole, or what is wrong with it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from qmdesk.i18n import _
from ui.desk import Desk

MOST = 12


def show_verdict(desk: Desk, parent: QWidget) -> None:
    """Check the register in the worker and tell what was found."""

    def tell(flaws: list[str]) -> None:
        if not flaws:
            desk.ask.tell(_("The register is whole: the file, its references, its history and its kept files fit together."), parent=parent)
            return
        listed = "\n".join(flaws[:MOST])
        desk.ask.warn(_("The register is not as it should be. Keep a copy of it and of its backups, and restore a good one.") + "\n\n" + listed, parent=parent)

    desk.jobs.run(_("Checking the register"), lambda _progress: desk.register.verify(), tell, parent=parent)
