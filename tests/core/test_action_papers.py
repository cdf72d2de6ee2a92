"""The 8D and CAPA printouts of one record: what they say in both languages, and how their pages look.

The golden pages and texts lie in tests/golden/actions; after a wanted change run this file with QMDESK_GOLDEN=write and look
at every picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from qmdesk.documents.action_report import ReportForm
from qmdesk.operations import action_papers, actions, whys
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.improvement import Action, ActionKind, ActionSource, Branch
from qmdesk.records.lists import Cause
from tests.clock import Clock, clock
from tests.core.golden import is_paper_as_before, words
from tests.core.test_render import inflated
from tests.shop import Shop, begun, day, open_shop
from tests.shop_audits import photo

__all__ = ["clock"]



def furnish(shop: Shop, clock: Clock) -> Action:
    shop.fills_in_letterhead()
    clock.set("2026-09-07")
    jan = shop.person("Jan Kos")
    case = shop.complains("Paczka wróciła od kuriera, bo była za ciężka.")
    action = shop.begins_action("Paczki wracają od kuriera, bo są za ciężkie", ActionSource.CASE, case=case.id)
    facts = {"team": "Jan Kos, Ewa Mak", "extent": "Zamówienia z ponad 6 butelkami; około 40 w miesiącu.", "requirement": "Regulamin kuriera, § 4: najwyżej 25 kg"}
    shop.do(actions.EDIT, actions.edit, action.id, facts)
    shop.acts(action, ActionStep.CONTAIN, containment="Wszystkie paczki z dnia zważono ponownie; 3 podzielono.")
    shop.acts(action, ActionStep.CORRECT, correction="Klientowi wysłano zamówienie w dwóch paczkach.")
    category = shop.add(Cause(name="Brak informacji"))
    parent = None
    for because in ("Paczki ważą ponad 25 kg", "Nikt nie waży ich przed zaklejeniem", "Nikt nie zna limitu kuriera"):
        parent = shop.asks_why(action, because, parent=parent).id
    shop.do(whys.CHANGE, whys.change, parent, {"root": True, "cause": category})
    for branch, because in ((Branch.PEOPLE, "Nowe osoby nie znają limitu"), (Branch.MACHINE, "Waga stoi w biurze"), (Branch.MATERIAL, "Kartony mieszczą za dużo")):
        shop.asks_why(action, because, branch=branch)
    shop.acts(action, ActionStep.ANALYSE)
    shop.acts(action, ActionStep.PLAN, plan="Waga na stole do pakowania, limit na ścianie.", owner=jan, due_on=day("2026-09-18"), indicator="Paczki zwrócone przez kuriera", criterion="Przez 60 dni żadna paczka nie wraca z powodu wagi.")
    for what, evidence in (("Kupić wagę", "Faktura 118/2026"), ("Zawiesić limit przy stole", "zdjęcie")):
        shop.ticks_off(shop.adds_task(action, what, owner=jan, due_on=day("2026-09-14"), evidence=evidence))
    shop.shows(action, ("waga.jpg", photo("tan", (300, 200))), ("faktura.pdf", b"%PDF-1.7"))
    clock.set("2026-09-16")
    shop.carries_out(action, cost=Decimal("249.00"))
    clock.set("2026-11-20")
    shop.judges(action, ActionStep.INEFFECTIVE, why="W październiku wróciły 4 paczki na 212; przy stole pracuje druga zmiana, której nie pokazano wagi.")
    return shop.action(action)


@cache
def corrective() -> tuple[bytes, Action]:
    return begun(furnish, "pl")


@pytest.fixture
def improved(tmp_path: Path, clock: Clock) -> Iterator[tuple[Shop, Action]]:
    """A Polish shop with a corrective action from a case, found not effective after its waiting."""
    clock.set("2026-11-20")
    file, action = corrective()
    with open_shop(tmp_path / "sklep.qmd", begun=file) as shop:
        yield shop, action


@pytest.mark.parametrize("form", list(ReportForm))
@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_reports_say_and_look_as_they_did(improved: tuple[Shop, Action], form: ReportForm, lang: str) -> None:
    shop, action = improved
    is_paper_as_before(f"actions/{form.value}_{lang}", action_papers.report(shop.register, action.id, form, lang))


def test_both_printouts_tell_the_same_record(improved: tuple[Shop, Action]) -> None:
    shop, action = improved
    for form in ReportForm:
        told = words(action_papers.report(shop.register, action.id, form, "en").content.facts).replace("\u00a0", " ")
        for part in (
            "R/2026/0001", "Wszystkie paczki z dnia zważono ponownie", "Nikt nie zna limitu kuriera", "Brak informacji", "Przez 60 dni żadna paczka", "Kupić wagę", "Faktura 118/2026",
            "waga.jpg", "faktura.pdf", "Anna Wróbel", "W październiku wróciły 4 paczki", "Not effective", "N/2026/0002", "15 Nov 2026", "PLN 249.00", "7 Sep 2026",
        ):  # fmt: skip
            assert part in told, (form, part)


def test_an_action_just_begun_is_printed_as_a_draft(improved: tuple[Shop, Action]) -> None:
    shop, _action = improved
    begun = shop.begins_action("#panic() $x$ *bold* <b> " + "długie" * 25, kind=ActionKind.CORRECTION)
    for form in ReportForm:
        paper = action_papers.report(shop.register, begun.id, form, "pl")
        assert paper.content.facts["draft"] is True
        assert "Przy tym rodzaju działania niepotrzebne." in words(paper.content.facts)
        assert b"pdfaid:part" in inflated(paper.pdf())
    assert action_papers.report_name(begun, ReportForm.EIGHT_D) == "8D N-2026-0003.pdf"


def test_a_large_tree_of_causes_fits_a_page(improved: tuple[Shop, Action]) -> None:
    shop, _action = improved
    begun = shop.begins_action("Wszystko naraz")
    parents: list[int | None] = [None]
    for n in range(40):
        parents.append(shop.register.do(whys.ADD, whys.add, begun.id, f"Bo {n} " * 8, parent=parents[n // 3]).result.id)
    assert action_papers.report(shop.register, begun.id, ReportForm.CAPA, "pl").pdf().startswith(b"%PDF")
