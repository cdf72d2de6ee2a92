"""The papers of audits: the report with its photos, and a checklist to fill in by hand; looked at or written to a file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qmdesk.documents import audit_report, render
from qmdesk.documents.audit_report import AuditMatter
from qmdesk.documents.render import Content
from qmdesk.errors import Known
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import _
from qmdesk.operations.attachments import safe_name
from qmdesk.operations.audit_reading import actions_of, findings_of, photos_of, previous, result_of
from qmdesk.operations.audits import as_asked, questions_of
from qmdesk.operations.registers import the_shop
from qmdesk.records.audit import LEFT_OUT, Audit, Checklist, QuestionType
from qmdesk.records.party import Person
from qmdesk.register import Reading, clock

LONGEST_SIDE = 1100  # pixels of a photo on paper: three to a line, sharp enough to see a scratch


@dataclass(frozen=True)
class Paper:
    """What is drawn, and the pictures on it by the names of their files."""

    content: Content
    pictures: Mapping[str, bytes]

    def pdf(self) -> bytes:
        return render.to_pdf_with_pictures(self.content, self.pictures) if self._pictured else render.to_pdf(self.content)

    def pages(self, dots_per_inch: int) -> list[bytes]:
        if self._pictured:
            return render.to_pages_with_pictures(self.content, self.pictures, dots_per_inch=dots_per_inch)
        return render.to_pages(self.content, dots_per_inch=dots_per_inch)

    @property
    def _pictured(self) -> bool:
        return self.content.kind in render.WITH_PICTURES


def report(reading: Reading, audit_id: int, lang: str = "") -> Paper:
    """The report of an audit, in the language of its checklist unless another is named."""
    audit = reading.get(Audit, audit_id)
    checklist = reading.get(Checklist, audit.checklist)
    photos = photos_of(reading, audit)
    result, findings, before = result_of(reading, audit, photos), findings_of(reading, audit), previous(reading, audit)
    files: dict[int | str, str] = {}
    pictures: dict[str, bytes] = {}
    wanted: list[tuple[int | str, str]] = [(photo.id, photo.content) for one in result.asked for photo in photos.get(one.id, ())]
    wanted += [(one.value, one.value) for one in result.asked if one.type is QuestionType.SIGNATURE and one.value and one.value not in LEFT_OUT]
    for place, (key, content) in enumerate(wanted, 1):
        if drawn := drawable(reading, content):
            files[key] = f"picture-{place}.jpg"
            pictures[files[key]] = drawn
    shop = the_shop(reading)
    matter = AuditMatter(
        shop=shop,
        audit=audit,
        checklist=checklist,
        result=result,
        photos=photos,
        findings=findings,
        before=(before, result_of(reading, before)) if before else None,
        names={name: reading.title(target, getattr(audit, name)) for name, target in Audit.spec.refs.items() if getattr(audit, name)},
        actions=actions_of(reading, findings),
        owners=reading.titles(Person, {one.owner for one in findings if one.owner}),
        files=files,
        logo=reading.content(shop.logo) if shop.logo else None,
    )
    return Paper(audit_report.report(matter, lang or str(checklist.language.value), clock().date()), pictures)


def blank_form(reading: Reading, checklist_id: int, lang: str = "") -> Paper:
    """A checklist to fill in by hand. Raises Known for one without questions."""
    checklist, shop = reading.get(Checklist, checklist_id), the_shop(reading)
    asked = as_asked(questions_of(reading, checklist))
    if not asked:
        raise Known(_("The checklist “{name}” has no questions yet. Write some, then begin.").format(name=checklist.name))
    logo = reading.content(shop.logo) if shop.logo else None
    return Paper(audit_report.form(shop, checklist, asked, lang or str(checklist.language.value), clock().date(), logo), {})


def report_name(audit: Audit) -> str:
    """What the file of a report is called until somebody says otherwise."""
    return safe_name(_("Audit {number}").format(number=audit.number.replace("/", "-")) + ".pdf")


def form_name(checklist: Checklist) -> str:
    """What the file of a blank form is called until somebody says otherwise."""
    return safe_name(f"{checklist.name}.pdf")


def write(paper: Paper, out: Path, *, replace: bool = False) -> None:
    """Write a paper to OUT.pdf: whole, or not at all.

    :raises Known: another kind of file, a file that is there already (without ``replace``) or can't be written.
    """
    if out.suffix.lower() != ".pdf":
        raise Known(_("A report is written as .pdf; give {file} this ending.").format(file=out.name))
    if out.exists() and not replace:
        raise Known(_("{file} exists already. Choose another name.").format(file=out))
    pdf = paper.pdf()
    with whole_file(out) as file:
        file.write(pdf)


def drawable(reading: Reading, sha256: str) -> bytes:
    """A kept picture as a JPEG small enough for paper; b"" for what can't be drawn any more."""
    from PIL import Image  # slow to import, and only pictures need it

    try:
        with Image.open(io.BytesIO(reading.content(sha256))) as opened:
            picture = opened.convert("RGB")
    except (Known, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return b""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=80)
    return jpeg.getvalue()
