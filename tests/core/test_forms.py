"""Forms without a server: the page, what its script makes of the answers, and what comes back in whatever state."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtQml import QJSEngine
from PySide6.QtWidgets import QApplication

from qmdesk import places
from qmdesk.errors import Known
from qmdesk.exchange import form_text
from qmdesk.operations import forms, responses, surveys
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Demand
from qmdesk.records.satisfaction import (
    QuestionKind,
    ResponseWay,
    Seal,
    Survey,
    SurveyQuestion,
    SurveyResponse,
)
from qmdesk.schema.query import Order, Query
from tests.clock import Clock, clock
from tests.shop import Shop, shop
from tests.shop_satisfaction import sent_back

__all__ = ["clock", "shop"]

HOSTILE = """</script><script>alert(1)</script><img src=x onerror="alert(2)"> & "quoted" 'single' {braces} 🐦"""


class Page(HTMLParser):
    """What a browser finds in a page: its tags with their attributes, and the text of each tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.code: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            self.code[self._open[-1]] = self.code.get(self._open[-1], "") + data
        else:
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def named(self, name: str) -> list[dict[str, str]]:
        return [attrs for _tag, attrs in self.tags if attrs.get("name") == name]

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for found, attrs in self.tags if found == tag]


def _page(shop: Shop, survey: Survey) -> Page:
    return Page(forms.survey_form(shop.register, survey.id))


# --------------------------------------------------------------------------------------------- the page


def test_the_page_asks_every_question_and_loads_nothing(shop: Shop) -> None:
    survey = shop.takes_survey("after_purchase", "pl")
    page = _page(shop, survey)
    words = " ".join(page.texts)
    for question in shop.survey_questions(survey):
        assert question.wording in words
        points = page.named(f"q{question.id}")
        assert len(points) == {QuestionKind.NPS: 11, QuestionKind.CSAT: 5, QuestionKind.CES: 7, QuestionKind.YES_NO: 2, QuestionKind.TEXT: 1}[question.kind]
        assert all(("required" in one) == question.required for one in points)
    assert forms.survey_form(shop.register, survey.id).count('class="points long"') == 1, "eleven points stand in two even rows on a telephone"
    assert page.all("html")[0]["lang"] == "pl"
    assert "Gotowe" in words
    assert "Done" not in words
    assert not [attrs for _tag, attrs in page.tags if {"src", "href", "action", "onclick", "style"} & attrs.keys()]
    assert page.all("body")[0]["data-form"] == surveys.fingerprint(survey.key)


def test_only_the_pages_own_style_and_script_may_run(shop: Shop) -> None:
    page = _page(shop, shop.takes_survey())
    (csp,) = (attrs["content"] for attrs in page.all("meta") if attrs.get("http-equiv"))
    assert csp.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.code[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in csp
    assert "unsafe" not in csp


def test_what_the_owner_wrote_is_never_markup(shop: Shop) -> None:
    asked = (
        SurveyQuestion(survey=0, wording=HOSTILE, kind=QuestionKind.CHOICE, options=f"{HOSTILE}\nOther"),
        SurveyQuestion(survey=0, wording=HOSTILE, kind=QuestionKind.NPS, required=True),
    )
    survey = shop.asks(shop.prepares_survey(*asked, name=HOSTILE[:120], introduction=HOSTILE, thanks=HOSTILE))
    page = _page(shop, survey)
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert page.named(f"q{shop.survey_questions(survey)[0].id}")[0]["value"] == HOSTILE
    assert sum(HOSTILE in text for text in page.texts) == 7, "the title twice, the introduction, the thanks, both questions and the choice"


def test_every_field_has_its_label_and_every_group_its_legend(shop: Shop) -> None:
    shop.do(forms.MAKE_KEY, forms.make_key)
    survey = shop.takes_survey()
    for page in (_page(shop, survey), Page(forms.complaint_form(shop.register, "en"))):
        labelled = {attrs["for"] for attrs in page.all("label") if "for" in attrs}
        for _tag, attrs in page.tags:
            if attrs.get("id") and attrs.get("name"):
                assert attrs["id"] in labelled
        assert len(page.all("legend")) == len(page.all("fieldset"))


def test_a_survey_in_preparation_has_no_page_yet(shop: Shop) -> None:
    survey = shop.prepares_survey(SurveyQuestion(survey=0, wording="One"))
    with pytest.raises(Known, match="still in preparation"):
        forms.survey_form(shop.register, survey.id)


def test_a_page_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    forms.save(tmp_path / "form.html", "<p>ł</p>")
    assert (tmp_path / "form.html").read_bytes() == "<p>ł</p>".encode()
    with pytest.raises(Known, match=r"no\.html was not written: the folder"):
        forms.save(tmp_path / "nowhere" / "no.html", "")


# ------------------------------------------------------------------------------------------- the script


@pytest.fixture(scope="module")
def script(qapp: QApplication) -> Callable[..., Any]:
    """A function of the page's script, called in the JavaScript engine that comes with Qt."""
    engine = QJSEngine()
    loaded = engine.evaluate((places.resources() / "forms" / "form.js").read_text("utf-8"))
    assert not loaded.isError(), loaded.toString()

    def call(expression: str) -> Any:
        assert qapp is not None
        found = engine.evaluate(expression)
        assert not found.isError(), found.toString()
        return found.toVariant()

    return call


@given(message=st.binary(max_size=200))
@settings(max_examples=40)
def test_the_scripts_sha256_is_pythons(script: Callable[..., Any], message: bytes) -> None:
    assert bytes(map(int, script(f"sha256({list(message)})"))) == hashlib.sha256(message).digest()


@given(key=st.binary(max_size=150), message=st.binary(max_size=150))
@settings(max_examples=40)
def test_the_scripts_hmac_is_pythons(script: Callable[..., Any], key: bytes, message: bytes) -> None:
    assert bytes(map(int, script(f"hmac({list(key)}, {list(message)})"))) == hmac.digest(key, message, "sha256")


def test_the_scripts_sha256_is_that_of_the_standard(script: Callable[..., Any]) -> None:
    """FIPS 180-4 examples, NIST CSRC: one block, two blocks, and a million letters a."""
    for message, digest in (
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ):
        assert bytes(map(int, script(f"sha256(utf8({json.dumps(message)}))"))).hex() == digest


@given(text=st.text(st.characters(), max_size=60))
@settings(max_examples=60)
def test_the_script_packs_what_the_program_unpacks(script: Callable[..., Any], text: str) -> None:
    key = "ab" * 32
    said = {"v": 1, "kind": "survey", "form": "0" * 16, "token": "f" * 32, "at": "2026-11-22T09:00:00.000Z", "answers": {"q1": text, "q2": 9}}
    (found,) = form_text.found_in(script(f"packed('{key}', {json.dumps(said)})"))
    halves = re.compile("[\ud800-\udfff]")
    assert found.answers["q1"] == halves.sub("\ufffd", text) or halves.search(text)
    assert found.answers["q2"] == 9
    assert found.whole(key)
    assert not found.whole("cd" * 32)


def test_the_script_collects_what_is_chosen_and_written(script: Callable[..., Any]) -> None:
    assert script("""(function () {
      function field(name, type, value, checked, points) {
        return { name: name, type: type, value: value, checked: checked, hasAttribute: function () { return points; } };
      }
      return JSON.stringify(collected({ elements: [
        field("q1", "radio", "8", false, true), field("q1", "radio", "9", true, true), field("q2", "radio", "0", true, true),
        field("q3", "textarea", "  Ptak 🐦 ", false, false), field("q4", "textarea", "   ", false, false), field("", "submit", "x", false, false) ] }));
    })()""") == json.dumps({"q1": 9, "q2": 0, "q3": "Ptak 🐦"}, ensure_ascii=False, separators=(",", ":"))
    assert re.fullmatch(r"[0-9a-f]{32}", script("token()"))
    assert script("token()") != script("token()")


# --------------------------------------------------------------------------------------- what comes back


def _answers(shop: Shop, survey: Survey, *said: Any) -> dict[str, Any]:
    return {f"q{question.id}": one for question, one in zip(shop.survey_questions(survey), said, strict=False) if one is not None}


def _kept(shop: Shop) -> list[SurveyResponse]:
    return shop.register.records(Query(SurveyResponse).by(Order("id")))


def test_what_a_customer_sends_back_becomes_a_response_once(clock: Clock, shop: Shop) -> None:
    clock.set("2026-11-17")
    survey = shop.takes_survey()
    clock.set("2026-11-20")
    text = sent_back(survey, _answers(shop, survey, 9, 5, 4, 7, 1, "Śliczne 🐦\n<b>bold</b>"))
    taken = shop.gets_form(text)
    assert (len(taken.added), taken.known, taken.broken) == (1, 0, 0)
    (response,) = _kept(shop)
    assert (response.way, response.seal) == (ResponseWay.FILE, Seal.WHOLE)
    assert response.answered_at.date() == date(2026, 11, 18), "when the customer filled it in"
    assert list(responses.answers_of(shop.register, response).values()) == [9, 5, 4, 7, 1, "Śliczne 🐦\n<b>bold</b>"]
    again = shop.gets_form(text)
    assert (again.added, again.known) == ((), 1)
    assert len(_kept(shop)) == 1


def test_a_text_comes_through_mail_programs(shop: Shop) -> None:
    survey = shop.takes_survey()
    text = sent_back(survey, _answers(shop, survey, 9, 5))
    quoted = "Dzień dobry,\r\n\r\n" + "".join(f"> {line}\r\n" for line in text.splitlines()) + "\r\nPozdrawiam\r\n--\r\nAnna"
    spaced = re.sub(r"(.{20})", r"\1 ", text.replace(form_text.BEGIN, "").replace(form_text.END, ""))
    for written in (quoted, f"{form_text.BEGIN}{spaced}{form_text.END}", text.replace("\n", "\n\n"), text.replace("\n", "  ")):
        (found,) = forms.incoming(shop.register, written)
        assert found.seal is Seal.WHOLE


def test_a_saved_mail_is_read_whichever_way_it_carries_the_text(tmp_path: Path, shop: Shop) -> None:
    survey = shop.takes_survey()
    text = sent_back(survey, _answers(shop, survey, 9, 5, 4, 7, 0, "Zażółć gęślą jaźń " * 20))
    written, drawn, attached = EmailMessage(), EmailMessage(), EmailMessage()
    written.set_content(f"Witam\n{text}\n", cte="quoted-printable")
    drawn.set_content("<div>" + text.replace("\n", "<br>\n") + "</div>", subtype="html", cte="base64")
    attached.set_content("W załączniku odpowiedzi.")
    attached.add_attachment(text.encode(), maintype="application", subtype="octet-stream", filename="ankieta.qmform")
    both = EmailMessage()
    both.set_content(text)
    both.add_alternative("<p>" + text.replace("\n", "<br>") + "</p>", subtype="html")
    for place, mail in enumerate((written, drawn, attached, both)):
        path = tmp_path / f"{place}.eml"
        path.write_bytes(mail.as_bytes())
        (found,) = forms.incoming(shop.register, form_text.read_file(path))
        assert found.seal is Seal.WHOLE
    path = tmp_path / "notepad.qmform"
    path.write_text(text, encoding="utf-16")
    assert forms.incoming(shop.register, form_text.read_file(path))


def test_a_changed_text_is_taken_in_with_its_seal_broken(shop: Shop) -> None:
    survey = shop.takes_survey()
    good, other = sent_back(survey, _answers(shop, survey, 2)), sent_back(survey, _answers(shop, survey, 9))
    letters = [re.sub(r"\s", "", text.removeprefix(form_text.BEGIN).removesuffix(form_text.END)).split(".") for text in (good, other)]
    forged = f"{form_text.BEGIN} {letters[1][0]}.{letters[0][1]} {form_text.END}"
    taken = shop.gets_form(forged)
    assert taken.broken == 1
    assert _kept(shop)[0].seal is Seal.BROKEN
    without = f"{form_text.BEGIN} {letters[0][0]} {form_text.END}"
    assert forms.incoming(shop.register, without)[0].seal is Seal.BROKEN


def test_several_answers_come_in_at_once(shop: Shop) -> None:
    survey = shop.takes_survey()
    texts = [sent_back(survey, _answers(shop, survey, points), token=f"{points:032x}") for points in range(5)]
    taken = shop.gets_form("\n\n".join([*texts, texts[0]]))
    assert (len(taken.added), taken.known) == (5, 0)


def test_what_no_form_of_this_register_made_is_refused(tmp_path: Path, shop: Shop) -> None:
    survey = shop.takes_survey()
    with Shop_at(tmp_path / "other.qmd") as other:
        theirs = other.takes_survey()
        stranger = sent_back(theirs, _answers(other, theirs, 9))
    with pytest.raises(Known, match="not made by this register"):
        forms.incoming(shop.register, stranger)
    copied = shop.survey(shop.do(surveys.COPY, surveys.copy, survey.id))
    late = sent_back(copied, {f"q{shop.survey_questions(copied)[0].id}": 9})
    with pytest.raises(Known, match="still in preparation"):
        shop.register.do("x", forms.take_in, forms.incoming(shop.register, late))
    shop.do(surveys.REMOVE, surveys.remove, copied.id)
    with pytest.raises(Known, match="a survey that was removed"):
        forms.incoming(shop.register, late)


class Shop_at:  # noqa: N801 - reads as a shop at another place
    """Another shop's register, closed afterwards."""

    def __init__(self, path: Path) -> None:
        self.shop = Shop(path)

    def __enter__(self) -> Shop:
        return self.shop

    def __exit__(self, *_error: object) -> None:
        self.shop.register.close()


def _damaged(said: object) -> str:
    letters = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"{form_text.BEGIN}\n{letters}.AAAA\n{form_text.END}"


_SOUND: dict[str, Any] = {"v": 1, "kind": "survey", "form": "0" * 16, "token": "f" * 32, "at": "2026-11-22T09:00:00.000Z", "answers": {"q1": 9}}


@pytest.mark.parametrize(
    "said",
    [
        [], 7, None, "text", {}, {**_SOUND, "answers": []}, {**_SOUND, "answers": {"q1": [1]}}, {**_SOUND, "answers": {"q1": True}}, {**_SOUND, "answers": {"q1": 1.5}},
        {**_SOUND, "at": "yesterday"}, {**_SOUND, "at": 5}, {**_SOUND, "token": "'; DROP TABLE"}, {**_SOUND, "token": 7}, {**_SOUND, "form": "x"}, {**_SOUND, "form": None}, {**_SOUND, "v": "1"},
        {**_SOUND, "answers": {f"q{n}": 1 for n in range(300)}},
    ],
)  # fmt: skip
def test_a_damaged_text_is_one_sentence(said: object) -> None:
    with pytest.raises(Known, match="damaged and can't be read"):
        form_text.found_in(_damaged(said))


def test_a_text_of_a_newer_program_says_so() -> None:
    with pytest.raises(Known, match="newer version"):
        form_text.found_in(_damaged({**_SOUND, "v": 2}))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no answer of a form"), ("Hello", "no answer of a form"), (form_text.BEGIN, "no answer of a form"),
        (f"{form_text.BEGIN} {form_text.END}", "damaged"), (f"{form_text.BEGIN} %%% {form_text.END}", "damaged"), (f"{form_text.BEGIN} {'A' * 401_000} {form_text.END}", "too long"),
        (f"{form_text.BEGIN} {base64.urlsafe_b64encode(b'[' * 50_000).decode()} {form_text.END}", "damaged"),
        ("".join(f"{form_text.BEGIN} {n} {form_text.END}" for n in range(501)), "more than 500"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told(text: str, sentence: str) -> None:
    with pytest.raises(Known, match=sentence):
        form_text.found_in(text)


def test_a_file_too_large_or_gone_is_told(tmp_path: Path) -> None:
    large = tmp_path / "large.qmform"
    large.write_bytes(b"x" * (form_text.LARGEST + 1))
    for path, sentence in ((large, "too large"), (tmp_path / "gone.qmform", "can't be read")):
        with pytest.raises(Known, match=sentence):
            form_text.read_file(path)


def test_long_answers_fit_and_endless_ones_are_refused(shop: Shop) -> None:
    survey = shop.takes_survey()
    shop.gets_form(sent_back(survey, _answers(shop, survey, 9, None, None, None, None, "ą🐦" * 5000)))
    (response,) = _kept(shop)
    assert "ą🐦" * 5000 in responses.answers_of(shop.register, response).values()
    endless = sent_back(survey, _answers(shop, survey, 9, None, None, None, None, "x" * 20_001), token="e" * 32)
    with pytest.raises(Known, match="at most 20000 fit"):
        shop.register.do("x", forms.take_in, forms.incoming(shop.register, endless))
    assert len(_kept(shop)) == 1


def test_answers_to_other_questions_and_impossible_points_do_not_come_in(shop: Shop) -> None:
    survey = shop.takes_survey()
    first = shop.survey_questions(survey)[0].id
    for answers, sentence in (({"q99999": 9}, "Nothing is answered"), ({"name": "x"}, "Nothing is answered"), ({"q²": 1}, "Nothing is answered"), ({f"q{first}": 11}, "not a number from 0 to 10"), ({f"q{first}": -1}, "not a number")):
        with pytest.raises(Known, match=sentence):
            shop.register.do("x", forms.take_in, forms.incoming(shop.register, sent_back(survey, answers)))


def test_a_clock_that_can_not_be_right_is_not_believed(clock: Clock, shop: Shop) -> None:
    now = clock.set("2026-12-10")
    survey = shop.takes_survey()
    for token, at in enumerate(("1999-01-01T00:00:00.000Z", "2031-01-01T00:00:00.000Z")):
        shop.gets_form(sent_back(survey, _answers(shop, survey, 9), token=f"{token:032x}", at=at))
    assert {response.answered_at for response in _kept(shop)} == {now}


# -------------------------------------------------------------------------------------- complaint form


def _complaint(shop: Shop, at: str = "2026-12-09T10:00:00.000Z", **said: str) -> forms.Incoming:
    key = the_shop(shop.register).form_key
    told = {"v": 1, "kind": "complaint", "form": surveys.fingerprint(key), "token": "c" * 32, "at": at, "answers": said}
    (found,) = forms.incoming(shop.register, form_text.packed(key, told))
    return found


def test_the_complaint_form_has_one_key_and_needs_it(shop: Shop) -> None:
    with pytest.raises(Known, match="no key yet"):
        forms.complaint_form(shop.register, "pl")
    key = shop.do(forms.MAKE_KEY, forms.make_key)
    assert shop.register.do(forms.MAKE_KEY, forms.make_key).result == key
    page = Page(forms.complaint_form(shop.register, "pl"))
    assert {"name", "email", "phone", "order", "product", "noticed_on", "description", "demand"} <= {attrs["name"] for _tag, attrs in page.tags if "name" in attrs}
    assert [attrs["value"] for attrs in page.named("demand")] == ["repair", "replacement", "reduction", "refund"]


def test_a_complaint_form_is_a_draft_that_nobody_kept(clock: Clock, shop: Shop) -> None:
    shop.do(forms.MAKE_KEY, forms.make_key)
    customer = shop.add_customer("Łucja Żak", email="lucja@example.com")
    order = shop.add_order("1001", customer)
    steps = len(shop.register.steps())
    draft = forms.draft_case(
        shop.register,
        _complaint(shop, name="Łucja Żak", email=" Lucja@Example.com", order="#1001", product="Buty", description="The sole came off.", noticed_on="2026-12-01", demand="refund"),
    )
    assert draft.customer is None
    assert draft.preset["customer"] == customer
    assert draft.preset["order"] == order
    assert draft.preset["noticed_on"] == date(2026, 12, 1)
    assert draft.preset["demand"] is Demand.REFUND
    assert draft.preset["description"] == "The sole came off.\nProduct: Buty"
    assert "unbroken" in draft.sentences[0]
    assert "Nobody can know" in draft.sentences[1]
    assert len(shop.register.steps()) == steps


def test_a_stranger_is_a_customer_to_be_and_what_can_not_be_is_left_out(clock: Clock, shop: Shop) -> None:
    shop.do(forms.MAKE_KEY, forms.make_key)
    draft = forms.draft_case(shop.register, _complaint(shop, name=HOSTILE, email="no address", order="77", product="", description="<b>x</b>", noticed_on="2031-01-01", demand="everything"))
    assert draft.customer is not None
    assert (draft.customer.name, draft.customer.email) == (HOSTILE, "")
    assert draft.preset["description"] == "<b>x</b>\nOrder number: 77", "text, and shown as text"
    assert not {"customer", "order", "noticed_on", "demand"} & draft.preset.keys()


def test_a_customer_is_known_by_telephone_and_name(clock: Clock, shop: Shop) -> None:
    shop.do(forms.MAKE_KEY, forms.make_key)
    customer = shop.add_customer("Jan Kos", phone="601 202 303")
    assert forms.draft_case(shop.register, _complaint(shop, name="jan kos", phone="+48 601-202-303", description="x")).preset["customer"] == customer
    assert "customer" not in forms.draft_case(shop.register, _complaint(shop, name="Ewa Kos", phone="601202303", description="x")).preset


def test_a_complaint_that_was_registered_is_known(clock: Clock, shop: Shop) -> None:
    shop.do(forms.MAKE_KEY, forms.make_key)
    found = _complaint(shop, description="The sole came off.")
    assert found.known is None
    case = shop.complains(**forms.draft_case(shop.register, found).preset)
    assert _complaint(shop, description="The sole came off.").known == case.id


def test_moments_are_read_whatever_follows_the_seconds() -> None:
    for written in ("2026-11-22T09:00:00.000Z", "2026-11-22T09:00:00Z"):
        (found,) = form_text.found_in(_damaged({**_SOUND, "at": written}))
        assert found.at == datetime.fromisoformat("2026-11-22T09:00:00+00:00")
