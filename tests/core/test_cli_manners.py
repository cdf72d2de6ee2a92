"""The command line under a person's hands: slips are answered with what was likely meant, and what is read is laid out to be read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from qmdesk.cli.program import COMMANDS
from qmdesk.exchange.mapping import TARGETS
from tests.clock import Clock, clock
from tests.core.test_cli import ROOT, SLOW, add, blank, demo, listed, register, run

__all__ = ["blank", "clock", "demo", "register"]


# ---------------------------------------------------------------------------------------------- help


def test_the_list_of_commands_cuts_no_sentence() -> None:
    lines = run("--help").out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in lines] == sorted(command.name or "" for command in COMMANDS)
    assert [line for line in lines if not line.endswith(".") or line.endswith("..")] == []


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_option_of_every_command_is_explained(command: str) -> None:
    (found,) = (one for one in COMMANDS if one.name == command)
    assert [option.name for option in found.params if isinstance(option, click.Option) and not option.help] == []
    assert run(command, "--help").out.startswith(f"Usage: qmdesk-cli {command} ")


def test_help_names_all_that_a_file_may_come_in_as() -> None:
    told = " ".join(run("import", "--help").out.split())
    assert all(target in told for target in TARGETS)


def test_help_loads_nothing_slow() -> None:
    script = (
        "import sys\nfrom qmdesk import cli\nfrom qmdesk.cli.program import COMMANDS\n"
        "for args in (['--help'], *([command.name, '--help'] for command in COMMANDS)):\n"
        "    sys.argv = ['qmdesk-cli', *args]\n"
        "    try:\n        cli.main()\n    except SystemExit as ended:\n        assert ended.code == 0\n"
        f"print(sorted({set(SLOW)!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"


# --------------------------------------------------------------------------------------------- slips


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("list", "R", "casse"), "There is no kind of record “casse”. Perhaps you mean case."),
        (("list", "R", "unicorn"), "; the kinds are: shop, channel,"),
        (("count", "R", "case", "--where", "stat = new"), "Case has no field “stat”. Perhaps you mean state."),
        (("count", "R", "case", "--where", "recieved_at >= 2026-01-01"), "Perhaps you mean received_at."),
        (("count", "R", "case", "--where", "colour = red"), "Case has no field “colour”; the fields are: number, kind,"),
        (("list", "R", "case", "--order", "-recieved_at"), "Perhaps you mean received_at."),
        (("set", "R", "channel", "Chat", "nam=x"), "Channel has no field “nam”. Perhaps you mean name."),
        (("set", "R", "case", "R/2026/0001", "note=x"), "There is no Case “R/2026/0001”."),
        (("set", "R", "channel", "Chat", "delivery_days=soon"), "Days until it arrives: “soon” can't be read. Write it like 12."),
        (("show", "R", "R/2026/0001"), "Nothing in this register has the number R/2026/0001."),
        (("list", "none.qmd", "case"), "none.qmd is not in the folder"),
        (("list", "case", "R"), "case is not in the folder"),
        (("import", "R", "none.csv", "--as", "orders"), "none.csv isn't there. Check its name,"),
        (("import", "R", "SHEET", "--as", "ordrs"), "choose one of: orders, cases,"),
        (("import", "R", "SHEET", "--as", "order"), "No column of sheet.csv is named like a field of Orders. Say with --map which column feeds which field; its columns are: a, b."),
        (("import", "R", "SHEET", "--as", "orders", "--map", "a=numbr"), "Orders have no field “numbr”. Perhaps you mean order.number."),
        (("import", "R", "SHEET", "--as", "orders", "--map", "c=number"), "its columns are: a, b."),
        (("add", "R", "customer", '{"name": "x"}'), "Give the name of a file that holds it, or - and the JSON on standard input."),
        (("add", "R", "customer", "none.json"), "none.json can't be read."),
        (("document", "R", "-", "D8", "form.doc"), "form.doc must have another ending: .pdf."),
        (("document", "R", "-", "D99", "form.pdf"), "the kinds are: D1 receipt_confirmation, D2 answer_accepted,"),
        (("due", "R", "--ics", "days.txt"), "days.txt must have another ending: .ics."),
        (("due", "R", "--on", "tomorrow"), "“tomorrow” is no day; write it as 2026-11-22."),
        (("month", "R", "2026/10", "out"), "“2026/10” is no month; write it as 2026-10."),
    ],
)  # fmt: skip
def test_a_slip_is_answered_with_what_to_do(args: tuple[str, ...], said: str, register: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    sheet = Path("sheet.csv")
    sheet.write_text("a,b\n1,2\n", encoding="utf-8")
    before = register.read_bytes()
    assert said in run(*(register if arg == "R" else sheet if arg == "SHEET" else arg for arg in args)).refusal
    assert register.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"sheet.csv", register.parent.name}


@pytest.mark.parametrize("args", [("new", ""), ("list", "", "case"), ("import", "R", "", "--as", "orders"), ("export", "R", "", "--of", "case"), ("month", "R", "2026-10", ""), ("backup", "R", "")])
def test_a_variable_that_is_not_set_names_no_file(args: tuple[str, ...], register: Path) -> None:
    assert "an empty text names no file." in run(*(register if arg == "R" else arg for arg in args)).usage


def test_a_step_there_is_not_is_told_those_there_are(register: Path) -> None:
    told = run("do", register, "R/2026/0001", "dance").usage
    assert "Usage: qmdesk-cli do [OPTIONS] REGISTER NUMBER STEP" in told
    assert "Invalid value for 'STEP': 'dance' is not one of 'acknowledge'" in told


@pytest.mark.skipif(os.name == "nt", reason="a shell there closes no standard input")
def test_without_standard_input_there_is_no_json(register: Path) -> None:
    command = f'"{sys.executable}" -m qmdesk.cli add "{register}" customer - <&-'
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "The input is no JSON: look at line 1, column 1.\n")


# ------------------------------------------------------------------------------------------ reading


def test_a_record_is_shown_with_its_parts_line_by_line(register: Path) -> None:
    item = {"name": "Coat", "quantity": 2, "defect": "moth-eaten"}
    number = add(register, "case", received_at="2026-11-02", description="Holes\nin both sleeves", items=[item])["number"]
    lines = run("show", register, number).out.splitlines()
    at = lines.index("description: Holes")
    assert lines[at + 1] == "  in both sleeves"
    at = lines.index("case_items:")
    assert {"  name: Coat", "  quantity: 2", "  defect: moth-eaten"} <= set(lines[at:])
    assert not any("{" in line for line in lines)


def test_what_is_due_is_told_in_words(register: Path, clock: Clock) -> None:
    number = add(register, "case", received_at="2026-12-03T10:00:00+01:00", description="x")["number"]
    assert f"2026-12-17  {number}  Answer to the complaint (7 days left)" in run("due", register).out.splitlines()
    assert f"2026-12-17  {number}  Answer to the complaint (tomorrow)" in run("due", register, "--on", "2026-12-16").out.splitlines()
    assert f"2026-12-17  {number}  Odpowiedź na reklamację (10 dni po terminie)" in run("--lang", "pl", "due", register, "--on", "2026-12-27").out.splitlines()


def test_the_steps_tell_which_facts_they_ask_for(register: Path) -> None:
    number = add(register, "case", received_at="2026-11-02", description="x")["number"]
    told = dict(line.split(": ", 1) for line in run("steps", register, number).out.splitlines())
    assert told["assess"] == "can be done now"
    assert told["goods-received"].startswith("can be done now; asks for: goods_received_on")
    assert told["answer"] == "Decide first: an answer must take a position."
    assert dict(line.split(": ", 1) for line in run("--lang", "pl", "steps", register, number).out.splitlines())["assess"] == "można wykonać teraz"


def test_the_facts_of_a_returned_thing_are_set_with_its_step(demo: Path) -> None:
    number = next(
        one["number"] for one in listed(demo, "case", "--where", "kind = return")
        if {step["step"] for step in run("steps", demo, one["number"], "--json").json if step["allowed"]} >= {"inspect"}
    )  # fmt: skip
    done = run("do", demo, number, "inspect", "--set", "condition=as_new", "--set", "condition_notes=unworn", "--set", "note=x")
    assert (done.code, done.err) == (0, "")
    assert run("show", demo, number, "--json").json["return_detailss"][0]["condition_notes"] == "unworn"


def test_the_history_tells_its_times_as_a_clock_does(register: Path) -> None:
    add(register, "customer", name="Jan")
    _step, at, _who, label, subject = run("history", register).out.splitlines()[-1].split("\t")
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d", at)
    assert (label, subject) == ("New record", "Jan")


def test_money_that_may_be_withheld_is_not_told_as_overdue(demo: Path) -> None:
    held = {one["number"] for one in run("due", demo, "--json").json if one["state"] == "held"}
    assert held
    told = [line for line in run("due", demo).out.splitlines() if "may wait for the goods" in line]
    assert {line.split()[1] for line in told} == held
