"""Where the boxes and arrows of a flow stand: lanes side by side, the way from top to bottom, no line through a box.

A box stands one row below the lowest of those that lead to it, in its lane; an arrow that leads back (to a box it comes
from) does not count. Arrows run at right angles: down out of a box, across in the gap under its row, down into the next.
One that skips rows goes straight down where nothing stands in its way, else in the channel beside a lane. Lines that would
lie on one another get tracks of their own, and gaps and channels grow with them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from qmdesk.values import dataclass

Id = Hashable
Point = tuple[float, float]
Span = tuple[float, float]

BESIDE = 16.0
"""Between two boxes side by side in a lane."""
CHANNEL, GAP = 26.0, 30.0
"""The least width of a channel between lanes and height of a gap between rows."""
TRACK = 9.0
"""Between two lines beside one another."""
PORT = 20.0
"""Between two arrows that leave or enter a box."""


@dataclass(frozen=True)
class Box:
    """What is to be placed: its lane (by its place) and its size."""

    id: Id
    lane: int
    width: float
    height: float


@dataclass(frozen=True)
class Edge:
    """An arrow from one box to another; the label needs so much room."""

    id: Id
    start: Id
    end: Id
    label: float = 0.0


@dataclass(frozen=True)
class Placed:
    """Where everything stands: boxes by their left and top, arrows by their corners, labels by the left end of their base line."""

    width: float
    height: float
    boxes: Mapping[Id, Point]
    rows: Mapping[Id, int]
    arrows: Mapping[Id, tuple[Point, ...]]
    labels: Mapping[Id, Point]
    lanes: tuple[Span, ...]
    """Left and right of each lane."""


def place(boxes: Sequence[Box], edges: Sequence[Edge], lanes: int) -> Placed:
    """Place boxes, given in their order, and the arrows between them."""
    return _Placing(boxes, edges, max(1, lanes)).placed() if boxes else Placed(0, 0, {}, {}, {}, {}, ())


def rows_of(ids: Sequence[Id], edges: Sequence[Edge]) -> dict[Id, int]:
    """The row of each box: one below the lowest of those that lead to it, arrows back left out."""
    out: dict[Id, list[Id]] = {id_: [] for id_ in ids}
    for edge in edges:
        out[edge.start].append(edge.end)
    back = _arrows_back(ids, out)
    rows = dict.fromkeys(ids, 0)
    waiting = {id_: sum((start, id_) not in back for start in ids for end in out[start] if end == id_) for id_ in ids}
    ready = [id_ for id_ in ids if not waiting[id_]]
    for id_ in ready:  # grows while it is gone through
        for end in out[id_]:
            if (id_, end) not in back:
                rows[end] = max(rows[end], rows[id_] + 1)
                waiting[end] -= 1
                if not waiting[end]:
                    ready.append(end)
    return rows


def _arrows_back(ids: Sequence[Id], out: Mapping[Id, Sequence[Id]]) -> set[tuple[Id, Id]]:
    """The arrows that lead back to a box they come from; whatever its size, a flow is walked without recursion."""
    back: set[tuple[Id, Id]] = set()
    done: set[Id] = set()
    for first in ids:
        if first in done:
            continue
        path, open_ = [first], {first}
        left = [iter(out[first])]
        while path:
            for end in left[-1]:
                if end in open_:
                    back.add((path[-1], end))
                elif end not in done:
                    path.append(end)
                    open_.add(end)
                    left.append(iter(out[end]))
                    break
            else:
                done.add(path[-1])
                open_.discard(path.pop())
                left.pop()
    return back


def tracks(spans: Sequence[Span]) -> list[int]:
    """A track for each span, so that no two that overlap share one; as few as there can be."""
    found = [0] * len(spans)
    ends: list[float] = []
    for at in sorted(range(len(spans)), key=lambda at: spans[at]):
        start, end = spans[at]
        free = next((track for track, last in enumerate(ends) if last < start), len(ends))
        ends[free:] = [end, *ends[free + 1 :]] if free < len(ends) else [end]
        found[at] = free
    return found


@dataclass(frozen=True)
class _Route:
    """How an arrow runs: straight where ``column`` is known, else in a channel."""

    edge: Edge
    column: float | None
    channel: int


class _Placing:
    """One flow while it is placed: rows, then columns, then routes, then tracks, then points."""

    def __init__(self, boxes: Sequence[Box], edges: Sequence[Edge], lanes: int) -> None:
        self.boxes = {box.id: box for box in boxes}
        self.edges = [edge for edge in edges if edge.start in self.boxes and edge.end in self.boxes and edge.start != edge.end]
        self.count = lanes
        self.rows = rows_of([box.id for box in boxes], self.edges)
        self.deepest = max(self.rows.values()) + 1
        self.cells: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            self.cells.setdefault((self.rows[box.id], box.lane), []).append(box)
        self.widths = [max((self._across(cell) for (_row, lane), cell in self.cells.items() if lane == at), default=0.0) for at in range(lanes)]

    @staticmethod
    def _across(cell: Sequence[Box]) -> float:
        return sum(box.width for box in cell) + BESIDE * (len(cell) - 1)

    def placed(self) -> Placed:
        """Everything at its place."""
        self._columns([CHANNEL] * (self.count + 1))
        self._ports()
        routes = [self._route(edge) for edge in self.edges]
        beside = self._in_channels(routes)
        self._columns([max(CHANNEL, TRACK * (1 + len(set(beside_one.values())))) for beside_one in beside])
        self._ports()
        routes = [self._route(edge) if route.column is not None else route for route, edge in zip(routes, self.edges, strict=True)]
        across = self._in_gaps(routes, beside)
        heights = [max((self.boxes[id_].height for id_, row in self.rows.items() if row == at), default=0.0) for at in range(self.deepest)]
        tops, below = [], 0.0
        gaps = [GAP + TRACK * max(0, len(set(inside.values())) - 1) for inside in across]
        for at, height in enumerate(heights):
            below += gaps[at] if at or across[0] else 0.0
            tops.append(below)
            below += height
        bottom = below + (gaps[self.deepest] if across[self.deepest] else 0.0)
        placed = {id_: (self.left[id_], tops[self.rows[id_]] + (heights[self.rows[id_]] - box.height) / 2) for id_, box in self.boxes.items()}
        lines = {(gap, edge): (tops[gap] if gap < self.deepest else bottom) - gaps[gap] / 2 + TRACK * (track - (len(set(inside.values())) - 1) / 2) for gap, inside in enumerate(across) for edge, track in inside.items()}
        arrows = {route.edge.id: self._points(route, placed, lines, beside) for route in routes}
        labels = {edge.id: _label_at(arrows[edge.id], edge.label) for edge in self.edges if edge.label}
        spans = tuple((self.lane_left[at], self.lane_left[at] + self.widths[at]) for at in range(self.count))
        right = max([spans[-1][1], *(x for points in arrows.values() for x, _y in points), *(x + self._room(edge_id) for edge_id, (x, _y) in labels.items())])
        return Placed(right, bottom, placed, self.rows, arrows, labels, spans)

    def _room(self, edge_id: Id) -> float:
        return next(edge.label for edge in self.edges if edge.id == edge_id)

    # -- columns and ports

    def _columns(self, channels: Sequence[float]) -> None:
        """Say where lanes, channels and boxes begin; the channel left of the first lane and right of the last take room only when used."""
        self.lane_left: list[float] = []
        self.channel_left: list[float] = []
        x = 0.0
        for at in range(self.count):
            self.channel_left.append(x)
            x += channels[at] if at or channels[at] > CHANNEL else CHANNEL / 2
            self.lane_left.append(x)
            x += self.widths[at]
        self.channel_left.append(x)
        self.channel_widths = list(channels)
        self.left: dict[Id, float] = {}
        for (_row, lane), cell in self.cells.items():
            at_x = self.lane_left[lane] + (self.widths[lane] - self._across(cell)) / 2
            for box in cell:
                self.left[box.id] = at_x
                at_x += box.width + BESIDE

    def _middle(self, id_: Id) -> float:
        return self.left[id_] + self.boxes[id_].width / 2

    def _ports(self) -> None:
        """Spread what leaves and enters a box, by where it goes and comes from, so that lines do not cross under it."""
        self.leaves: dict[Id, float] = {}
        self.enters: dict[Id, float] = {}
        for id_ in self.boxes:
            self._spread(self.leaves, id_, [(self._middle(edge.end), edge.id) for edge in self.edges if edge.start == id_])
            self._spread(self.enters, id_, [(self._middle(edge.start), edge.id) for edge in self.edges if edge.end == id_])
        for edge in self.edges:  # a jog of a few points looks like a slip
            if abs(self.enters[edge.id] - self.leaves[edge.id]) <= self.boxes[edge.end].width * 0.3 and self.rows[edge.end] == self.rows[edge.start] + 1:
                alone = sum(other.end == edge.end for other in self.edges) == 1
                if alone:
                    self.enters[edge.id] = self.leaves[edge.id]

    def _spread(self, ports: dict[Id, float], id_: Id, ways: list[tuple[float, Id]]) -> None:
        step = min(PORT, self.boxes[id_].width * 0.7 / max(1, len(ways)))
        for at, (_middle, edge) in enumerate(sorted(ways, key=lambda way: way[0])):
            ports[edge] = self._middle(id_) + step * (at - (len(ways) - 1) / 2)

    # -- routes and tracks

    def _route(self, edge: Edge) -> _Route:
        first, last = self.rows[edge.start], self.rows[edge.end]
        if last > first:
            between = range(first + 1, last)
            for column in (self.enters[edge.id], self.leaves[edge.id]):
                if not any(self._stands(row, column) for row in between):
                    return _Route(edge, column, -1)
        lane = self.boxes[edge.end].lane
        to_right = self._middle(edge.start) > self._middle(edge.end) or (last <= first and self.boxes[edge.start].lane >= lane)
        return _Route(edge, None, lane + 1 if to_right else lane)

    def _stands(self, row: int, x: float) -> bool:
        """Whether a box of this row lies in the way of a line down at ``x``."""
        return any(self.left[box.id] - 5 <= x <= self.left[box.id] + box.width + 5 for (at, _lane), cell in self.cells.items() if at == row for box in cell)

    def _in_channels(self, routes: Sequence[_Route]) -> list[dict[Id, int]]:
        """Of each channel the arrows in it and their tracks."""
        found: list[dict[Id, int]] = []
        for channel in range(self.count + 1):
            inside = [route.edge for route in routes if route.channel == channel]
            spans = [(min(self.rows[edge.start] + 0.6, self.rows[edge.end] - 0.4), max(self.rows[edge.start] + 0.6, self.rows[edge.end] - 0.4)) for edge in inside]
            found.append(dict(zip((edge.id for edge in inside), tracks(spans), strict=True)))
        return found

    def _channel_x(self, channel: int, track: int, used: int) -> float:
        width = self.channel_widths[channel] if channel or self.channel_widths[0] > CHANNEL else CHANNEL / 2
        return self.channel_left[channel] + width / 2 + TRACK * (track - (used - 1) / 2)

    def _crossings(self, route: _Route, beside: Sequence[Mapping[Id, int]]) -> list[tuple[int, float, float]]:
        """Where an arrow runs across: the gap (0 is above the first row), from and to."""
        edge = route.edge
        out, into = self.leaves[edge.id], self.enters[edge.id]
        first, last = self.rows[edge.start] + 1, self.rows[edge.end]
        if route.column is not None:
            crossings = [(first, out, route.column), (last, route.column, into)]
        else:
            inside = beside[route.channel]
            x = self._channel_x(route.channel, inside[edge.id], len(set(inside.values())))
            crossings = [(first, out, x), (last, x, into)]
        return [crossing for crossing in crossings if abs(crossing[1] - crossing[2]) > 0.01]

    def _in_gaps(self, routes: Sequence[_Route], beside: Sequence[Mapping[Id, int]]) -> list[dict[tuple[Id, float], int]]:
        """Of each gap the pieces that run across in it, by arrow and where they begin, and their tracks."""
        pieces: list[list[tuple[tuple[Id, float], Span]]] = [[] for _gap in range(self.deepest + 1)]
        for route in routes:
            for gap, start, end in self._crossings(route, beside):
                pieces[gap].append(((route.edge.id, start), (min(start, end) - 4, max(start, end) + 4)))
        return [dict(zip((key for key, _span in inside), tracks([span for _key, span in inside]), strict=True)) for inside in pieces]

    def _points(self, route: _Route, placed: Mapping[Id, Point], lines: Mapping[tuple[int, tuple[Id, float]], float], beside: Sequence[Mapping[Id, int]]) -> tuple[Point, ...]:
        edge = route.edge
        x, y = self.leaves[edge.id], placed[edge.start][1] + self.boxes[edge.start].height
        points: list[Point] = [(x, y)]
        for gap, start, end in self._crossings(route, beside):
            y = lines[gap, (edge.id, start)]
            points += [(start, y), (end, y)]
            x = end
        points.append((x, placed[edge.end][1]))
        return tuple(points)


def _label_at(points: Sequence[Point], room: float) -> Point:
    """Where a label stands: over the first line across, at its far end; beside the line where it goes straight down."""
    if len(points) < 4 or abs(points[2][0] - points[1][0]) < room + 8:
        return points[0][0] + 5, points[0][1] + 13
    (start, y), (end, _y) = points[1], points[2]
    return (start + 6 if end > start else start - 6 - room), y - 4
