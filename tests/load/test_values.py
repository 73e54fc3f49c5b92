"""Which parsed values are the same, and what they refer to."""

from apidiff.load.values import references, same


def test_values_are_the_same_whatever_their_order_and_never_across_types():
    assert same({"a": 1, "b": [1.0]}, {"b": [1], "a": 1.0})
    assert not same(True, 1)
    assert not same([True], [1])
    assert not same([1, 2], [2, 1])


def test_every_reference_below_a_node_is_listed():
    assert sorted(references({"a": [{"$ref": "#/x"}], "b": {"$ref": "#/y"}})) == ["#/x", "#/y"]
