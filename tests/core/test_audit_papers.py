"""The report of an audit and the blank form on paper: what they say in both languages, and how their pages look.

The golden pages and texts lie in tests/golden/audits; after a wanted change run this file with QMDESK_GOLDEN=write and look
at every picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from qmdesk.errors import Known
from qmdesk.operations import audit_papers, audit_reading, audits
from qmdesk.records.audit import Audit, Finding, Grade, QuestionType
from qmdesk.records.party import Person
from qmdesk.records.shop import THE_SHOP, Language
from qmdesk.records.shop import Shop as ShopRecord
from tests.clock import Clock, clock
from tests.core.golden import is_paper_as_before, words
from tests.core.test_render import inflated
from tests.shop import Shop, begun, day, open_shop
from tests.shop_audits import photo

__all__ = ["clock"]


ASKED: tuple[dict[str, Any], ...] = (
    {"section": "Stanowisko pakowania", "wording": "Czy stanowisko jest uprzątnięte?", "type": QuestionType.YES_NO, "guidance": "Zajrzyj też pod blat."},
    {"section": "Stanowisko pakowania", "wording": "Co na nim leży?", "type": QuestionType.TEXT, "after": 1, "shown_for": "no"},
    {"section": "Stanowisko pakowania", "wording": "Jak bardzo jest czysto?", "type": QuestionType.SCALE, "weight": 2},
    {"section": "Paczki", "wording": "Czy w każdej paczce jest lista zawartości?", "critical": True, "weight": 3, "clause": "ISO 9001 8.5.4", "photo_when_failed": True},
    {"section": "Paczki", "wording": "Waga najcięższej paczki", "type": QuestionType.NUMBER, "most": Decimal(25), "unit": "kg"},
    {"section": "Paczki", "wording": "Czym jest zamknięta?", "type": QuestionType.CHOICE, "options": "taśmą\nklejem\n!sznurkiem"},
    {"section": "Paczki", "wording": "Czy etykieta jest czytelna?"},
    {"section": "Paczki", "wording": "Czy kurier kwituje odbiór?"},
    {"section": "Paczki", "wording": "Zdjęcie gotowych paczek", "type": QuestionType.PHOTO},
    {"section": "Podpisy", "wording": "Prowadzący magazyn", "type": QuestionType.SIGNATURE},
    {"section": "Podpisy", "wording": "Ostatnie sprzątanie", "type": QuestionType.DAY},
)


def furnish(shop: Shop, clock: Clock) -> Audit:
    shop.fills_in_letterhead()
    shop.changes(ShopRecord, THE_SHOP, website="karmnik.example")
    anna, jan = shop.add(Person(name="Anna Wróbel")), shop.add(Person(name="Jan Kos"))
    checklist = shop.checklist("Pakowanie i wysyłka", ASKED, criteria="Instrukcja pakowania nr 3", purpose="Czy paczki wychodzą kompletne i całe.", pass_mark=Decimal(85), language=Language.POLISH)
    clock.set("2026-05-11 09:00")
    before = shop.begins_audit(checklist, place="Magazyn", auditor=anna)
    _answer(shop, before, ("yes", "4", "conform", "20", "taśmą", "conform", "conform"))
    shop.do(audits.LEAVE_REST, audits.leave_rest, before.id)
    shop.finishes_audit(before)
    clock.set("2026-11-20 09:05")
    facts = {
        "place": "Magazyn", "auditor": anna, "team": "Ewa Mak", "auditee": "Jan Kos", "independent": False, "objective": "Czy poprawki z maja działają?",
        "scope": "Paczki z jednego dnia.", "distribution": "Właściciel; Jan Kos",
    }  # fmt: skip
    audit = shop.begins_audit(checklist, **facts)
    _answer(shop, audit, ("no", "Stare kartony", "2", "major", "26,5", "taśmą", "observation", "not_checked"))
    for place, note, photos in ((1, "Trzy kartony i nóż bez osłony.", ["blat.jpg"]), (3, "Kurz na regałach.", []), (4, "W 3 z 10 paczek listy nie było.", ["paczka-1.jpg", "paczka-2.jpg"]), (5, "Paczka 1187.", []), (7, "Dwie etykiety rozmazane.", []), (9, "", ["paczki.jpg"])):
        shop.answers_question(audit, place, note=note, photos=[(name, photo(colour, (300, 200))) for name, colour in zip(photos, ("brown", "tan"), strict=False)])
    shop.do(audits.ANSWER, audits.sign, shop.question(audit, 10).id, signature(), "Jan Kos")
    shop.answers_question(audit, 11, "2026-11-19")
    clock.set("2026-11-20 10:20")
    audit = shop.finishes_audit(audit, conclusion="Poprawki z maja nie są stosowane na drugiej zmianie.\n\nKolejny audyt za trzy miesiące.")
    first = shop.findings(audit)[0]
    shop.do(audits.CHANGE_FINDING, audits.change_finding, first.id, {"owner": jan, "due_on": day("2026-12-04")})
    shop.do(audits.ADD_FINDING, audits.add_finding, Finding(audit=audit.id, grade=Grade.GOOD_PRACTICE, statement="Kolory regałów według kuriera"))
    return audit


@cache
def run() -> tuple[bytes, Audit]:
    return begun(furnish, "pl")


@pytest.fixture
def audited(tmp_path: Path, clock: Clock) -> Iterator[tuple[Shop, Audit]]:
    """A Polish shop with a run, and the run before it half a year ago."""
    clock.set("2026-11-22")
    file, audit = run()
    with open_shop(tmp_path / "sklep.qmd", begun=file) as shop:
        yield shop, audit


def _answer(shop: Shop, audit: Audit, values: tuple[str, ...]) -> None:
    for value in values:
        shop.answers_question(audit, shop.result(audit).open[0].position, value)


def signature() -> bytes:
    image = Image.new("RGB", (300, 100), "white")
    image.paste((20, 30, 70), (40, 45, 240, 52))
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_report_says_and_looks_as_it_did(audited: tuple[Shop, Audit], lang: str) -> None:
    shop, audit = audited
    is_paper_as_before(f"audits/report_{lang}", audit_papers.report(shop.register, audit.id, lang))


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_blank_form_says_and_looks_as_it_did(audited: tuple[Shop, Audit], lang: str) -> None:
    shop, audit = audited
    is_paper_as_before(f"audits/form_{lang}", audit_papers.blank_form(shop.register, audit.checklist, lang))


def test_papers_are_archive_pdfs_in_the_language_of_the_checklist(audited: tuple[Shop, Audit]) -> None:
    shop, audit = audited
    for paper in (audit_papers.report(shop.register, audit.id), audit_papers.blank_form(shop.register, audit.checklist)):
        assert paper.content.lang == "pl"
        assert b"pdfaid:part" in inflated(paper.pdf())


def test_a_report_tells_what_the_standard_asks_for(audited: tuple[Shop, Audit]) -> None:
    """ISO 19011: objectives, scope, team, dates and places, criteria, findings with evidence, conclusion, obstacles, distribution."""
    shop, audit = audited
    told = words(audit_papers.report(shop.register, audit.id).content.facts).replace("\u00a0", " ")
    for part in (
        "Czy poprawki z maja działają?", "Paczki z jednego dnia.", "Anna Wróbel", "Ewa Mak", "Magazyn", "20.11.2026, 09:05", "Instrukcja pakowania nr 3", "Jan Kos",
        "W 3 z 10 paczek listy nie było.", "ISO 9001 8.5.4", "Poprawki z maja nie są stosowane", "8. Czy kurier kwituje odbiór?", "Właściciel; Jan Kos", "04.12.2026",
    ):  # fmt: skip
        assert part in told
    assert "Niezaliczony: " in told
    assert "A/2026/0001" in told, "the run before"


def test_the_report_of_a_running_audit_is_a_draft_and_names_no_verdict(audited: tuple[Shop, Audit]) -> None:
    shop, audit = audited
    running = shop.begins_audit(audit.checklist, place="Magazyn")
    shop.answers_question(running, 1, "yes")
    facts: Any = audit_papers.report(shop.register, running.id, "en").content.facts
    assert facts["draft"] is True
    assert facts["highlight"]["value"] == "In progress: 1 of 10 answered"
    abandoned = shop.abandons_audit(running, "The storeroom was locked")
    told: Any = audit_papers.report(shop.register, abandoned.id, "en").content.facts
    assert (told["highlight"]["value"], told["highlight"]["note"]) == ("Abandoned", "The storeroom was locked")


def test_a_photo_that_is_lost_leaves_the_report_whole(audited: tuple[Shop, Audit]) -> None:
    shop, audit = audited
    writer = shop.register._file.writer
    kept = writer.execute("SELECT bytes, sha256 FROM content WHERE sha256 IN (SELECT content FROM answer_photo)").fetchall()
    writer.execute("UPDATE content SET bytes = X'00' WHERE sha256 IN (SELECT content FROM answer_photo)")
    paper = audit_papers.report(shop.register, audit.id)
    assert list(paper.pictures) == ["picture-5.jpg"], "only the signature can still be drawn"
    assert paper.pdf().startswith(b"%PDF")
    writer.executemany("UPDATE content SET bytes = ? WHERE sha256 = ?", kept)


def test_a_report_is_written_whole_and_over_nothing(audited: tuple[Shop, Audit], tmp_path: Path) -> None:
    shop, audit = audited
    paper = audit_papers.report(shop.register, audit.id)
    out = tmp_path / audit_papers.report_name(audit)
    assert out.name == "Audit A-2026-0002.pdf"
    audit_papers.write(paper, out)
    assert out.read_bytes().startswith(b"%PDF")
    with pytest.raises(Known, match="exists already"):
        audit_papers.write(paper, out)
    with pytest.raises(Known, match=r"written as \.pdf"):
        audit_papers.write(paper, tmp_path / "report.docx")
    with pytest.raises(Known, match="was not written"):
        audit_papers.write(paper, tmp_path / "nowhere" / "report.pdf")


def test_what_stands_in_an_answer_is_never_markup(audited: tuple[Shop, Audit]) -> None:
    shop, audit = audited
    wild = "#panic() $x$ *bold* [link] <b>&amp; \\ \u202e " + "długie" * 60
    again = shop.begins_audit(audit.checklist, place=wild[:100], objective=wild)
    shop.answers_question(again, 1, "no", wild, [("<b>.jpg", photo())])
    shop.answers_question(again, 2, wild)
    assert audit_papers.report(shop.register, again.id).pdf().startswith(b"%PDF")


def test_a_long_audit_with_many_photos_is_drawn(audited: tuple[Shop, Audit]) -> None:
    shop, _audit = audited
    checklist = shop.checklist("Długa", tuple({"wording": f"Pytanie {n}?", "section": f"Dział {n // 10}"} for n in range(60)))
    audit = shop.begins_audit(checklist)
    for place in range(1, 61):
        failing = place % 7 == 0
        shop.register.do(audits.ANSWER, audits.answer, shop.question(audit, place).id, "minor" if failing else "conform", "Widziano. " * 40 if failing else None, [("z.jpg", photo())] if failing else ())
    shop.finishes_audit(audit)
    assert len(audit_papers.report(shop.register, audit.id).pages(30)) > 4


def test_minutes_are_counted_without_the_night(audited: tuple[Shop, Audit]) -> None:
    shop, audit = audited
    spent = audit_reading.time_spent(audit, audit_reading.answers_of(shop.register, audit), audit.started_at + timedelta(days=2))
    assert spent == timedelta(minutes=10)
