"""Makes the documentation's site: `python tests/tools/documentation.py FOLDER` writes FOLDER/site.

What people wrote is README.md and docs/; what the code decides (commands, rules, problems, log formats, policies, files
and their schemas) is written from the code, so that no page can say what the program does not do.
"""

import json
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from apidiff.plan.policy import FEWEST_REMINDERS, FLOOR_MONTHS, presets
from apidiff.plan.value import COLUMNS, KEPT
from apidiff.render.rules import render_rules
from apidiff.rules import families
from apidiff.usage.cube.engines import ENGINES
from apidiff.usage.read.formats import ALIASES_OF_FORMATS, FORMATS
from apidiff.words.escape import prose
from apidiff.words.problems import PROBLEMS

ROOT: Final = Path(__file__).resolve().parents[2]
CONFIGURATION: Final = ROOT / "docs" / "site" / "mkdocs.yml"
WRITTEN: Final[Mapping[str, Mapping[str, str]]] = {
    "": {"README.md": "Start"},
    "Ways in": {
        "docs/product-manager.md": "For the product manager",
        "docs/release-engineer.md": "For the release engineer",
        "docs/devrel.md": "For DevRel",
        "docs/api-team.md": "For the API team",
    },
    "How to": {
        "docs/check.md": "A check",
        "docs/plan.md": "A plan",
        "docs/follow.md": "After the plan",
        "docs/logs.md": "What the logs need",
        "docs/oasdiff.md": "Coming from oasdiff",
        "docs/install.md": "Install",
    },
    "Engines": {
        "docs/engines/index.md": "Logs in an engine",
        **{f"docs/engines/{one.name}.md": one.title for one in ENGINES},
    },
    "Why": {
        "docs/evidence.md": "How evidence and score are made",
        "docs/figures.md": "Figures beside the peers",
        "ARCHITECTURE.md": "The house",
        "CONTRIBUTING.md": "Working on apidiff",
        "CHANGELOG.md": "Changes",
        "LICENSE": "License",
    },
}
"""The pages that people wrote, by their place in the order of the site: the file, and what it is called there."""
SCHEMAS: Final = {
    "plan.json": ROOT / "apidiff" / "folder" / "plan.schema.json",
    "history.json": ROOT / "apidiff" / "render" / "history.schema.json",
    "migration.json": ROOT / "apidiff" / "render" / "plan" / "migration.schema.json",
}
"""The files of the plan folder that programs read, and the JSON Schema of each."""
IN_CI: Final = {
    "GitHub": ROOT / ".github" / "actions" / "apidiff" / "action.yml",
    "GitLab": ROOT / "docs" / "gitlab" / "apidiff.yml",
}
"""What runs apidiff at a pull request, by platform."""
_LINK: Final = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?(?=\))")


def main(arguments: list[str]) -> int:
    """Build the site into a folder; the exit code is that of mkdocs, which stops at each link that leads nowhere."""
    folder = Path(arguments[0] if arguments else ROOT / "build" / "docs")
    configuration = write(folder)
    from mkdocs.__main__ import cli

    cli(["build", "--clean", "-f", str(configuration), "-d", str(folder.resolve() / "site")], standalone_mode=False)
    print(folder / "site" / "index.html")
    return 0


def write(folder: Path) -> Path:
    """Write every page and the configuration into a folder, and give the configuration's path."""
    pages = folder / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    generated = list(reference())
    made = {path: text for _, path, text in generated}
    places = {name: _place(name) for group in WRITTEN.values() for name in group} | {
        "apidiff/rules/CATALOGUE.md": "reference/rules/index.md",
        "apidiff/cli/COMMANDS.md": "reference/commands/index.md",
    }
    files = (*SCHEMAS.values(), *IN_CI.values())
    places |= {path.relative_to(ROOT).as_posix(): f"reference/files/{path.name}" for path in files}
    for name in (name for group in WRITTEN.values() for name in group):
        text = (ROOT / name).read_text(encoding="utf-8")
        made[places[name]] = f"# License\n\n{text}" if name == "LICENSE" else _moved(text, name, places)
    for path, text in made.items():
        (pages / path).parent.mkdir(parents=True, exist_ok=True)
        (pages / path).write_text(text, encoding="utf-8")
    for path in files:
        shutil.copy(path, pages / "reference" / "files" / path.name)
    configuration = folder / "mkdocs.yml"
    settings = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8")) | {"nav": _nav(places, generated)}
    configuration.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return configuration


def reference() -> Iterator[tuple[str, str, str]]:
    """The pages that the code decides: the part of the reference, the path on the site, and the text."""
    for part, pages in _PARTS.items():
        for name, text in pages():
            yield part, f"reference/{part}/{name}.md", text


def _place(name: str) -> str:
    """Where a page that people wrote is on the site."""
    if name.startswith("docs/engines/"):
        return name.removeprefix("docs/")
    return "index.md" if name == "README.md" else f"{Path(name).stem.lower()}.md"


def _moved(text: str, name: str, places: Mapping[str, str]) -> str:
    """A page with its links as they are on the site; what is no page there is left as it is, and stops the build."""
    here = posixpath.dirname(places[name])

    def link(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[1]))
        return posixpath.relpath(places[target], here or ".") + (found[2] or "") if target in places else found[0]

    return _LINK.sub(link, text)


def _nav(places: Mapping[str, str], generated: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """The order of the site, as mkdocs takes it."""
    order: list[dict[str, Any]] = []
    for group, names in WRITTEN.items():
        pages = [{title: places[name]} for name, title in names.items()]
        order += [{group: pages}] if group else pages
    parts: dict[str, list[Any]] = {}
    for part, path, text in generated:
        is_index = path.endswith("/index.md")
        parts.setdefault(part, []).append(path if is_index else {_title(text): path})
    order.insert(
        -1,
        {
            "Reference": [
                {part.replace("-", " ").capitalize().replace("In ci", "In CI"): pages} for part, pages in parts.items()
            ]
        },
    )
    return order


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ").strip("`")


def _commands() -> Iterator[tuple[str, str]]:
    """Every command with its help, from the generated page, which a test holds to the program."""
    text = (ROOT / "apidiff" / "cli" / "COMMANDS.md").read_text(encoding="utf-8")
    first, *rest = text.split("\n## apidiff ")
    yield "index", first + "\n"
    for part in rest:
        name, _, told = part.partition("\n")
        yield name, f"# apidiff {name}\n{told}"


def _rules() -> Iterator[tuple[str, str]]:
    """Every rule, a page for each family."""
    rows = [
        [f"[{family}]({_slug(family)}.md)", str(len(members)), ", ".join(f"`{rule.id}`" for rule in members[:3]) + " …"]
        for family, members in families()
    ]
    yield "index", "# Rules\n\n" + _table(("family", "rules", "such as"), rows)
    for family, members in families():
        page = render_rules(members, "markdown")
        yield _slug(family), f"# {family}\n" + page.partition("\n")[2].replace(f"## {family}\n\n", "", 1)


def _problems() -> Iterator[tuple[str, str]]:
    """Every error code on one page, by name."""
    parts = ["# Problems\n\nWhat stops a run, why, and what to do. `apidiff explain CODE` says the same.\n"]
    for code in sorted(PROBLEMS):
        problem = PROBLEMS[code]
        exits = f"Exit code {problem.status.value} ({problem.status.name.lower()})."
        parts.append(f"## {code}\n\n{prose(problem.why)}\n\n{prose(problem.remedy)}\n\n{exits}\n")
    yield "index", "\n".join(parts)


def _formats() -> Iterator[tuple[str, str]]:
    """Every log format that is recognised, with how its gateway is told to log who calls."""
    names = {one.name: [alias for alias, name in ALIASES_OF_FORMATS.items() if name == one.name] for one in FORMATS}
    rows = [
        [f"`{one.name}`", one.title, ", ".join(f"`{alias}`" for alias in names[one.name]), one.lacks or one.key_hint]
        for one in FORMATS
    ]
    told = "Told apart by looking at the lines; `--log-format NAME` says it where looking does not tell.\n\n"
    yield "index", "# Log formats\n\n" + told + _table(("name", "what", "also called", "who called"), rows)


def _policies() -> Iterator[tuple[str, str]]:
    """Every deprecation policy that ships, with its source."""
    told = (
        f"No plan has a window under {FLOOR_MONTHS} months or fewer than {FEWEST_REMINDERS} reminders, unless "
        "`--emergency --reason` says why. A policy is chosen by `--policy` or `policy:` in apidiff.yaml.\n\n"
    )
    rows = [
        [
            f"`{one.name}`",
            f"[{one.title}]({one.source})",
            str(one.window_months),
            ", ".join(map(str, one.reminders)),
            ", ".join(f"{brownout.days} ({brownout.hours} h)" for brownout in one.brownouts),
            str(one.after),
            ", ".join(f"`{name}`" for name in one.vendor),
            one.checked,
        ]
        for one in presets().values()
    ]
    heading = (
        "name", "source", "months", "reminders, days before", "brownouts", "status after", "the vendor's own", "read on"
    )  # fmt: skip
    yield "index", "# Policies\n\n" + told + _table(heading, rows)


def _files() -> Iterator[tuple[str, str]]:
    """The files that programs read, with their schemas; what else the folder has is told in the how-to."""
    links = "\n".join(
        f"- [{name}]({Path(name).stem}.md), by [its JSON Schema]({path.name})" for name, path in SCHEMAS.items()
    )
    columns = "\n".join(
        f"{place}. `{name}`" + " (yours: kept)" * (name in KEPT) for place, name in enumerate(COLUMNS, 1)
    )
    told = "# Files\n\nEvery file of the folder is in [a plan](../../plan.md). These are for programs:\n\n"
    yield "index", f"{told}{links}\n\n## outreach.csv\n\nThe columns, in order:\n\n{columns}\n"
    for name, path in SCHEMAS.items():
        schema = json.loads(path.read_text(encoding="utf-8"))
        parts = [f"# {name}\n\n{prose(schema.get('$comment', ''))}\n\n[The JSON Schema]({path.name})\n"]
        parts += [
            f"## {heading}\n\n{_table(('field', 'type', 'required'), rows)}"
            for heading, rows in _objects("the whole", schema, schema)
        ]
        yield Path(name).stem, "\n".join(parts)


def _platforms() -> Iterator[tuple[str, str]]:
    """What the action and the template can be told."""
    inputs = yaml.safe_load(IN_CI["GitHub"].read_text(encoding="utf-8"))["inputs"]
    variables = yaml.safe_load(IN_CI["GitLab"].read_text(encoding="utf-8"))["apidiff"]["variables"]
    parts = [
        "# In CI\n\nHow they are used is in [a check](../../check.md#in-ci).\n",
        "## The GitHub action\n",
        _table(
            ("input", "what", "default"),
            [[f"`{name}`", told["description"], _shown(told.get("default"))] for name, told in inputs.items()],
        ),
        "## The GitLab template\n",
        "[The file](../files/apidiff.yml) says what each variable is.\n",
        _table(("variable", "default"), [[f"`{name}`", _shown(value)] for name, value in variables.items()]),
    ]
    yield "index", "\n".join(parts)


def _shown(value: str | None) -> str:
    """A value as code, nothing for none."""
    return f"`{value}`" if value else ""


def _objects(name: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[tuple[str, list[list[str]]]]:
    """Each object of a schema by name, with a row for each of its fields: the whole first, then what it is made of."""
    required, properties = schema.get("required", ()), schema.get("properties", {})
    if properties:
        yield name, [[f"`{field}`", _kind(told), "yes" * (field in required)] for field, told in properties.items()]
    for field, told in properties.items():
        if isinstance(told, bool):
            continue
        inner = told["items"] if isinstance(told.get("items"), dict) else told
        yield from _objects(f"{field} of {name}" if name != "the whole" else field, inner, root)
    for part, told in schema.get("$defs", {}).items():
        yield from _objects(part, told, root)


def _kind(schema: Mapping[str, Any] | bool) -> str:
    """A schema's type in a word or two."""
    if isinstance(schema, bool):
        return "any" if schema else "nothing"
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " or ".join(_kind(branch) for branch in schema[union])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    said = schema.get("type", "any")
    words = " or ".join(said) if isinstance(said, list) else said
    return f"list of {_kind(schema['items'])}" if words == "array" and isinstance(schema.get("items"), dict) else words


def _table(heading: tuple[str, ...], rows: list[list[str]]) -> str:
    """A table of Markdown; a bar or a line break in a cell stays in its cell."""
    lines = [
        heading,
        ["---"] * len(heading),
        *([cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


_PARTS: Final[Mapping[str, Callable[[], Iterator[tuple[str, str]]]]] = {
    "commands": _commands,
    "rules": _rules,
    "problems": _problems,
    "log-formats": _formats,
    "policies": _policies,
    "files": _files,
    "in-ci": _platforms,
}

if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main(sys.argv[1:]))
