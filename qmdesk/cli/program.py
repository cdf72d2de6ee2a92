"""The command line as a whole: its commands, and how it ends."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

import click

from qmdesk import __version__, i18n, places
from qmdesk.cli import (
    actions,
    analysis,
    arguments,
    audits,
    cases,
    charts,
    checklists,
    exchange,
    history,
    law,
    letters,
    lists,
    month,
    records,
    registers,
    reports,
    sampling,
    surveys,
    warning,
)
from qmdesk.cli.opening import PROGRAM
from qmdesk.cli.speaking import complain, write
from qmdesk.errors import Known, Problems
from qmdesk.register import clock

COMMANDS = (
    registers.new, registers.verify, registers.backup,
    records.add, records.set_, lists.list_, lists.count, lists.show,
    exchange.import_, exchange.withdraw, exchange.export,
    checklists.list_, checklists.add, checklists.import_, checklists.export,
    audits.start, audits.answer, audits.finish, audits.report,
    sampling.sample,
    actions.add, actions.report,
    reports.report, charts.chart,
    surveys.list_, surveys.add, surveys.form, surveys.complaint_form, surveys.form_in, surveys.import_, surveys.results, surveys.opinions_,
    cases.do_step, cases.steps_, letters.document, letters.evidence,
    law.deadline, law.rules_, law.due, month.month_,
    analysis.indicators, analysis.pareto, warning.warn, warning.control, warning.notice,
    history.history, history.undo, history.redo,
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, epilog=arguments.KINDS, commands=COMMANDS)
@click.version_option(__version__, prog_name=PROGRAM)
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of messages (or the variable QMDESK_LANG).")
def cli(lang: str | None) -> None:
    """Work with a QMDesk register: complaints, returns and the accountant's registers of a small shop."""
    i18n.use(lang or os.environ.get("QMDESK_LANG", i18n.SOURCE_LANGUAGE))


def main() -> NoReturn:
    """The entry point: exit 0 done, 1 a Known error (its sentence, or problems as JSON), 2 wrong usage."""
    if sys.argv[1:2] == ["--read-table"]:  # the frozen program is its own reader of foreign files
        from qmdesk.exchange import child  # nothing else is needed in that process

        sys.exit(child.main(sys.argv[2:]))
    own = logging.getLogger("qmdesk")
    if not own.handlers:
        own.addHandler(_Log())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.exit(_run())
    except BrokenPipeError:
        sys.exit(1)


def _run() -> int:
    try:
        cli(prog_name=PROGRAM, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    except Problems as error:
        problems = [{"field": problem.field, "problem": problem.sentence} for problem in error.problems]
        complain(error.sentence)
        with suppress(Known):  # there is no room for it: the sentence was told
            write(json.dumps({"problems": problems}, ensure_ascii=False))
        return 1
    except Known as error:
        complain(error.sentence)
        return 1
    return 0


class _Log(logging.Handler):
    """What the store has to tell a developer goes to the log file; standard error is for the one sentence."""

    def emit(self, record: logging.LogRecord) -> None:
        told = f"{clock():%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}: {record.getMessage()}\n"
        if record.exc_info and record.exc_info[0]:  # where and of what kind; its message may quote names
            told += "".join(traceback.format_tb(record.exc_info[2])) + f"{record.exc_info[0].__name__}\n"
        with suppress(OSError), (places.log() / "qmdesk-cli.log").open("a", encoding="utf-8") as file:
            file.write(told)
