"""Checklists as files: what goes out comes back the same, and what can't be read is said with its row and column."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from qmdesk import i18n
from qmdesk.errors import Known, Problems
from qmdesk.exchange.checklist_table import COLUMNS, pasted
from qmdesk.operations import checklist_files, checklists
from qmdesk.records.audit import Checklist, ChecklistKind, Question, QuestionType
from qmdesk.records.checklist import YES_FAILS, Draft
from qmdesk.records.shop import Language
from qmdesk.schema.query import Query
from qmdesk.schema.record import replace
from tests.core import hostile
from tests.shop_checklists import ListShop, a_list, question

YES = QuestionType.YES_NO


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ListShop]:
    """A shop with an empty register."""
    made = ListShop(tmp_path / "shop.qmd")
    yield made
    assert made.register.verify() == []
    made.register.close()


def photo(colour: str = "red") -> bytes:
    """A photo as a register keeps it."""
    made = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(made, "PNG")
    return made.getvalue()


def everything(**values: Any) -> Draft:
    """A list with each type of question and everything a question can say."""
    return a_list(
        question("Is anything out of date?", id=-1, section="Shelf", type=YES, options=YES_FAILS, weight=3, critical=True, clause="8.2", photo_when_failed=True),
        question("=1+1 What\n-then?", id=-2, section="Shelf", type=QuestionType.TEXT, weight=0, guidance="@home, +48; \"quoted\"", shown_by=-1, shown_for="yes"),
        question("Where?", id=-3, section="Żółć", type=QuestionType.CHOICE, options="On the shelf\nNowhere, really\n!On the floor", note_when_failed=False),
        question("How was it?", id=-4, type=QuestionType.VERDICT, shown_by=-3, shown_for="On the floor; Nowhere, really"),
        question("°C", id=-5, section="Żółć", type=QuestionType.NUMBER, least=Decimal("-2.5"), most=Decimal("8"), unit="°C"),
        question("How tidy?", id=-6, type=QuestionType.SCALE, shown_by=-4, shown_for="minor; major"),
        question("Since when?", type=QuestionType.DAY, weight=0),
        question("Photo", type=QuestionType.PHOTO, weight=0, shown_by=-6, shown_for="0; 1"),
        question("Signed", type=QuestionType.SIGNATURE, weight=0),
        **{"name": "Shelf: all", "kind": ChecklistKind.WAREHOUSE, "language": Language.ENGLISH, "purpose": "Why?\nSo.", "criteria": "=ours", "pass_mark": Decimal("82.5"), "key": "shelf", **values},
    )


def without_ids(draft: Draft) -> list[tuple[Any, ...]]:
    """What is asked, whatever the numbers in the register."""
    places = {one.id: at for at, one in enumerate(draft.questions)}
    return [tuple(vars(replace(one, id=0, checklist=1, shown_by=None if one.shown_by is None else places[one.shown_by])).items()) for one in draft.questions]


def told(checklist: Checklist) -> dict[str, Any]:
    return {name: getattr(checklist, name) for name in checklist_files.checklist_workbook.OWN if name != "name"}


# ------------------------------------------------------------------------------------ out and back


@pytest.mark.parametrize("ending", [".xlsx", ".qmcheck"])
@pytest.mark.parametrize("lang", ["pl", "en"])
def test_what_goes_out_comes_back_the_same(shop: ListShop, tmp_path: Path, ending: str, lang: str) -> None:
    id_ = shop.saves_list(everything())
    path = tmp_path / f"list{ending}"
    checklist_files.export(shop.register, id_, path, lang)
    i18n.use("pl" if lang == "en" else "en")  # whoever reads it need not speak the language it was written in
    back = shop.do(checklists.IMPORT, checklist_files.add, checklist_files.read(path))
    assert without_ids(shop.list(back)) == without_ids(shop.list(id_))
    assert told(shop.get(Checklist, back)) == told(shop.get(Checklist, id_))
    assert shop.get(Checklist, back).name == "Shelf: all (2)"


def test_a_library_list_survives_a_spreadsheet_program(shop: ListShop, tmp_path: Path) -> None:
    id_ = shop.takes_from_library("packing_dispatch", "pl")
    path = tmp_path / "lista.xlsx"
    checklist_files.export(shop.register, id_, path)
    openpyxl.load_workbook(path).save(path)  # opened and saved by another program
    incoming = checklist_files.read(path)
    assert incoming.left_out == ()
    assert without_ids(Draft(Checklist(name="x"), incoming.questions)) == [
        tuple({**dict(one), "position": 0}.items()) for one in without_ids(shop.list(id_))
    ]


def test_the_workbook_explains_its_columns(shop: ListShop, tmp_path: Path) -> None:
    id_ = shop.saves_list(everything())
    checklist_files.export(shop.register, id_, tmp_path / "l.xlsx", "pl")
    book = openpyxl.load_workbook(tmp_path / "l.xlsx")
    assert book.sheetnames == ["Pytania", "Kolumny", "Lista kontrolna"]
    heads = [cell.value for cell in book["Pytania"][1]]
    assert heads[:5] == ["Lp.", "Część", "Pytanie", "Rodzaj odpowiedzi", "Waga"]
    explained = {row[0]: row[1:4] for row in book["Kolumny"].iter_rows(min_row=2, values_only=True)}
    assert [explained[head][0] for head in heads if not explained[head][0]] == []
    assert "Zdjęcie" in explained["Rodzaj odpowiedzi"][1]
    assert "Photo" in explained["Rodzaj odpowiedzi"][2]
    assert book["Pytania"]["C3"].data_type == "s"  # a text that looks like a formula stays text
    assert book["Pytania"]["C3"].value == "=1+1 What\n-then?"


def test_photos_travel_in_the_file_of_ours_alone(shop: ListShop, tmp_path: Path) -> None:
    picture = photo()
    sha = shop.register.do("Keep", lambda tx: tx.keep(picture)).result
    id_ = shop.writes(question("How it should look?", type=YES, picture=sha), question("And here?", type=YES))
    checklist_files.export(shop.register, id_, tmp_path / "l.qmcheck")
    checklist_files.export(shop.register, id_, tmp_path / "l.xlsx")
    other = ListShop(tmp_path / "other.qmd")
    back = other.do(checklists.IMPORT, checklist_files.add, checklist_files.read(tmp_path / "l.qmcheck"))
    assert other.register.content(other.list(back).questions[0].picture) == picture
    bare = other.do(checklists.IMPORT, checklist_files.add, checklist_files.read(tmp_path / "l.xlsx"))
    assert [one.picture for one in other.list(bare).questions] == ["", ""]
    assert other.register.verify() == []
    other.register.close()
    shop.do(checklists.IMPORT, checklist_files.replace_with, id_, checklist_files.read(tmp_path / "l.xlsx"))
    assert shop.list(id_).questions[0].picture == sha  # the workbook has no photos, and takes none away


def test_a_workbook_that_comes_back_is_the_lists_next_version(shop: ListShop, tmp_path: Path) -> None:
    id_ = shop.writes(question("A?", type=YES), question("B?", type=YES), purpose="Why")
    shop.asks_by(id_)
    path = tmp_path / "l.xlsx"
    checklist_files.export(shop.register, id_, path, "en")
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C3"] = "B, really?"
    book.worksheets[0].append([None, "New", "C?", "Yes or no", 2])
    book.worksheets[2]["B5"] = "Because"
    book.save(path)
    incoming = checklist_files.read(path)
    assert checklist_files.called(shop.register, incoming.name) == id_
    a = shop.list(id_).questions[0].id
    shop.do(checklists.IMPORT, checklist_files.replace_with, id_, incoming)
    found = shop.list(id_)
    assert shop.wordings(id_) == ["A?", "B, really?", "C?"]
    assert (found.questions[0].id, found.checklist.version, found.checklist.purpose) == (a, 2, "Because")


# --------------------------------------------------------------------------- workbooks written by hand


def by_hand(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


def test_a_workbook_written_by_hand_needs_only_questions(shop: ListShop, tmp_path: Path) -> None:
    path = by_hand(
        tmp_path / "Sklep rano.xlsx",
        ["Pytania na rano"],
        [],
        ["Pytanie", "Typ", "Waga", "Krytyczne", "Sekcja", "Coś", "Min", "Max", "Jednostka"],
        ["Sala"],
        ["Czy drzwi są otwarte?", "tak/nie", 2, "tak", "Wejście"],
        ["", None, None, None, "Kasa"],
        ["Ile jest gotówki w kasie: 200?", "liczba", None, None, None, "x", 100, "500,50", "zł"],
        ["Czy w kasie jest: papier, drobne, 2 długopisy?"],
    )
    with pytest.raises(Problems):  # “Sala” is no heading here: it stands in the column of the questions, and one is enough
        checklist_files.read(by_hand(tmp_path / "x.xlsx", ["Pytanie", "Typ"], ["Sala", "nic"]))
    incoming = checklist_files.read(path)
    assert incoming.name == "Sklep rano"
    assert incoming.left_out == ("Coś",)
    assert [(one.wording, one.section, one.type, one.weight, one.critical) for one in incoming.questions] == [
        ("Sala", "", QuestionType.VERDICT, 1, False),
        ("Czy drzwi są otwarte?", "Wejście", YES, 2, True),
        ("Ile jest gotówki w kasie: 200?", "Kasa", QuestionType.NUMBER, 1, False),
        ("Czy w kasie jest: papier, drobne, 2 długopisy?", "Kasa", QuestionType.VERDICT, 1, False),
    ]
    assert (incoming.questions[2].least, incoming.questions[2].most, incoming.questions[2].unit) == (Decimal(100), Decimal("500.5"), "zł")
    id_ = shop.do(checklists.IMPORT, checklist_files.add, incoming)
    assert shop.get(Checklist, id_).name == "Sklep rano"


def sentences(path: Path) -> list[str]:
    with pytest.raises(Known) as error:
        checklist_files.read(path)
    return [problem.sentence for problem in error.value.problems] if isinstance(error.value, Problems) else [error.value.sentence]


def test_what_is_wrong_is_said_with_row_and_column(tmp_path: Path) -> None:
    said = sentences(
        by_hand(
            tmp_path / "l.xlsx",
            ["No.", "Question", "Type", "Weight", "Critical", "At least", "Asked only when no.", "has the answer"],
            [1, "Good?", "yes or no", 1, "no", None, None, None],
            [2, None, "yes or no", 1],
            [3, "What type?", "sometimes", 1],
            [4, "How heavy?", "a number", "heavy", "perhaps", "x"],
            [5, "When?", "yes or no", 1, "no", None, 99, "yes"],
            [6, "Answer?", "yes or no", 1, "no", None, 1, "maybe"],
            [7, "Later?", "yes or no", 1, "no", None, 8, "no"],
            [8, "Circle?", "yes or no", 1, "no", None, 7, "no"],
            [9, "Which?", "yes or no", 1, "no", None, None, "no"],
        )
    )
    for row, column, words in (
        (4, "Type", "“sometimes” is no way to answer a question. Write one of: Verdict, Yes or no,"),
        (5, "Weight", "“heavy” can't be read"),
        (5, "Critical", "“perhaps” can't be read"),
        (5, "At least", "“x” can't be read"),
        (6, "Asked only when no.", "No row has the number “99”."),
        (10, "Asked only when no.", "The number of the question it waits for is missing."),
        (3, "Question", "What is asked is missing."),
        (7, "has the answer", "the answer “maybe”, which question 1 does not have"),
        (8, "Asked only when no.", "wait for one another in a circle"),
        (9, "Asked only when no.", "wait for one another in a circle"),
    ):
        assert any(sentence.startswith(f"Row {row}, column “{column}”: ") and words in sentence for sentence in said), (row, column, said)
    assert len(said) == 10


def test_a_file_with_hundreds_of_mistakes_names_the_first(tmp_path: Path) -> None:
    said = sentences(by_hand(tmp_path / "l.xlsx", ["Question", "Type"], *[[f"{n}?", "wrong"] for n in range(300)]))
    assert len(said) == 21
    assert said[-1] == "… and 280 more. Mend these first."


def test_ten_thousand_rows_are_no_checklist(shop: ListShop, tmp_path: Path) -> None:
    path = by_hand(tmp_path / "l.xlsx", ["Question"], *[[f"Question {n}?"] for n in range(10_000)])
    assert sentences(path) == ["The table has more than 500 rows. A checklist holds at most 500 questions; divide it into several."]
    assert shop.register.count(Query(Question)) == 0


def test_a_table_without_questions_says_what_is_missing(tmp_path: Path) -> None:
    assert sentences(by_hand(tmp_path / "l.xlsx", ["Order", "Product"], ["1", "Mug"])) == [
        "No column is called “What is asked”, so the questions can't be found. The columns are: Order, Product."
    ]


@pytest.mark.parametrize("make", [hostile.billion_laughs, hostile.shared_text_bomb, hostile.far_value, hostile.password_protected, hostile.truncated, hostile.picture, hostile.many_columns])
def test_hostile_workbooks_end_in_a_sentence(shop: ListShop, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path / "l.xlsx")
    (sentence,) = sentences(path)
    assert "Traceback" not in sentence
    assert shop.register.count(Query(Checklist)) == 0


def test_other_files_are_refused(shop: ListShop, tmp_path: Path) -> None:
    (tmp_path / "l.pdf").write_bytes(b"%PDF-1.7")
    assert sentences(tmp_path / "l.pdf") == ["l.pdf is neither a workbook nor a .qmcheck file. Choose one of these."]
    with pytest.raises(Known, match=r"can be written as \.xlsx or \.qmcheck"):
        checklist_files.export(shop.register, shop.writes(question("A?", type=YES)), tmp_path / "l.csv")


# -------------------------------------------------------------------------------------- our own file


def spoiled(path: Path, **changes: Any) -> Path:
    """A file of ours with something in it that we never write."""
    whole = {"qmcheck": 1, "checklist": {"name": "L"}, "questions": [{"wording": "A?", "type": "yes_no"}]}
    path.write_text(json.dumps({**whole, **changes}), "utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"qmcheck": 2}, "l.qmcheck was written by a newer version of the program. Update this one, then import it again."),
        ({"qmcheck": None}, "l.qmcheck is no checklist of this program."),
        ({"qmcheck": True}, "l.qmcheck is no checklist of this program."),
        ({"questions": 7}, "l.qmcheck is no checklist of this program."),
        ({"questions": ["A?"]}, "l.qmcheck is no checklist of this program."),
        ({"questions": [{"wording": "A?"}] * 501}, "l.qmcheck holds more than 500 questions. Divide it into several lists."),
        ({"questions": [{"wording": "A?", "picture": "§"}]}, "Question 1: its reference photo is damaged."),
        ({"questions": [{"wording": "A?", "picture": base64.b64encode(b"no picture").decode()}]}, "Question 1: This picture can't be opened; it is damaged or of an unknown kind."),
        ({"questions": [{"wording": "A?", "shown_by": 3, "shown_for": "yes"}]}, "Question 1: There is no question 3 for it to wait for."),
        ({"questions": [{"wording": "A?", "shown_by": True}]}, "Question 1: There is no question True for it to wait for."),
        ({"questions": [{"wording": "A?", "type": "sometimes"}]}, "Question 1: Answered by must be one of: Verdict, Yes or no, From 0 to 5, A number, One of several, Free text, Date, Photo, Signature. It was “sometimes”."),
        ({"questions": [{"wording": {"a": 1}}]}, "Question 1: What is asked: “{'a': 1}” can't be read. Write it like abc."),
        ({"questions": [{"wording": "A?", "weight": "x"}]}, "Question 1: Weight: “x” can't be read. Write it like 12."),
        ({"questions": [{"wording": "A?", "critical": 1}]}, "Question 1: Critical: “1” can't be read. Write it like yes."),
        ({"checklist": {"name": "L", "pass_mark": "NaN"}}, "Passed from: “NaN” can't be read. Write it like 12,5."),
        ({"checklist": {"kind": "soup"}}, None),
    ],
)  # fmt: skip
def test_files_of_ours_that_were_spoiled(shop: ListShop, tmp_path: Path, changes: dict[str, Any], sentence: str | None) -> None:
    said = sentences(spoiled(tmp_path / "l.qmcheck", **changes))
    assert said == [sentence] if sentence else said
    assert shop.register.count(Query(Checklist)) == 0


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"[" * 100_000, b"\xff\xfe", b'{"qmcheck": ' + b"9" * 5000 + b"}"])
def test_files_that_are_no_json_of_ours(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "l.qmcheck"
    path.write_bytes(content)
    (sentence,) = sentences(path)
    assert sentence.startswith("l.qmcheck ")


def test_a_file_that_is_too_large_or_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sentences(tmp_path / "none.qmcheck") == ["none.qmcheck can't be read. Check that it is there and that you may read it."]
    monkeypatch.setattr("qmdesk.exchange.checklist_file.LARGEST", 50)
    assert "larger than" in sentences(spoiled(tmp_path / "l.qmcheck"))[0]


def test_nothing_is_kept_of_a_file_with_a_flaw(shop: ListShop, tmp_path: Path) -> None:
    path = spoiled(tmp_path / "l.qmcheck", questions=[{"wording": "A?", "type": "yes_no", "picture": base64.b64encode(photo()).decode()}, {"wording": "B?", "type": "choice"}])
    before = shop.register.steps(1)[0][0].id
    with pytest.raises(Problems, match="Question 2: Write at least two answers"):
        shop.register.do(checklists.IMPORT, checklist_files.add, checklist_files.read(path))
    assert shop.register.steps(1)[0][0].id == before
    assert shop.register.count(Query(Checklist)) == 0


# ------------------------------------------------------------------------------------------ pasting


def test_lines_of_text_become_questions() -> None:
    found = pasted("1. Is the door open?\n2) Is the till “counted”?\n\n• Is it clean?\r\nIs 5 enough?")
    assert [one.wording for one in found] == ["Is the door open?", "Is the till “counted”?", "Is it clean?", "Is 5 enough?"]
    assert {one.type for one in found} == {QuestionType.VERDICT}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Entrance\tIs the door open?\tYes or no\t3\tyes", ("Entrance", "Is the door open?", YES, 3, True)),
        ("Wejście\tCzy drzwi są otwarte?\tTak lub nie\t3\ttak", ("Wejście", "Czy drzwi są otwarte?", YES, 3, True)),
        ("7\tEntrance\tIs the door open?\t0-5\t2", ("Entrance", "Is the door open?", QuestionType.SCALE, 2, False)),
        ("Is the door open?\tyes/no\t4", ("", "Is the door open?", YES, 4, False)),
        ("Entrance\tIs the door open?", ("Entrance", "Is the door open?", QuestionType.VERDICT, 1, False)),
        ("Weight\tType\tQuestion\n5\tscale\tHow clean?", ("", "How clean?", QuestionType.SCALE, 5, False)),
        ('Entrance\t"Is the door\nopen, and ""wide""?"', ("Entrance", 'Is the door\nopen, and "wide"?', QuestionType.VERDICT, 1, False)),
    ],
)
def test_rows_of_a_spreadsheet_become_questions(text: str, expected: tuple[Any, ...]) -> None:
    (found,) = pasted(text)
    assert (found.section, found.wording, found.type, found.weight, found.critical) == expected


def test_a_whole_exported_table_can_be_pasted() -> None:
    header = "\t".join(column.label for column in COLUMNS)
    rows = "1\tA\tFirst?\tYes or no\t1\tno\t\t\t\t\t\t\t\t\tyes\tno\n2\tA\tSecond?\tFree text\t\t\t\t\t\t\t\t\t1\tno\t\t"
    first, second = pasted(f"{header}\n{rows}")
    assert (second.shown_by, second.shown_for) == (first.id, "no")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Nothing that can be pasted"),
        (" \n\t\n", "Nothing that can be pasted"),
        ("x" * 2_000_001, "More was copied"),
        ('"' + "x" * 200_000, "can't be read as a table"),
        ("\n".join(f"{n}?" for n in range(501)), "more than 500 rows"),
        ("A\tIs it?\tsometimes\nA\tIs it?\tyes/no", "Row 1, column “Answered by”: “sometimes”"),
    ],
)
def test_what_cant_be_pasted_is_said(text: str, words: str) -> None:
    with pytest.raises(Known, match=words):
        pasted(text)
