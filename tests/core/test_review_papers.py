"""Reviews on paper: the weekly one on a page, the management's with its topics; what they say and how they look.

The golden pages and texts lie in tests/golden/reviews; after a wanted change run this file with QMDESK_GOLDEN=write and look
at every picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from qmdesk import i18n
from qmdesk.operations import review_papers
from qmdesk.records.audit import Rhythm
from qmdesk.records.improvement import Action, ActionState, Review, ReviewKind, Topic
from qmdesk.records.party import Person
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from tests.clock import WARSAW, Clock, clock
from tests.core.golden import is_paper_as_before, words
from tests.core.test_render import inflated
from tests.shop import Shop, begun, day, open_shop

__all__ = ["clock"]

SAID = ("Odpowiadamy dziś, z przeprosinami.", "Pytamy dziś klienta o zdjęcia.", "Szukamy przyczyny; powstaje działanie.", "Sprawdzone: pomogło.", "Robimy to dziś.")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text} 09:00").replace(tzinfo=WARSAW)


def furnish(shop: Shop, _clock: Clock) -> tuple[Review, Review]:
    shop.fills_in_letterhead()
    shop.changes(ShopRecord, THE_SHOP, website="karmnik.example")
    anna = shop.add(Person(name="Anna Wróbel"))
    customer = shop.add_customer()
    for n, story in ((3, "Kubek przyszedł z ułamanym uchem, chociaż karton był cały."), (12, "Zamówiłam czerwony, dostałam zielony.")):
        shop.complains(story, received_at=at(f"2026-11-{n:02}"), customer=customer, responsible=anna)
    shop.add(
        Action(
            number="N/2025/0009", name="Podwójne kartony na kubki", opened_on=day("2026-09-01"), state=ActionState.DONE, plan="Kartony", owner=anna, criterion="W 60 dni ani jednego stłuczonego kubka.",
            done_on=day("2026-10-01"), verify_on=day("2026-11-30"),
        )
    )  # fmt: skip
    shop.plans(shop.checklist("Porządek w magazynie", ({"wording": "Czy przejścia są wolne?"},)), rhythm=Rhythm.WEEKLY, first_on=day("2026-11-12"), place="Magazyn")
    weekly = shop.begins_weekly()
    for point, said in zip(shop.points(weekly), SAID, strict=True):
        shop.decides_point(point, said)
    action = shop.raises_action(shop.points(weekly)[2])
    shop.changes(Action, action.id, owner=anna, due_on=day("2026-12-20"))
    weekly = shop.finishes_review(weekly, "Tydzień był spokojny.")
    management = shop.begins_management_review(day("2026-06-01"), day("2026-11-30"), "Anna Wróbel, Jan Kos")
    shop.notes_point(shop.topic(management, Topic.CHANGES), "Od stycznia obowiązują nowe wzory pouczeń.\n\nNa rynku pojawił się tańszy kurier.")
    shop.raises_action(shop.adds_decision(management, Topic.COMPLAINTS, "Znaleźć mocniejsze kartony przed świętami"))
    shop.adds_decision(management, Topic.COMPLAINTS, "Raz w tygodniu wysyłać dostawcom zestawienie")
    return weekly, shop.finishes_review(management, "Sklep działa dobrze; najwięcej kosztują stłuczenia w transporcie.")


@cache
def both() -> tuple[bytes, tuple[Review, Review]]:
    return begun(furnish, "pl", "2026-12-10")


@pytest.fixture
def reviewed(tmp_path: Path, clock: Clock) -> Iterator[tuple[Shop, Review, Review]]:
    """A Polish shop with a weekly and a management review, both finished."""
    i18n.use("pl")
    file, (weekly, management) = both()
    with open_shop(tmp_path / "sklep.qmd", begun=file) as shop:
        yield shop, weekly, management
    i18n.use("en")


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_weekly_page_says_and_looks_as_it_did(reviewed: tuple[Shop, Review, Review], lang: str) -> None:
    shop, weekly, _management = reviewed
    is_paper_as_before(f"reviews/weekly_{lang}", review_papers.report(shop.register, weekly.id, lang))


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_management_review_says_and_looks_as_it_did(reviewed: tuple[Shop, Review, Review], lang: str) -> None:
    shop, _weekly, management = reviewed
    is_paper_as_before(f"reviews/management_{lang}", review_papers.report(shop.register, management.id, lang))


def test_a_paper_is_an_archive_pdf_in_the_language_of_the_interface(reviewed: tuple[Shop, Review, Review]) -> None:
    shop, weekly, _management = reviewed
    paper = review_papers.report(shop.register, weekly.id)
    assert paper.content.lang == "pl"
    assert b"pdfaid:part" in inflated(paper.pdf())
    assert review_papers.report_name(weekly) == "Przegląd K-2026-0001.pdf"


def test_however_much_was_seen_the_weekly_one_is_one_page(reviewed: tuple[Shop, Review, Review], clock: Clock) -> None:
    shop, _weekly, _management = reviewed
    for _n in range(30):
        shop.complains("Bardzo długa opowieść o stłuczonym kubku. " * 40, received_at=at("2026-10-01"), customer=1)
    clock.set("2026-12-30")
    review = shop.begins_weekly()
    assert len(shop.points(review)) == 6
    for point in shop.points(review):
        shop.decides_point(point, "Odpowiadamy dziś wszystkim, przepraszamy i wysyłamy nowe kubki w podwójnych kartonach. " * 2)
    review = shop.finishes_review(review, "Dużo stłuczeń. " * 10)
    assert len(review_papers.report(shop.register, review.id).pages(30)) == 1


def test_a_review_that_goes_on_is_a_draft_and_what_is_written_is_never_markup(reviewed: tuple[Shop, Review, Review], clock: Clock) -> None:
    shop, _weekly, _management = reviewed
    wild = "#panic() $x$ *bold* [link] <b>&amp; \\ \u202e " + "długie" * 60
    clock.set("2027-06-01")
    review = shop.begins_management_review(day("2026-12-01"), day("2027-05-31"), wild[:200])
    assert review.kind is ReviewKind.MANAGEMENT
    shop.notes_point(shop.topic(review, Topic.GOALS), wild)
    shop.adds_decision(review, Topic.GOALS, wild)
    paper = review_papers.report(shop.register, review.id)
    assert paper.content.facts["draft"] is True
    assert paper.pdf().startswith(b"%PDF")
    told = words(paper.content.facts)
    assert "Znaleźć mocniejsze kartony przed świętami (N/2026/0002, Rozpoczęte)" in told, "what was decided before"
    assert "nie powstało z tego działanie" in told
