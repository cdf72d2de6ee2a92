"""Who the buyer is in law, asked in a new case and from the case; the rules in the settings with their switches and the country."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox

from qmdesk import i18n
from qmdesk.operations import deadlines
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseKind, LegalBasis
from qmdesk.records.deadline import DeadlineState, RuleSwitch
from qmdesk.records.party import BuyerType
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop
from tests.ui.front import Dialogs, Front, dialogs, look
from tests.ui.test_pages import labels
from ui.widgets.button import Button

__all__ = ["clock", "dialogs", "look", "shop"]


@pytest.fixture
def at_desk(clock: Clock, shop: Shop, dialogs: Dialogs) -> Iterator[Front]:
    """A window on 10 December 2026."""
    made = Front(shop, dialogs)
    yield made
    made.leave()


def choose(box: QComboBox, answer: str) -> None:
    assert box.isVisible(), "the question is not asked"
    box.setCurrentIndex(box.findData(answer))


# -- the buyer


def test_a_new_case_says_who_the_buyer_is_and_what_silence_means(at_desk: Front, clock: Clock) -> None:
    def fill(dialog: Any) -> None:
        assert not dialog.buyer.boxes["professional"].isVisible()
        assert dialog.buyer.answers() == {"wants": "defect"}
        dialog.form.editors["description"].set_value("The kettle leaks.")
        choose(dialog.buyer.boxes["who"], "private")
        assert dialog.buyer.verdict.text() == "Consumer · Lack of conformity"
        assert "the complaint counts as accepted." in dialog.buyer.why.text()
        choose(dialog.buyer.boxes["who"], "sole_trader")
        choose(dialog.buyer.boxes["professional"], "no")
        assert "that is not certain" in dialog.buyer.why.text()
        choose(dialog.buyer.boxes["professional"], "yes")
        assert dialog.buyer.verdict.text() == "Business · Statutory warranty (B2B)"
        assert "the law ties nothing to it here" in dialog.buyer.why.text()
        choose(dialog.buyer.boxes["professional"], "no")
        dialog.save()

    at_desk.dialogs.will(fill)
    at_desk.window.new_case()
    (case,) = at_desk.shop.register.records(Query(Case))
    assert (case.buyer_type, case.legal_basis) == (BuyerType.SOLE_TRADER, LegalBasis.NON_CONFORMITY)
    assert "7aa" in case.buyer_reasons
    assert "5a" in case.basis_reasons
    assert at_desk.shop.deadline(case, "PL-CMP-ANSWER").soft


def test_what_the_customer_comes_with_is_the_kind_of_the_case(at_desk: Front, clock: Clock) -> None:
    def fill(dialog: Any) -> None:
        choose(dialog.buyer.boxes["wants"], "guarantee")
        assert dialog.kind is CaseKind.GUARANTEE
        assert "New guarantee claim" in labels(dialog)
        dialog.form.editors["kind"].set_value(CaseKind.RETURN)
        dialog._typed()
        assert dialog.buyer.answers()["wants"] == "changed_mind"
        dialog.form.editors["kind"].set_value(CaseKind.COMPLAINT)
        dialog._typed()
        choose(dialog.buyer.boxes["wants"], "other")
        assert dialog.kind is CaseKind.COMPLAINT
        assert dialog.buyer.answers()["wants"] == "other", "a service is a complaint too"
        dialog.form.editors["description"].set_value("The delivery was rude.")
        dialog.save()

    at_desk.dialogs.will(fill)
    at_desk.window.new_case()
    (case,) = at_desk.shop.register.records(Query(Case))
    assert (case.buyer_type, case.legal_basis, case.buyer_reasons) == (BuyerType.CONSUMER, None, ""), "nobody said who bought"


def test_a_customer_known_as_a_business_is_proposed_as_one(at_desk: Front, clock: Clock) -> None:
    firm = at_desk.shop.add_customer("Nitka sp. z o.o.", buyer_type=BuyerType.BUSINESS)

    def fill(dialog: Any) -> None:
        assert dialog.buyer.answers()["who"] == "firm"
        assert dialog.buyer.verdict.text() == "Business · Statutory warranty (B2B)"
        dialog.form.editors["description"].set_value("It leaks.")
        dialog.save()

    at_desk.dialogs.will(fill)
    at_desk.window.new_case({"customer": firm})
    (case,) = at_desk.shop.register.records(Query(Case))
    assert (case.buyer_type, case.legal_basis) == (BuyerType.BUSINESS, LegalBasis.WARRANTY)


def test_from_the_case_the_buyer_is_told_with_the_day_of_ceidg(at_desk: Front, clock: Clock) -> None:
    shop = at_desk.shop
    case = shop.complains(received_at=clock())
    at_desk.window.open_record(Case, case.id)
    panel = at_desk.page("cases").panel
    assert panel.buyer_link.text() == "Consumer"

    def tell(dialog: Any) -> None:
        assert not dialog.checked.isVisible()
        dialog.save()
        assert dialog.note.text() == "Say who bought it."
        choose(dialog.questions.boxes["who"], "sole_trader")
        choose(dialog.questions.boxes["professional"], "yes")
        assert dialog.checked.isVisible()
        dialog.checked.editors["ceidg_checked_on"].set_value(day("2026-12-09"))
        dialog.save()

    at_desk.dialogs.will(tell)
    panel.buyer_link.click()
    found = shop.case(case)
    assert (found.buyer_type, found.ceidg_checked_on) == (BuyerType.BUSINESS, day("2026-12-09"))
    assert panel.buyer_link.text() == "Business"
    assert shop.deadline(case, "PL-CMP-ANSWER").state is DeadlineState.DROPPED
    at_desk.window.undo()
    assert shop.case(case).buyer_type is BuyerType.CONSUMER
    assert shop.deadline(case, "PL-CMP-ANSWER").state is DeadlineState.RUNNING

    def again(dialog: Any) -> None:
        assert dialog.questions.answers() == {"wants": "defect"}
        dialog.reject()

    at_desk.dialogs.will(again)
    panel.buyer_link.click()


# -- the rules


@pytest.fixture
def rules(at_desk: Front) -> Any:
    settings = at_desk.page("settings")
    settings.tabs.setCurrentWidget(settings.rules)
    return settings.rules


def test_every_rule_is_told_with_what_it_gives_its_source_and_its_doubt(at_desk: Front, rules: Any) -> None:
    said = labels(rules)
    assert rules.head.text() == "Rules of Poland as of 22 Nov 2026, version 2026.1"
    for rule in deadlines.rulebook(at_desk.shop.register).rules:
        assert rule.title.to() in said
        assert f"{rule.id}: {rule.basis.to()}" in said
        assert not rule.doubt or rule.doubt.to() in said
        for source in rule.sources:
            assert source.title in said
    for part in (
        "14 days from: Complaint received. A last day on a day off or a Saturday moves to the next working day.",
        "For: Consumer; not certain for: Sole trader with consumer rights.",
        "In force since 1 Jan 2023.",
        "Not in force as far as is known.",
        "Days off in 2026, besides Sundays",
        "Days off in 2027, besides Sundays",
        "Thursday 24 December 2026",
    ):
        assert part in said, part
    i18n.use("pl")
    rules.refresh()
    said = labels(rules)
    assert "14 dni od zdarzenia: Otrzymanie reklamacji." in said
    assert "czwartek 24 grudnia 2026: Wigilia" in said
    i18n.use("en")


def test_a_rule_in_doubt_is_switched_with_a_reason(at_desk: Front, rules: Any) -> None:
    switches = [button for button in rules.findChildren(Button) if button.text() in ("Switch on…", "Switch off…")]
    assert len(switches) == 3, "the target, the extension, the online function"

    def refuse(dialog: Any) -> None:
        dialog.form.editors["enabled"].set_value(True)
        dialog.accept()
        assert "Who says so is missing" in labels(dialog) or "Write who says so" in labels(dialog)
        dialog.form.editors["valid_from"].set_value(day("2026-11-01"))
        dialog.form.editors["why"].set_value("Dz.U. 2026 poz. 9999")
        dialog.accept()

    at_desk.dialogs.will(refuse)
    rules.switch("PL-REPAIR-EXT")
    (kept,) = at_desk.shop.register.records(Query(RuleSwitch))
    assert (kept.rule, kept.enabled, kept.valid_from) == ("PL-REPAIR-EXT", True, day("2026-11-01"))
    assert "Your shop uses it for contracts since 1 Nov 2026: Dz.U. 2026 poz. 9999" in labels(rules)

    def off(dialog: Any) -> None:
        dialog.form.editors["enabled"].set_value(False)
        dialog.form.editors["why"].set_value("It was withdrawn.")
        dialog.accept()

    at_desk.dialogs.will(off)
    rules.switch("PL-REPAIR-EXT")
    assert "Your shop does not use it: It was withdrawn." in labels(rules)
    at_desk.window.undo()
    at_desk.window.undo()
    assert at_desk.shop.register.count(Query(RuleSwitch)) == 0


def test_another_country_says_what_happens_before(at_desk: Front, clock: Clock) -> None:
    shop = at_desk.shop
    case = shop.complains(received_at=clock())
    settings = at_desk.page("settings")
    settings.shop.form.editors["country"].set_value("CZ")
    at_desk.asker.will("confirm", False)
    assert not settings.shop.save()
    assert at_desk.asker.asked[-1].text.startswith("1 open case gets the deadlines of Czechia then; what has passed or was met stays as it is.")
    assert the_shop(shop.register).country == "PL"
    at_desk.asker.will("confirm", True)
    assert settings.shop.save()
    assert the_shop(shop.register).country == "CZ"
    assert shop.deadline(case, "CZ-CMP-SETTLE").state is DeadlineState.RUNNING
    settings.tabs.setCurrentWidget(settings.rules)
    assert settings.rules.head.text().startswith("Rules of Czechia")
    at_desk.window.undo()
    assert shop.deadline(case, "PL-CMP-ANSWER").state is DeadlineState.RUNNING
    settings.tabs.setCurrentWidget(settings.shop)
    settings.shop.form.editors["country"].set_value("7")
    assert not settings.shop.save()
    assert "is no country" in at_desk.asker.warning()
    settings.shop.discard()
