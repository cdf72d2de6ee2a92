"""Opinions in public: linked to who wrote them, answered, made a complaint, won back, imported once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.exchange import mapping
from qmdesk.exchange.reader import read_table
from qmdesk.operations import imports, letter_texts, opinions
from qmdesk.operations.imports import Report
from qmdesk.records.case import Case, CaseState
from qmdesk.records.party import Customer
from qmdesk.records.satisfaction import Opinion
from qmdesk.schema.query import Order as By
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, shop

__all__ = ["clock", "shop"]


def test_an_opinion_finds_who_wrote_it_about_which_order_and_case(shop: Shop) -> None:
    customer = shop.add_customer("Łucja Żak", login="lucja_z")
    order = shop.add_order("1001", customer)
    case = shop.complains(order=order, customer=customer, received_at=datetime(2026, 11, 5, 9, tzinfo=UTC))
    for values in ({"author": "lucja_z"}, {"author": "Łucja Żak"}, {"order": order}):
        found = shop.hears(1, **values)
        assert (found.customer, found.order, found.case) == (customer, order, case.id)
    assert shop.hears(1, author="Łucja").customer is None, "half a name is nobody's"


def test_of_two_who_may_have_written_it_nobody_is_taken(shop: Shop) -> None:
    for _place in range(2):
        shop.add_customer("Jan Kos")
    assert shop.hears(1, author="Jan Kos").customer is None
    customer = shop.add_customer("Ewa Gil")
    shop.add_order("1", customer)
    shop.add_order("2", customer)
    found = shop.hears(1, author="Ewa Gil")
    assert (found.customer, found.order) == (customer, None)
    shop.add_order("3", shop.add_customer("Adam Ptak"), ordered_at=datetime(2026, 11, 12, 9, tzinfo=UTC))
    assert shop.hears(1, author="Adam Ptak").order is None, "it was written before that order"


def test_an_answer_has_its_day_and_today_knows_what_waits(clock: Clock, shop: Shop) -> None:
    bad, good = shop.hears(2), shop.hears(5)
    unanswered = shop.hears(None)
    assert shop.register.ids(opinions.bad_unanswered()) == [bad.id]
    answered = shop.answers_opinion(bad, " We are sorry. ")
    assert (answered.answer, answered.answered_on) == ("We are sorry.", date(2026, 12, 10))
    assert not shop.register.ids(opinions.bad_unanswered())
    with pytest.raises(Problems, match="Write what was answered"):
        shop.answers_opinion(good, "  ")
    with pytest.raises(Problems, match="can't be before the opinion was written"):
        shop.answers_opinion(good, "Thank you", date(2026, 11, 9))
    typed = shop.do(opinions.CHANGE, opinions.change, unanswered.id, {"answer": "Thank you"})
    assert typed.answered_on == date(2026, 12, 10)


def test_the_template_fits_the_stars_and_can_be_changed(shop: Shop) -> None:
    shop.fills_in_letterhead()
    case = shop.complains()
    said = {kind: opinions.answer_template(shop.register, shop.hears(stars, case=about), "en") for kind, stars, about in (("good", 5, None), ("middling", 3, None), ("bad", 1, None), ("case", 1, case.id))}
    assert "hope to see you again" in said["good"]
    assert "sklep@karmnik.example" in said["bad"]
    assert "We read every remark" in said["middling"]
    assert case.number in said["case"]
    assert not {"{", "}"} & set("".join(said.values()))
    shop.do(letter_texts.CHANGE, letter_texts.change, "opinion.good", "en", "Hurra, {shop}!")
    assert opinions.answer_template(shop.register, shop.hears(5), "en") == "Hurra, Karmnik!"
    assert "Przepraszamy" in opinions.answer_template(shop.register, shop.hears(1), "pl")


def test_an_opinion_becomes_a_case_once(shop: Shop) -> None:
    customer = shop.add_customer("Łucja Żak")
    opinion = shop.hears(1, author="Łucja Żak")
    preset = opinions.case_preset(shop.register, opinion)
    assert preset == {"description": "Opinion on Ceneo: The bird came without a beak.", "customer": customer}
    case = shop.complains(**preset)
    linked = shop.do(opinions.TO_CASE, opinions.to_case, opinion.id, case.id)
    assert linked.case == case.id
    with pytest.raises(Known, match=case.number):
        opinions.case_preset(shop.register, linked)


def test_a_customer_who_bought_again_after_the_case_was_closed_may_be_won_back(clock: Clock, shop: Shop) -> None:
    customer = shop.add_customer("Łucja Żak")
    case = shop.complains(customer=customer, received_at=datetime(2026, 11, 5, 9, tzinfo=UTC))
    opinion = shop.hears(1, author="Łucja Żak")
    shop.add_order("2", customer, ordered_at=datetime(2026, 11, 12, 9, tzinfo=UTC))
    assert opinions.bought_again(shop.register, opinion) is None, "the case is open"
    shop.changes(Case, case.id, state=CaseState.CLOSED, closed_on=date(2026, 11, 21))
    assert opinions.bought_again(shop.register, opinion) is None, "only an order after the close counts"
    shop.add_order("3", customer, ordered_at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert opinions.bought_again(shop.register, opinion) == date(2026, 12, 1)
    won = shop.do(opinions.WON_BACK, opinions.won_back, opinion.id, date(2026, 12, 1), 4)
    assert (won.won_back_on, won.stars_later) == (date(2026, 12, 1), 4)
    assert opinions.bought_again(shop.register, won) is None
    with pytest.raises(Problems, match="Stars go from 1 to 5"):
        shop.register.do("x", opinions.won_back, opinion.id, date(2026, 12, 1), 6)


def test_figures_of_a_period(shop: Shop) -> None:
    assert opinions.figures(shop.register).mean is None
    first = shop.hears(1)
    shop.hears(5, written_on=date(2026, 10, 1))
    second = shop.hears(2)
    shop.hears(None)
    shop.answers_opinion(first, "Sorry", date(2026, 11, 11))
    shop.answers_opinion(second, "Sorry", date(2026, 11, 16))
    shown = opinions.figures(shop.register, date(2026, 11, 1), date(2026, 11, 30))
    assert (shown.opinions, shown.stars, shown.mean, shown.answered, shown.days) == (3, (1, 1, 0, 0, 0), 1.5, 2, 3.5)
    assert (shown.bad, shown.bad_answered, shown.won_back) == (2, 2, 0)
    assert opinions.figures(shop.register).opinions == 4
    assert opinions.told(shown) == "3 opinions. 1.5 stars on average. Answered: 2, half of them within 3.5 days. Bad: 2, answered 2, won back 0."


# ------------------------------------------------------------------------------------------- importing

CENEO = (
    "ID opinii;Data wystawienia;Ocena;Treść opinii;Autor;Nr zamówienia;Miejsce;Produkt\n"
    "900;2026-11-10;1;Budka bez dachu;lucja_z;1001;Ceneo;Budka\n"
    "901;2026-11-11;5;Polecam;Jan;7777;Ceneo;Nieznany\n"
    "902;2026-11-12;6;Za dużo gwiazdek;Ewa;;Ceneo;\n"
)


def _imports(shop: Shop, path: Path) -> Report:
    table = read_table(path, known_headers=mapping.known_headers())
    assert mapping.recognise(table.headers)[0].target == "opinions"
    return shop.do(imports.IMPORT, imports.take_in, table, mapping.guess(table.headers, mapping.TARGETS["opinions"]))


def test_opinions_come_in_by_the_import_once_and_are_linked(tmp_path: Path, shop: Shop) -> None:
    customer = shop.add_customer("Łucja Żak", login="lucja_z")
    order = shop.add_order("1001", customer)
    product = shop.add_product("BUD", "Budka")
    path = tmp_path / "opinie.csv"
    path.write_text(CENEO, encoding="utf-8")
    report = _imports(shop, path)
    assert (report.added, [one.row for one in report.rejected]) == (2, [4])
    first, second = shop.register.records(Query(Opinion).by(By("id")))
    assert (first.customer, first.order, first.product, first.stars, first.external_id) == (customer, order, product, 1, "900")
    assert (second.order, second.product, second.said) == (None, None, "Polecam"), "an order nobody knows keeps no opinion out"
    assert shop.register.count(Query(Customer)) == 1
    again = _imports(shop, path)
    assert (again.added, again.same) == (0, 2)
    path.write_text(CENEO.replace("Polecam", "Nie polecam"), encoding="utf-8")
    assert _imports(shop, path).changed == 1
    assert shop.register.count(Query(Opinion)) == 2


def test_without_numbers_place_day_author_and_text_tell_opinions_apart(tmp_path: Path, shop: Shop) -> None:
    shop.hears(4, "Bardzo ładne", author="Jan", place="Google", written_on=date(2026, 11, 3))
    path = tmp_path / "google.csv"
    path.write_text("Miejsce,Data opinii,Ocena,Opinia,Autor\nGoogle,2026-11-03,4,Bardzo ładne,Jan\nGoogle,2026-11-04,4,Bardzo ładne,Jan\n", encoding="utf-8")
    report = _imports(shop, path)
    assert (report.added, report.same) == (1, 1)
