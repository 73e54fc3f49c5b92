import json

import pytest

from apidiff.render.rules import FORMATS, explain, render_rules
from apidiff.rules import catalogue, find, unclassified
from apidiff.rules.profiles import Profile, differences, level_of
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.problems import PROBLEMS

EVERY = (*catalogue(), unclassified.RULE)


def test_the_list_has_a_line_for_each_rule_under_its_family() -> None:
    lines = render_rules(catalogue()).splitlines()
    assert lines[0] == f"{len(catalogue())} rules, profile standard"
    assert lines[2].split() == ["request", "response", "neither"]
    assert [line.split()[0] for line in lines[3:] if line.startswith("  ")] == [rule.id for rule in catalogue()]
    assert lines[-1] == "Next: apidiff explain RULE"
    assert "  operation-removed  -          -          breaking" in render_rules([find("operation-removed")])


@pytest.mark.slow
@pytest.mark.parametrize("profile", Profile)
def test_the_levels_are_those_of_the_profile(profile: Profile) -> None:
    shown = json.loads(render_rules(EVERY, "json", profile=profile))
    assert (shown["format"], shown["profile"]) == ("apidiff-rules/1", profile)
    standard = json.loads(render_rules(EVERY, "json"))
    changed = {
        (rule["id"], name)
        for rule, other in zip(shown["rules"], standard["rules"], strict=True)
        for name in rule["levels"]
        if rule["levels"][name] != other["levels"][name]
    }
    assert changed == {
        (rule.id, direction.value if direction else "neither") for rule, direction, _, _ in differences(EVERY, profile)
    }


@pytest.mark.slow
@pytest.mark.parametrize("format_name", FORMATS)
def test_every_rule_is_explained(format_name: str) -> None:
    for rule in EVERY:
        shown = explain(rule.id, format_name)
        assert rule.id in shown
        assert rule.exposed_by.value in shown
        assert "{name}" not in shown or format_name == "json"
        for alias in rule.aliases:
            assert explain(alias, format_name) == shown


def test_one_rule_in_full() -> None:
    assert explain("operation-removed") == (
        "operation-removed\n"
        "\n"
        "Reported as: operation `NAME` was removed\n"
        "\n"
        "Every call of it fails.\n"
        "\n"
        "  level     request    response   neither\n"
        "  standard  -          -          breaking\n"
        "\n"
        "Example (the paths):\n"
        "  # before\n"
        "  /a:\n"
        "    get:\n"
        "      responses:\n"
        "        '200':\n"
        "          description: OK\n"
        "  # after\n"
        "  {}\n"
        "\n"
        "Near miss, where this rule is silent (the paths):\n"
        "  # before\n"
        "  /a:\n"
        "    get:\n"
        "      responses:\n"
        "        '200':\n"
        "          description: OK\n"
        "  # after\n"
        "  /a:\n"
        "    get:\n"
        "      deprecated: true\n"
        "      responses:\n"
        "        '200':\n"
        "          description: OK\n"
        "\n"
        "Instead: Keep `NAME`, mark it deprecated, and announce a sunset date.\n"
        "Effort of the API: code. Not where the old thing is unsafe, unlawful or wrong, or costs more to run\n"
        "than it spares those who use it: then let it proceed, with the reason.\n"
        "\n"
        "Effort of an integrator: redesign\n"
        "Exposed, in a log: who called the operation\n"
        "Its level is set in apidiff.yaml: levels: {operation-removed: dangerous}\n"
    )


def test_the_page_holds_each_rule_once_and_links_to_it() -> None:
    page = render_rules(catalogue(), "markdown")
    assert page.startswith(f"# Rules\n\nThe {len(catalogue())} distinctions that `apidiff diff` makes")
    for rule in catalogue():
        assert page.count(f"\n### `{rule.id}`\n") == 1
        assert page.count(f"| [{rule.id}](#{rule.id}) |") == 1


def test_every_error_code_is_explained() -> None:
    for code in PROBLEMS:
        assert explain(code).startswith(f"{code}\n\nWhy\n  ")
        assert json.loads(explain(code, "json"))["code"] == code
        assert explain(code, "markdown").startswith(f"# `{code}`\n")
    assert explain("[reference-unresolved]") == explain("reference-unresolved")
    assert explain("reference-unresolved").endswith("\n\nExit code: 3 (input)\n")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("property-remove", "did you mean property-removed"),
        ("reference-unresolvd", "did you mean reference-unresolved"),
        ("zzz", "`apidiff rules` lists all rules"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(ApidiffError) as refused:
        explain(name)
    assert (refused.value.code, refused.value.status) == ("name-unknown", Exit.USAGE)
    assert (refused.value.hint or "").startswith(hint)


def test_unknown_profiles_and_formats_are_refused() -> None:
    with pytest.raises(ApidiffError, match="no profile 'strikt'") as refused:
        render_rules(catalogue(), profile="strikt")
    assert (refused.value.code, refused.value.hint) == (
        "profile-unknown",
        "did you mean strict? There are tolerant, standard, strict, sdk",
    )
    with pytest.raises(ApidiffError, match="no format 'jsn'") as refused:
        explain("operation-removed", "jsn")
    assert refused.value.code == "format-unknown"


def test_levels_shown_are_levels_given() -> None:
    shown = json.loads(explain("enum-value-added", "json"))["profiles"]
    rule = find("enum-value-added")
    from apidiff.words.direction import Direction

    assert {name: levels["response"] for name, levels in shown.items()} == {
        profile.value: str(level_of(rule, Direction.RESPONSE, profile)) for profile in Profile
    }
