"""The case: a complaint, a return or a guarantee claim, with its items and its conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import BuyerType, Customer, Person
from qmdesk.records.process import ProcessStep
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.schema.record import (
    Record,
    choice,
    count,
    day,
    flag,
    long_text,
    moment,
    money,
    percent,
    record,
    ref,
    text,
    vat_rate,
)
from qmdesk.schema.types import Labelled


class CaseKind(Labelled):
    """What the customer came with."""

    COMPLAINT = "complaint", N_("Complaint")
    RETURN = "return", N_("Return"), "zwrot towaru", "odstąpienie", "odstąpienie od umowy", "withdrawal"
    GUARANTEE = "guarantee", N_("Guarantee claim"), "gwarancja", "warranty"


class CaseState(Labelled):
    """Where a case stands (law.md 9.2)."""

    NEW = "new", N_("New"), "nowe zgłoszenie", "zgłoszona", "przyjęta", "zarejestrowana", "otwarta", "open"
    NEEDS_INFO = "needs_info", N_("Waiting for information"), "czeka na klienta", "oczekuje na klienta", "waiting for customer", "on hold"
    AWAITING_GOODS = "awaiting_goods", N_("Waiting for the goods")
    ASSESSING = "assessing", N_("Being assessed"), "w toku", "w trakcie", "w trakcie rozpatrywania", "rozpatrywana", "w realizacji", "in progress"
    DECIDED = "decided", N_("Decided")
    ANSWERED = "answered", N_("Answered"), "odpowiedziano", "udzielono odpowiedzi"
    REMEDY_RUNNING = "remedy_running", N_("Being mended")
    REMEDY_DONE = "remedy_done", N_("Mended")
    ACKNOWLEDGED = "acknowledged", N_("Statement confirmed")
    GOODS_RECEIVED = "goods_received", N_("Goods are here")
    INSPECTED = "inspected", N_("Goods looked at")
    REFUND_DUE = "refund_due", N_("Money to be returned")
    REFUNDED = "refunded", N_("Money returned")
    CLOSED = "closed", N_("Closed"), "zakończona", "załatwiona", "rozpatrzona", "rozwiązana", "gotowe", "done", "solved", "resolved", "finished"
    WITHDRAWN = "withdrawn", N_("Withdrawn by the customer"), "wycofana", "anulowana", "cancelled", "canceled"


CLOSED_STATES = (CaseState.CLOSED, CaseState.WITHDRAWN)
OPEN_STATES = tuple(state for state in CaseState if state not in CLOSED_STATES)
UNANSWERED_STATES = (CaseState.NEW, CaseState.NEEDS_INFO, CaseState.AWAITING_GOODS, CaseState.ASSESSING, CaseState.DECIDED)


class Demand(Labelled):
    """What the customer wants (UPK art. 43d, 43e; law.md 5)."""

    REPAIR = "repair", N_("Repair")
    REPLACEMENT = "replacement", N_("Replacement"), "wymiana na nowy", "wymiana towaru", "exchange"
    REDUCTION = "reduction", N_("Price reduction"), "obniżka ceny", "rabat", "discount"
    REFUND = "refund", N_("Withdrawal and refund"), "zwrot", "zwrot pieniędzy", "zwrot środków", "zwrot gotówki", "odstąpienie", "odstąpienie od umowy", "money back"
    OTHER = "other", N_("Something else")


class LegalBasis(Labelled):
    """What the claim rests on (law.md 1.1)."""

    NON_CONFORMITY = "non_conformity", N_("Lack of conformity")
    GUARANTEE = "guarantee", N_("Commercial guarantee")
    WARRANTY = "statutory_warranty", N_("Statutory warranty (B2B)")
    WITHDRAWAL = "withdrawal", N_("Withdrawal from the contract")
    VOLUNTARY = "voluntary", N_("Voluntary return")
    OTHER = "other", N_("Other")


class ContractType(Labelled):
    """How the contract was made."""

    SHOP = "shop", N_("In the shop")
    DISTANCE = "distance", N_("At a distance")
    OFF_PREMISES = "off_premises", N_("Off-premises")
    VISIT = "off_premises_visit", N_("Off-premises, at an unsolicited visit")
    EXCURSION = "excursion", N_("Off-premises, on an excursion")


class SaleDocument(Labelled):
    """What proves the sale; any evidence does, the receipt is not demanded."""

    RECEIPT = "receipt", N_("Receipt")
    INVOICE = "invoice", N_("Invoice")
    ORDER = "order", N_("Order confirmation")
    OTHER = "other", N_("Other evidence")


class Decision(Labelled):
    """What the shop answers (law.md 5, demand × decision)."""

    ACCEPTED = "accepted", N_("Accepted as demanded"), "uznana", "uznano", "uwzględniona", "zaakceptowana", "pozytywna"
    OTHER_REMEDY = "other_remedy", N_("Accepted with the other remedy")
    PARTIAL = "partial", N_("Accepted in part"), "uznana częściowo", "częściowo uznana", "uznano częściowo", "częściowo", "partially accepted"
    REJECTED = "rejected", N_("Rejected"), "nieuznana", "nie uznano", "odmowa", "odmówiono", "negatywna", "denied", "declined"


class GoodsKind(Labelled):
    """What was sold; digital content and goods with digital elements have rules of their own (UPK ch. 5a, 5b)."""

    GOODS = "goods", N_("Goods")
    DIGITAL_ELEMENTS = "digital_elements", N_("Goods with digital elements")
    DIGITAL = "digital", N_("Digital content or service")
    SERVICE = "service", N_("Service")


class SecondTier(Labelled):
    """Why the customer may ask for a price reduction or withdraw at once (UPK art. 43e(1))."""

    REFUSED = "refused", N_("The shop refused repair and replacement")
    NOT_DONE = "not_done", N_("The shop did not bring the goods into conformity")
    STILL_DEFECTIVE = "still_defective", N_("The defect persists although the shop tried")
    SERIOUS = "serious", N_("The defect is serious enough")
    WONT_DO = "wont_do", N_("It is clear that the shop will not do it in reasonable time")


class ReductionMethod(Labelled):
    """How a reduced price was found (UPK art. 43e(2))."""

    PROPORTIONAL = "proportional", N_("In proportion to the loss of value")
    AGREED = "agreed", N_("Agreed with the customer")


class CorrectedBy(Labelled):
    """Where the sale's books are corrected: in one place, never in both (law.md 4.1)."""

    REGISTER = "returns_register", N_("The register of returns")
    INVOICE = "corrective_invoice", N_("A corrective invoice")


class Outcome(Labelled):
    """What became of pieces of an item."""

    PENDING = "pending", N_("Not settled yet")
    REPAIRED = "repaired", N_("Repaired")
    REPLACED = "replaced", N_("Replaced")
    REDUCED = "reduced", N_("Price reduced")
    REFUNDED = "refunded", N_("Money returned")
    REJECTED = "rejected", N_("Rejected")
    SENT_BACK = "sent_back", N_("Sent back to the customer")


NO_MONEY = (Outcome.REJECTED, Outcome.SENT_BACK, Outcome.REPAIRED, Outcome.REPLACED)
"""What became of pieces for which no money goes back."""
MONEY_BACK = (Outcome.REFUNDED, Outcome.REDUCED)


class RefundMethod(Labelled):
    """How money goes back; the same way it came unless the customer agreed to another (UPK art. 32(2), 43e(7))."""

    SAME = "same", N_("The way it was paid")
    TRANSFER = "transfer", N_("Bank transfer")
    CARD = "card", N_("Card")
    CASH = "cash", N_("Cash")
    BLIK = "blik", N_("BLIK")
    OTHER = "other", N_("Other, agreed")


class AdrStatement(Labelled):
    """Whether the shop takes part in out-of-court settlement (ADR act art. 32)."""

    CONSENT = "consent", N_("The shop agrees to it")
    REFUSAL = "refusal", N_("The shop refuses it")


@record("case", N_("Case"), N_("Complaints"))
class Case(Record):
    """A complaint, return or guarantee claim from receipt to close."""

    number: str = text(N_("Number"), default="", most=40, title=True, searched=True, listed=True, unique=True, automatic=True, aka=("nr", "numer", "id", "nr reklamacji", "ticket id", "complaint no", "complaint number", "numer sprawy"))
    kind: CaseKind = choice(CaseKind, N_("Kind"), default=CaseKind.COMPLAINT, listed=True, section=N_("Who and when"), aka=("rodzaj", "typ", "type", "rodzaj zgłoszenia", "typ zgłoszenia", "rodzaj sprawy"))
    received_at: datetime = moment(N_("Received at"), listed=True, aka=("received on", "data zgłoszenia", "data otrzymania", "data wpływu", "return date", "return request date", "created at", "otrzymano", "data reklamacji", "data przyjęcia", "data przyjęcia reklamacji", "data przyjęcia zgłoszenia", "data zgłoszenia reklamacji", "data złożenia reklamacji", "complaint date"))
    channel: int | None = ref(Channel, N_("Channel"), default=None, listed=True, aka=("kanał", "via", "sposób zgłoszenia"))
    customer: int | None = ref(Customer, N_("Customer"), default=None, searched=True, listed=True, aka=("klient", "requester", "nabywca", "zgłaszający"))
    buyer_type: BuyerType = choice(BuyerType, N_("Buyer type"), default=BuyerType.CONSUMER, aka=("typ klienta",))
    order: int | None = ref(Order, N_("Order"), default=None, searched=True, listed=True, aka=("zamówienie", "order id", "nr zamówienia", "order number"))

    description: str = long_text(N_("What happened"), default="", searched=True, section=N_("What"), aka=("description", "opis", "opis wady", "subject", "temat", "treść", "customer comments", "reason", "powód", "wada", "opis usterki", "opis reklamacji", "opis problemu", "opis zgłoszenia", "treść reklamacji", "treść zgłoszenia", "powód reklamacji", "powód zwrotu", "przyczyna reklamacji", "przyczyna zwrotu", "description of defect", "problem"))
    noticed_on: date | None = day(N_("Defect noticed on"), default=None, help=N_("What counts for liability is when the defect showed, not when it was reported."), aka=("data ujawnienia", "kiedy zauważono"))
    demand: Demand | None = choice(Demand, N_("Demand"), default=None, listed=True, aka=("żądanie", "oczekiwanie", "resolution", "expectation", "żądanie klienta", "roszczenie", "oczekiwania", "oczekiwania klienta", "żądanie reklamującego"))
    claimed: Decimal | None = money(N_("Amount demanded"), default=None, currency="currency", aka=("kwota", "żądana kwota", "expected refund", "kwota roszczenia", "wartość roszczenia", "kwota reklamacji"))
    currency: str = text(N_("Currency"), default="", most=3, aka=("waluta", "currency code"))
    cause: int | None = ref(Cause, N_("Cause"), default=None, listed=True, aka=("przyczyna", "powód kod", "return reason", "kategoria wady", "rodzaj wady"))
    process_step: int | None = ref(ProcessStep, N_("Process step"), default=None, help=N_("Where in your work it arose; the process map counts it there."))

    legal_basis: LegalBasis | None = choice(LegalBasis, N_("Legal basis"), default=None, section=N_("The sale"), aka=("podstawa prawna", "podstawa"))
    contract_type: ContractType = choice(ContractType, N_("Contract"), default=ContractType.DISTANCE, aka=("umowa", "rodzaj umowy"))
    contract_on: date | None = day(N_("Contract made on"), default=None, aka=("data umowy",))
    sold_on: date | None = day(N_("Sold on"), default=None, aka=("data sprzedaży", "data zakupu", "order date", "purchase date", "data nabycia"))
    delivered_on: date | None = day(N_("Delivered on"), default=None, aka=("data dostawy", "data wydania"))
    sale_document: SaleDocument | None = choice(SaleDocument, N_("Proof of sale"), default=None, aka=("dowód zakupu", "dowód sprzedaży"))
    sale_document_number: str = text(N_("Number of the proof"), default="", most=80, searched=True, aka=("nr paragonu", "nr faktury", "invoice number", "numer dowodu", "nr dokumentu", "nr dowodu zakupu", "nr faktury/paragonu", "nr paragonu/faktury", "receipt number"))
    goods_received_on: date | None = day(N_("Goods received on"), default=None, aka=("data otrzymania towaru", "return delivery date"))
    goods_condition: str = long_text(N_("Condition and accessories"), default="", aka=("stan towaru",))
    marketplace_due: date | None = day(N_("Marketplace wants an answer by"), default=None, aka=("decision due date", "termin decyzji"))
    external_id: str = text(N_("Number in the source"), default="", most=80, searched=True, aka=("reference number", "rma", "amazon rma id", "numer zgłoszenia"))

    state: CaseState = choice(CaseState, N_("State"), default=CaseState.NEW, listed=True, automatic=True, aka=("status", "stan", "status reklamacji", "status zgłoszenia", "status sprawy"))
    responsible: int | None = ref(Person, N_("Responsible"), default=None, listed=True, section=N_("Handling"), aka=("odpowiedzialny", "assignee", "prowadzi", "osoba odpowiedzialna", "prowadzący", "pracownik", "opiekun"))
    safety: bool = flag(N_("Somebody could be hurt"), default=False, help=N_("A product that can hurt somebody must be reported further; tick it at once."), aka=("bezpieczeństwo", "safety"))
    note: str = long_text(N_("Internal note"), default="", searched=True, aka=("notes", "uwagi", "notatka", "notatki", "komentarz"))

    decision: Decision | None = choice(Decision, N_("Decision"), default=None, listed=True, section=N_("Decision"), aka=("decyzja", "rozstrzygnięcie", "decyzja sklepu"))
    decision_reasons: str = long_text(N_("Findings and reasons"), default="", searched=True, aka=("uzasadnienie", "uzasadnienie decyzji"))
    decided_on: date | None = day(N_("Decided on"), default=None, aka=("data decyzji",))
    decided_by: int | None = ref(Person, N_("Decided by"), default=None)
    remedy: str = long_text(N_("What the shop will do"), default="", help=N_("Repair, replacement or refund: how, by when, and how the goods are collected."))
    value_loss: Decimal | None = percent(N_("Loss of value"), default=None)
    refund: Decimal | None = money(N_("Refund"), default=None, currency="currency", aka=("zwrot", "kwota zwrotu", "refunded amount"))
    refund_method: RefundMethod | None = choice(RefundMethod, N_("Refund method"), default=None)
    refunded_on: date | None = day(N_("Money returned on"), default=None, aka=("data zwrotu pieniędzy",))
    adr: AdrStatement | None = choice(AdrStatement, N_("Out-of-court settlement"), default=None, help=N_("A rejection must say it; saying nothing counts as consent."))
    closed_on: date | None = day(N_("Closed on"), default=None, automatic=True, aka=("data zamknięcia", "solved at", "data zakończenia", "closed at"))

    buyer_reasons: str = long_text(N_("Why the buyer counts as such"), default="", section=N_("In law"))
    basis_reasons: str = long_text(N_("Why this legal basis"), default="")
    ceidg_checked_on: date | None = day(N_("CEIDG looked up on"), default=None, help=N_("For a sole trader: whether the purchase belongs to the trade that is registered there."))
    goods_kind: GoodsKind = choice(GoodsKind, N_("What was sold"), default=GoodsKind.GOODS)
    guarantee_days: int | None = count(N_("Days the guarantee gives"), default=None, help=N_("The time for repair that the guarantee states; without one the law gives 14 days."))
    examined_on: date | None = day(N_("Buyer examined the goods on"), default=None, help=N_("A business must examine and notify at once."))
    warranty_excluded: bool = flag(N_("The contract excludes the statutory warranty"), default=False)
    second_tier: SecondTier | None = choice(SecondTier, N_("Ground for reduction or withdrawal"), default=None, section=N_("Second demand"))
    second_tier_on: date | None = day(N_("Statement of reduction or withdrawal received on"), default=None)
    goods_sent_on: date | None = day(N_("Proof that the goods were sent received on"), default=None)
    disputed_on: date | None = day(N_("In dispute since"), default=None)
    dispute_outcome: str = long_text(N_("How the dispute ended"), default="")
    remedy_kind: Demand | None = choice(Demand, N_("Kind of remedy"), default=None, section=N_("Carrying out"))
    remedy_started_on: date | None = day(N_("Begun on"), default=None)
    remedy_done_on: date | None = day(N_("Done on"), default=None)
    remedy_cost: Decimal | None = money(N_("Cost to the shop"), default=None)
    reduction_method: ReductionMethod | None = choice(ReductionMethod, N_("How the reduction was found"), default=None)
    refund_reason: str = long_text(N_("Why another sum is returned"), default="", section=N_("Money"))
    refund_consent_on: date | None = day(N_("Customer agreed to another way of refund on"), default=None)
    cash_register_number: str = text(N_("Unique number of the cash register"), default="", most=40)
    corrected_by: CorrectedBy | None = choice(CorrectedBy, N_("The books are corrected by"), default=None)
    deemed_accepted_on: date | None = day(N_("Accepted by silence on"), default=None, automatic=True)
    reopened_on: date | None = day(N_("Opened again on"), default=None, automatic=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        received = self.received_at.astimezone().date()  # the day on the shop's clock, as the other days are
        if self.noticed_on and self.noticed_on > received:
            yield Problem("noticed_on", _("The defect can't have been noticed after the complaint was received."))
        if self.sold_on and self.delivered_on and self.delivered_on < self.sold_on:
            yield Problem("delivered_on", _("The goods can't have been delivered before they were sold."))
        if self.sold_on and self.sold_on > received:
            yield Problem("sold_on", _("The goods can't have been sold after the complaint was received."))
        if self.contract_on and self.contract_on > received:
            yield Problem("contract_on", _("The contract can't have been made after the complaint was received."))
        for name in ("noticed_on", "goods_received_on", "goods_sent_on", "refunded_on"):
            value = getattr(self, name)
            if self.sold_on and value and value < self.sold_on:
                yield Problem(name, _("{field} can't be before the goods were sold.").format(field=self.spec.fields[name].labelled()))
        if self.customer is None and not self.description and self.order is None and not self.external_id:
            yield Problem("description", _("Write what happened, or choose the customer or the order."))


@record("case_item", N_("Item"), N_("Items"))
class CaseItem(Record):
    """Pieces of one product in a case; pieces with different outcomes stand in different rows."""

    case: int = ref(Case, N_("Case"), owner=True)
    product: int | None = ref(Product, N_("Product"), default=None, listed=True)
    order_line: int | None = ref(OrderLine, N_("Order line"), default=None)
    batch: int | None = ref(Batch, N_("Batch"), default=None)
    name: str = text(N_("Product name"), title=True, searched=True, listed=True, aka=("product", "produkt", "towar", "product-name", "item name", "nazwa", "nazwa produktu", "nazwa towaru"))
    sku: str = text(N_("SKU"), default="", most=80, searched=True, listed=True, aka=("merchant sku", "indeks", "symbol"))
    serial: str = text(N_("Serial number"), default="", most=80, searched=True, aka=("nr seryjny", "numer seryjny"))
    quantity: int = count(N_("Pieces"), default=1, least=1, listed=True, aka=("quantity", "ilość", "return quantity", "sztuk", "qty", "liczba", "liczba sztuk", "szt"))
    unit_price: Decimal | None = money(N_("Unit price"), default=None, currency="currency", listed=True, aka=("cena", "cena brutto"))
    currency: str = text(N_("Currency"), default="", most=3)
    vat_rate: str = vat_rate(N_("VAT rate"), default="", aka=("vat", "stawka vat"))
    defect: str = text(N_("Defect"), default="", most=500, searched=True, listed=True, aka=("wada", "usterka"))
    outcome: Outcome = choice(Outcome, N_("Outcome"), default=Outcome.PENDING, listed=True)
    sold_on: date | None = day(N_("Sold on"), default=None, help=N_("When it is another sale than the case's."))
    sale_document_number: str = text(N_("Number of the proof"), default="", most=80)
    discount: Decimal | None = money(N_("Discount for a piece"), default=None, currency="currency")

    @property
    def each(self) -> Decimal | None:
        """What was paid for a piece, less its discount; None where the price is not known."""
        return None if self.unit_price is None else self.unit_price - (self.discount or Decimal())

    @property
    def paid(self) -> Decimal | None:
        """What was paid for all the pieces; None where the price is not known."""
        return None if self.each is None else self.each * self.quantity


def paid_for(items: Iterable[CaseItem]) -> Decimal | None:
    """What was paid for these items; None where a price is not known, or for no item at all."""
    found = [item.paid for item in items]
    return None if not found or None in found else sum((one for one in found if one is not None), Decimal())


def given_back(items: Sequence[CaseItem]) -> list[CaseItem]:
    """The items money goes back for: those marked so, else all that were not refused, mended or replaced."""
    return [item for item in items if item.outcome in MONEY_BACK] or [item for item in items if item.outcome not in NO_MONEY]


class Direction(Labelled):
    """Who speaks to whom."""

    INCOMING = "incoming", N_("From the customer")
    OUTGOING = "outgoing", N_("To the customer")
    INTERNAL = "internal", N_("Internal note")


@record("message", N_("Message"), N_("Conversation"))
class Message(Record):
    """One thing said in a case: a letter, a mail, a phone call, a note."""

    case: int = ref(Case, N_("Case"), owner=True)
    at: datetime = moment(N_("When"), listed=True, aka=("date", "data"))
    direction: Direction = choice(Direction, N_("Direction"), default=Direction.INCOMING, listed=True)
    channel: int | None = ref(Channel, N_("Channel"), default=None, listed=True)
    author: str = text(N_("Who"), default="", most=120, listed=True)
    text: str = long_text(N_("Text"), title=True, searched=True, listed=True)
