"""The shop itself: letterhead, country, numbering. There is exactly one in a register, with id 1."""

from __future__ import annotations

from qmdesk.i18n import N_
from qmdesk.schema.record import Record, choice, email, file, long_text, nip, phone, record, text
from qmdesk.schema.types import Labelled

THE_SHOP = 1


class Language(Labelled):
    """A language letters are written in."""

    POLISH = "pl", N_("Polish")
    ENGLISH = "en", N_("English")


@record("shop", N_("Shop"), N_("Shop"))
class Shop(Record):
    """What stands on the letterhead, and how this shop counts."""

    name: str = text(N_("Shop name"), most=200, title=True, section=N_("Letterhead"))
    legal_name: str = text(N_("Owner or company"), default="", most=200, help=N_("As it stands in the business register; it signs the letters."))
    nip: str = nip(N_("NIP"), default="")
    street: str = text(N_("Street and number"), default="")
    postcode: str = text(N_("Postcode"), default="", most=20)
    city: str = text(N_("City"), default="", most=100)
    email: str = email(N_("E-mail"), default="")
    phone: str = phone(N_("Phone"), default="")
    website: str = text(N_("Website"), default="", most=200)
    logo: str = file(N_("Logo"), default="", picture=True)
    country: str = text(N_("Country"), default="PL", most=2, section=N_("Country and money"), help=N_("Two letters, as PL. It chooses the rules."))
    currency: str = text(N_("Currency"), default="PLN", most=3)
    language: Language = choice(Language, N_("Language of letters"), default=Language.POLISH)
    adr_entity: str = text(
        N_("Dispute body"), default="", section=N_("Letters"),
        help=N_("Who settles disputes out of court for your shop, with its website; it stands in every rejection."),
    )  # fmt: skip
    privacy_note: str = long_text(N_("Privacy note"), default="", help=N_("Who keeps the customer's data and why; it closes the confirmation of receipt."))
    complaint_series: str = text(N_("Series of complaints"), default="R", most=6, section=N_("Numbers"), help=N_("R gives R/2026/0001."))
    return_series: str = text(N_("Series of returns"), default="Z", most=6)
    guarantee_series: str = text(N_("Series of guarantee claims"), default="G", most=6)
    document_series: str = text(N_("Series of letters"), default="D", most=6)
