"""Processes without a window: steps and arrows stay a whole way, ready maps, what is counted where, and the drawing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk import i18n
from qmdesk.documents import process_layout, process_map
from qmdesk.documents.process_layout import Box, Edge
from qmdesk.errors import Known, Problems
from qmdesk.operations import actions, process_library, process_pain, process_papers, processes
from qmdesk.operations.process_pain import Window
from qmdesk.records.audit import Finding
from qmdesk.records.flow import Flow, Pain, hurts_most
from qmdesk.records.improvement import ActionSource
from qmdesk.records.party import Person
from qmdesk.records.process import Process, ProcessLink, ProcessStep, Risk, StepKind
from qmdesk.register import clock as now
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.core.golden import is_paper_as_before
from tests.shop import Shop, open_shop, shop

__all__ = ["clock", "shop"]



def ways(flow: Flow) -> list[str]:
    """The ways of a flow as "from > to" with what is said on them."""
    return [f"{flow.step(one.start).name} > {flow.step(one.end).name}{f' ({one.label})' if one.label else ''}" for one in flow.arrows]


def names(flow: Flow) -> list[str]:
    return [step.name for step in flow.steps]


def named(flow: Flow, name: str) -> ProcessStep:
    return next(step for step in flow.steps if step.name == name)


# -- steps and arrows


def test_steps_follow_one_another_until_arrows_say_otherwise(shop: Shop) -> None:
    flow = shop.begins_process()
    pick = shop.adds_step(flow, "Pick", lane="Warehouse")
    pack = shop.adds_step(flow, "Pack")
    assert (pack.lane, pack.kind, pack.position) == ("Warehouse", StepKind.ACTIVITY, 3)
    check = shop.adds_step(flow, "Check", pick.id)
    flow = shop.flow(flow.process.id)
    assert (names(flow), [step.position for step in flow.steps]) == (["Begin", "Pick", "Check", "Pack"], [1, 2, 3, 4])
    assert ways(flow) == ["Begin > Pick", "Pick > Check", "Check > Pack"]
    shop.draws_arrow(check, pick, "wrong")
    flow = shop.flow(flow.process.id)
    assert ways(flow) == ["Begin > Pick", "Pick > Check", "Check > Pack", "Check > Pick (wrong)"]
    assert shop.moves_step(pack, -10).position == 1
    assert names(shop.flow(flow.process.id)) == ["Pack", "Begin", "Pick", "Check"]


def test_a_step_added_after_one_with_arrows_goes_on_where_that_one_went(shop: Shop) -> None:
    flow = shop.begins_process()
    one, two, three = (shop.adds_step(flow, name) for name in ("One", "Two", "Three"))
    shop.draws_arrow(one, three)
    (arrow,) = (link for link in shop.flow(flow.process.id).links if link.end == two.id)
    shop.do(processes.DISCONNECT, processes.disconnect, arrow.id)
    assert ways(shop.flow(flow.process.id)) == ["Begin > One", "One > Three", "Two > Three"]
    shop.adds_step(flow, "Between", one.id)
    assert ways(shop.flow(flow.process.id)) == ["Begin > One", "One > Between", "Between > Three", "Two > Three"]


def test_after_a_fork_a_step_is_one_more_way_and_after_the_end_it_is_the_end(shop: Shop) -> None:
    flow = shop.begins_process()
    fork = shop.adds_step(flow, "Heavy?", kind=StepKind.DECISION)
    end = shop.adds_step(flow, "Sent", kind=StepKind.END)
    shop.adds_step(flow, "Two people", fork.id)
    flow = shop.flow(flow.process.id)
    assert ways(flow) == ["Begin > Heavy?", "Heavy? > Sent", "Heavy? > Two people", "Two people > Sent"]
    shop.adds_step(flow, "Thanked", end.id)
    flow = shop.flow(flow.process.id)
    assert [(step.name, step.kind) for step in flow.steps[-2:]] == [("Sent", StepKind.ACTIVITY), ("Thanked", StepKind.END)]
    assert ways(flow)[-1] == "Sent > Thanked"


def test_what_led_to_a_step_leads_on_where_it_led_when_it_goes(shop: Shop) -> None:
    flow = shop.takes_ready_map()
    shop.removes_step(named(flow, "Ask the customer: wait, change or cancel"))
    assert "Is all of it in stock? > Pick the goods (yes)" in ways(shop.flow(flow.process.id))
    shop.removes_step(named(flow, "Pack"))
    flow = shop.flow(flow.process.id)
    assert "Check before packing: model, size, number, condition > Hand over to the courier" in ways(flow)
    last = flow.steps[-1]
    shop.removes_step(last)
    assert shop.flow(flow.process.id).steps[-1].kind is StepKind.END
    jump = shop.begins_process("Jump")
    _one, two, three, four = (shop.adds_step(jump, name) for name in ("One", "Two", "Three", "Four"))
    shop.draws_arrow(two, four)
    (arrow,) = (link for link in shop.flow(jump.process.id).links if link.end == three.id)
    shop.do(processes.DISCONNECT, processes.disconnect, arrow.id)
    shop.removes_step(two)
    assert "One > Four" in ways(shop.flow(jump.process.id))


def test_a_step_where_something_is_counted_stays(shop: Shop) -> None:
    flow = shop.takes_ready_map()
    pack = named(flow, "Pack")
    shop.complains(process_step=pack.id)
    with pytest.raises(Known, match="At “Pack” cases, findings or actions are counted"):
        shop.removes_step(pack)
    with pytest.raises(Known, match="Take it out of use instead"):
        shop.do(processes.REMOVE, processes.remove, flow.process.id)
    assert len(shop.flow(flow.process.id).steps) == 11
    other = shop.takes_ready_map("way_of_return")
    shop.do(processes.REMOVE, processes.remove, other.process.id)
    assert [one.name for one in shop.register.records(Query(Process))] == ["From order to delivery"]


def test_arrows_that_can_not_be_are_refused_in_words(shop: Shop) -> None:
    flow, other = shop.takes_ready_map(), shop.takes_ready_map("way_of_return")
    with pytest.raises(Known, match="a step of the same process"):
        shop.draws_arrow(flow.steps[0], other.steps[0])
    with pytest.raises(Problems, match="must lead to another step"):
        shop.draws_arrow(flow.steps[0], flow.steps[0])
    fork = named(flow, "Is all of it in stock?")
    with pytest.raises(Problems, match="is there already"):
        shop.draws_arrow(fork, named(flow, "Pick the goods"))
    assert len(shop.register.records(Query(ProcessLink))) == len(flow.links) + len(other.links)


def test_a_copy_has_the_same_steps_and_ways_and_none_of_the_cases(shop: Shop) -> None:
    flow = shop.takes_ready_map()
    shop.complains(process_step=flow.steps[6].id)
    made = shop.flow(shop.do(processes.COPY, processes.copy, flow.process.id, "Marketplace orders"))
    assert (made.process.name, names(made), ways(made)) == ("Marketplace orders", names(flow), ways(flow))
    assert {step.id for step in made.steps} & {step.id for step in flow.steps} == set()
    assert sum(pain.counted for pain in process_pain.pains(shop.register, made).values()) == 0
    assert processes.free_name(shop.register, "from order to delivery") == "from order to delivery (2)"
    assert shop.takes_ready_map().process.name == "From order to delivery (2)"


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_every_ready_map_is_a_whole_way_in_both_languages(lang: str) -> None:
    offered = process_library.offered(lang)
    assert len(offered) == 3
    for ready in offered:
        flow = process_library.flow(ready.key, lang)
        assert (len(flow.steps), ready.name, ready.purpose) == (ready.steps, flow.process.name, flow.process.purpose)
        reached = {flow.steps[0].id}
        for step in flow.steps:
            assert step.name
            assert step.lane
            assert step.kind is not StepKind.DECISION or len(flow.ways_from(step)) > 1
            assert step.kind is StepKind.END or flow.ways_from(step), f"{step.name} leads nowhere"
            reached |= {way.end for way in flow.ways_from(step)}
        assert reached == {step.id for step in flow.steps}
    with pytest.raises(Known, match="“nonsense”"):
        process_library.flow("nonsense", "en")


# -- where it hurts


def test_cases_and_findings_of_a_time_are_counted_at_their_step(shop: Shop, clock: Clock) -> None:
    flow = shop.takes_ready_map()
    pack, carry = named(flow, "Pack"), named(flow, "Carry and deliver")
    for days in (1, 20, 60, 200, 500):
        shop.complains(process_step=pack.id, received_at=now() - timedelta(days=days))
    shop.complains(process_step=carry.id, received_at=now())
    shop.complains()
    checklist = shop.checklist(questions=({"wording": "Is it whole?"},))
    clock.set("2026-09-01")
    audit = shop.begins_audit(checklist)
    shop.add(Finding(audit=audit.id, statement="Tape comes off", process_step=pack.id))
    clock.set("2026-12-10")
    shop.do(actions.BEGIN, actions.begin, "", ActionSource.PROCESS, process_step=pack.id, description="Tape")

    def counted(window: Window) -> tuple[Pain, Pain]:
        found = process_pain.pains(shop.register, flow, window.since(date(2026, 12, 10)))
        return found[pack.id], found[carry.id]

    assert counted(Window.MONTH) == (Pain(2, 0, 1), Pain(1))
    assert counted(Window.QUARTER) == (Pain(3, 0, 1), Pain(1))
    assert counted(Window.YEAR) == (Pain(4, 1, 1), Pain(1))
    assert counted(Window.ALWAYS) == (Pain(5, 1, 1), Pain(1))
    found = shop.register.count(Query(type(shop.complains()), process_pain.of_cases(pack.id, Window.YEAR.since(date(2026, 12, 10)))))
    assert found == 4, "a click shows the cases that were counted"


def test_the_worst_step_is_one_with_at_least_three() -> None:
    assert not hurts_most(Pain(2), {1: Pain(2), 2: Pain(1)})
    assert hurts_most(Pain(2, 1), {1: Pain(2, 1), 2: Pain(3)})
    assert not hurts_most(Pain(3), {1: Pain(3), 2: Pain(4)})


def test_a_weakness_becomes_an_action_that_knows_its_step(shop: Shop) -> None:
    flow = shop.takes_ready_map()
    pack = shop.changes_step(named(flow, "Pack"), weaknesses="Boxes too large for mugs.\nNobody says which.")
    action = shop.do(actions.BEGIN, actions.begin, "", ActionSource.PROCESS, process_step=pack.id)
    assert (action.name, action.source, action.process_step) == ("Boxes too large for mugs.", ActionSource.PROCESS, pack.id)
    assert "Nobody says which" in action.description


# -- the drawing


flows = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        st.lists(st.integers(0, 3), min_size=count, max_size=count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20, unique=True),
    )
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(flows)
def test_boxes_never_overlap_and_no_arrow_runs_through_one(flow: tuple[list[int], list[tuple[int, int]]]) -> None:
    lanes, pairs = flow
    boxes = [Box(at, lane, 170, 40 + 13 * (at % 3)) for at, lane in enumerate(lanes)]
    edges = [Edge(pair, *pair) for pair in pairs if pair[0] != pair[1]]
    placed = process_layout.place(boxes, edges, 4)
    assert set(placed.arrows) == {edge.id for edge in edges}
    areas = {box.id: (*placed.boxes[box.id], placed.boxes[box.id][0] + box.width, placed.boxes[box.id][1] + box.height) for box in boxes}
    for one in boxes:
        left, top, right, bottom = areas[one.id]
        assert left >= 0
        assert top >= 0
        assert right <= placed.width
        assert bottom <= placed.height
        start, end = placed.lanes[one.lane]
        assert start <= left
        assert right <= end
        for other in boxes:
            if other.id > one.id:
                (l2, t2, r2, b2) = areas[other.id]
                assert right <= l2 or r2 <= left or bottom <= t2 or b2 <= top
    for edge in edges:
        points = placed.arrows[edge.id]
        assert points[0][1] == areas[edge.start][3]
        assert points[-1][1] == areas[edge.end][1]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2
            for left, top, right, bottom in areas.values():
                inside = min(max(x1, x2), right) - max(min(x1, x2), left), min(max(y1, y2), bottom) - max(min(y1, y2), top)
                crosses = (x1 == x2 and left < x1 < right and inside[1] > 0.01) or (y1 == y2 and top < y1 < bottom and inside[0] > 0.01)
                assert not crosses, f"{edge.id} runs through a box"


def test_rows_go_down_the_way_and_arrows_back_do_not_count() -> None:
    edges = [Edge(pair, *pair) for pair in ("ab", "bc", "cb", "cd", "ad")]
    assert process_layout.rows_of("abcd", edges) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert process_layout.rows_of("abc", [Edge(pair, *pair) for pair in ("ab", "bc", "ca")]) == {"a": 0, "b": 1, "c": 2}


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (float(min(pair)), float(max(pair)))), max_size=12))
def test_lines_that_would_lie_on_one_another_get_tracks_of_their_own(spans: list[tuple[float, float]]) -> None:
    found = process_layout.tracks(spans)
    for at, (start, end) in enumerate(spans):
        for other in range(at):
            if found[other] == found[at]:
                assert spans[other][1] < start or end < spans[other][0]


@settings(derandomize=True, deadline=None)
@given(st.text(min_size=1, max_size=120))
def test_whatever_a_step_is_called_it_fits_into_its_box(name: str) -> None:
    lines = process_map.wrapped(name, 150)
    assert 1 <= len(lines) <= process_map.MOST_LINES
    assert all(process_map.width_of(line) <= 150 + process_map.LETTERS for line in lines)


def test_the_drawing_says_where_it_hurts_in_words_and_nothing_typed_is_evaluated(shop: Shop) -> None:
    flow = shop.takes_ready_map()
    pack = shop.changes_step(named(flow, "Pack"), name="Pack </text><script>alert(1)</script> & close", risk=Risk.HIGH, weaknesses="Tape", strengths="Fast")
    for _case in range(3):
        shop.complains(process_step=pack.id)
    flow = shop.flow(flow.process.id)
    drawing = process_map.draw(flow, process_pain.pains(shop.register, flow), "en")
    node = drawing.node(pack.id)
    assert node is not None
    assert [note.words for note in node.notes] == ["hurts most", "3 cases", "high risk", "weakness noted", "strength noted"]
    assert (node.tone, [lane.name for lane in drawing.lanes]) == ("bad", ["Customer", "Office", "Warehouse", "Courier"])
    svg = ElementTree.fromstring(process_map.svg(drawing, "Map <1>"))
    texts = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert not list(svg.iter("{http://www.w3.org/2000/svg}script"))
    assert {"hurts most", "3 cases", "Customer", "yes", "no"} <= set(texts)
    assert process_map.draw(flow, {}, "pl").node(pack.id) is not None


def test_a_map_is_written_as_its_ending_says(shop: Shop, tmp_path: Path) -> None:
    flow = shop.takes_ready_map("way_of_return")
    for ending, begins in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        out = tmp_path / f"map{ending}"
        process_papers.write(shop.register, flow.process.id, out)
        assert out.read_bytes().startswith(begins)
        with pytest.raises(Known, match="exists already"):
            process_papers.write(shop.register, flow.process.id, out)
    with pytest.raises(Known, match=r"\.svg, \.png or \.pdf"):
        process_papers.write(shop.register, flow.process.id, tmp_path / "map.docx")
    empty = shop.do(processes.NEW, processes.add, Process(name="Nothing"))
    with pytest.raises(Known, match="has no steps yet"):
        process_papers.write(shop.register, empty, tmp_path / "none.pdf")
    assert sorted(path.name for path in tmp_path.glob("*.???")) == ["map.pdf", "map.png", "map.svg", "shop.qmd"]


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_paper_says_and_looks_as_it_did(lang: str, tmp_path: Path, clock: Clock) -> None:
    with open_shop(tmp_path / "sklep.qmd", lang) as shop:
        shop.fills_in_letterhead()
        flow = shop.takes_ready_map("way_of_return", lang)
        receive = flow.steps[5]
        shop.changes_step(receive, weaknesses="Paczki leżą trzy dni.\nNikt nie robi zdjęć.", strengths="Osobny stół", owner=shop.add(Person(name="Anna Wróbel")))
        for _case in range(4):
            shop.complains(process_step=receive.id)
        shop.complains(process_step=flow.steps[9].id)
        i18n.use(lang)
        try:
            paper = process_papers.paper(shop.register, flow.process.id)
        finally:
            i18n.use("en")
        assert len(paper.pages(60)) == 2
        is_paper_as_before(f"processes/map_{lang}", paper)
