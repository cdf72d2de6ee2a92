"""The evidence pack of a case: all that proves what was done when, as one PDF, or as a ZIP with the letters and files themselves."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from qmdesk.documents import render
from qmdesk.documents.render import Content
from qmdesk.errors import Known
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import N_, _, language, show_day, show_moment
from qmdesk.law import conformity
from qmdesk.operations import deadlines, history, letters
from qmdesk.operations.attachments import safe_name
from qmdesk.operations.due import rule_title
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import CheckAnswer, SupplierClaim
from qmdesk.records.case import Case, CaseItem, Message
from qmdesk.records.deadline import Deadline
from qmdesk.records.lists import Channel
from qmdesk.records.paper import Attachment, IssuedDocument
from qmdesk.records.returns import ReturnDetails
from qmdesk.register import Register, Step, clock
from qmdesk.schema import types
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import Record, empty

EVIDENCE = N_("Evidence of a case")
CHECKSUMS = "SHA256SUMS.txt"
LONGEST_SIDE = 1200  # pixels of a photo in the PDF; the ZIP has it as it was kept
TOLD_ELSEWHERE = (Deadline, Message, CheckAnswer)  # parts with a table of their own: the history need not tell them again

Facts = dict[str, object]


@dataclass(frozen=True)
class _Event:
    """Something that happened: when, who did it, what it was."""

    at: datetime
    who: str
    what: str


def write(register: Register, case_id: int, out: Path, *, replace: bool = False) -> list[str]:
    """Write the pack to OUT.pdf or OUT.zip, in the language of the interface; returns the names of what is in it.

    :raises Known: another kind of file, a file that is there already (without ``replace``) or can't be written.
    """
    ending = out.suffix.lower()
    if ending not in (".pdf", ".zip"):
        raise Known(_("The evidence of a case is written as .pdf or .zip; give {file} one of these endings.").format(file=out.name))
    if out.exists() and not replace:
        raise Known(_("{file} exists already. Choose another name.").format(file=out))
    case = register.get(Case, case_id)
    content = pdf(register, case)
    with whole_file(out) as file:
        if ending == ".pdf":
            file.write(content)
            return [out.name]
        names = _zipped(register, case, content, buffer := io.BytesIO())
        file.write(buffer.getvalue())
    return names


def suggested_name(case: Case, ending: str) -> str:
    """What the pack is called until somebody says otherwise."""
    return safe_name(_("Evidence {number}").format(number=case.number.replace("/", "-")) + ending)


# ---------------------------------------------------------------------------------------------- the ZIP


def _zipped(register: Register, case: Case, content: bytes, out: io.BytesIO) -> list[str]:
    """Put the pack's PDF, the letters and the files into a ZIP with their digests; returns their names."""
    letters_folder, files_folder = _("letters"), _("files")
    wanted = [(safe_name(f"{case.number.replace('/', '-')}.pdf"), content)]
    wanted += [(f"{letters_folder}/{letters.file_name(register, one)}", register.content(one.content)) for one in register.records(parts_of(case, IssuedDocument))]
    wanted += [(f"{files_folder}/{safe_name(one.name)}", register.content(one.content)) for one in register.records(parts_of(case, Attachment))]
    packed: dict[str, bytes] = {}
    for name, bytes_ in wanted:
        packed[_free(name, packed)] = bytes_
    sums = "".join(f"{hashlib.sha256(bytes_).hexdigest()}  {name}\n" for name, bytes_ in packed.items())
    packed[CHECKSUMS] = sums.encode("utf-8")
    at = clock()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, bytes_ in packed.items():
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            pack.writestr(entry, bytes_)
    return list(packed)


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, or with a number where Windows would take it for one that is there: it does not tell A from a."""
    there = {one.casefold() for one in taken}
    path, at = PurePath(name), 1
    while name.casefold() in there:
        at += 1
        name = str(path.with_name(f"{path.stem} ({at}){path.suffix}")).replace("\\", "/")
    return name


# ---------------------------------------------------------------------------------------------- the PDF


def pdf(register: Register, case: Case) -> bytes:
    """The pack as one PDF/A-2b file."""
    shop, now = the_shop(register), clock()
    pictures = dict(_pictures(register, case))
    sections = [
        {"title": _(kind.spec.plural if kind is SupplierClaim else kind.spec.label), "paragraphs": [_filled(register, part)]}
        for kind in (ReturnDetails, SupplierClaim)
        for part in register.records(parts_of(case, kind))
    ]
    facts: Facts = {
        "date": now.date().isoformat(),
        "shop": {"name": shop.name, "address_lines": [line for line in (shop.street, f"{shop.postcode} {shop.city}".strip()) if line], "nip": shop.nip},
        "place_and_date": show_day(now.date()),
        "case_number": case.number,
        "subject": _("Evidence of case {number}").format(number=case.number),
        "paragraphs": [_("Drawn up on {moment} out of the register {file}, from what was written down there and its history.").format(moment=show_moment(now), file=register.path.name)],
        "particulars": [{"label": label, "value": value} for label, value in _fields(register, case)],
        "sections": sections,
        "tables": [table for table in _tables(register, case) if table["rows"]],
        "pictures": {"title": _("Photos"), "files": [{"file": file, "name": name} for file, (name, _jpeg) in pictures.items()]} if pictures else None,
    }
    content = Content(render.EVIDENCE, language(), {name: value for name, value in facts.items() if value is not None})
    return render.to_pdf_with_pictures(content, {file: jpeg for file, (_name, jpeg) in pictures.items()})


def _tables(register: Register, case: Case) -> Iterator[Facts]:
    book = deadlines.rulebook(register)
    yield _table(_("Items"), CaseItem, ("name", "quantity", "unit_price", "defect", "outcome"), register.records(parts_of(case, CaseItem)))
    yield {
        "title": _("Deadlines"),
        "columns": [_("Deadline"), _("Last day in law"), _("State"), _("Reasoning")],
        "rows": [[rule_title(book, one.rule), show_day(one.legal), _standing(one), _reasoning(one)] for one in deadlines.of_case(register, case)],
    }
    yield {
        "title": _("What happened, in order"),
        "columns": [_("When"), _("Who"), _("What")],
        "rows": [[show_moment(one.at), one.who, one.what] for one in sorted(_events(register, case), key=lambda event: event.at)],
    }
    questions = {question.id: question.name.to() for question in conformity.questions()}
    yield {
        "title": _(CheckAnswer.spec.plural),
        "columns": [_("Question"), _("Answer"), _("Note")],
        "rows": [[questions.get(one.question, one.question), _(one.answer.label), one.note] for one in register.records(parts_of(case, CheckAnswer))],
    }
    yield {
        "title": _("Letters"),
        "columns": [_("Number"), _("Kind"), _("Sent"), _("Delivered"), _("SHA-256 of the file")],
        "rows": [[one.number, _(one.kind.label), _sent(register, one), _moment(one.delivered_at), one.content] for one in register.records(parts_of(case, IssuedDocument))],
    }
    yield {
        "title": _("Files"),
        "columns": [_("File name"), _("Bytes"), _("Added at"), _("SHA-256 of the file")],
        "align": ["left", "right", "left", "left"],
        "rows": [[one.name, str(one.size), show_moment(one.added_at), one.content] for one in register.records(parts_of(case, Attachment))],
    }


def _table(title: str, kind: type[Record], names: tuple[str, ...], records: list[Record]) -> Facts:
    fields = [kind.spec.fields[name] for name in names]
    sides = ["right" if field.type.numeric else "left" for field in fields]
    return {"title": title, "columns": [field.labelled() for field in fields], "align": sides, "rows": [[field.show(one) for field in fields] for one in records]}


def _fields(register: Register, record: Record) -> Iterator[tuple[str, str]]:
    """Every fact of a record that is written down, as a person reads it."""
    currency = the_shop(register).currency
    for name, field in record.spec.fields.items():
        value = getattr(record, name)
        if empty(value) or value is False or (record.spec.owner and name == record.spec.owner.name):
            continue
        if isinstance(field.type, types.Ref):
            yield field.labelled(), register.title(field.type.target, value)
        else:
            yield field.labelled(), field.show(record, None, currency)


def _filled(register: Register, record: Record) -> list[str]:
    return [_("{field}: {value}").format(field=label, value=value) for label, value in _fields(register, record)]


def _events(register: Register, case: Case) -> Iterator[_Event]:
    """What was said, what was done with its words in the history, and when letters arrived."""
    for message in register.records(parts_of(case, Message)):
        yield _Event(message.at, message.author or _(message.direction.label), f"{_(message.direction.label)}: {message.text}")
    for letter in register.records(parts_of(case, IssuedDocument)):
        if letter.delivered_at is not None:
            yield _Event(letter.delivered_at, "", _("Letter {number} reached the customer.").format(number=letter.number))
    told = {kind.spec.table for kind in TOLD_ELSEWHERE}
    known: dict[int, Step] = {}
    steps: dict[int, list[str]] = {}
    for step, entry in register.history(case):
        if entry.kind not in told:
            known[step.id] = step
            steps.setdefault(step.id, []).extend(history.sentences(register, entry, case))
    for id_, said in steps.items():
        step = known[id_]
        head = _(step.label) if step.undoes is None else _("{step} (undo or redo of step {number})").format(step=_(step.label), number=step.undoes)
        yield _Event(step.at, step.who, "\n".join([head, "; ".join(said)]))


def _standing(deadline: Deadline) -> str:
    if deadline.satisfied_at is None:
        return _(deadline.state.label)
    return _("{state}, {moment}").format(state=_(deadline.state.label), moment=show_moment(deadline.satisfied_at))


def _reasoning(deadline: Deadline) -> str:
    return deadline.reasoning_pl if language() == "pl" else deadline.reasoning_en


def _sent(register: Register, letter: IssuedDocument) -> str:
    way = register.title(Channel, letter.channel) if letter.channel else ""
    return ", ".join(part for part in (_moment(letter.sent_at), way) if part)


def _moment(moment: datetime | None) -> str:
    return show_moment(moment) if moment else ""


def _pictures(register: Register, case: Case) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """The photos of a case, small enough for a page, by the names of their files; what is no picture stays in the list of files."""
    from PIL import Image  # slow to import, and only pictures need it

    for at, file in enumerate(register.records(parts_of(case, Attachment)), 1):
        if not file.media_type.startswith("image/"):
            continue
        try:
            with Image.open(io.BytesIO(register.content(file.content))) as opened:
                picture = opened.convert("RGB")
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            continue
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=80)
        yield f"photo-{at}.jpg", (file.name, jpeg.getvalue())
