"""The walls of DESIGN 2 and the guards against rot, read off the source."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qmdesk.records.catalog import RECORDS

ROOT = Path(__file__).resolve().parents[1]
CORE, WINDOW, TESTS = (sorted((ROOT / name).rglob("*.py")) for name in ("qmdesk", "ui", "tests"))
PROGRAM = CORE + WINDOW
FIELDS = {name for kind in RECORDS for name in kind.spec.fields}

# where a signal may carry something: the desk's news, what a person did in an editor or widget, a worker's result
MAY_SIGNAL = ("ui/desk.py", "ui/jobs.py", "ui/pictures.py", "ui/crash.py", "ui/forms/", "ui/widgets/")
# comparisons with a field's name that still stand, each to be taken away when its file is next touched
EXCUSED = {
    ("qmdesk/operations/demo.py", "country"),  # a key of the demo's own file
    ("qmdesk/operations/import_intake.py", "line"),  # the place of a line is counted, not read
    ("qmdesk/operations/import_updates.py", "product"),
}
# modules that not every system has need no other reason to be imported late
OF_SYSTEM = {"ctypes", "resource", "fcntl", "msvcrt", "winreg"}
# the plain label itself, and the question whose label is set to plain text in the next line
MAY_LABEL = ("ui/widgets/plain_label.py", "ui/ask.py")


def where(file: Path, node: ast.AST | None = None) -> str:
    return file.relative_to(ROOT).as_posix() + (f":{node.lineno}" if node is not None and hasattr(node, "lineno") else "")


def nodes(files: list[Path], kind: type[ast.AST], telling: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of a kind in those of these files in which the pattern ``telling`` is found: only they are taken apart, and none is kept."""
    for file in files:
        text = file.read_text("utf-8")
        if re.search(telling, text):
            yield from ((file, node) for node in ast.walk(ast.parse(text, str(file))) if isinstance(node, kind))


def called(node: ast.Call) -> str:
    """The last name of what is called: wait of qtbot.wait(5)."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def test_the_house_has_no_other_rooms() -> None:
    mine = {"README.md", "build.spec", "docs", "pyproject.toml", "qmdesk", "resources", "tests", "ui"}
    made = {"uv.lock", "build", "dist", "OUT", "__pycache__"}
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".egg-info"} - made == mine


def test_marks_of_letters_are_folded_in_one_place() -> None:
    assert [where(file) for file in PROGRAM if '"NFKD"' in file.read_text("utf-8")] == ["qmdesk/schema/folding.py"]


def test_imports_keep_to_the_floors() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache", "--no-logo"],
        cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def test_the_core_names_no_qt() -> None:
    assert [where(file) for file in CORE if re.search(r"PySide|PyQt|QtCore|QtWidgets", file.read_text("utf-8"))] == []


def test_one_signal_carries_news_of_data() -> None:
    carrying = [
        where(file, node)
        for file, node in nodes(WINDOW, ast.Call, r"\bSignal\(")
        if isinstance(node, ast.Call) and called(node) == "Signal" and node.args and not where(file).startswith(MAY_SIGNAL)
    ]
    assert carrying == []
    in_desk = [node for _file, node in nodes([ROOT / "ui/desk.py"], ast.Call, r"\bSignal\(") if isinstance(node, ast.Call) and called(node) == "Signal"]
    assert len(in_desk) == 1


def test_nothing_outside_the_records_asks_for_a_fields_name() -> None:
    """``field.name == "demand"`` or ``name == "demand"``: what a field is for stands in its description."""
    asked = []
    for file, node in nodes(PROGRAM, ast.Compare, r"\b(name|field|field_name|column)\s*(==|!=|<|>|in\b|not\b)"):
        assert isinstance(node, ast.Compare)
        left = node.left.attr if isinstance(node.left, ast.Attribute) else node.left.id if isinstance(node.left, ast.Name) else ""
        words = {"" if (where(file), part.value) in EXCUSED else part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
        if left in ("name", "field", "field_name", "column") and words & FIELDS and not where(file).startswith("qmdesk/records/"):
            asked.append(where(file, node))
    assert asked == []


def test_money_is_never_a_float() -> None:
    """What is shown as a figure with its interval, and the papers that tell it, is no money to pay."""
    figures = {where(file) for file in CORE if "from qmdesk.analysis.measured import" in file.read_text("utf-8") or where(file).startswith("qmdesk/operations/figures/")}
    exact = [file for file in CORE if where(file).startswith(("qmdesk/records/", "qmdesk/operations/", "qmdesk/law/", "qmdesk/schema/", "qmdesk/store/")) and where(file) not in figures]
    assert [where(file, node) for file, node in nodes(exact, ast.Call, r"\bfloat\(") if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"] == []


def test_one_place_asks_the_computer_what_day_it_is() -> None:
    """``register.clock``, which the tests stand still; only copies and locks, and their tests, keep the time of the file system."""
    asking = {
        where(file)
        for file, node in nodes(PROGRAM + TESTS, ast.Call, r"datetime\.(utc)?now\b|\.today\b|time\.time\b")
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
    }
    assert asking == {"qmdesk/register.py", "qmdesk/store/backup.py", "qmdesk/store/lock.py", "tests/core/test_backup.py", "tests/core/test_file.py"}
    assert [where(file) for file in WINDOW if re.search(r"current(Date|Time|DateTime|DateTimeUtc)\(", file.read_text("utf-8"))] == []


def test_tests_do_not_sleep() -> None:
    sleeping = []
    for file, node in nodes(TESTS, ast.Call, r"sleep|qtbot\.wait"):
        assert isinstance(node, ast.Call)
        of_qtbot = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "qtbot"
        at_once = bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
        if called(node) == "sleep" or (of_qtbot and called(node) == "wait" and not at_once):
            sleeping.append(where(file, node))
    assert sleeping == []


def test_there_are_no_globals_and_no_singletons() -> None:
    assert [where(file, node) for file, node in nodes(PROGRAM, ast.Global, r"\bglobal\b")] == []
    singles = [
        where(file, node)
        for file, node in nodes(PROGRAM, ast.Call, r"\binstance\(")
        if isinstance(node, ast.Call) and called(node) == "instance" and "Application" not in ast.unparse(node.func)
    ]
    assert singles == []


def test_no_file_is_named_after_nothing() -> None:
    empty = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc|legacy|old|base)$")
    parts = {part for file in PROGRAM + TESTS for part in file.relative_to(ROOT).with_suffix("").parts}
    assert sorted(part for part in parts if empty.search(part)) == []
    classes = [where(file, node) for file, node in nodes(PROGRAM, ast.ClassDef, r"class (Base|\w*Manager)") if isinstance(node, ast.ClassDef) and re.match(r"Base[A-Z]|.*Manager$", node.name)]
    assert classes == []


def test_an_import_inside_a_function_says_why() -> None:
    silent = []
    for file, node in nodes(PROGRAM, ast.FunctionDef, r"(?m)^[ \t]+(import|from) "):
        assert isinstance(node, ast.FunctionDef)
        lines = file.read_text("utf-8").splitlines()
        for holder in ast.walk(node):
            body = getattr(holder, "body", None)
            if not isinstance(body, list):
                continue
            for at, statement in enumerate(body):
                if isinstance(statement, ast.Import | ast.ImportFrom) and not (at and isinstance(body[at - 1], ast.Import | ast.ImportFrom)):
                    last = at
                    while last + 1 < len(body) and isinstance(body[last + 1], ast.Import | ast.ImportFrom):
                        last += 1
                    block = lines[statement.lineno - 2 : body[last].end_lineno]
                    named = {alias.name for alias in statement.names} | {getattr(statement, "module", None)}
                    if not named & OF_SYSTEM and not any("#" in line for line in block):
                        silent.append(where(file, statement))
    assert sorted(set(silent)) == []


def test_what_a_customer_wrote_is_never_rich_text() -> None:
    """A bare QLabel shows only our own sentences; everything else goes through PlainLabel."""
    shown = []
    for file, node in nodes(WINDOW, ast.Call, r"\bQLabel\("):
        assert isinstance(node, ast.Call)
        if called(node) == "QLabel" and node.args and not where(file).startswith(MAY_LABEL):
            first = node.args[0]
            if not isinstance(first, ast.Constant) and not (isinstance(first, ast.Call) and called(first) in ("_", "n_")):
                shown.append(where(file, node))
    assert shown == []


def test_every_window_is_dressed_from_its_beginning() -> None:
    """No style sheet lies over the whole program: each window without another under it must be given it (``theme.dress``)."""
    made = [(where(file), node) for file, node in nodes(WINDOW, ast.AST, r"\b(QDialog|QMainWindow|QMessageBox|QFileDialog|QInputDialog)\b")]
    named = {"QDialog", "QMainWindow", "QMessageBox", "QFileDialog", "QInputDialog"}
    bases = {place for place, node in made if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id in named for base in node.bases)}
    calls = {place for place, node in made if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in named}
    assert bases == {"ui/main_window.py", "ui/widgets/dialog.py"}
    assert calls == {"ui/ask.py"}
    assert all("theme.dress(" in (ROOT / place).read_text("utf-8") for place in bases | calls)


def test_the_register_knows_no_domain() -> None:
    """No god object: its verbs are generic, whatever a shop does stands in operations."""
    tree = ast.parse((ROOT / "qmdesk/register.py").read_text("utf-8"))
    (register,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Register")
    verbs = [node.name for node in register.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert len(verbs) <= 24, verbs
    assert not {word for name in verbs for word in name.split("_")} & {kind.spec.table for kind in RECORDS}


def test_the_main_window_lists_pages_and_decides_nothing() -> None:
    source = ROOT / "ui/main_window.py"
    assert not re.search(r"import (take_in|decide|merge|issue)|\bTransaction\b", source.read_text("utf-8"))


@pytest.mark.parametrize("file", PROGRAM, ids=where)
def test_every_module_says_what_it_owns(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    if tree.body:
        assert ast.get_docstring(tree), "a module begins with one sentence that says what it owns"
