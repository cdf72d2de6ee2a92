"""What the shop sells and sold: products, batches, orders and their lines. Sales are the denominator of every rate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.lists import Channel
from qmdesk.records.party import Customer, Supplier
from qmdesk.schema.record import (
    Record,
    count,
    day,
    ean,
    flag,
    long_text,
    moment,
    money,
    record,
    ref,
    text,
    vat_rate,
)


@record("product", N_("Product"), N_("Products"))
class Product(Record):
    """A thing on sale, known by its SKU."""

    sku: str = text(N_("SKU"), default="", most=80, searched=True, listed=True, unique=True, section=N_("What"), aka=("indeks", "kod towaru", "symbol", "stockcode", "kod produktu", "nr katalogowy", "article number", "kod", "item no", "item number", "nr artykułu", "indeks towaru"))
    name: str = text(N_("Name"), most=300, alphabetical=True, title=True, searched=True, listed=True, aka=("product", "produkt", "towar", "nazwa", "nazwa towaru", "title", "description", "item title", "nazwa produktu", "product name", "item", "artykuł"))
    ean: str = ean(N_("EAN"), default="", searched=True, listed=True, aka=("kod kreskowy", "barcode", "gtin", "ean13", "kod ean"))
    category: str = text(N_("Category"), default="", most=120, listed=True, aka=("kategoria", "product type", "grupa", "grupa towarowa", "grupa produktów", "rodzaj"))
    supplier: int | None = ref(Supplier, N_("Supplier"), default=None, listed=True, aka=("dostawca", "vendor", "producent"))
    price: Decimal | None = money(N_("Price"), default=None, currency="currency", listed=True, section=N_("Price"), aka=("cena", "cena brutto", "unit price", "cena sprzedaży", "cena sprzedaży brutto", "cena detaliczna"))
    cost: Decimal | None = money(N_("Purchase cost"), default=None, currency="currency", help=N_("What a piece costs the shop: what is lost when it can't be sold again."), aka=("cena zakupu", "koszt zakupu", "purchase price", "cost price"))
    currency: str = text(N_("Currency"), default="", most=3, aka=("waluta",))
    vat_rate: str = vat_rate(N_("VAT rate"), default="", aka=("vat", "stawka vat", "stawka"))
    active: bool = flag(N_("On sale"), default=True, aka=("aktywny", "w sprzedaży"))
    note: str = long_text(N_("Note"), default="", aka=("notes", "uwagi"))


@record("batch", N_("Batch"), N_("Batches"), together=(("product", "code"),))
class Batch(Record):
    """A delivery or production lot of one product."""

    product: int = ref(Product, N_("Product"), listed=True, aka=("produkt", "sku", "towar"))
    code: str = text(N_("Batch code"), most=80, title=True, listed=True, aka=("partia", "nr partii", "lot", "batch", "kod partii", "seria"))
    received_on: date | None = day(N_("Received on"), default=None, listed=True, aka=("data dostawy",))
    quantity: int | None = count(N_("Pieces"), default=None, listed=True, aka=("ilość", "quantity"))
    supplier: int | None = ref(Supplier, N_("Supplier"), default=None, listed=True, aka=("dostawca",))
    best_before: date | None = day(N_("Best before"), default=None, aka=("termin przydatności", "termin ważności", "data ważności"))
    note: str = long_text(N_("Note"), default="")
    sample_size: int | None = count(N_("Pieces to look at"), default=None, automatic=True, section=N_("Incoming inspection"))
    sample_accepts: int | None = count(N_("Accepted with up to"), default=None, automatic=True)
    sample_picks: str = long_text(N_("Which pieces"), default="", automatic=True)
    sample_plan: str = text(N_("Why so many"), default="", automatic=True)
    inspected_on: date | None = day(N_("Looked at on"), default=None, listed=True)
    defects_found: int | None = count(N_("Defective pieces found"), default=None, listed=True)
    stopped_on: date | None = day(N_("Sale stopped on"), default=None, help=N_("What is left of it is set aside and not sold."))


@record("order", N_("Order"), N_("Orders"), together=(("source", "number"),))
class Order(Record):
    """What one customer ordered at once."""

    number: str = text(N_("Order number"), most=80, title=True, searched=True, listed=True, section=N_("Order"), aka=("order", "order id", "order no", "numer zamówienia", "nr zamówienia", "zamówienie", "order reference", "invoiceno", "nr", "numer", "id zamówienia"))
    source: str = text(N_("Source"), default="", most=60, listed=True, aka=("źródło", "platforma", "shop"))
    ordered_at: datetime = moment(N_("Ordered at"), listed=True, aka=("order date", "date", "created at", "data zamówienia", "data", "sale date", "invoicedate", "data sprzedaży", "data zakupu", "data złożenia", "data złożenia zamówienia", "data transakcji", "purchase date"))
    customer: int | None = ref(Customer, N_("Customer"), default=None, searched=True, listed=True, aka=("klient", "buyer"))
    channel: int | None = ref(Channel, N_("Channel"), default=None, aka=("kanał",))
    status: str = text(N_("Status"), default="", most=80, listed=True, aka=("status zamówienia", "state", "order status"))
    total: Decimal | None = money(N_("Total"), default=None, currency="currency", signed=True, listed=True, section=N_("Money"), aka=("suma", "wartość", "kwota", "order total", "razem", "kwota brutto", "wartość zamówienia", "do zapłaty", "suma zamówienia"))
    shipping: Decimal | None = money(N_("Delivery cost"), default=None, currency="currency", aka=("dostawa", "koszt dostawy", "shipping cost", "koszt wysyłki", "koszt przesyłki", "delivery cost"))
    currency: str = text(N_("Currency"), default="", most=3, aka=("waluta",))
    payment_method: str = text(N_("Payment method"), default="", most=120, aka=("płatność", "sposób płatności", "payment", "forma płatności", "metoda płatności"))
    delivered_on: date | None = day(N_("Delivered on"), default=None, section=N_("Delivery"), aka=("data dostawy", "delivery date"))
    courier: str = text(N_("Courier"), default="", most=120, aka=("kurier", "shipping method", "sposób dostawy", "przewoźnik", "sposób wysyłki", "forma dostawy", "metoda dostawy", "forma wysyłki"))
    tracking_number: str = text(N_("Tracking number"), default="", most=80, searched=True, aka=("numer przesyłki", "nr nadania", "tracking", "waybill", "numer listu przewozowego", "nr listu przewozowego"))
    note: str = long_text(N_("Note"), default="", aka=("notes", "uwagi"))

    checks = ("delivered_on",)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.delivered_on and self.delivered_on < self.ordered_at.astimezone().date():
            yield Problem("delivered_on", _("The goods can't have been delivered before they were ordered."))


@record("order_line", N_("Order line"), N_("Order lines"))
class OrderLine(Record):
    """Pieces of one product in an order."""

    order: int = ref(Order, N_("Order"), owner=True, listed=True)
    line: int = count(N_("Line"), default=1, listed=True, aka=("lp", "pozycja"))
    product: int | None = ref(Product, N_("Product"), default=None, listed=True)
    sku: str = text(N_("SKU"), default="", most=80, searched=True, listed=True, aka=("indeks", "symbol", "kod towaru", "stockcode", "lineitem sku", "kod produktu"))
    name: str = text(N_("Product name"), most=300, title=True, searched=True, listed=True, aka=("product", "produkt", "towar", "nazwa towaru", "item name", "description", "lineitem name", "nazwa", "item", "artykuł"))
    quantity: int = count(N_("Pieces"), default=1, listed=True, aka=("quantity", "ilość", "qty", "sztuk", "lineitem quantity", "liczba", "liczba sztuk", "szt"))
    unit_price: Decimal | None = money(N_("Unit price"), default=None, currency="currency", signed=True, listed=True, aka=("price", "cena", "cena jednostkowa", "lineitem price", "cena brutto", "cena jednostkowa brutto", "cena jedn. brutto", "cena sprzedaży"))
    discount: Decimal | None = money(N_("Discount"), default=None, currency="currency", aka=("rabat", "lineitem discount"))
    currency: str = text(N_("Currency"), default="", most=3)
    vat_rate: str = vat_rate(N_("VAT rate"), default="", aka=("vat", "stawka vat"))
