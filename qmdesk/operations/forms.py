"""Forms without a server: a survey or the complaint form as one HTML file, and the text that comes back as a response or a draft case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from qmdesk.documents.form_file import FieldKind, Form, FormField, html
from qmdesk.errors import Known
from qmdesk.exchange.form_text import SUFFIX, FormText, found_in
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import N_, _, translator
from qmdesk.operations import responses, survey_library, surveys
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, Demand
from qmdesk.records.party import Customer
from qmdesk.records.product import Order
from qmdesk.records.satisfaction import (
    SCALES,
    QuestionKind,
    ResponseWay,
    Seal,
    Survey,
    SurveyQuestion,
    SurveyState,
)
from qmdesk.records.shop import Shop
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from qmdesk.values import dataclass

MAKE_KEY = N_("Key of the complaint form")

SURVEY, COMPLAINT = "survey", "complaint"
EARLY = timedelta(days=1)  # a clock that goes before ours by more is not believed
WHAT_IT_CANNOT_KNOW = N_("Nobody can know from the file who filled it in: the key of its seal lies in every copy of the form. The seal only shows whether the text came through whole.")

DEMANDS = (Demand.REPAIR, Demand.REPLACEMENT, Demand.REDUCTION, Demand.REFUND)


# ----------------------------------------------------------------------------------------- the files


def survey_form(reading: Reading, survey_id: int) -> str:
    """The page of a survey. Raises Known while it is in preparation: its questions could still change under the customers."""
    survey = reading.get(Survey, survey_id)
    if survey.state is SurveyState.DRAFT:
        raise Known(_("“{name}” is still in preparation. Begin to ask it first; from then on its questions stay as they are.").format(name=survey.name))
    return html(form_of(reading, survey, surveys.questions(reading, survey)))


def form_of(reading: Reading, survey: Survey, asked: Sequence[SurveyQuestion]) -> Form:
    """A survey as customers see it."""
    lang, shop = str(survey.language.value), the_shop(reading)
    fields = tuple(_field(question, lang) for question in asked)
    return Form(
        SURVEY, lang, survey.key, surveys.fingerprint(survey.key), survey.name, survey.introduction, survey.thanks, fields, shop.name, file_name(survey.name, SUFFIX), shop.email, _note(shop, lang)
    )


def _field(question: SurveyQuestion, lang: str) -> FormField:
    name, kind = f"q{question.id}", question.kind
    if kind is QuestionKind.YES_NO:
        return FormField(name, question.wording, FieldKind.YES_NO, question.required)
    if kind in SCALES:
        least, most = SCALES[kind]
        return FormField(name, question.wording, FieldKind.POINTS, question.required, least, most, survey_library.ends(kind, lang))
    if kind is QuestionKind.CHOICE:
        return FormField(name, question.wording, FieldKind.CHOICE, question.required, choices=tuple((one, one) for one in question.choices))
    return FormField(name, question.wording, FieldKind.TEXT, question.required)


def _note(shop: Shop, lang: str) -> str:
    """The shop's own privacy note, where the form speaks its language."""
    return shop.privacy_note if str(shop.language.value) == lang else ""


def make_key(tx: Transaction) -> str:
    """The key of the complaint form, made once."""
    shop = the_shop(tx)
    return shop.form_key or tx.change(shop, form_key=surveys.new_key()).form_key


def complaint_form(reading: Reading, lang: str) -> str:
    """The page on which customers complain. Raises Known before its key is made (``make_key``)."""
    tr, shop = translator(lang), the_shop(reading)
    if not shop.form_key:
        raise Known(_("The complaint form has no key yet. Save it from the window once, or with complaint-form."))
    fields = (
        FormField("name", tr(N_("Your name")), FieldKind.LINE, required=True),
        FormField("email", tr(N_("Your e-mail")), FieldKind.EMAIL, required=True),
        FormField("phone", tr(N_("Your phone")), FieldKind.PHONE),
        FormField("order", tr(N_("Order number")), FieldKind.LINE),
        FormField("product", tr(N_("What did you buy?")), FieldKind.LINE, required=True),
        FormField("noticed_on", tr(N_("When did you notice the defect?")), FieldKind.DAY),
        FormField("description", tr(N_("What is wrong with it?")), FieldKind.TEXT, required=True),
        FormField("demand", tr(N_("What do you want us to do?")), FieldKind.CHOICE, choices=tuple((str(one.value), tr(one.label)) for one in DEMANDS)),
    )
    return html(
        Form(
            COMPLAINT, lang, shop.form_key, surveys.fingerprint(shop.form_key), tr(N_("Complaint")),
            tr(N_("Tell us what is wrong. You will get a confirmation when we have registered it.")), tr(N_("Thank you. Now send it to us.")), fields, shop.name, file_name(tr(N_("Complaint")), SUFFIX), shop.email, _note(shop, lang),
        )
    )  # fmt: skip


def mail_text(reading: Reading, survey_id: int) -> str:
    """What is written to customers with the page attached, in the survey's language."""
    survey, shop = reading.get(Survey, survey_id), the_shop(reading)
    tr = translator(str(survey.language.value))
    how = tr(N_("Please open the attached file in a web browser, answer the questions and press “Finish”. Then send us the text it shows, or the saved file, in your answer to this e-mail."))
    return "\n\n".join(filter(None, (survey.introduction, how, shop.name)))


def file_name(title: str, suffix: str) -> str:
    """A name for a file of this title that every system takes."""
    bare = "".join(letter if letter.isalnum() else "-" for letter in title).strip("-")
    return (bare[:60] or "form") + suffix


def save(path: Path, page: str) -> None:
    """Write a page. Raises Known."""
    with whole_file(path) as raw:
        raw.write(page.encode("utf-8"))


# ------------------------------------------------------------------------------------ what comes back


@dataclass(frozen=True)
class Incoming:
    """One answered form: of which survey (None: a complaint), how its seal is, and as what it is in the register already."""

    text: FormText
    survey: Survey | None
    seal: Seal
    known: int | None


def incoming(reading: Reading, text: str) -> tuple[Incoming, ...]:
    """The answered forms in a text, each once, in order. Raises Known for what no form of this register made."""
    shop = the_shop(reading)
    by_form = {surveys.fingerprint(one.key): one for one in reading.records(Query(Survey)) if one.key}
    ours = surveys.fingerprint(shop.form_key) if shop.form_key else ""
    found = []
    for one in found_in(text):
        survey = by_form.get(one.form) if one.kind == SURVEY else None
        if survey is None and not (one.kind == COMPLAINT and one.form == ours):
            raise Known(_("This form was not made by this register: it belongs to another shop, or to a survey that was removed."))
        seal = Seal.WHOLE if one.whole(survey.key if survey else shop.form_key) else Seal.BROKEN
        found.append(Incoming(one, survey, seal, _known(reading, one, survey)))
    return tuple(found)


def _known(reading: Reading, one: FormText, survey: Survey | None) -> int | None:
    if survey is not None:
        response = responses.of_token(reading, survey, one.token)
        return response.id if response else None
    return reading.holding(Case, "external_id", _number_of(one))


def _number_of(one: FormText) -> str:
    """By what a case remembers the form it came from."""
    return f"form:{one.token}"


@dataclass(frozen=True)
class TakenIn:
    """What became of responses that were sent back: those that are new, how many were there already, how many seals were broken."""

    added: tuple[int, ...]
    known: int
    broken: int


def take_in(tx: Transaction, found: Sequence[Incoming], note: str = "") -> TakenIn:
    """Keep the responses among the answered forms; those that are there already add nothing. Raises Known."""
    added, known, broken = [], 0, 0
    for one in found:
        if one.survey is None:
            continue
        if _known(tx, one.text, one.survey) is not None:
            known += 1
            continue
        tx.about(one.survey.name)
        answers = {int(name[1:]): said for name, said in one.text.answers.items() if name[:1] == "q" and name[1:].isascii() and name[1:].isdecimal()}
        added.append(responses.keep(tx, one.survey, answers, _answered_at(one), ResponseWay.FILE, token=one.text.token, seal=one.seal, note=note))
        broken += one.seal is Seal.BROKEN
    return TakenIn(tuple(added), known, broken)


def _answered_at(one: Incoming) -> Any:
    """When the customer's clock said, unless it can't be: before the survey was made, or in the future."""
    now = clock()
    early = one.survey is not None and one.text.at.astimezone().date() < one.survey.made_on
    return now if early or one.text.at > now + EARLY else min(one.text.at, now)


@dataclass(frozen=True)
class DraftCase:
    """A complaint that came with a form, for the dialog of a new case: what it begins with, who it is from, what could not be placed."""

    preset: Mapping[str, Any]
    customer: Customer | None
    sentences: tuple[str, ...]


def draft_case(reading: Reading, one: Incoming) -> DraftCase:
    """What a complaint form says of a case. Nothing is kept; the customer is a new one where nobody has this e-mail or phone."""
    told = {name: types.LongText().parse(str(value))[:4000] for name, value in one.text.answers.items()}
    said, preset = [], dict[str, Any]()
    buyer = _customer(reading, told)
    if buyer is not None:
        preset["customer"] = buyer.id
    order = _order(reading, told.get("order", ""))
    if order is not None:
        preset["order"] = order
    elif told.get("order"):
        said.append(_("Order number: {number}").format(number=told["order"]))
    if told.get("product"):
        said.append(_("Product: {product}").format(product=told["product"]))
    preset["description"] = "\n".join([told.get("description", ""), *said]).strip()
    noticed = _day(told.get("noticed_on", ""))
    if noticed is not None:
        preset["noticed_on"] = noticed
    demand = next((word for word in DEMANDS if word.value == told.get("demand")), None)
    if demand is not None:
        preset["demand"] = demand
    preset["external_id"] = _number_of(one.text)
    new = None if buyer else _new_customer(told)
    return DraftCase(preset, new, (_seal_said(one.seal), _(WHAT_IT_CANNOT_KNOW)))


def _seal_said(seal: Seal) -> str:
    return _("The seal of the form is unbroken.") if seal is Seal.WHOLE else _("The seal of the form is broken: the text was changed on its way. Ask the customer before you rely on it.")


def _customer(reading: Reading, told: Mapping[str, str]) -> Customer | None:
    """Who wrote, by the e-mail, else by the telephone number and the name."""
    if email := types.Email().parse(told.get("email", "") or "-"):
        found = reading.records(Query(Customer, (Condition("email", types.IS, (email,)),)).by(By("id")), 1)
        if found:
            return found[0]  # type: ignore[no-any-return]
    phone = _digits(told.get("phone", ""))
    if len(phone) >= 7:
        for one in reading.records(Query(Customer, search=told["phone"]), 20):
            if _digits(one.phone) == phone and fold(one.name) == fold(told.get("name", "")):
                return one  # type: ignore[no-any-return]
    return None


def _digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))[-9:]


def _order(reading: Reading, number: str) -> int | None:
    """The order of this number, where there is exactly one."""
    found = reading.records(Query(Order, (Condition("number", types.IS, (number.lstrip("#").strip(),)),)), 2) if number else []
    return found[0].id if len(found) == 1 else None


def _new_customer(told: Mapping[str, str]) -> Customer | None:
    name = types.Text().parse(told.get("name", ""))[:200]
    email, phone = types.Email().parse(told.get("email", "")), types.Phone().parse(told.get("phone", ""))
    email, phone = ("" if Customer.spec.fields[field].type.problem(said, "") else said for field, said in (("email", email), ("phone", phone)))
    return Customer(name=name, email=email, phone=phone) if name else None


def _day(written: str) -> date | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if found <= clock().date() else None
