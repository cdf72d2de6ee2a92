"""The letters of a return: the withdrawal is confirmed, goods are taken back by protocol, money goes back (D5-D7)."""

from __future__ import annotations

from qmdesk.documents import money
from qmdesk.documents.letterhead import (
    BASES,
    contact,
    item_name,
    items,
    return_address,
    signature,
)
from qmdesk.documents.matter import Matter
from qmdesk.documents.writer import Facts, Said, Writer, paragraphs, section, table
from qmdesk.records.books import Payment
from qmdesk.records.case import Case, Demand, paid_for
from qmdesk.records.lists import Cause
from qmdesk.records.returns import DeliveryKind, Informed, ReturnDetails
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.types import VatRate

ACCOUNT = 26  # digits of a Polish account number; an IBAN of another country has 15 and more
SHORTEST_ACCOUNT = 15


# ------------------------------------------------------------------- D5: the statement was received


def withdrawal_confirmation(writer: Writer, matter: Matter) -> Facts:
    """D5: that the statement of withdrawal was received, to the second, with its words and how it goes on."""
    case, terms = matter.case, matter.terms
    day, _comma, time = writer.second(case.received_at).rpartition(", ")
    statement = (terms.statement if terms else "") or case.description
    doubtful = terms is not None and terms.exclusion is not None
    return {
        "subject": writer.word("withdrawal_confirmation.subject"),
        "paragraphs": [writer.say("withdrawal_confirmation.opening", received_on=day, received_time=time, case_number=case.number)],
        "particulars": writer.rows(
            ("channel", matter.channel.name if matter.channel else ""),
            ("statement_sent", writer.day(terms.statement_sent_on) if terms else ""),
            ("order_number", matter.order.number if matter.order else ""),
            ("contract_on", writer.day(case.contract_on or case.sold_on)),
            ("delivered_on", writer.day(case.delivered_on)),
        ),
        "items": items(writer, matter),
        "sections": [
            section(writer.word("withdrawal_confirmation.statement_title"), *paragraphs(writer.need(statement, ReturnDetails, "statement")), framed=True),
            section(writer.word("withdrawal_confirmation.not_certain_title"), writer.word("withdrawal_confirmation.not_certain")) if doubtful else None,
            section(writer.word("withdrawal_confirmation.send_back_title"), *sending_back(writer, matter)),
            section(writer.word("withdrawal_confirmation.refund_title"), *_refund_terms(writer, matter)),
        ],
        "closing": [writer.say("answer.contact", contact=contact(writer, matter.shop), case_number=case.number)],
        "signature": signature(writer, matter, case.responsible),
    }


def sending_back(writer: Writer, matter: Matter) -> list[Said]:
    """Where and until when goods go back, and who pays for it."""
    terms = matter.terms
    if terms is not None and terms.delivery_kind is DeliveryKind.CONTRACT:
        return [writer.word("withdrawal_confirmation.no_goods")]
    if matter.case.goods_received_on is not None:
        return [writer.say("withdrawal_confirmation.goods_are_here", day=writer.day(matter.case.goods_received_on))]
    if terms is not None and terms.collection_offered:
        return [writer.word("withdrawal_confirmation.we_collect")]
    address = return_address(writer, matter.shop)
    known = matter.deadline("goods_sent")
    if known is None:
        said = writer.say("withdrawal_confirmation.send_to", return_address=address)
    else:
        said = writer.say("withdrawal_confirmation.send_to_by", return_address=address, send_by=writer.day(known[0].legal))
    ours = terms is not None and (terms.shop_pays_return or terms.informed is Informed.NO)
    return [said, writer.word(f"withdrawal_confirmation.{'we_pay' if ours else 'you_pay'}")]


def _refund_terms(writer: Writer, matter: Matter) -> list[Said]:
    known, terms = matter.deadline("money_returned"), matter.terms
    said: list[Said] = []
    if known is None:
        said.append(writer.word("withdrawal_confirmation.refund"))
    else:
        deadline, rule = known
        said.append(writer.say("withdrawal_confirmation.refund_by", days=str(rule.amount), refund_by=writer.day(deadline.legal), basis=writer.acts(rule.basis.to(writer.lang))))
    said.append(writer.word("withdrawal_confirmation.same_way"))
    if not (terms and terms.collection_offered) and matter.case.goods_received_on is None and not (terms and terms.delivery_kind is DeliveryKind.CONTRACT):
        said.append(writer.word("withdrawal_confirmation.withholding"))
    said.append(writer.word("withdrawal_confirmation.delivery"))
    if terms is None or terms.informed is not Informed.NO:
        said.append(writer.word("withdrawal_confirmation.diminished"))
    return said


# --------------------------------------------------------------------------------- D6: the protocol


def protocol(writer: Writer, matter: Matter) -> Facts:
    """D6: what was taken back and what was paid back, for both signatures; it goes to the register of returns."""
    case = matter.case
    reckoned = money.reckon(writer, matter)
    goods = paid_for(matter.given_back)
    total = reckoned.total
    if total is None:
        writer.need("", Case, "refund")
    whole = goods is not None and total is not None and total >= goods and (case.remedy_kind or case.demand) is not Demand.REDUCTION
    kind = "return" if matter.returned else "complaint"
    register = case.cash_register_number or matter.shop.cash_register_number
    return {
        "subject": writer.say(f"protocol.subject_{kind}", number=matter.number or "–"),
        "paragraphs": [writer.word("protocol.not_fiscal"), writer.word("protocol.register_note"), writer.say(f"protocol.opening_{kind}", buyer=_buyer(writer, matter))],
        "particulars": writer.rows(
            ("sale_date", writer.need(writer.day(case.sold_on), Case, "sold_on")),
            ("proof_of_purchase", writer.need(_proof(writer, matter), Case, "sale_document_number")),
            ("register_number", register if matter.shop.cash_register else ""),
            ("returned_on", writer.day(case.goods_received_on or matter.received_on)),
            ("reason", _reason(writer, matter)),
            ("extent", writer.word(f"protocol.{'whole' if whole else 'part'}") if total is not None else ""),
            ("refund_amount", writer.money(total, case.currency)),
            ("refund_method", writer.need(money.method(writer, matter), Case, "refund_method")),
            ("goods_condition", _condition(writer, matter)),
        ),
        "items": _priced(writer, matter),
        "further": money.by_rate(writer, matter, total),
        "sections": [
            section(writer.word("protocol.less_title"), money.listed(writer, matter, reckoned)) if total is not None and total != goods else None,
            section(writer.word("protocol.own_words"), *paragraphs(matter.words)) if matter.words else None,
        ],
        "enclosures": [file.name for file in matter.files],
        "signature": signature(writer, matter, case.responsible, parties=True),
    }


def _buyer(writer: Writer, matter: Matter) -> Said:
    return matter.customer.name if matter.customer else writer.need("", Case, "customer")


def _proof(writer: Writer, matter: Matter) -> str:
    """The sale's documents; a return may be about several sales."""
    case = matter.case
    others = dict.fromkeys(item.sale_document_number for item in matter.given_back if item.sale_document_number)
    numbers = ", ".join([one for one in (case.sale_document_number,) if one] + [one for one in others if one != case.sale_document_number])
    if numbers:
        return f"{writer.choice(case.sale_document)} {numbers}".strip()
    return writer.choice(case.sale_document) if case.sale_document else ""


def _reason(writer: Writer, matter: Matter) -> str:
    words = [writer.word(f"basis.{BASES[matter.basis]}")] if matter.basis else []
    if matter.case.cause:
        words.append(matter.reading.title(Cause, matter.case.cause))
    return ", ".join(words)


def _condition(writer: Writer, matter: Matter) -> str:
    terms = matter.terms
    seen = [writer.choice(terms.condition), terms.condition_notes] if terms else []
    said = [one.strip().rstrip(".") for one in (*seen, matter.case.goods_condition) if one.strip()]
    return "; ".join(dict.fromkeys(said))


def _priced(writer: Writer, matter: Matter) -> Facts | None:
    """What is taken back with its prices and rates."""
    currency = matter.case.currency
    rows: list[list[Said]] = []
    for item in matter.given_back:
        rate = "zw" if matter.shop.vat_exempt else item.vat_rate
        shown = VatRate().show(rate, writer.lang)
        money_of = item.currency or currency
        rows.append([item_name(writer, item), item.sku, writer.number(item.quantity), writer.money(item.each, money_of), shown, writer.money(item.paid, money_of)])
    columns = (("item", "left", True), ("sku", "left", False), ("quantity", "right", True), ("unit_price", "right", True), ("vat_rate", "right", True), ("amount", "right", True))
    together = paid_for(matter.given_back)
    foot = [[writer.word("label.total"), "", "", "", "", writer.money(together, currency)]] if together is not None and len(rows) > 1 else []
    return table([(writer.word(f"label.{name}"), side, stays) for name, side, stays in columns], rows, foot=foot)


# ------------------------------------------------------------------------------ D7: the refund note


def refund_note(writer: Writer, matter: Matter) -> Facts:
    """D7: what goes back part by part with its basis, how and when, and its VAT for the accountant."""
    case = matter.case
    reckoned = money.reckon(writer, matter)
    amount = writer.need(writer.money(reckoned.total, case.currency), Case, "refund")
    paid = case.refunded_on is not None
    due = matter.deadline("money_returned")
    return {
        "subject": writer.say("refund_note.subject", case_number=case.number),
        "paragraphs": [
            writer.say(f"refund_note.opening_{'return' if matter.returned else 'complaint'}", received_on=writer.day(matter.received_on), case_number=case.number),
            writer.word(f"refund_note.{'paid' if paid else 'will_be_paid'}"),
        ],
        "highlight": {"label": writer.word("label.refund_amount"), "value": amount},
        "particulars": writer.rows(
            ("order_number", matter.order.number if matter.order else ""),
            ("proof_of_purchase", ", ".join(one for one in (_proof(writer, matter), writer.day(case.sold_on)) if one)),
            ("refund_method", writer.need(money.method(writer, matter), Case, "refund_method")),
            ("account", _account(matter)),
            ("refund_on", writer.day(case.refunded_on)),
            ("refund_by", writer.day(due[0].legal) if due and not paid else ""),
        ),
        "items": money.components(writer, matter, reckoned),
        "sections": [
            section(writer.word("protocol.own_words"), *paragraphs(matter.words)) if matter.words else None,
        ],
        "further": money.by_rate(writer, matter, reckoned.total),
        "closing": [writer.say("answer.contact", contact=contact(writer, matter.shop), case_number=case.number)],
        "signature": signature(writer, matter, case.decided_by or case.responsible),
    }


def _account(matter: Matter) -> str:
    """The account the money went to, where the bank's statement names it, without the digits that are nobody's business."""
    if matter.blank or not matter.case.id:
        return ""
    for payment in matter.reading.records(Query(Payment, (Condition("case", types.IS, (matter.case.id,)),))):
        if hidden := masked(f"{payment.counterparty} {payment.description}"):
            return hidden
    return ""


def masked(text: str) -> str:
    """The first account number in a text as its last four digits; "" when there is none."""
    digits = ""
    for letter in text + "|":
        if letter.isdecimal():
            digits += letter
        elif letter != " ":
            if len(digits) >= SHORTEST_ACCOUNT:
                break
            digits = ""
    return f"•••• {digits[-4:]}" if SHORTEST_ACCOUNT <= len(digits) <= 2 * ACCOUNT else ""

