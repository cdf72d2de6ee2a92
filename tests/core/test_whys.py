"""Causes looked for: the tree of whys and the fishbone, how they are written, and how they are drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk.documents import cause_drawing
from qmdesk.documents.cause_drawing import PROBLEM, Box, Drawing, fishbone, svg, tree
from qmdesk.errors import Known, Problems
from qmdesk.operations import action_reading, whys
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.improvement import Action, Branch, CauseMethod, Why
from qmdesk.records.lists import Cause
from tests.clock import clock
from tests.shop import Shop, shop

__all__ = ["clock", "shop"]


def told(shop: Shop, action: Action) -> list[tuple[str, int | None]]:
    """The causes in their order: their words, and the id of what they explain."""
    return [(one.because, one.parent) for one in action_reading.whys_of(shop.register, action)]


def test_a_chain_of_whys_branches_and_keeps_its_order(shop: Shop) -> None:
    action = shop.begins_action()
    heavy = shop.asks_why(action, "  Too heavy ")
    scale = shop.asks_why(action, "No scale at the desk", parent=heavy.id)
    limit = shop.asks_why(action, "Nobody knows the limit", parent=heavy.id)
    between = shop.asks_why(action, "Nobody weighs", parent=heavy.id, after=scale.id)
    assert told(shop, action)[0] == ("Too heavy", None)
    below = [one.because for one in action_reading.whys_of(shop.register, action) if one.parent == heavy.id]
    assert below == ["No scale at the desk", "Nobody weighs", "Nobody knows the limit"]
    shop.do(whys.MOVE, whys.move, limit.id, -1)
    shop.do(whys.MOVE, whys.move, scale.id, -1)  # the first stays the first
    below = [one.because for one in action_reading.whys_of(shop.register, action) if one.parent == heavy.id]
    assert below == ["No scale at the desk", "Nobody knows the limit", "Nobody weighs"]
    assert shop.do(whys.REMOVE, whys.remove, heavy.id) == 4
    assert told(shop, action) == []
    with pytest.raises(Known, match="not there any more"):
        shop.asks_why(action, "Late", parent=between.id)
    with pytest.raises(Problems, match="Because is missing"):
        shop.asks_why(action, "   ")


def test_twigs_hang_on_their_bone(shop: Shop) -> None:
    action = shop.begins_action()
    people = shop.asks_why(action, "New people", branch=Branch.PEOPLE)
    assert shop.asks_why(action, "No training", parent=people.id).branch is Branch.PEOPLE
    assert shop.asks_why(action, "Tape too thin", branch=Branch.MATERIAL).position == 1


def test_no_chain_is_endless(shop: Shop) -> None:
    action = shop.begins_action()
    parent = None
    for at in range(whys.DEEPEST):
        parent = shop.asks_why(action, f"Because {at}", parent=parent).id
    with pytest.raises(Known, match="12 whys deep"):
        shop.asks_why(action, "And why?", parent=parent)


def test_the_root_becomes_the_cause_of_the_action(shop: Shop) -> None:
    category = shop.add(Cause(name="Missing information"))
    action = shop.begins_action()
    shop.acts(action, ActionStep.CONTAIN, containment="All weighed again")
    heavy = shop.asks_why(action, "Too heavy")
    for words in ("Nobody knows the limit", "No scale"):
        root = shop.asks_why(action, words, parent=heavy.id)
        shop.do(whys.CHANGE, whys.change, root.id, {"root": True, "cause": category})
    analysed = shop.acts(action, ActionStep.ANALYSE)
    assert (analysed.cause_text, analysed.cause, analysed.cause_method) == ("Nobody knows the limit\nNo scale", category, CauseMethod.FIVE_WHYS)
    other = shop.begins_action()
    shop.acts(other, ActionStep.CONTAIN, containment="All weighed again")
    twig = shop.asks_why(other, "Tape too thin", branch=Branch.MATERIAL)
    shop.do(whys.CHANGE, whys.change, twig.id, {"root": True})
    assert shop.acts(other, ActionStep.ANALYSE, cause_text="Own words").cause_text == "Own words"
    assert shop.action(other).cause_method is CauseMethod.ISHIKAWA


def test_causes_found_are_counted_by_category(shop: Shop) -> None:
    missing, thin = shop.add(Cause(name="Missing information")), shop.add(Cause(name="Thin tape"))
    for words, category in (("No limit known", missing), ("No rule", missing), ("Tape", thin)):
        action = shop.begins_action(words)
        why = shop.asks_why(action, words)
        shop.do(whys.CHANGE, whys.change, why.id, {"root": True, "cause": category})
    shop.asks_why(action, "Not the root")
    assert action_reading.roots_by_cause(shop.register) == {missing: 2, thin: 1}


# -- how they are drawn


def why(id_: int, because: str, parent: int | None = None, branch: Branch | None = None, *, root: bool = False, cause: int | None = None) -> Why:
    return Why(action=1, id=id_, because=because, parent=parent, branch=branch, root=root, cause=cause)


def box(drawing: Drawing, key: str | int) -> Box:
    (found,) = (one for one in drawing.boxes if one.key == str(key))
    return found


def apart(drawing: Drawing) -> bool:
    """Whether no two boxes lie over each other, and all within the drawing."""
    inside = all(one.x >= 0 and one.y >= 0 and one.x + one.width <= drawing.width and one.y + one.height <= drawing.height for one in drawing.boxes)
    return inside and not any(
        a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height for a, b in combinations(drawing.boxes, 2)
    )


def test_the_tree_stands_under_its_problem() -> None:
    drawn = tree("Parcels come back", [why(1, "Too heavy"), why(2, "No scale", 1), why(3, "Nobody knows the limit " * 6, 1, root=True, cause=7), why(4, "Rain")], {7: "Missing information"})
    problem, first, other, root = (box(drawn, key) for key in (PROBLEM, 1, 4, 3))
    assert problem.y < first.y == other.y < root.y
    assert first.x < other.x
    assert (root.role, root.note, len(root.lines) > 1) == ("root", "Missing information", True)
    assert apart(drawn)


WORDS = st.text("abcdefg ąęł", min_size=1, max_size=90).filter(lambda text: bool(text.strip()))


@st.composite
def causes(draw: st.DrawFn) -> list[Why]:
    """Causes of all kinds, each explaining an earlier one of its branch or none."""
    found: list[Why] = []
    for id_ in range(1, draw(st.integers(1, 14)) + 1):
        branch = draw(st.sampled_from([None, *Branch]))
        parent = draw(st.sampled_from([None, *(one.id for one in found if one.branch is branch)]))
        found.append(why(id_, draw(WORDS), parent, branch, root=draw(st.booleans()), cause=draw(st.sampled_from([None, 7]))))
    return found


@given(WORDS, causes())
def test_no_box_ever_lies_over_another(problem: str, found: list[Why]) -> None:
    of_tree, of_bones = tree(problem, found, {7: "A category"}), fishbone(problem, found, {7: "A category"}, "pl")
    assert apart(of_tree)
    assert apart(of_bones)
    assert {one.key for one in of_tree.boxes} == {PROBLEM, *(str(one.id) for one in found if one.branch is None)}
    assert {one.key for one in of_bones.boxes} == {PROBLEM, *(str(branch.value) for branch in Branch), *(str(one.id) for one in found if one.branch)}


def test_what_was_typed_is_text_in_the_file() -> None:
    file = svg(tree("<script>alert(1)</script> & “more”", [why(1, "5 < 6 & 7")], {}), 'A "title" & <more>')
    read = ElementTree.fromstring(file)
    texts = [one.text for one in read.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["5 < 6 & 7", "<script>alert(1)</script> & “more”"] or texts == ["<script>alert(1)</script> & “more”", "5 < 6 & 7"]
    assert not list(read.iter("{http://www.w3.org/2000/svg}script"))
    assert read.get("aria-label") == 'A "title" & <more>'


def test_a_word_that_is_too_long_is_cut() -> None:
    lines = cause_drawing.wrapped("x" * 200, 100)
    assert "".join(lines) == "x" * 200
    assert all(cause_drawing.width_of(line) <= 100 for line in lines)
