"""Puts small mistakes into a room, one at a time, and says which of them its tests notice.

    python -m tests.tools.mutate --room apidiff/usage --seed 29 --count 50
    python -m tests.tools.mutate --room apidiff/usage --seed 29 --count 50 --only 3 17   # those two again

A mistake is a comparison, a sign, `is`, `in`, `not`, `and` or `or` that is another, or a number in a function that is
one too high. Each is made in a copy of the tree, and the tests that mirror the module run there: its own file, then
those that import it, then those of its room, the slow ones last. It is caught where one of them fails, or hangs; it
survived where all pass, and where they take longer than `--minutes` there is no verdict. Of what survives each is a
test that is missing, or a line that could be written either way.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("apidiff", "tests", "fixtures", "templates", "docs", "pyproject.toml", "README.md", "CHANGELOG.md")
COMPARED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
WRITTEN = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
SIGNS = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "//"), ast.FloorDiv: ("//", "*"), ast.Div: ("/", "*"),
}  # fmt: skip
JOINED = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
MARKS = ("not slow and not corpus and not bench", "slow and not corpus and not bench")
HANGS = 90
"""Seconds after which a test hangs."""
FAILED = (1, 2, 4)
"""What pytest exits with where a test fails, or a module can't be imported."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What stands in a source between two bytes, and what is put there instead."""

    start: int
    end: int
    before: str
    after: str

    def put_into(self, source: bytes) -> bytes:
        """The source with the mistake."""
        return source[: self.start] + self.after.encode() + source[self.end :]

    def line(self, source: bytes) -> int:
        """The number of its line, from 1."""
        return source[: self.start].count(b"\n") + 1


def mistakes(source: bytes) -> list[Mistake]:
    """All mistakes that can be made in a module, in their order; annotations and tables of numbers have none."""
    tree = ast.parse(source)
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    spared = {id(inner) for node in ast.walk(tree) for outer in _spared(node) for inner in ast.walk(outer)}
    spared |= {id(node) for node in ast.walk(tree) if _is_number(node)} - set(_in_functions(tree))
    found = [one for node in ast.walk(tree) if id(node) not in spared for one in _of(node, source, starts)]
    return sorted(found, key=lambda one: (one.start, one.after))


def _spared(node: ast.AST) -> Iterator[ast.AST]:
    """What of a node is an annotation, or code in a text, whose place older Pythons do not know."""
    for name in ("annotation", "returns"):
        if (found := getattr(node, name, None)) is not None:
            yield found
    if isinstance(node, ast.JoinedStr):
        yield node


def _in_functions(tree: ast.AST) -> Iterator[int]:
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from (id(inner) for line in function.body for inner in ast.walk(line))


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _of(node: ast.AST, source: bytes, starts: Sequence[int]) -> Iterator[Mistake]:
    def end_of(inner: ast.expr) -> int:
        return starts[(inner.end_lineno or 1) - 1] + (inner.end_col_offset or 0)

    def start_of(inner: ast.expr) -> int:
        return starts[inner.lineno - 1] + inner.col_offset

    def between(left: ast.expr, right: ast.expr, before: str, after: str) -> Iterator[Mistake]:
        start, end = end_of(left), start_of(right)
        at = source.find(before.encode(), start, end)
        if at >= 0:
            yield Mistake(at, at + len(before), before, after)

    if isinstance(node, ast.Compare):
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            yield from between(left, right, WRITTEN[type(operator)], COMPARED[type(operator)])
    elif isinstance(node, ast.BoolOp):
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from between(left, right, *JOINED[type(node.op)])
    elif isinstance(node, ast.BinOp) and type(node.op) in SIGNS and not any(map(_is_text, (node.left, node.right))):
        yield from between(node.left, node.right, *SIGNS[type(node.op)])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield Mistake(start_of(node), start_of(node.operand), "not ", "")
    elif isinstance(node, ast.Constant) and type(node.value) is int:  # True is an int too
        yield Mistake(start_of(node), end_of(node), str(node.value), str(node.value + 1))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))


def chosen(root: Path, room: str, seed: int, count: int) -> list[tuple[Path, Mistake]]:
    """Some of the mistakes that can be made in a room, by chance: of one tree a seed always gives the same."""
    modules = sorted((root / room).rglob("*.py"))
    every = [(path.relative_to(root), one) for path in modules for one in mistakes(path.read_bytes())]
    return random.Random(seed).sample(every, min(count, len(every)))


def stages(root: Path, module: Path) -> list[list[str]]:
    """What goes to pytest for a module, in the order in which it is tried: few tests, then more."""
    mirror = Path("tests", *module.parts[1:-1])
    own = [str(path) for path in (mirror / f"test_{module.stem}.py",) if (root / path).exists()]
    name = ".".join(module.with_suffix("").parts)
    package, _, stem = name.rpartition(".")
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((root / "tests").rglob("test_*.py"))}
    imports = (f"from {name} import", f"from {package} import {stem}\n")
    importing = [str(path.relative_to(root)) for path, text in texts.items() if any(one in text for one in imports)]
    while not (root / mirror).is_dir():
        mirror = mirror.parent
    near, far = [*own, "-m", "not corpus and not bench"], [path for path in importing if path not in own]
    quick = [[*paths, "-m", MARKS[0]] for paths in (far, [str(mirror)]) if paths]
    return [*([near] if own else []), *quick, [str(mirror), "-m", MARKS[1]]]


def verdict(root: Path, module: Path, mistake: Mistake, *, minutes: float) -> str:
    """What the tests of a tree say of a mistake: `caught`, `survived` or `no verdict`; the tree is left as it was."""
    source = (root / module).read_bytes()
    _write(root / module, mistake.put_into(source))
    try:
        for stage in stages(root, module):
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"--timeout={HANGS}"]
            done = subprocess.run(
                [*command, *stage],
                cwd=root,
                env=_environment(root),
                capture_output=True,
                check=False,
                timeout=minutes * 60,
            )
            if done.returncode in FAILED:
                return "caught"
    except subprocess.TimeoutExpired:
        return "no verdict"
    finally:
        _write(root / module, source)
    return "survived"


def _environment(root: Path) -> dict[str, str]:
    """The environment in which modules come from a tree, and what is compiled stays in it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"} | {
        "PYTHONPATH": str(root)
    }


def _write(module: Path, source: bytes) -> None:
    """Writes a module and forgets how it was compiled: Python tells two of one second and size not apart."""
    module.write_bytes(source)
    for compiled in (module.parent / "__pycache__").glob(f"{module.stem}.*"):
        compiled.unlink()


def main(arguments: list[str]) -> int:
    """Makes the mistakes one after another, and prints what became of each, and of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", required=True, help="a folder of modules, such as apidiff/usage")
    parser.add_argument("--seed", type=int, default=1, help="the same mistakes again")
    parser.add_argument("--count", type=int, default=50, help="how many mistakes")
    parser.add_argument("--minutes", type=float, default=4, help="how long the tests of one step may take")
    parser.add_argument("--only", type=int, nargs="*", help="the numbers of those to try again")
    options = parser.parse_args(arguments)
    found = Counter[str]()
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        root = copied(Path(folder))
        for number, (module, mistake) in enumerate(chosen(root, options.room, options.seed, options.count)):
            if options.only and number not in options.only:
                continue
            source = (root / module).read_bytes()
            at = mistake.line(source)
            said = verdict(root, module, mistake, minutes=options.minutes)
            found[said] += 1
            line = source.splitlines()[at - 1].decode().strip()
            change = f"{mistake.before.strip()} -> {mistake.after or 'nothing'}"
            print(f"{number:3}  {said:10}  {module}:{at}  {change}  |  {line}", flush=True)
    print(", ".join(f"{said} {count}" for said, count in sorted(found.items())))
    return 0


def copied(folder: Path) -> Path:
    """A copy of the tree, as the tests need it, beside what they read from outside of it."""
    root = folder / ROOT.name
    root.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, root / name)
    if (shared := ROOT.parent / "shared").exists():
        (folder / "shared").symlink_to(shared)
    return root


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
