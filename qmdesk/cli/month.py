"""The accountant's month: its pack, its lock."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qmdesk.cli import arguments
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.records.books import MistakeEntry, RefundEntry
from qmdesk.records.shop import THE_SHOP, Shop

if TYPE_CHECKING:  # months load what nothing else needs
    from qmdesk.records.month import Month, OpenItem


@click.command("month")
@arguments.register
@click.argument("month", metavar="YYYY-MM")
@click.argument("outdir", type=arguments.FILE)
@click.option("--lock", is_flag=True, help="Close the month by what was written.")
@click.option("--reopen", "reason", default=None, metavar="REASON", help="Open the closed month again first; the reason stays on record.")
@arguments.as_json
def month_(register: Path, month: str, outdir: Path, lock: bool, reason: str | None, as_json: bool) -> None:
    """Write the accountant's pack of a month.

    Into the folder OUTDIR; with --lock the month is closed.
    """
    from qmdesk.operations import month as months  # only this command needs them
    from qmdesk.operations import month_pack
    from qmdesk.operations.closed_books import closing, see_that_open

    with Opened(register, write=lock or reason is not None) as opened:
        months.checked(month)
        month_pack.see_that_free(outdir, month, str(opened.get(Shop, THE_SHOP).language.value))  # before anything is done
        if reason is not None:
            opened.do(months.REOPEN, months.reopen, month, reason)
        elif lock:
            see_that_open(opened, month)
        pack = month_pack.compose(opened, month)
        with month_pack.written(pack, outdir) as files:
            if lock:
                opened.do(months.CLOSE, months.close, month, pack.month.digest, pack.archive)
        told = {**_told_month(pack.month), "files": [str(file) for file in files], "locked": closing(opened, month) is not None}
    gaps = [str(gap["sentence"]) for gap in told["gaps"] if gap["must_mend"]]
    say(told, as_json, "\n".join([*told["files"], *gaps]))


def _told_month(month: Month) -> dict[str, Any]:
    """A month as JSON: the totals of each register per rate, the JPK fields, the gaps with the record to open, the digest."""
    from qmdesk.records.month import Opened, totals  # only this command needs it

    def per_rate(entries: Iterable[RefundEntry | MistakeEntry]) -> dict[str, Any]:
        return {one.rate: {"gross": _amount(one.gross), "net": _amount(one.net), "vat": None if one.vat is None else _amount(one.vat)} for one in totals(entries)}

    def told(item: OpenItem) -> dict[str, Any]:
        return {"what": str(item.what.value), "number": item.number, "record": item.kind.spec.table, "id": item.id, "sentence": item.sentence, "must_mend": item.is_gap}

    gaps = [item for item in month.open_items if item.is_gap or item.what is Opened.MONTHS]
    return {
        "month": month.month, "totals": per_rate(month.refunds), "mistakes": per_rate(month.mistakes), "earlier": per_rate(month.earlier),
        "jpk": {name: str(amount) for name, amount in month.jpk.items()}, "gaps": [told(item) for item in gaps], "open": [told(item) for item in month.open_items if item not in gaps], "digest": month.digest,
    }  # fmt: skip


def _amount(grosze: int) -> str:
    return str(Decimal(grosze).scaleb(-2))
