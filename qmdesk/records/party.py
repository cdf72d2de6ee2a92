"""The people and firms a shop deals with: customers, suppliers, its own staff."""

from __future__ import annotations

from qmdesk.i18n import N_
from qmdesk.schema.record import Record, choice, email, flag, long_text, nip, phone, record, text
from qmdesk.schema.types import Labelled


class BuyerType(Labelled):
    """Who the buyer is in law (law.md 1.1)."""

    CONSUMER = "consumer", N_("Consumer"), "osoba prywatna", "osoba fizyczna", "klient indywidualny", "b2c", "private"
    SOLE_TRADER = "sole_trader_consumer_rights", N_("Sole trader with consumer rights")
    BUSINESS = "business", N_("Business"), "przedsiębiorca", "klient biznesowy", "b2b", "company"


@record("customer", N_("Customer"), N_("Customers"))
class Customer(Record):
    """Somebody who bought: one place for contacts, orders and cases."""

    name: str = text(
        N_("Customer name"), most=200, alphabetical=True, title=True, searched=True, listed=True, section=N_("Who"),
        aka=("customer", "customer name", "klient", "imię i nazwisko", "imie i nazwisko", "nabywca", "nazwa klienta", "buyer name", "kunde", "client", "imię + nazwisko", "first name + last name", "first name + surname", "vorname + nachname", "nazwa", "kupujący", "odbiorca", "kontrahent", "zamawiający", "imię i nazwisko klienta", "nazwisko", "last name", "full name", "buyer"),
    )  # fmt: skip
    buyer_type: BuyerType = choice(
        BuyerType, N_("Buyer type"), default=BuyerType.CONSUMER, listed=True,
        help=N_("A sole trader has consumer rights when the purchase is not professional for them."), aka=("typ klienta", "rodzaj nabywcy", "customer type"),
    )  # fmt: skip
    company: str = text(N_("Company"), default="", searched=True, aka=("firma", "nazwa firmy", "company name", "billing company"))
    nip: str = nip(N_("NIP"), default="", searched=True, aka=("numer nip", "vat number", "vat id", "tax number", "buyer nip", "nip klienta"))
    email: str = email(
        N_("E-mail"), default="", searched=True, listed=True, section=N_("Contact"),
        aka=("email", "e-mail address", "adres e-mail", "adres email", "mail", "customer email", "buyer email", "e-mail klienta", "email klienta", "adres e-mail klienta"),
    )  # fmt: skip
    phone: str = phone(N_("Phone"), default="", searched=True, listed=True, aka=("telephone", "telefon", "nr telefonu", "numer telefonu", "tel", "telefon klienta", "numer telefonu klienta", "telefon kontaktowy", "telefon komórkowy", "tel. kom", "komórka", "kontakt telefoniczny", "phone number", "mobile"))
    login: str = text(N_("Marketplace login"), default="", searched=True, aka=("login", "buyer username", "nick", "user login", "login allegro", "nick allegro"))
    street: str = text(N_("Street and number"), default="", section=N_("Address"), aka=("street", "ulica", "adres", "address", "address 1", "ulica i numer", "adres klienta", "ulica i nr", "ulica i nr domu"))
    postcode: str = text(N_("Postcode"), default="", most=20, aka=("zip", "kod pocztowy", "postal code", "kod", "kod poczt"))
    city: str = text(N_("City"), default="", most=100, listed=True, aka=("miasto", "miejscowość", "town"))
    country: str = text(N_("Country"), default="", most=60, aka=("kraj", "country code", "państwo", "land", "pays"))
    external_id: str = text(N_("Number in the shop system"), default="", most=80, searched=True, aka=("customer id", "id klienta", "nr klienta", "customerid"))
    note: str = long_text(N_("Note"), default="", searched=True, aka=("notes", "notatka", "uwagi"))


class PartnerKind(Labelled):
    """What a firm does for the shop."""

    SUPPLIER = "supplier", N_("Supplier")
    FULFILMENT = "fulfilment", N_("Fulfilment partner")
    COURIER = "courier", N_("Courier")
    OTHER = "other", N_("Other")


@record("supplier", N_("Supplier"), N_("Suppliers"))
class Supplier(Record):
    """A firm the shop buys from."""

    name: str = text(N_("Name"), most=200, alphabetical=True, title=True, searched=True, listed=True, section=N_("Who"), aka=("supplier", "dostawca", "vendor", "producent", "nazwa dostawcy", "nazwa", "firma", "nazwa firmy", "kontrahent", "company", "supplier name"))
    kind: PartnerKind = choice(PartnerKind, N_("What it does for the shop"), default=PartnerKind.SUPPLIER, listed=True)
    nip: str = nip(N_("NIP"), default="", searched=True, aka=("numer nip", "vat number", "vat id"))
    contact: str = text(N_("Contact person"), default="", searched=True, listed=True, section=N_("Contact"), aka=("osoba kontaktowa", "kontakt"))
    email: str = email(N_("E-mail"), default="", searched=True, listed=True, aka=("email", "adres e-mail"))
    phone: str = phone(N_("Phone"), default="", searched=True, listed=True, aka=("telephone", "telefon", "tel", "telefon kontaktowy", "telefon komórkowy", "phone number"))
    street: str = text(N_("Street and number"), default="", section=N_("Address"), aka=("street", "ulica", "adres", "address"))
    postcode: str = text(N_("Postcode"), default="", most=20, aka=("zip", "kod pocztowy"))
    city: str = text(N_("City"), default="", most=100, listed=True, aka=("miasto", "miejscowość"))
    country: str = text(N_("Country"), default="", most=60, aka=("kraj",))
    note: str = long_text(N_("Note"), default="", searched=True, aka=("notes", "notatka", "uwagi"))


@record("person", N_("Person"), N_("Staff"))
class Person(Record):
    """Somebody who works in the shop: takes complaints in, decides, signs."""

    name: str = text(N_("Full name"), most=120, alphabetical=True, title=True, listed=True, unique=True, aka=("imię i nazwisko", "pracownik", "assignee", "imię + nazwisko", "first name + last name", "nazwisko"))
    role: str = text(N_("Role"), default="", most=120, listed=True, aka=("stanowisko", "rola", "funkcja", "position"))
    email: str = email(N_("E-mail"), default="", listed=True, aka=("email",))
    active: bool = flag(N_("Works here now"), default=True, offers=True, listed=True, aka=("aktywny", "pracuje"))
