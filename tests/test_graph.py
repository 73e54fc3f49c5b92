"""Who reaches a pair, and by which ways: along edges that turn, flip and let one direction through."""

from apidiff.graph import BOTH, FLIPPED, REQUEST, RESPONSE, Edge, PairGraph, Ways

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
