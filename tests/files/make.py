"""Make the old register of the present schema: `python -m tests.files.make`. Run once a version, then never again."""

from __future__ import annotations

from pathlib import Path

from qmdesk.records.case import Decision, Message, Outcome
from qmdesk.records.party import Customer
from qmdesk.store.migrations import VERSION
from tests.shop import Shop

FOLDER = Path(__file__).parent


def fill(shop: Shop) -> None:
    """A little of everything: parts, a letter with its PDF, a picture's place, things undone, a batch, things removed."""
    shop.fills_in_letterhead()
    buyer = shop.add_customer("Łucja Żak", phone="600 100 200", email="lucja@example.com", street="ul. Polna 1", city="Warszawa")
    order = shop.add_order("1001", buyer, [shop.add_product(), shop.add_product("SZAL", "Szal wełniany")], quantity=2)
    case = shop.complains("Odkleiła się podeszwa", order=order)
    shop.says(case, "Proszę o szybką naprawę")
    shop.removes(Message, shop.says(case, "Nieważne"))
    shop.attaches(case, ("opis.txt", b"odstaje"))
    shop.splits(shop.items(case)[0], 1, Outcome.REPAIRED)
    shop.decides(case, Decision.ACCEPTED)
    shop.answers(case)
    shop.complains("Zgubiona paczka", customer=buyer)
    shop.merges(buyer, shop.add_customer("L. Żak"))
    shop.register.do("Import", lambda tx: tx.add_many(Customer, ["name"], [["Adam"], ["Ewa"]]))
    shop.add_customer("Cofnięty")
    shop.register.undo()


def main() -> None:
    """Write ``register-N.qmd`` beside this file, unless it is there."""
    path = FOLDER / f"register-{VERSION}.qmd"
    shop = Shop(path, "pl")
    try:
        fill(shop)
        assert shop.register.verify() == []
    finally:
        shop.register._changed_here = False  # no folder of backups beside it
        shop.register.close()


if __name__ == "__main__":
    main()
