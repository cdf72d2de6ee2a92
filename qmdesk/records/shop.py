"""The shop itself: letterhead, country, numbering. There is exactly one in a register, with id 1."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.schema.record import (
    Record,
    choice,
    count,
    email,
    file,
    flag,
    long_text,
    money,
    nip,
    phone,
    record,
    text,
)
from qmdesk.schema.types import Labelled

THE_SHOP = 1
HOURS_OF_A_DAY = 24


class Language(Labelled):
    """A language letters are written in."""

    POLISH = "pl", N_("Polish")
    ENGLISH = "en", N_("English")


class VatPeriod(Labelled):
    """In which month a return of a receipt sale lowers the VAT (law.md 4.3: a setting, because sources disagree)."""

    REFUND_MONTH = "refund_month", N_("The month the money went back")
    SALE_MONTH = "sale_month", N_("The month of the sale")


class PartialDelivery(Labelled):
    """What of the delivery cost goes back when only a part of an order is returned; the statute is silent (law.md 2.5)."""

    NONE = "none", N_("Nothing")
    PROPORTIONAL = "proportional", N_("A part, by the value of the goods")
    FULL = "full", N_("All of it")


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
    refund_series: str = text(N_("Series of the register of returns"), default="E", most=6)
    mistake_series: str = text(N_("Series of the register of mistakes"), default="P", most=6)
    supplier_series: str = text(N_("Series of supplier claims"), default="S", most=6)
    audit_series: str = text(N_("Series of audits"), default="A", most=6)
    action_series: str = text(N_("Series of actions"), default="N", most=6)
    review_series: str = text(N_("Series of reviews"), default="K", most=6)
    claim_list_series: str = text(N_("Series of lists of claims"), default="L", most=6)
    informs_of_withdrawal: bool = flag(
        N_("Customers are told of their right to withdraw"), default=True, section=N_("Returns"),
        help=N_("In the terms of sale, before the purchase. A customer who was not told may withdraw 12 months longer."),
    )  # fmt: skip
    return_address: str = long_text(N_("Where returns are sent"), default="", help=N_("When it is not the address of the letterhead."))
    partial_delivery: PartialDelivery = choice(PartialDelivery, N_("Delivery cost when a part is returned"), default=PartialDelivery.NONE)
    voluntary_days: int | None = count(N_("Days for voluntary returns"), default=None, help=N_("For goods bought in the shop, by the shop's own promise; empty means none."))
    voluntary_terms: str = long_text(N_("Terms of voluntary returns"), default="")
    cash_register: bool = flag(N_("There is a cash register"), default=True, section=N_("Accounts"), help=N_("Returns of what it sold go to the register of returns."))
    cash_register_number: str = text(N_("Unique number of the cash register"), default="", most=40)
    vat_exempt: bool = flag(N_("The shop is exempt from VAT"), default=False)
    vat_period: VatPeriod = choice(VatPeriod, N_("A return lowers the VAT of"), default=VatPeriod.REFUND_MONTH, help=N_("Sources disagree; ask your accountant."))
    weight_lead_time: int = count(N_("Lead time"), default=1, section=N_("Rating of suppliers"), help=N_("How much each criterion counts; 0 leaves it out."))
    weight_accuracy: int = count(N_("Accuracy of deliveries"), default=1)
    weight_returns: int = count(N_("Flexibility with returns"), default=1)
    weight_service: int = count(N_("Service"), default=1)
    weight_price_clarity: int = count(N_("Clarity of prices"), default=1)
    weight_references: int = count(N_("References"), default=1)
    accountant: str = text(N_("Accountant"), default="", most=200)
    hourly_rate: Decimal | None = money(N_("An hour of work costs"), default=None, section=N_("Cost of poor quality"), help=N_("What a minute spent on a case is counted at."))
    usual_minutes: int | None = count(N_("Minutes a case usually takes"), default=None, help=N_("Counted for a case whose work nobody wrote down; the report says how much is estimated."))
    usual_postage: Decimal | None = money(N_("A parcel usually costs"), default=None, help=N_("Counted for each parcel of a case whose postage nobody wrote down."))
    usual_packaging: Decimal | None = money(N_("Packaging usually costs"), default=None)
    opens_at: int = count(N_("Open from, hour"), default=9, section=N_("Hours"), help=N_("The time to the first answer is told within these hours too."))
    closes_at: int = count(N_("Open until, hour"), default=17)
    open_saturdays: bool = flag(N_("Open on Saturdays"), default=False)
    monthly_reports: bool = flag(N_("Make the reports of a month by itself"), default=False, section=N_("Reports"), help=N_("When the program is opened after the month's end."))
    form_key: str = text(N_("Key of the complaint form"), default="", most=64, automatic=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if not self.opens_at < self.closes_at <= HOURS_OF_A_DAY:
            yield Problem("closes_at", _("The shop closes after it opens, at 24 at the latest."))
