"""What a shop hands out before anybody complains: the withdrawal form and the information on withdrawal (D8, D9).

The fields and the order of what is said are those of the statutory models as far as they are known (annexes 1 and 2 of
the consumer-rights act); their words are not, so the information is written in plain sentences of our own.
"""

from __future__ import annotations

from qmdesk.documents.letterhead import in_one_line, return_address, shop_address
from qmdesk.documents.matter import Matter
from qmdesk.documents.writer import Facts, Said, Writer, section
from qmdesk.i18n import N_
from qmdesk.law.packs import Rule
from qmdesk.records.lists import Channel
from qmdesk.records.paper import DocumentKind
from qmdesk.records.returns import DeliveryKind
from qmdesk.records.shop import Shop
from qmdesk.schema.query import Query

DOUBTS = {
    DocumentKind.WITHDRAWAL_FORM: N_("The fields are those of the model in annex 2 of the consumer-rights act; compare the words with the act before you publish the form."),
    DocumentKind.WITHDRAWAL_INFORMATION: N_(
        "These are plain sentences, not the model of annex 1 of the consumer-rights act, whose use the law calls sufficient. Have them compared before you publish them."
    ),
    DocumentKind.SOLE_TRADER_STATEMENT: N_("Whether silence means acceptance for sole traders is not settled; the shop should answer them in time as it does consumers."),
}

STARTS = {DeliveryKind.ONE: "goods", DeliveryKind.PARTS: "parts", DeliveryKind.REGULAR: "regular", DeliveryKind.CONTRACT: "contract"}


def withdrawal_form(writer: Writer, matter: Matter) -> Facts:
    """D8: the form to withdraw with; its addressee is filled in, and for a case what is known of the purchase."""
    shop, case, customer = matter.shop, matter.case, matter.customer
    address = ", ".join(line for line in (customer.street, f"{customer.postcode} {customer.city}".strip()) if line) if customer else ""
    days = [writer.day(day) for day in (case.contract_on or case.sold_on, case.delivered_on) if day]
    addressee = writer.say(
        "withdrawal_form.addressee", shop=shop.legal_name or shop.name, shop_address=shop_address(writer, shop), email=writer.need(shop.email, Shop, "email")
    )
    goods = "; ".join(item.name for item in matter.items)
    return {
        "subject": writer.word("withdrawal_form.title"),
        "paragraphs": [writer.word("withdrawal_form.when"), addressee, writer.word("withdrawal_form.statement")],
        "blanks": [
            {"label": writer.word("withdrawal_form.goods"), "value": goods, "lines": 2},
            {"label": writer.word("withdrawal_form.days"), "value": " / ".join(days)},
            {"label": writer.word("withdrawal_form.name"), "value": customer.name if customer else ""},
            {"label": writer.word("withdrawal_form.address"), "value": address, "lines": 2},
            {"label": writer.word("withdrawal_form.signature")},
            {"label": writer.word("withdrawal_form.date")},
        ],
        "closing": [writer.word("withdrawal_form.strike_out")],
    }


def withdrawal_information(writer: Writer, matter: Matter) -> Facts:
    """D9: the customer's right, how to use it, what follows from it."""
    shop, terms = matter.shop, matter.terms
    days, longer = _days(matter)
    start = STARTS[terms.delivery_kind] if terms else "goods"
    collects = terms is not None and terms.collection_offered
    pays = "we_pay" if terms is not None and terms.shop_pays_return else "you_pay"
    reached = {"shop": shop.legal_name or shop.name, "shop_address": shop_address(writer, shop), "contact": _reached(writer, shop)}
    how: list[Said] = [writer.say("withdrawal_information.how", **reached), writer.word("withdrawal_information.form")]
    if shop.website and any(channel.own_form and channel.active for channel in matter.reading.records(Query(Channel))):
        how.append(writer.say("withdrawal_information.online", website=shop.website))
    how.append(writer.word("withdrawal_information.in_time"))
    refund: list[Said] = [writer.say("withdrawal_information.refund", days=_refund_days(matter, days)), writer.word("withdrawal_information.same_way")]
    if start != "contract" and not collects:
        refund.append(writer.word("withdrawal_information.withholding"))
    goods: list[Said] = []
    if start == "contract":
        goods.append(writer.word("withdrawal_information.services"))
    else:
        goods.append(writer.word("withdrawal_information.we_collect") if collects else writer.say("withdrawal_information.send_to", return_address=return_address(writer, shop), days=days))
        goods += [] if collects else [writer.word(f"withdrawal_information.{pays}")]
        goods.append(writer.word("withdrawal_information.diminished"))
    return {
        "subject": writer.word("withdrawal_information.title"),
        "sections": [
            section(
                writer.word("withdrawal_information.right_title"),
                writer.say("withdrawal_information.right", days=days),
                writer.say(f"withdrawal_information.start_{start}", days=days),
                writer.say("withdrawal_information.longer", days=longer) if longer else "",
            ),
            section(writer.word("withdrawal_information.how_title"), *how),
            section(writer.word("withdrawal_information.refund_title"), *refund),
            section(writer.word(f"withdrawal_information.{'services' if start == 'contract' else 'goods'}_title"), *goods),
        ],
    }


def _window_rules(matter: Matter) -> list[Rule]:
    return [rule for rule in matter.rules if rule.gives == "base_withdrawal_end" and rule.enabled]


def _days(matter: Matter) -> tuple[str, str]:
    """The days to withdraw, and the longer term for unsolicited visits and excursions; "" where the law has none."""
    found = sorted({rule.amount for rule in _window_rules(matter)}) or [14]
    return str(found[0]), str(found[-1]) if len(found) > 1 else ""


def _refund_days(matter: Matter, otherwise: str) -> str:
    found = next((rule.amount for rule in matter.rules if "withdrawal_statement_received" in rule.trigger and "money_returned" in rule.satisfied_by), None)
    return str(found) if found else otherwise


def _reached(writer: Writer, shop: Shop) -> Said:
    return ", ".join(way for way in (in_one_line(shop.phone), shop.email) if way) or writer.need("", Shop, "email")
