"""The papers of a list of claims: the letter with its table, and a ZIP of it with the photos of its cases."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePath

from qmdesk.documents import claim_list, render
from qmdesk.documents.claim_list import ClaimMatter
from qmdesk.documents.writer import Writer
from qmdesk.errors import Known
from qmdesk.exchange.writer import whole_file, write_rows
from qmdesk.i18n import N_, _, translator
from qmdesk.operations.attachments import safe_name
from qmdesk.operations.audit_papers import Paper
from qmdesk.operations.claim_lists import claims_of, keep_sent
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.paper import Attachment
from qmdesk.records.party import Supplier
from qmdesk.records.product import Batch, Product
from qmdesk.records.rating import ClaimList
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import replace

PHOTOS = N_("photos")  # a folder's name: plain letters without blanks


def language_of(reading: Reading, listed: ClaimList) -> str:
    """The language of a letter to a supplier: the shop's, English for a firm abroad."""
    country = reading.get(Supplier, listed.supplier).country.strip().lower()
    return str(the_shop(reading).language.value) if country in ("", "pl", "polska", "poland") else "en"


def letter(reading: Reading, list_id: int, lang: str = "") -> Paper:
    """The letter of a list as it would be sent now; one that was sent is drawn as it was dated."""
    matter = _matter(reading, reading.get(ClaimList, list_id))
    lang = lang or language_of(reading, matter.listed)
    return Paper(claim_list.letter(reading, matter, lang, matter.listed.sent_on or clock().date()), {})


def send(tx: Transaction, list_id: int, sent_on: date, reply_by: date, lang: str = "") -> ClaimList:
    """Draw the letter, keep it, and begin the clock of every claim on it. Raises Known, Problems."""
    listed = tx.get(ClaimList, list_id)
    matter = _matter(tx, replace(listed, sent_on=sent_on, reply_by=reply_by))
    content = claim_list.letter(tx, matter, lang or language_of(tx, listed), sent_on)
    return keep_sent(tx, list_id, sent_on, reply_by, render.to_pdf(content))


def name_of(listed: ClaimList, ending: str) -> str:
    """What a file of a list is called until somebody says otherwise."""
    return safe_name(_("Claims {number}").format(number=listed.number.replace("/", "-")) + ending)


def write_zip(reading: Reading, list_id: int, out: Path, *, replace: bool = False) -> list[str]:
    """Write OUT.zip: the letter, its table as a workbook, and the photos by the numbers of their claims; returns the names in it.

    :raises Known: another ending, a file that is there already (without ``replace``) or can't be written.
    """
    if out.suffix.lower() != ".zip":
        raise Known(_("A list with its photos is written as .zip; give {file} this ending.").format(file=out.name))
    if out.exists() and not replace:
        raise Known(_("{file} exists already. Choose another name.").format(file=out))
    listed = reading.get(ClaimList, list_id)
    lang = language_of(reading, listed)
    files = {name_of(listed, ".pdf"): reading.content(listed.letter) if listed.letter else letter(reading, list_id, lang).pdf()}
    files[name_of(listed, ".xlsx")] = _workbook(reading, listed, lang)
    folder = translator(lang)(PHOTOS)
    files |= {f"{folder}/{name}": content for name, content in photos(reading, listed)}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, clock().timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    with whole_file(out) as file:
        file.write(made.getvalue())
    return list(files)


def photos(reading: Reading, listed: ClaimList) -> Iterator[tuple[str, bytes]]:
    """The photos of the cases behind the claims, by the numbers of the claims: S-2026-0004-1.jpg."""
    for claim in claims_of(reading, listed.id):
        for at, file in enumerate(_pictures(reading, claim), 1):
            yield f"{claim.number.replace('/', '-')}-{at}{PurePath(file.name).suffix.lower()}", reading.content(file.content)


def _pictures(reading: Reading, claim: SupplierClaim) -> list[Attachment]:
    return [file for file in reading.records(parts_of(reading.get(Case, claim.case), Attachment)) if file.media_type.startswith("image/")]


def _matter(reading: Reading, listed: ClaimList) -> ClaimMatter:
    claims = claims_of(reading, listed.id)
    items = {claim.id: _theirs(reading, claim) for claim in claims}
    shop = the_shop(reading)
    return ClaimMatter(
        shop=shop,
        listed=listed,
        supplier=reading.get(Supplier, listed.supplier),
        claims=claims,
        items=items,
        batches=reading.titles(Batch, {item.batch for found in items.values() for item in found if item.batch}),
        photos=sum(len(_pictures(reading, claim)) for claim in claims),
        logo=reading.content(shop.logo) if shop.logo else None,
    )


def _theirs(reading: Reading, claim: SupplierClaim) -> list[CaseItem]:
    """The items of a case that came from the supplier of a claim; all of them where nobody knows."""
    items: list[CaseItem] = reading.records(parts_of(reading.get(Case, claim.case), CaseItem))

    def comes_from(item: CaseItem) -> int | None:
        batch = reading.find(Batch, item.batch) if item.batch else None
        product = reading.find(Product, item.product) if item.product else None
        return (batch.supplier if batch else None) or (product.supplier if product else None)

    return [item for item in items if comes_from(item) == claim.supplier] or items


def _workbook(reading: Reading, listed: ClaimList, lang: str) -> bytes:
    matter = _matter(reading, listed)
    writer = Writer(reading, lang, matter.shop.currency)
    with tempfile.TemporaryDirectory(prefix="qmdesk-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "table.xlsx"
        write_rows(path, [head for head, _side, _stays in claim_list.heads(writer)], claim_list.rows(writer, matter), name=listed.number.replace("/", "-"), lang=lang)
        return path.read_bytes()
