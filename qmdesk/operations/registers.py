"""Making and opening a register: the shop's row and the lists it starts with."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from qmdesk.i18n import N_, language, translator
from qmdesk.operations import closed_actions, closed_audits, closed_books, closed_reviews
from qmdesk.records.catalog import RECORDS
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.shop import THE_SHOP, Language, Shop
from qmdesk.register import Beginning, Guards, Reading, Register, Transaction
from qmdesk.schema.types import clean

SUFFIX = ".qmd"
GUARDS: Guards = {**closed_books.GUARDS, **closed_audits.GUARDS, **closed_actions.GUARDS, **closed_reviews.GUARDS}

# name, durable medium, days until what is sent arrives, the shop's own electronic form
CHANNELS = (
    (N_("E-mail"), True, 0, False),
    (N_("Phone"), False, 0, False),
    (N_("In the shop"), False, 0, False),
    (N_("Post"), True, 5, False),
    (N_("Website form"), True, 0, True),
    (N_("Chat"), True, 0, False),
    (N_("Allegro"), True, 0, False),
    (N_("Social media"), True, 0, False),
    (N_("Text message"), True, 0, False),
    (N_("Online withdrawal function"), True, 0, True),
)

# the codes are Allegro's return reasons, so that its exports find their cause
CAUSES = (
    (N_("Damaged in transport"), "TRANSPORT"),
    (N_("Damaged or faulty"), "DAMAGED"),
    (N_("Hidden flaw"), "HIDDEN_FLAW"),
    (N_("Not as described"), "NOT_AS_DESCRIBED"),
    (N_("Another product sent"), "DIFFERENT"),
    (N_("Incomplete"), "INCOMPLETE"),
    (N_("Wrong size or variant"), "MISTAKE"),
    (N_("Delivered late"), "OVERDUE_DELIVERY"),
    (N_("Not to the customer's liking"), "DONT_LIKE_IT"),
    (N_("Other"), "OTHER_FLAW"),
    (N_("No reason given"), "NONE"),
)


def new_register(path: Path, *also: Beginning, program: str, lang: str | None = None, shop_name: str = "") -> Register:
    """Make a register with its shop and the usual channels and causes in ``lang``, and ``also`` done: all of it or no file.

    Raises Known when it can't be made.
    """
    furnish = partial(_furnish, lang=lang or language(), shop_name=shop_name or clean(path.stem)[:200] or "?")
    return Register.create(path, RECORDS, program, (N_("New register"), furnish), *also, guards=GUARDS)


def open_register(path: Path, *, program: str, read_only: bool = False) -> Register:
    """Open a register. Raises Known with a sentence for whatever is wrong with the file."""
    return Register.open(path, RECORDS, program, guards=GUARDS, read_only=read_only)


def _furnish(tx: Transaction, lang: str, shop_name: str) -> None:
    tr = translator(lang)
    tx.about(shop_name)
    tx.seal(N_("The making of the register can't be undone; delete the file instead."))
    tx.add(Shop(name=shop_name, language=Language.POLISH if lang == "pl" else Language.ENGLISH, privacy_note=""))
    for name, durable, days, own_form in CHANNELS:
        tx.add(Channel(name=tr(name), durable=durable, delivery_days=days, own_form=own_form))
    for name, code in CAUSES:
        tx.add(Cause(name=tr(name), code=code))


def the_shop(reading: Reading) -> Shop:
    """The one shop of a register."""
    return reading.get(Shop, THE_SHOP)
