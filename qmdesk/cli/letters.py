"""Papers of a case: a letter, and all that proves it."""

from __future__ import annotations

from pathlib import Path

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.files import must_be_new
from qmdesk.cli.naming import case_called, document_kind
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.case import Case
from qmdesk.records.lists import Channel


@click.command()
@arguments.register
@click.argument("number")
@click.argument("kind", metavar="KIND")
@click.argument("out", type=arguments.FILE)
@click.option("--lang", type=click.Choice([*i18n.LANGUAGES, "pl+en"]), default=None, help="Language of the letter; pl+en is Polish with English after it.")
@click.option("--words", default="", help="What the letter adds in your own words.")
@click.option("--issue", is_flag=True, help="Issue it: number it and keep it with the case. Without this it is a draft.")
@click.option("--channel", default="", help="How it is sent, by the channel's name (with --issue).")
@arguments.as_json
def document(register: Path, number: str, kind: str, out: Path, lang: str | None, words: str, issue: bool, channel: str, as_json: bool) -> None:
    """Write a letter about case NUMBER to OUT.pdf.

    KIND is one of D1 to D13 or its name: receipt_confirmation, answer_accepted, answer_rejected, adr_statement,
    withdrawal_confirmation, protocol, refund_note, withdrawal_form, withdrawal_information, request, remedy_order,
    sole_trader_statement, supplier_claim. With - for NUMBER the withdrawal form and information are about no case.
    """
    if channel and not issue:
        raise click.UsageError(_("--channel says how a letter is sent; it goes with --issue."))
    if issue and number == "-":
        raise click.UsageError(_("A letter is issued in a case; name its number."))
    from qmdesk.documents import render  # letters load what nothing else needs
    from qmdesk.exchange.writer import whole_file
    from qmdesk.operations import letters

    must_be_new(out, ".pdf")
    wanted = document_kind(kind)
    with Opened(register, write=issue) as opened:
        id_ = 0 if number == "-" else case_called(opened, number)
        lang = lang or (letters.language_for(opened, opened.get(Case, id_)) if id_ else "pl")
        if issue:
            sent_by = opened.by_value(Channel, "name", [channel]).get(channel) if channel else None
            if channel and sent_by is None:
                raise Known(_("There is no channel “{name}”.").format(name=channel))
            with whole_file(out) as file:  # before the letter is issued, which can't be undone
                issued = opened.do(letters.ISSUE, letters.issue, id_, wanted, lang, sent_by, words=words).result
                file.write(opened.content(issued.content))
            result = {"number": issued.number, "sha256": issued.content, "gaps": []}
        else:
            letter = letters.preview(opened, id_, wanted, lang, words) if id_ else letters.blank(opened, wanted, lang)
            with whole_file(out) as file:
                file.write(render.to_pdf(letter.content))
            result = {"number": "", "sha256": "", "gaps": [gap.field for gap in letter.gaps]}
    say({"file": str(out), "kind": str(wanted.value), "lang": lang, **result}, as_json, _("{file} was written.").format(file=out))


@click.command()
@arguments.register
@click.argument("number")
@click.argument("out", type=arguments.FILE)
@arguments.as_json
def evidence(register: Path, number: str, out: Path, as_json: bool) -> None:
    """Write all that proves case NUMBER.

    To OUT.pdf, or to OUT.zip with its letters and files.
    """
    from qmdesk.operations import evidence_pack  # letters load what nothing else needs

    must_be_new(out)
    with Opened(register) as opened:
        names = evidence_pack.write(opened, case_called(opened, number), out)
    say({"file": str(out), "contents": names}, as_json, _("{file} was written.").format(file=out))
