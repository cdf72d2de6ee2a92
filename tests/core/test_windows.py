"""Two programs on one file: the second reads and says who holds it; a killed one leaves a whole register."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qmdesk.errors import Known
from qmdesk.operations import cases
from qmdesk.operations.registers import new_register, open_register
from qmdesk.records.case import Case
from qmdesk.register import Register
from qmdesk.schema.query import Query
from tests.shop import NOON, dump

ROOT = Path(__file__).resolve().parents[2]

CHILD = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from qmdesk.operations import cases
from qmdesk.operations.registers import open_register
from qmdesk.records.case import Case
from qmdesk.schema.query import Query

register = open_register(Path(sys.argv[1]), program="the other window")

def say(*words):
    print(*words, flush=True)

def take_in():
    return register.do("Take in", cases.take_in, Case(received_at=datetime(2026, 11, 20, tzinfo=UTC), description="x")).result.number
"""


@contextmanager
def other_program(path: Path, script: str) -> Iterator[subprocess.Popen[str]]:
    """A second program at work on the register; it says things line by line."""
    child = subprocess.Popen([sys.executable, "-c", CHILD + script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A register with one case, closed."""
    with new_register(tmp_path / "shop.qmd", program="tests") as register:
        take_in(register)
    return tmp_path / "shop.qmd"


def take_in(register: Register) -> str:
    return register.do(cases.TAKE_IN, cases.take_in, Case(received_at=NOON, description="x")).result.number


def test_the_second_program_reads_and_names_the_first(path: Path) -> None:
    with other_program(path, "say(register.read_only); sys.stdin.readline(); say(take_in()); register.close(); say('closed')") as first:
        assert said(first) == "False"
        with open_register(path, program="tests") as second:
            assert second.read_only
            assert "the other window" in second.why_read_only
            assert second.count(Query(Case)) == 1
            for attempt in (lambda: take_in(second), second.undo):
                with pytest.raises(Known, match="the other window"):
                    attempt()
            first.stdin.write("\n")
            first.stdin.flush()
            assert said(first) == "R/2026/0002"
            assert said(first) == "closed"
            assert second.count(Query(Case)) == 2  # what the first saved is seen at once
    with open_register(path, program="tests") as third:
        assert not third.read_only
        assert take_in(third) == "R/2026/0003"


def test_programs_one_after_the_other_share_numbers_and_history(path: Path) -> None:
    with other_program(path, "say(take_in()); register.undo(); say(take_in()); register.close(); say('closed')") as other:
        assert [said(other) for _n in range(3)] == ["R/2026/0002", "R/2026/0003", "closed"]
    with open_register(path, program="tests") as register:
        assert take_in(register) == "R/2026/0004"
        assert register.verify() == []
        programs = {step.program.rpartition(" ")[0] for step, _stands in register.steps()}
        assert programs == {"tests", "the other window"}
        for _n in range(2):
            register.undo()
        assert [case.number for case in register.records(Query(Case))] == ["R/2026/0001"]


@pytest.mark.skipif(os.name == "nt", reason="a program can't be killed in the middle there")
@pytest.mark.parametrize("script", ["while True: say(take_in())", "register.do('Long', lambda tx: [tx.add(Case(received_at=datetime.now(UTC), description='y')) and say('.') for n in range(10**6)])"])
def test_a_killed_program_leaves_a_whole_register(path: Path, script: str) -> None:
    with other_program(path, script) as victim:
        seen = [said(victim) for _n in range(12)]
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    with open_register(path, program="tests") as register:
        assert not register.read_only
        assert register.verify() == []
        numbers = {case.number for case in register.records(Query(Case))}
        if seen[0] == ".":
            assert numbers == {"R/2026/0001"}
        else:
            assert numbers >= set(seen)  # what was said to be saved is there
        before = dump(register)
        take_in(register)
        register.undo()
        assert dump(register) == before
