"""Letters: what a shop owner sees on paper, what the archive needs, and texts that try to break the page.

The golden pages lie in tests/golden/documents; after a wanted change of layout run this file with QMDESK_GOLDEN=write
and look at every picture.
"""

from __future__ import annotations

import re
import string
import threading
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from qmdesk.documents.render import KINDS, Content, fill, gaps, texts, to_pages, to_pdf
from qmdesk.errors import Known
from tests.core.golden import looks_as_before, same

GAP = {"gap": "Numer zamówienia", "field": "case.order"}


# --- letters as the program would compose them ------------------------------------------------------------------------


def sample(kind: str, lang: str, *, rows: int = 2, **other: object) -> Content:
    """A letter with nearly every part in use, whatever its kind says; what real letters say is test_letter_pages's."""
    t = texts(lang)
    pl = lang == "pl"
    day, price = ("22.11.2026", "1\u00a0234,50\u00a0zł") if pl else ("22 Nov 2026", "PLN\u00a01,234.50")
    goods = ["Ekspres ciśnieniowy „Poranek 15”", "Filtr do wody, 3 szt."] if pl else ["Espresso machine “Morning 15”", "Water filter, 3 pcs"]
    rights = ["talk", "ombudsman", "inspection", "court"]
    facts: dict[str, Any] = {
        "date": "2026-11-22",
        "shop": {
            "name": "Łódzka Kawa i Żarna", "address_lines": ["ul. Piotrkowska 104/3", "90-926 Łódź"], "nip": "727-12-34-561", "phone": "+48 42 555 01 02",
            "email": "pomoc@kawaizarna.example", "website": "kawaizarna.example",
        },
        "place_and_date": fill(t["layout.place_and_date"], place="Łódź", date=day),
        "document_number": "D/2026/0031",
        "case_number": "R/2026/0017",
        "recipient": {"name": "Michalina Dąbrowska-Żółkiewska", "address_lines": ["ul. Źródlana 7 m. 12", "31-112 Kraków"]},
        "salutation": t["salutation.neutral"],
        "subject": fill(t["answer_accepted.subject"], case_number="R/2026/0017"),
        "paragraphs": [fill(t["answer_accepted.opening"], received_on=day)],
        "highlight": {"label": t["label.decision"], "value": t["decision.accepted"], "note": t["answer_accepted.cost"]},
        "particulars": [
            {"label": t["label.received_at"], "value": day + ", 14:05"},
            {"label": t["label.order_number"], "value": "KZ-88213"},
            {"label": t["label.description"], "value": "Po miesiącu pompa głośno buczy,\na kawa leci letnia #1 *nie* <b>gorąca</b> 😀."},
        ],
        "items": {
            "columns": [t[f"label.{name}"] for name in ("item", "sku", "quantity", "unit_price", "amount")],
            "align": ["left", "left", "right", "right", "right"],
            "rows": [[goods[i % 2], f"EKS-{i:03}", str(i % 4 + 1), price, price] for i in range(rows)],
            "foot": [[t["label.total"], "", "", "", price]],
        },
        "blanks": [{"label": t["withdrawal_form.name"], "value": ""}],
        "sections": [
            {"title": t["answer.adr_title"], "framed": True, "paragraphs": [fill(t["answer.adr_consent"], adr_entity="WIIH, wiih.example")]},
            {"title": t["answer.rights_title"], "paragraphs": [t["answer.rights_opening"], [t[f"answer.rights_{right}"] for right in rights]]},
        ],
        "closing": [t["answer_accepted.closing"]],
        "enclosures": ["Protokół oględzin z 18.11.2026" if pl else "Inspection record of 18 Nov 2026"],
        "signature": {"sign_off": t["answer.sign_off"], "name": "Łucja Wiśniewska", "role": "Obsługa klienta" if pl else "Customer service"},
        "footer_note": t["protocol.register_note"],
    }  # fmt: skip
    return Content(kind, lang, facts | other, logo())


def logo(form: str = "PNG", size: tuple[int, int] = (480, 160)) -> bytes:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((10, 10, size[1] - 10, size[1] - 10), fill=(90, 60, 40))
    draw.rectangle((size[1] + 10, size[1] // 3, size[0] - 10, size[1] * 2 // 3), fill=(200, 150, 90))
    data = BytesIO()
    image.save(data, form)
    return data.getvalue()


def with_gaps(lang: str) -> Content:
    """A draft as the preview shows it before the case is complete."""
    content = sample("receipt_confirmation", lang, draft=True)
    t = texts(lang)
    facts: Any = dict(content.facts)
    received = {"gap": t["label.received_on"], "field": "case.received_on"}
    facts["paragraphs"] = [
        fill(t["receipt_confirmation.opening"], received_on=received, case_number="R/2026/0017")
    ]
    facts["recipient"] = {"name": {"gap": t["label.contact"], "field": "case.customer"}}
    facts["particulars"] = [
        *facts["particulars"][:2],
        {"label": t["label.order_number"], "value": {"gap": t["label.order_number"], "field": "case.order"}},
    ]
    facts["items"] = facts["items"] | {
        "rows": [["Filtr", {"gap": t["label.sku"], "field": "product.sku"}, "1", "9,00", "9,00"]]
    }
    facts |= {"highlight": None, "blanks": [], "sections": [], "closing": [], "enclosures": [], "footer_note": ""}
    facts["signature"] = {
        "place_for_customer": True,
        "name": {"gap": t["label.accepted_by"], "field": "case.accepted_by"},
    }
    return Content(content.kind, lang, facts)


def bare(text: str, **other: object) -> Content:
    """A letter that prints one text in every place where a customer's text can stand."""
    facts = {
        "date": "2026-11-22",
        "shop": {"name": text, "address_lines": [text]},
        "recipient": {"name": text, "address_lines": [text]},
        "subject": text,
        "document_number": "D/2026/0031",
        "paragraphs": [text, [text]],
        "highlight": {"label": text, "value": text},
        "particulars": [{"label": text, "value": text}],
        "items": {
            "columns": ["a", "b", "c"],
            "rows": [[text, "1", text], ["", text]],
            "align": ["left", "right", "right"],
        },
        "sections": [{"title": text, "paragraphs": [text]}],
        "signature": {"name": text},
        "footer_note": text,
    }
    return Content("answer_rejected", "pl", facts | other)


# --- how it looks -----------------------------------------------------------------------------------------------------


def pictures(content: Content) -> list[Image.Image]:
    return [Image.open(BytesIO(page)).convert("RGB") for page in to_pages(content, dots_per_inch=50)]


@pytest.mark.parametrize("name", ["gaps_pl", "gaps_en", "long_pl"])
def test_letters_look_as_they_did(name: str) -> None:
    content = with_gaps(name[-2:]) if name.startswith("gaps") else sample("answer_accepted", "pl", rows=70)
    looks_as_before(f"documents/{name}", to_pages(content, dots_per_inch=50))


# --- what the archive needs -------------------------------------------------------------------------------------------


def inflated(pdf: bytes) -> bytes:
    """The file with its compressed streams opened, as far as they open."""
    streams = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            streams.append(zlib.decompressobj().decompress(found[1]))
        except zlib.error:
            streams.append(found[1])
    return b"\n".join(streams)


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_an_archive_pdf_that_says_what_it_is(kind: str, lang: str) -> None:
    pdf = to_pdf(sample(kind, lang))
    assert pdf.startswith(b"%PDF-1.7")
    plain = inflated(pdf)
    assert re.search(rb"pdfaid:part(=\"|>)2", plain)
    assert re.search(rb"pdfaid:conformance(=\"|>)B", plain)
    assert "Łódzka Kawa i Żarna".encode() in plain  # the author
    assert f"{'reklamacj' if lang == 'pl' else 'omplaint'}".encode() in plain  # the title
    assert re.search(rb"/Lang ?\(" + lang.encode(), plain)
    assert b"/StructTreeRoot" in plain
    assert b"D:20261122" in plain


def test_the_same_letter_is_the_same_file() -> None:
    assert to_pdf(sample("answer_rejected", "pl")) == to_pdf(sample("answer_rejected", "pl"))
    later = sample("answer_rejected", "pl", date="2026-11-23")
    assert to_pdf(later) != to_pdf(sample("answer_rejected", "pl"))


def test_letters_are_drawn_from_several_threads() -> None:
    want = to_pdf(sample("answer_accepted", "pl"))
    got: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: got.append(to_pdf(sample("answer_accepted", "pl")))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [want] * 4


def test_the_preview_has_the_resolution_asked_for() -> None:
    page = Image.open(BytesIO(to_pages(sample("answer_accepted", "en"), dots_per_inch=110)[0]))
    assert page.size == (round(210 / 25.4 * 110), round(297 / 25.4 * 110))


def test_a_letter_with_hardly_any_facts_is_still_a_letter() -> None:
    for kind in KINDS:
        assert len(to_pages(Content(kind, "pl", {"shop": {"name": "Sklep", "nip": None}}))) == 1


# --- texts that try to break the page -----------------------------------------------------------------------------------

HOSTILE = [
    "W" * 2_000,
    "Ż" * 2_000,
    "😀👨‍👩‍👧🇵🇱" * 100,
    '#panic("x") #sys.version $x^2 *a _b [ ] \\ @ref <label> `c` // d /* e',
    "<b>bold</b> &amp; <script>alert(1)</script>",
    "שלום עולם العربية \u202eodwrotnie\u202c 漢字 ไทย हिन्दी",
    "a\r\nb\rc\n\n\nd\te\vf\fg\x00h\x07i\x1bj\x7fk\x85l\u2028m\ufeffn\ufffe\uffff",
    "pół znaku: \ud83d i \udc00",
    "\ue000\U000f0000\U0010ffff\u0301\u200d\u200b",
    "{case_number} %s {} {0} \\u0041",
    " ",
    "",
    "wiersz\n" * 100,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_a_customer_types_breaks_a_letter_or_leaves_the_paper(text: str) -> None:
    _stays_on_the_paper(bare(text))


def test_a_name_of_ten_thousand_letters_stays_on_the_paper() -> None:
    _stays_on_the_paper(bare("Kubek", recipient={"name": "W" * 10_000, "address_lines": ["Ż" * 10_000]}))


def _stays_on_the_paper(content: Content) -> None:
    assert to_pdf(content).startswith(b"%PDF")
    for page in pictures(content):
        right_of_the_text = page.crop((page.width - page.width * 19 // 210, 0, page.width, page.height))
        assert right_of_the_text.convert("L").getextrema()[0] > 200


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_makes_a_letter(text: str) -> None:
    assert to_pdf(bare(text)).startswith(b"%PDF")


def test_typed_markup_stays_as_typed() -> None:
    """A text that were evaluated would print 2, and bold."""

    def page(text: str) -> bytes:
        return to_pages(Content("answer_accepted", "en", {"paragraphs": [text]}))[0]

    assert page("#(1+1)") != page("2")
    assert page("*a*") != page("a")
    assert page("a\\b") != page("a")
    assert page("a\x00\x1bb") == page("ab")
    assert page("a\r\nb") == page("a\nb")


# --- gaps, texts, logo --------------------------------------------------------------------------------------------------


def amber(page: Image.Image) -> int:
    """How many pixels have the colour of a gap."""
    return sum(
        count
        for count, (red, green, blue) in page.getcolors(page.width * page.height)
        if (red, green, blue) == (0xFD, 0xE9, 0xB8)
    )


def test_what_is_missing_is_marked_wherever_it_stands() -> None:
    whole = Content("answer_accepted", "pl", {"paragraphs": ["Numer"]})
    assert amber(pictures(whole)[0]) == 0
    sentence = fill("Zamówienie {order} z dnia {day}.", order=GAP, day="22.11.2026")
    assert sentence == {"parts": ["Zamówienie ", GAP, " z dnia ", "22.11.2026", "."]}
    places: list[dict[str, object]] = [
        {"paragraphs": [sentence]},
        {"paragraphs": [["raz", sentence]]},
        {"subject": sentence},
        {"document_number": GAP},
        {"place_and_date": GAP},
        {"recipient": {"name": GAP, "address_lines": [GAP]}},
        {"shop": {"name": GAP, "nip": GAP}},
        {"particulars": [{"label": "Zamówienie", "value": GAP}]},
        {"items": {"columns": ["Towar"], "rows": [[GAP]], "align": ["right"]}},
        {"highlight": {"label": "Odpowiemy", "value": GAP}},
        {"sections": [{"title": GAP, "paragraphs": [GAP], "framed": True}]},
        {"signature": {"name": GAP}},
        {"footer_note": sentence},
    ]
    for facts in places:
        assert amber(pictures(Content("answer_accepted", "pl", facts))[0]) > 20, facts


def test_a_gap_can_be_clicked_where_it_is_drawn() -> None:
    content = with_gaps("pl")
    found = gaps(content)
    assert [gap.field for gap in found] == [
        "case.customer",
        "case.received_on",
        "case.order",
        "product.sku",
        "case.accepted_by",
    ]
    pages = pictures(content)
    for gap in found:
        page = pages[gap.page]
        left, top = gap.x * page.width, gap.y * page.height
        mark = page.crop(
            (
                round(left),
                round(top),
                round(left + gap.width * page.width),
                round(top + gap.height * page.height),
            )
        )
        # a light amber ground under brown words, and the watermark over both
        red, green, blue = mark.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
        assert red > 200
        assert blue < green - 20 < red
    assert gaps(sample("answer_rejected", "en")) == []


def test_a_draft_is_marked_and_the_issued_letter_is_not() -> None:
    draft = pictures(sample("answer_accepted", "pl", draft=True))[0]
    issued = pictures(sample("answer_accepted", "pl", draft=False))[0]
    changed = ImageChops.difference(draft, issued).convert("L").point(lambda shade: 255 if shade > 4 else 0)
    assert changed.histogram()[255] > 5_000
    assert same(issued, pictures(sample("answer_accepted", "pl"))[0])


def test_both_languages_have_the_same_texts() -> None:
    def asks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    pl, en = texts("pl"), texts("en")
    assert list(pl) == list(en)
    assert all(text.strip() and text == text.strip() for text in (*pl.values(), *en.values()))
    assert {key for key in pl if asks(pl[key]) != asks(en[key])} == set()


def test_texts_name_no_closed_platform_and_no_repealed_regulation() -> None:
    for text in (*texts("pl").values(), *texts("en").values()):
        assert not re.search(r"\bODR\b|ec\.europa\.eu|kwietnia 2019|2019 poz|April 2019", text)


def test_a_text_that_asks_for_something_unknown_says_so() -> None:
    assert fill("Kwota {amount}.", amount="5,00 zł") == "Kwota 5,00 zł."
    assert fill("{a}", a="{b}") == "{b}"
    with pytest.raises(Known, match=r"asks for \{kwota\}"):
        fill("Zwrócimy {kwota}.", amount="5,00 zł")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_logo_may_be_a_png_or_a_jpeg(form: str) -> None:
    facts = {"shop": {"name": "Sklep"}, "date": "2026-11-22"}
    with_logo = Content("answer_accepted", "pl", facts, logo(form, (3000, 1000)))
    assert not same(pictures(with_logo)[0], pictures(Content("answer_accepted", "pl", facts))[0])
    assert len(to_pdf(with_logo)) < 200_000


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"not a picture",
        logo()[:60],
        logo()[:-300],
        logo("JPEG")[:400],
        b"GIF89a" + bytes(40),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=["empty", "text", "head", "cut", "cut jpeg", "gif", "svg"],
)
def test_a_logo_that_cant_be_drawn_is_named(damaged: bytes) -> None:
    content = Content("answer_accepted", "pl", {}, damaged)
    with pytest.raises(Known, match="The logo can't be drawn"):
        to_pdf(content)
    with pytest.raises(Known, match="The logo can't be drawn"):
        to_pages(content)


def test_a_letter_of_an_unknown_kind_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no template"):
        to_pdf(Content("../letter", "pl", {}))
