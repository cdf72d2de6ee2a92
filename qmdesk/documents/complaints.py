"""The letters of a complaint: receipt, request, answer, the statement on settlement, the remedy, the sole trader's statement (D1-D4, D10-D12)."""

from __future__ import annotations

from qmdesk.documents import money
from qmdesk.documents.letterhead import (
    BASES,
    DEMANDS,
    abroad,
    contact,
    customer_contact,
    demanded,
    items,
    recipient,
    sale,
    shop_address,
    signature,
)
from qmdesk.documents.matter import Matter
from qmdesk.documents.writer import WORDS, Facts, Said, Writer, listed, paragraphs, section, table
from qmdesk.law.conformity import Speaks, reasons
from qmdesk.law.exclusions import basis as exclusion_basis
from qmdesk.law.exclusions import exclusion
from qmdesk.law.remedy import owes_adr
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseKind,
    Decision,
    Demand,
    GoodsKind,
    LegalBasis,
    RefundMethod,
)
from qmdesk.records.party import BuyerType, Customer
from qmdesk.records.shop import Shop

SUFFIX = {CaseKind.COMPLAINT: "", CaseKind.GUARANTEE: "_guarantee", CaseKind.RETURN: "_return"}


# --------------------------------------------------------------------------------- D1: it was received


def confirmation(writer: Writer, matter: Matter) -> Facts:
    """D1: that a complaint was received, what was recorded and by when it is answered."""
    case, shop, customer = matter.case, matter.shop, matter.customer
    suffix = SUFFIX[case.kind]
    next_steps = section(
        writer.word("receipt_confirmation.answer_title"),
        writer.say("receipt_confirmation.answer_form", answer_channel=_answer_channel(writer, customer)),
        writer.word("receipt_confirmation.not_acceptance"),
        writer.say("receipt_confirmation.contact", contact=contact(writer, shop)),
    )
    privacy: Said = shop.privacy_note or writer.say(
        "receipt_confirmation.privacy",
        shop=shop.legal_name or shop.name,
        shop_address=shop_address(writer, shop),
        retention=writer.word("receipt_confirmation.retention"),
        privacy_contact=contact(writer, shop),
    )
    handed_over = case.goods_received_on == matter.received_on  # then both stand at the counter and can sign
    return {
        "subject": writer.say(f"receipt_confirmation.subject{suffix}", case_number=case.number),
        "paragraphs": [
            writer.say(f"receipt_confirmation.opening{suffix}", received_on=writer.day(matter.received_on), case_number=case.number),
            writer.word("receipt_confirmation.check"),
        ],
        "highlight": answer_by(writer, matter),
        "particulars": writer.rows(
            ("received_at", writer.moment(case.received_at)),
            ("channel", matter.channel.name if matter.channel else ""),
            ("accepted_by", _name(matter, case.responsible)),
            ("contact", customer_contact(customer)),
            *sale(writer, matter),
            ("noticed_on", writer.day(case.noticed_on)),
            *_demand_or_none(writer, matter),
            ("description", writer.need(case.description, Case, "description")),
        ),
        "items": items(writer, matter, "item_defect"),
        "sections": [_goods_left(writer, case), next_steps, section(writer.word("receipt_confirmation.privacy_title"), privacy)],
        "closing": [writer.word("receipt_confirmation.closing")],
        "signature": signature(writer, matter, case.responsible, both=handed_over),
    }


def _name(matter: Matter, person: int | None) -> str:
    found = matter.person(person)
    return found.name if found else ""


def _demand_or_none(writer: Writer, matter: Matter) -> list[tuple[str, Said | None]]:
    said = demanded(writer, matter)
    if matter.case.demand is None and matter.case.kind is CaseKind.COMPLAINT:
        said[0] = ("demand", writer.word("demand.undecided"))
    return said


def answer_by(writer: Writer, matter: Matter) -> Facts | None:
    """By when the shop answers, out of the deadline that runs; nothing where the law gives no day."""
    guarantee = matter.case.kind is CaseKind.GUARANTEE
    found = (matter.deadline("guarantee_performed") if guarantee else None) or matter.deadline("answer_delivered")
    if found is None or found[0].satisfied_at is not None:
        return None
    deadline, rule = found
    day = writer.day(deadline.legal)
    if "guarantee_performed" in rule.satisfied_by:
        note = writer.say("receipt_confirmation.answer_by_guarantee", answer_by=day)
    elif rule.on_expiry != "deemed_accepted":
        note = writer.say("receipt_confirmation.answer_by_business", answer_by=day)
    else:
        kind = "sole_trader" if deadline.soft else "consumer"
        note = writer.say(f"receipt_confirmation.answer_by_{kind}", days=str(rule.amount), answer_by=day, basis=writer.acts(rule.basis.to(writer.lang)))
    return {"label": writer.word("label.answer_by"), "value": day, "note": note}


def _answer_channel(writer: Writer, customer: Customer | None) -> Said:
    """How the answer will come: by e-mail where there is an address, else by post."""
    if customer is not None and customer.email:
        return writer.say("answer_channel.email", email=customer.email)
    return writer.word("answer_channel.letter")


def _goods_left(writer: Writer, case: Case) -> Facts | None:
    title = writer.word("receipt_confirmation.goods_left_title")
    if case.goods_received_on is not None:
        condition = writer.need(case.goods_condition, Case, "goods_condition")
        return section(title, writer.say("receipt_confirmation.goods_left", goods_received_on=writer.day(case.goods_received_on), goods_condition=condition))
    if case.kind is CaseKind.RETURN or case.goods_kind in (GoodsKind.DIGITAL, GoodsKind.SERVICE):
        return None
    return section(title, writer.word("receipt_confirmation.goods_not_left"))


# ------------------------------------------------------------------------------- D2, D3: the answer


def accepted(writer: Writer, matter: Matter) -> Facts:
    """D2: the complaint is accepted, as demanded or with the other remedy."""
    case = matter.case
    other = case.decision is Decision.OTHER_REMEDY
    variant = "_other_remedy" if other else SUFFIX[case.kind]
    if case.deemed_accepted_on and case.decision is Decision.ACCEPTED and not SUFFIX[case.kind]:
        variant = "_deemed"
    sections = [section(writer.word("answer_accepted.remedy_title"), *_remedy(writer, matter))]
    if other:
        reason = writer.need(case.decision_reasons, Case, "decision_reasons")
        sections.append(section(writer.word("answer_accepted.other_remedy_title"), _why_other(writer, matter), *paragraphs(reason)))
    elif case.decision_reasons:
        sections.append(section(writer.word("answer.reasons_title"), *paragraphs(case.decision_reasons)))
    return _answer(writer, matter, "answer_accepted", variant, SUFFIX[case.kind], sections, "")


def _why_other(writer: Writer, matter: Matter) -> Said:
    """Why the shop settles it in another way, as the law that applies lets it: UPK art. 43d(2), 43e(1), or its own words alone."""
    case = matter.case
    demand = writer.word(f"demand.{DEMANDS[case.demand]}") if case.demand else writer.need("", Case, "demand")
    if matter.business or case.kind is not CaseKind.COMPLAINT or matter.basis not in (None, LegalBasis.NON_CONFORMITY):
        return writer.say("answer_accepted.other_remedy_own", demand=demand)
    return writer.say(f"answer_accepted.other_remedy{'_first' if case.demand in (Demand.REDUCTION, Demand.REFUND) else ''}", demand=demand)


def rejected(writer: Writer, matter: Matter) -> Facts:
    """D3: the complaint is rejected or accepted in part, with findings, reasons, the statement on settlement and rights."""
    case = matter.case
    partial = case.decision is Decision.PARTIAL
    variant = "_partial" if partial else SUFFIX[case.kind]
    reasons_given = writer.need(case.decision_reasons, Case, "decision_reasons")
    sections = [section(writer.word("answer_rejected.accepted_part_title"), *_remedy(writer, matter))] if partial else []
    if findings := _findings(writer, matter):
        sections.append(section(writer.word("answer.findings_title"), writer.word("answer.findings_opening"), findings))
    sections.append(section(writer.word("answer.reasons_title"), *paragraphs(reasons_given), _excluded(writer, matter)))
    if basis := _basis(writer, matter):
        sections.append(section(writer.word("answer.basis_title"), basis))
    if evidence := _evidence(writer, matter):
        sections.append(section(writer.word("answer.evidence_title"), evidence))
    if not partial and case.goods_kind in (GoodsKind.GOODS, GoodsKind.DIGITAL_ELEMENTS):
        sections.append(section(writer.word("answer.goods_title"), _goods_after(writer, matter)))
    if speaks_of_adr(case):
        sections.append(section(writer.word("answer.adr_title"), adr(writer, matter), framed=True))
    sections.append({"title": writer.word("answer.rights_title"), "paragraphs": _rights(writer, matter)})
    return _answer(writer, matter, "answer_rejected", variant, variant, sections, "_partial" if partial else "")


def _answer(writer: Writer, matter: Matter, prefix: str, variant: str, subject: str, sections: list[Facts], closing: str) -> Facts:
    """What all answers have: the position first, then what was asked, then ``sections``."""
    case = matter.case
    position = f"decision{SUFFIX[case.kind]}.{case.decision.value}" if case.decision else ""
    numbered = {"days": _days_of_silence(matter)} if variant == "_deemed" else {}
    return {
        "subject": writer.say(f"{prefix}.subject{subject}", case_number=case.number),
        "highlight": {"label": writer.word("label.decision"), "value": writer.word(position) if position else writer.need("", Case, "decision")},
        "paragraphs": [writer.say(f"{prefix}.opening{variant}", received_on=writer.day(matter.received_on), **numbered)],
        "particulars": writer.rows(
            ("received_on", writer.day(matter.received_on)),
            *sale(writer, matter),
            ("noticed_on", writer.day(case.noticed_on)),
            *demanded(writer, matter),
            ("decided_on", writer.day(case.decided_on)),
        ),
        "items": items(writer, matter, "item_decision"),
        "sections": sections,
        "closing": [
            writer.say("answer.contact", contact=contact(writer, matter.shop), case_number=case.number),
            writer.word(f"{prefix}.closing{closing}"),
        ],
        "signature": signature(writer, matter, case.decided_by or case.responsible),
    }


def _days_of_silence(matter: Matter) -> str:
    found = matter.deadline("answer_delivered")
    return str(found[1].amount) if found else "–"


def _remedy(writer: Writer, matter: Matter) -> list[object]:
    """What the shop will do: its own words, the money with its parts, and who bears the cost."""
    case = matter.case
    said: list[object] = list(paragraphs(writer.need(case.remedy, Case, "remedy")))
    pays = case.refund is not None or (case.demand in (Demand.REFUND, Demand.REDUCTION) and case.remedy_kind is None) or case.refund_method is not None
    if case.refund is not None:
        said += _money(writer, matter)
    elif pays and case.decision is not Decision.OTHER_REMEDY:
        said.append(writer.need("", Case, "refund"))
    if (longer := matter.longer_liability) and (case.remedy_kind or case.demand) is Demand.REPAIR:
        said.append(writer.say("answer_accepted.repair_extension", months=str(longer.amount), liability_until=writer.day(longer.legal)))
    if not matter.returned:
        said.append(writer.word("answer_accepted.cost_guarantee" if case.kind is CaseKind.GUARANTEE else "answer_accepted.cost"))
    return said


def _money(writer: Writer, matter: Matter) -> list[object]:
    case = matter.case
    amount = writer.money(case.refund, case.currency)
    reckoned = money.reckon(writer, matter)
    known = matter.deadline("money_returned")
    until = writer.day(known[0].legal) if known and known[0].satisfied_at is None else ""
    said: list[object] = [
        writer.say("answer_accepted.refund_by", amount=amount, refund_by=until) if until else writer.say("answer_accepted.refund", amount=amount)
    ]
    if len(reckoned.parts) > 1:
        said += [besides] if (besides := money.listed(writer, matter, reckoned)) else []
    elif reckoned.parts and (case.remedy_kind or case.demand) is Demand.REDUCTION and reckoned.parts[0].reckoned:
        said.append(reckoned.parts[0].what)
    if how := money.method(writer, matter):
        said.append(writer.say("answer_accepted.refund_method", refund_method=how))
        if case.refund_method is RefundMethod.TRANSFER:
            said.append(writer.word("answer_accepted.refund_account_needed"))
    return said


def _findings(writer: Writer, matter: Matter) -> list[str]:
    """What the checklist found that speaks for this answer and does not stand in the reasons already."""
    if matter.returned:
        return []
    wanted = (Speaks.NOT_LIABLE, Speaks.LIABLE) if matter.case.decision is Decision.PARTIAL else (Speaks.NOT_LIABLE,)
    found = [reason.text.to(writer.lang) for reason in reasons(matter.answers) if reason.speaks in wanted]
    return [text for text in found if text not in matter.case.decision_reasons]


def _excluded(writer: Writer, matter: Matter) -> Said:
    """Why there is no right to withdraw, for a return that is refused."""
    terms = matter.terms
    if not matter.returned or terms is None or terms.exclusion is None:
        return ""
    known = exclusion(str(terms.exclusion.value))
    evidence = terms.exclusion_evidence
    return writer.say("answer_rejected.excluded", exclusion=known.name.to(writer.lang), basis=writer.acts(exclusion_basis().to(writer.lang)), evidence=evidence)


def _basis(writer: Writer, matter: Matter) -> str:
    if matter.case.goods_kind is GoodsKind.DIGITAL and matter.basis is LegalBasis.NON_CONFORMITY:
        return writer.word("answer.basis_digital")
    if matter.basis in (LegalBasis.NON_CONFORMITY, LegalBasis.GUARANTEE, LegalBasis.WARRANTY):
        return writer.word(f"answer.basis_{BASES[matter.basis]}")
    return ""


def _evidence(writer: Writer, matter: Matter) -> list[Said]:
    """What the assessment rests on."""
    case = matter.case
    said: list[Said] = [writer.word("answer.evidence_description")] if case.description else []
    if case.sale_document is not None:
        proof = f"{writer.choice(case.sale_document)} {case.sale_document_number}".strip()
        said.append(writer.say("answer.evidence_sale", proof=proof))
    if matter.files:
        said.append(writer.say("answer.evidence_files", files=", ".join(file.name for file in matter.files)))
    if case.goods_received_on is not None:
        said.append(writer.say("answer.evidence_goods", goods_received_on=writer.day(case.goods_received_on)))
    return listed(said)


def _goods_after(writer: Writer, matter: Matter) -> Said:
    if matter.case.goods_received_on is None:
        return writer.word("answer_rejected.goods_with_customer")
    return writer.say("answer_rejected.goods_here", shop_address=shop_address(writer, matter.shop), contact=contact(writer, matter.shop))


def _rights(writer: Writer, matter: Matter) -> list[object]:
    said: list[object] = [writer.word("answer.rights_business")]
    if matter.consumer:  # whom ombudsmen and Trade Inspection help
        elsewhere = matter.customer is not None and abroad(matter.customer.country)
        ways = ("talk", "ombudsman", "inspection", *(("abroad",) if elsewhere else ()), "court")
        said = [writer.word("answer.rights_opening"), listed(writer.word(f"answer.rights_{way}") for way in ways)]
    if matter.case.kind is CaseKind.GUARANTEE and not matter.business:
        said.append(writer.word("answer.guarantee_note"))
    return said


# ---------------------------------------------------------------------- D4: out-of-court settlement


def speaks_of_adr(case: Case) -> bool:
    """Whether a letter that turns down says if the shop takes part in out-of-court settlement: owed to consumers, a sole trader may be told."""
    return owes_adr(str(case.buyer_type.value)) or (case.buyer_type is BuyerType.SOLE_TRADER and case.adr is not None)


def adr(writer: Writer, matter: Matter) -> Said:
    """Whether the shop takes part in out-of-court settlement; with consent, before whom."""
    if matter.case.adr is None:
        return writer.need("", Case, "adr")
    if matter.case.adr is AdrStatement.REFUSAL:
        return writer.word("answer.adr_refusal")
    return writer.say("answer.adr_consent", adr_entity=writer.need(matter.shop.adr_entity.strip().rstrip("."), Shop, "adr_entity"))


def adr_statement(writer: Writer, matter: Matter) -> Facts:
    """D4: the statement as a page of its own."""
    case = matter.case
    return {
        "subject": writer.word("answer.adr_title"),
        "paragraphs": [writer.say("adr_statement.opening", case_number=case.number, received_on=writer.day(matter.received_on))],
        "particulars": writer.rows(("order_number", matter.order.number if matter.order else ""), ("decided_on", writer.day(case.decided_on))),
        "sections": [section("", adr(writer, matter), framed=True)],
        "closing": [writer.say("answer.contact", contact=contact(writer, matter.shop), case_number=case.number)],
        "signature": signature(writer, matter, case.decided_by or case.responsible),
    }


# --------------------------------------------------------------------------- D10: what is still needed


def request(writer: Writer, matter: Matter) -> Facts:
    """D10: what the shop still needs; the time to answer goes on running."""
    case = matter.case
    wanted = listed(writer.word(f"request.{name}") for name, lacks in _lacking(matter) if lacks)
    asked: list[object] = [wanted] if wanted else []
    asked += paragraphs(matter.words)
    if not asked:
        asked = [writer.miss(WORDS, writer.word("request.asked"))]
    runs = matter.deadline("money_returned", "answer_delivered")
    clock = answer_by(writer, matter) if not matter.returned else None
    return {
        "subject": writer.say("request.subject", case_number=case.number),
        "paragraphs": [writer.say("request.opening", case_number=case.number, received_on=writer.day(matter.received_on))],
        "highlight": {**clock, "note": writer.word("request.clock")} if clock else None,
        "sections": [
            section(writer.word("request.asked"), *asked),
            section("", writer.word("request.no_form"), "" if clock or runs is None else writer.word("request.clock")),
        ],
        "items": items(writer, matter),
        "closing": [writer.say("request.send_to", contact=contact(writer, matter.shop), case_number=case.number)],
        "signature": signature(writer, matter, case.responsible),
    }


def _lacking(matter: Matter) -> list[tuple[str, bool]]:
    """What helps to assess a case and is not known yet; nothing of it is a condition for an answer."""
    case = matter.case
    if matter.returned:
        return [("order", matter.order is None), ("items", not matter.items), ("contract_day", case.contract_on is None and case.sold_on is None)]
    return [
        ("description", not case.description),
        ("photos", not any(file.media_type.startswith("image/") for file in matter.files)),
        ("noticed", case.noticed_on is None),
        ("demand", case.demand is None),
        ("sale", case.sale_document is None and matter.order is None),
        ("delivered", case.delivered_on is None and matter.order is None),
    ]


# ------------------------------------------------------------------------------- D11: repair, replacement


def remedy_order(writer: Writer, matter: Matter) -> Facts:
    """D11: what is repaired or replaced, when it came and went, with serial numbers old and new."""
    case = matter.case
    kind = case.remedy_kind or (case.demand if case.demand in (Demand.REPAIR, Demand.REPLACEMENT) else None)
    done = "_done" if case.remedy_done_on else ""
    what = {Demand.REPAIR: "repair", Demand.REPLACEMENT: "replacement"}.get(kind) if kind else None
    rows: list[list[Said]] = [[item.name, item.sku, writer.number(item.quantity), item.serial, ""] for item in matter.items]
    columns = (("item", "left", True), ("sku", "left", False), ("quantity", "right", True), ("serial_old", "left", True), ("serial_new", "left", True))
    parts: list[object] = [*paragraphs(writer.need(case.remedy, Case, "remedy")), *paragraphs(matter.words)]
    return {
        "subject": writer.say(f"remedy_order.subject_{what or 'repair'}{done}", case_number=case.number),
        "paragraphs": [writer.say("remedy_order.opening", case_number=case.number, received_on=writer.day(matter.received_on))],
        "particulars": writer.rows(
            ("remedy", writer.word(f"remedy.{what}") if what else writer.need("", Case, "remedy_kind")),
            ("goods_in", writer.day(case.goods_received_on)),
            ("goods_condition", case.goods_condition),
            ("remedy_started", writer.day(case.remedy_started_on)),
            ("remedy_done", writer.day(case.remedy_done_on)),
            ("goods_out", writer.word("remedy_order.by_hand")),
            ("item_defect", "; ".join(dict.fromkeys(item.defect for item in matter.items if item.defect)) or case.description),
        ),
        "items": table([(writer.word(f"label.{name}"), side, stays) for name, side, stays in columns], rows),
        "sections": [
            section(writer.word(f"remedy_order.work{done}"), *parts),
            section("", writer.word("answer_accepted.cost_guarantee" if case.kind is CaseKind.GUARANTEE else "answer_accepted.cost")),
        ],
        "signature": signature(writer, matter, case.responsible, both=True),
    }


# ----------------------------------------------------------------------------- D12: the sole trader


def sole_trader_statement(writer: Writer, matter: Matter) -> Facts:
    """D12: a sole trader states that the purchase was not professional; the shop notes when it looked the trade up."""
    case, customer = matter.case, matter.customer
    address = ", ".join(line for line in (customer.street, f"{customer.postcode} {customer.city}".strip()) if line) if customer else ""
    goods = "; ".join(item.name for item in matter.items)
    sold = case.contract_on or case.sold_on
    checked = writer.say("sole_trader_statement.checked", day=writer.day(case.ceidg_checked_on)) if case.ceidg_checked_on else writer.word("sole_trader_statement.unchecked")
    return {
        "subject": writer.word("sole_trader_statement.title"),
        "paragraphs": [
            writer.say("sole_trader_statement.addressee", shop=matter.shop.legal_name or matter.shop.name, shop_address=shop_address(writer, matter.shop)),
            writer.say("sole_trader_statement.case", case_number=case.number),
        ],
        "blanks": [
            {"label": writer.word("sole_trader_statement.name"), "value": recipient(writer, customer)["name"]},
            {"label": writer.word("sole_trader_statement.firm"), "value": ", ".join(one for one in (customer.company, customer.nip) if one) if customer else ""},
            {"label": writer.word("sole_trader_statement.address"), "value": address},
            {"label": writer.word("sole_trader_statement.goods"), "value": goods},
            {"label": writer.word("sole_trader_statement.contract"), "value": " · ".join(one for one in (matter.order.number if matter.order else "", writer.day(sold)) if one)},
            {"label": writer.word("sole_trader_statement.trade")},
            {"label": writer.word("withdrawal_form.date")},
        ],
        "sections": [section("", writer.word("sole_trader_statement.statement"), framed=True)],
        # below the signature: what the shop notes is no part of the statement
        "after": [section(writer.word("sole_trader_statement.for_shop"), checked, *paragraphs(case.buyer_reasons if case.buyer_type is BuyerType.SOLE_TRADER else ""))],
        "signature": signature(writer, matter, None, alone=True),
    }


