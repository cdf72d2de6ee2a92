"""The history as a person reads it: names instead of signs, days and money as they are written, and whose part a thing is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qmdesk import i18n
from qmdesk.operations import assessment, deadlines, letter_texts
from qmdesk.operations.history import sentences
from qmdesk.records.assessment import Answered
from qmdesk.records.case import Case
from qmdesk.records.lists import Channel
from tests.clock import Clock, clock
from tests.shop import Shop, shop

__all__ = ["clock", "shop"]


def told(shop: Shop, within: Case | None = None) -> list[str]:
    """What the newest step says."""
    step = shop.register.steps(1)[0][0]
    return [sentence for entry in shop.register.entries(step.id) for sentence in sentences(shop.register, entry, within)]


def test_a_deadline_is_called_by_its_name_and_its_case(shop: Shop, clock: Clock) -> None:
    case = shop.complains(received_at=clock())
    said = told(shop)
    at = said.index(f"Deadline “Answer to the complaint” ({case.number}) added")
    assert said[at + 1 : at + 4] == ["Counted from: 10 Dec 2026", "Last day in law: 28 Dec 2026", "State: Running"]
    assert "Deadline “Answer to the complaint” added" in told(shop, case), "in the case's own history its number says nothing"
    i18n.use("pl")
    said = told(shop)
    at = said.index(f"Dodano: Termin „Odpowiedź na reklamację” ({case.number})")
    assert said[at + 1 : at + 4] == ["Liczony od: 10.12.2026", "Ostatni dzień według prawa: 28.12.2026", "Stan: Biegnie"]
    assert not any("PL-CMP-ANSWER" in sentence for sentence in said)


def test_what_is_kept_under_a_sign_is_called_as_on_the_screen(shop: Shop, clock: Clock) -> None:
    case = shop.complains(received_at=clock())
    shop.do(assessment.ANSWER_QUESTION, assessment.answer, case.id, "revealed_in_time", Answered.YES)
    assert told(shop)[0] == f"Answer to the checklist “Did the defect show within two years from delivery?” ({case.number}) added"
    assert not any("revealed_in_time" in sentence for sentence in told(shop))
    shop.do(deadlines.SWITCH, deadlines.switch, "PL-WD-FUNCTION", False, None, "our lawyer")
    assert told(shop) == ["Switched rule “An online withdrawal function must be offered” added", "Switched on: no", "Who says so: our lawyer"]
    shop.do(letter_texts.CHANGE, letter_texts.change, "answer_accepted.closing", "pl", "Do zobaczenia!")
    assert told(shop) == ["Text of letters “Answer: accepted” added", "Language: Polish", "Text: Do zobaczenia!"]


def test_money_is_told_in_its_own_currency(shop: Shop) -> None:
    case = shop.complains(claimed=Decimal("20.00"), currency="EUR")
    assert "Amount demanded: €\u00a020.00" in told(shop)
    shop.edits(case, claimed=Decimal("15.00"))
    assert "Amount demanded: €\u00a020.00 → €\u00a015.00" in told(shop)


def test_a_new_record_says_what_is_filled_in_in_the_order_of_its_form(shop: Shop) -> None:
    shop.add(Channel(name="Carrier pigeon", durable=True, delivery_days=1))
    assert told(shop) == ["Channel Carrier pigeon added", "Durable medium: yes", "Days until it arrives: 1"]


@pytest.mark.parametrize("words", ["She called.", "She called about the left shoe, which squeaks at every step in the rain, and wants another pair."])
def test_a_long_name_is_cut_in_the_heading_only(words: str, shop: Shop) -> None:
    case = shop.complains()
    shop.says(case, words)
    heading, *fields = told(shop, case)
    assert len(heading) < 90
    assert any(words in sentence for sentence in (heading, *fields))
