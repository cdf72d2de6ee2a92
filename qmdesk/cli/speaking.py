"""How an answer and a refusal are written: data to standard output, one sentence to standard error."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.schema import types


def say(result: Mapping[str, Any] | Sequence[Mapping[str, Any]], as_json: bool, sentence: str) -> None:
    write(json.dumps(result, ensure_ascii=False) if as_json else sentence)


def write(text: str) -> None:
    """Write a line to standard output. Raises Known when it can't take it."""
    try:
        click.echo(text)
    except OSError as error:
        _let_go_of_output()
        if error.errno in (errno.EPIPE, errno.EINVAL):  # "| head" has read enough (EINVAL: so says Windows)
            raise BrokenPipeError from None
        raise Known(_("The answer can't be written: the disk is full, or it is not there any more.")) from None


def _let_go_of_output() -> None:
    """Standard output takes nothing any more: what is left in it goes nowhere, so that closing it says nothing either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def complain(sentence: str) -> None:
    """A sentence in one line of standard error, whatever stood in the file or the argument that it quotes."""
    click.echo(types.clean(" ".join(sentence.splitlines())), err=True)
