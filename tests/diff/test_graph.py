"""Who reaches a pair, and by which ways: along edges that turn, flip and let one direction through."""

from apidiff.diff.graph import Edge, PairGraph, Ways
from apidiff.words.direction import BOTH, FLIPPED, REQUEST, RESPONSE

NAMES = ["GET /a", "GET /b"]


def graph() -> PairGraph:
    """Two operations (0, 1) that send 2; 2 holds 3 (read-only), 4 (`not`) and itself; only the first answers with 5."""
    made = PairGraph()
    for _ in range(6):
        made.add()
    for operation in (0, 1):
        made.seed(operation, REQUEST, operation, "")
        made.connect(operation, Edge(2, "request"))
    made.connect(0, Edge(5, "response 200", turns=True))
    made.connect(2, Edge(3, ".id", mask=RESPONSE))
    made.connect(2, Edge(4, "", flips=True))
    made.connect(2, Edge(2, ".next"))
    return made


def test_operations_spread_along_the_edges():
    assert graph().reach() == {
        (0, REQUEST): 0b01,
        (1, REQUEST): 0b10,
        (2, REQUEST): 0b11,
        (4, REQUEST | FLIPPED): 0b11,
        (5, RESPONSE): 0b01,
    }


def test_an_edge_is_kept_once_and_leads_where_its_mask_lets_it():
    made = graph()
    made.connect(2, Edge(2, ".next"))
    assert len(made.edges[2]) == 3
    assert [Edge(1, "", turns=True).leads(state) for state in (REQUEST, RESPONSE)] == [RESPONSE, REQUEST]
    assert [Edge(1, "", mask=RESPONSE).leads(state) for state in (REQUEST, RESPONSE)] == [0, RESPONSE]
    assert Edge(1, "", flips=True).leads(REQUEST | FLIPPED) == REQUEST
    assert Edge(1, "", mask=BOTH, turns=True, flips=True).leads(REQUEST) == RESPONSE | FLIPPED


def test_ways_are_the_shortest_first():
    ways = Ways(graph(), NAMES)
    ways.prepare()
    assert ways.to(5, RESPONSE) == [(0, ("response 200",))]
    assert ways.to(2, REQUEST)[:2] == [(0, ("request",)), (1, ("request",))]
    assert ways.to(3, REQUEST) == []


def test_ways_to_what_lies_deep_in_a_shared_thing_come_from_each_that_uses_it():
    names = [f"GET /{number:02}" for number in range(12)]
    made = PairGraph()
    for _ in range(16):
        made.add()
    for operation in range(12):
        made.seed(operation, RESPONSE, operation, "")
        made.connect(operation, Edge(12, "response 200"))
    for holder, held, label in (
        (12, 13, ".user"),
        (13, 14, ".home"),
        (13, 15, ".work"),
        (15, 14, ".at"),
        (14, 13, ".owner"),
    ):
        made.connect(holder, Edge(held, label))
    ways = Ways(made, names)
    ways.prepare()
    # one way through each pair that leads there, then those of more operations
    assert ways.to(14, RESPONSE) == [
        *((number, ("response 200", ".user", ".home")) for number in range(9)),
        (0, ("response 200", ".user", ".work", ".at")),
    ]
    assert ways.to(15, RESPONSE)[0] == (0, ("response 200", ".user", ".work"))


def test_a_long_chain_has_its_way():
    made = PairGraph()
    for _ in range(5_001):
        made.add()
    made.seed(0, REQUEST, 0, "request")
    for number in range(5_000):
        made.connect(number, Edge(number + 1, "."))
    ways = Ways(made, NAMES)
    ways.prepare()
    assert ways.to(30, REQUEST) == [(0, ("request", *(["."] * 30)))]
    # of a way that nobody would read the middle is left out
    assert ways.to(5_000, REQUEST) == [(0, ("request", *(["."] * 29), "…", *(["."] * 29)))]


def test_what_was_connected_is_connected_once():
    made = PairGraph()
    for _ in range(100):
        made.add()
    for number in [*range(1, 100), *range(1, 100)]:
        made.connect(0, Edge(number, "."))
    assert [edge.child for edge in made.edges[0]] == [*range(1, 100)]
