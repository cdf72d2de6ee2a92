"""The running program: language, theme, crash hook, which register is open, and the window around it."""

from __future__ import annotations

import argparse
import gc
import math
import tempfile
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from qmdesk import __version__, i18n
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations.registers import SUFFIX, new_register, open_register
from qmdesk.register import Register
from ui import crash, preferences, theme
from ui.ask import Asker, QtAsker, ran
from ui.desk import Desk
from ui.jobs import Jobs, Progress
from ui.main_window import MainWindow
from ui.preferences import Preferences
from ui.signals import Signals

NAME = "qmdesk"
STYLE = "Fusion"  # named here, because to hand over the style of setStyle PySide loads QStyle and its 450 constants (15 ms)
SAFEGUARD_EVERY_MS = 30 * 60 * 1000


def run(argv: list[str]) -> int:
    """Start the program with these arguments; returns its exit code."""
    parser = argparse.ArgumentParser(prog=NAME, description="Complaints, returns and guarantee claims of a small shop.")
    parser.add_argument("register", nargs="?", type=Path, help="the register to open")
    parser.add_argument("--demo", action="store_true", help="open a demo shop")
    parser.add_argument("--lang", choices=list(i18n.LANGUAGES), help="language of the window")
    parser.add_argument("--check", action="store_true", help="show every page once and quit")
    parser.add_argument("--version", action="version", version=__version__)
    options = parser.parse_args(argv[1:])
    app = QApplication([*argv[:1], "-style", STYLE])
    app.setApplicationName("QMDesk")
    app.setApplicationVersion(__version__)
    program = Program(app, QtAsker())
    if options.lang:
        program.speak(options.lang)
    Signals(program.end, app)
    program.start(options.register, demo=options.demo)
    gc.enable()  # main() had it rest
    if options.check:
        QTimer.singleShot(0, program.show_everything)
    code = app.exec()
    program.close()
    return code


class Program:
    """One per process. It opens and closes registers and gives the window new clothes; it knows nothing of cases."""

    def __init__(self, app: QApplication, asker: Asker) -> None:
        self.app = app
        self.ask = asker
        self._preferences, note = preferences.load()
        self.window: MainWindow | None = None
        self._qt_words: QTranslator | None = None
        self._crashes = crash.install(asker)
        self.speak(self.preferences.spoken())
        theme.apply(app, self.preferences.theme, self.preferences.text_scale)  # type: ignore[arg-type]
        app.setWindowIcon(theme.icon("shop", "accent"))
        if note:
            QTimer.singleShot(0, lambda: asker.warn(note))
        self._safeguard = QTimer(app, interval=SAFEGUARD_EVERY_MS)
        self._safeguard.timeout.connect(self._copy)
        self._safeguard.start()
        self._ending = False

    @property
    def preferences(self) -> Preferences:
        """What is preferred now; the window's lists change it too."""
        return self.window.desk.preferences if self.window is not None else self._preferences

    def speak(self, lang: str) -> None:
        """Speak a language from now on: ours and Qt's own words, days and numbers."""
        i18n.use(lang)
        QLocale.setDefault(QLocale("pl_PL" if lang == "pl" else "en_GB"))
        if self._qt_words:
            self.app.removeTranslator(self._qt_words)
        self._qt_words = QTranslator(self.app)
        if self._qt_words.load(QLocale(lang), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            self.app.installTranslator(self._qt_words)

    # -- registers

    def start(self, path: Path | None, *, demo: bool = False) -> None:
        """Open what was asked for, else the last register, else welcome the user."""
        if demo:
            self.open_demo()
        elif path is not None:
            self.open(path)
        elif self.preferences.last is not None and self.preferences.last.exists():
            self.open(self.preferences.last)
        if self.window is None and not self._ending:
            self.welcome()
        if self._ending:
            QTimer.singleShot(0, self.app.quit)

    def welcome(self) -> None:
        """Ask what to open; closing the welcome with nothing open ends the program."""
        from ui.dialogs.welcome import Welcome  # most starts go straight to the last register

        dialog = Welcome(self.preferences, self.ask)
        dialog.on_new, dialog.on_open, dialog.on_demo = self.make, self.open, self.open_demo
        dialog.on_language = self._welcome_in
        ran(dialog)
        if self.window is None and not dialog.again:
            QTimer.singleShot(0, self.app.quit)

    def _welcome_in(self, lang: str) -> None:
        self.prefer(replace(self.preferences, language=lang))
        self.speak(lang)
        QTimer.singleShot(0, self.welcome)

    def make(self, path: Path, shop_name: str) -> bool:
        """Make a register and open it; says why not when it can't be made."""
        if path.suffix != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        if not self._may_leave():
            return False
        try:
            register = new_register(path, program=NAME, lang=i18n.language(), shop_name=shop_name)
        except Known as error:
            self.ask.warn(error.sentence)
            return False
        self._show(register, remember=True)
        return True

    def open(self, path: Path) -> bool:
        """Open a register; says why not when it can't be opened. The one open now stays until the other is."""
        open_now = self.window.desk.register if self.window is not None else None
        if open_now is not None and open_now.path == path.absolute() and not open_now.read_only:
            return True  # one that could only be read is opened anew: whoever held it may have gone
        if not self._may_leave():
            return False
        try:
            register = open_register(path, program=NAME)
        except Known as error:
            self.ask.warn(error.sentence)
            if not path.exists():
                self.prefer(self.preferences.forgotten(path))
            return False
        self._show(register, remember=True)
        return True

    def open_demo(self) -> bool:
        """Make a demo shop in a temporary folder and open it."""
        from qmdesk.operations import demo  # only a demo needs it

        if not self._may_leave():
            return False
        path = Path(tempfile.mkdtemp(prefix="qmdesk-demo-")) / (_("Demo shop") + SUFFIX)
        lang = i18n.language()

        def make(progress: Progress) -> Register:
            return demo.new_demo(path, program=NAME, lang=lang, progress=progress)

        made: list[Register] = []
        jobs = Jobs(self.ask)
        jobs.run(_("Furnishing the demo shop"), make, made.append)
        jobs.wait(math.inf)  # it tells how far it is, and can be cancelled
        jobs.stop()
        for register in made:
            self._show(register, remember=False)
        return bool(made)

    def _show(self, register: Register, *, remember: bool) -> None:
        old = self.window
        if remember:
            self.prefer(self.preferences.opened(register.path))
        self.window = MainWindow(Desk(register, self.ask, Jobs(self.ask), self.preferences), self)
        self.window.show()  # before the other goes: with its last window the program would end
        self.window.daybreak.begin()
        if old is not None:
            self._put_away(old)

    def _may_leave(self) -> bool:
        """Whether the window may go for another one: nothing typed is lost, no work is cut off."""
        return self.window is None or (self.window.may_leave() and self.window.desk.jobs.may_close())

    def _put_away(self, window: MainWindow) -> None:
        window.desk.jobs.stop()
        window.leave()
        window.deleteLater()
        note = window.desk.register.close()
        if note:
            self.ask.warn(note)

    def dress(self, preferred: Preferences) -> None:
        """Take other preferences: language, theme and text size show at once, in a window built anew around the same register."""
        if not self._may_leave():
            return
        lang = i18n.language() if preferred.language == self.preferences.language else preferred.spoken()  # one asked for at the start stays
        self.prefer(preferred)
        QTimer.singleShot(0, self.app, lambda: self._dress_anew(lang))  # the old window's own button may have asked for it

    def _dress_anew(self, lang: str) -> None:
        old = self.window
        if old is not None:  # it goes first, or every widget it ever made would be dressed anew
            register, geometry, place = old.desk.register, old.saveGeometry(), old.place()
            self.app.setQuitOnLastWindowClosed(False)
            old.desk.jobs.stop()
            old.leave()
            delete(old)
        preferred = self.preferences
        self.speak(lang)
        theme.apply(self.app, preferred.theme, preferred.text_scale)  # type: ignore[arg-type]
        if old is not None:
            self.window = MainWindow(Desk(register, self.ask, Jobs(self.ask), preferred), self)
            self.window.restoreGeometry(geometry)
            self.window.return_to(place)
            self.window.show()
            self.window.daybreak.begin()
            self.app.setQuitOnLastWindowClosed(True)

    def prefer(self, preferred: Preferences) -> None:
        """Keep other preferences."""
        if preferred == self.preferences:
            return  # as at most starts: saving waits for the disk
        self._preferences = preferred
        if self.window is not None:
            self.window.desk.preferences = preferred
        try:
            preferences.save(preferred)
        except Known as error:
            self.ask.warn(error.sentence)

    def _copy(self) -> None:
        if self.window is None or self.window.desk.register.read_only:
            return
        desk = self.window.desk
        desk.jobs.run(_("Copying the register to its backups"), lambda _progress: desk.register.safeguard(), self._copied, modal=False)

    def _copied(self, note: str) -> None:
        if note:
            self.ask.warn(note)

    def end(self) -> None:
        """End as the closed window does, which may ask; told again while it asks, end without an answer."""
        if self._ending and self.window is not None:
            self.app.exit()
            return
        self._ending = True
        self.app.closeAllWindows()
        self._ending = self.window is None  # it is still starting, and ends when it has

    def close(self) -> None:
        """Close the register; called once, after the last event."""
        if self.window is not None:
            self._put_away(self.window)
            delete(self.window)  # before Python's own end, whose order Qt does not survive
            self._preferences, self.window = self.preferences, None
        crash.uninstall()
        if self._crashes.restart_wanted:
            crash.start_again()

    # -- the check of the finished program

    def show_everything(self) -> None:
        """Show every page once, then quit: what the build and the tests start."""
        if self.window is not None:
            for name in self.window.page_names():
                self.window.go(name)
                self.app.processEvents()
        self.app.quit()
