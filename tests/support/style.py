"""The house's laws of style: `python -m tests.support.style` prints every line that breaks one.

`python -m tests.support.style LAW...` prints those of the named laws, such as `long_functions`.
"""

from __future__ import annotations

import ast
import functools
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.verbs import AUXILIARIES, STATEMENTS, VERBS
from validator.cli.commands import COMMANDS
from validator.sample.faults import FAULTS

ROOT = Path(__file__).resolve().parents[2]
CODE = ("validator", "benchmarks", "fuzz")
"""Folders that keep every law; `tests` keeps those of size and spelling."""

MOST_FUNCTION_LINES, MOST_MODULE_LINES, MOST_POSITIONAL = 40, 300, 3

BANNED_NAMES = {"told", "held", "stands", "beside", "alike", "nobody", "making"}
BANNED_LOCALS = {"found", "one"}

BANNED_PHRASES = {
    r"\btold\b": "reported, listed, said",
    r"\bbeside\b": "next to, in addition to",
    r"(?<!look-)\balike\b": "the same, equally, both",
    r"\banew\b": "again",
    r"\bstands?\b(?!-| for\b| out\b| alone\b)": "is, appears",
    r"\bbears\b": "has, carries",
    r"\blies\b|\blie (in|on|at|under|there|within|between|below|above|next)\b": "is",
    r"\bmeant\b(?! (to|for)\b)": "intended, expected",
    r"\bby (itself|themselves)\b": "alone, automatically",
    r"\bof (its|their) own\b": "own, separate",
    r"\b(give|gives|gave|given|giving) back\b": "return",
    r"\bheld against\b": "compared with",
    r"(?<!Not )\blook(s|ed|ing)? at\b": "read, examine, check",
    r"\bwho knows\b": "",
    r"\bthat which\b": "what",
    r"\b(has|have|had) (had )?(its|their) say\b": "",
    r"\b(written|spelled) otherwise\b|\botherwise (written|spelled)\b": "spelled differently",
    r"\bin the place of\b": "instead of",
}
"""Phrases that no engineer in Ohio would write, and what to write instead."""

_ANY_BANNED = re.compile("|".join(f"(?:{it})" for it in BANNED_PHRASES), re.IGNORECASE)

FOREIGN_SPELLINGS = (
    r"licen[c]e(s|d)?|colou[r]\w*|behaviou[r]\w*|honou[r]\w*|favou[r]\w*|neighbou[r]\w*"
    r"|cent[r]e(s|d)?|catalogu[e](s|d)?|labell(ed|ing)|cancell(ed|ing)|travell(ed|ing|er)"
    r"|modell(ed|ing)|gr[e]y(s|ed)?|cheques?|judgement|fulfil|enrol(s|ment|ments)?|defence"
    r"|artefacts?|learnt|spelt|whilst|amongst|analys(e|es|ed|ing)|programmes?|storeys?"
    r"|(recogn|organ|normal|initial|serial|summar|capital|token|custom|minim|maxim|optim"
    r"|categor|emphas|util|harmon|local|special|general|anonym|pseudonym|real|synchron"
    r"|author|visual|material|randomi?|standard|memor|sanit)is(e|es|ed|ing|ation|ations|er)"
)

_WORD = re.compile("[A-Za-z]+")
_FOREIGN = re.compile(FOREIGN_SPELLINGS, re.IGNORECASE)

SPELLING_ALLOWED = {
    ("tests/support/style.py", ""),
    ("rules/columns/aliases.yaml", "enrolments"),  # headings that exports have
    ("rules/columns/aliases.yaml", "catalogue"),
    ("rules/columns/aliases.yaml", "enrol"),
    ("rules/columns/aliases.yaml", "enrolment"),
    ("validator/schemas/clever.py", "enrolments"),
    ("validator/vocabulary/course_titles.py", "cancelled"),  # a word of course titles
    ("rules/privacy.yaml", "centre"),  # a word of school names
    ("rules/vocabulary/headings.yaml", "colour"),  # words of headings
    ("rules/vocabulary/headings.yaml", "enrolment"),
    ("rules/core.yaml", "licence"),  # `was`, the old id of a rule
    ("docs/rules.md", "licence"),
    ("CHANGELOG.md", "licence"),
    ("validator/ingest/formats/oneroster/acceptance.py", "enrol"),  # an address
    ("tests/sharing/test_preview.py", "licences"),  # refused, with the right word named
}
"""Files, and words in them, that quote another spelling."""


@functools.cache
def modules(*folders: str) -> tuple[Path, ...]:
    """Every Python file of the folders."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(path for path in paths if "_bundled" not in path.parts)


@functools.cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file's syntax tree."""
    return tuple(ast.walk(tree(path)))


def place(path: Path, line: int) -> str:
    """A line as `folder/file.py:12`."""
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file, inner ones included."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def long_functions() -> Iterator[str]:
    """Functions of more than 40 lines."""
    for path in modules(*CODE, "tests"):
        for node in functions(path):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > MOST_FUNCTION_LINES:
                yield f"{place(path, node.lineno)}: {node.name} has {lines} lines"


def long_modules() -> Iterator[str]:
    """Modules of more than 300 lines."""
    for path in modules(*CODE):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_MODULE_LINES:
            yield f"{place(path, 1)}: {lines} lines"


def nested_conditionals() -> Iterator[str]:
    """Conditional expressions inside conditional expressions."""
    for path in modules(*CODE):
        for node in nodes(path):
            if isinstance(node, ast.IfExp):
                inner = [part for part in ast.walk(node) if isinstance(part, ast.IfExp)]
                if len(inner) > 1:
                    yield f"{place(path, node.lineno)}: {ast.unparse(node)[:60]}"


def positional_parameters() -> Iterator[str]:
    """Functions that take more than three positional parameters.

    A check takes its tables by position, in the order of the rule's `reads`.
    """
    for path in modules(*CODE):
        for node in functions(path):
            names = [argument.arg for argument in node.args.posonlyargs + node.args.args]
            names = [name for name in names if name not in ("self", "cls")]
            if len(names) > MOST_POSITIONAL and not _is_check(node):
                yield f"{place(path, node.lineno)}: {node.name}({', '.join(names)})"


def _is_check(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("check(") for decorator in node.decorator_list)


def packed_parameters() -> Iterator[str]:
    """Parameters that pack unlike things into a tuple: `tuple[X, Y]`, or a tuple of anything.

    Aliases are followed, in whichever module they are defined. A pair of the same type,
    such as a range `tuple[int, int]`, is a value and allowed.
    """
    aliases = _tuple_aliases()
    for path in modules(*CODE):
        for node in functions(path):
            arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            for argument in arguments:
                text = ast.unparse(argument.annotation) if argument.annotation else ""
                name = text.removesuffix(" | None").rpartition(".")[2]
                kind = aliases.get(name, argument.annotation)
                if kind is not None and _packs_unlike(kind):
                    yield f"{place(path, node.lineno)}: {node.name}({argument.arg}: {text})"


def _tuple_aliases() -> dict[str, ast.expr]:
    aliases: dict[str, ast.expr] = {}
    for path in modules(*CODE):
        for node in tree(path).body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or not node.value:
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and _tuple_elements(node.value):
                aliases[target.id] = node.value
    return aliases


def _tuple_elements(node: ast.expr) -> list[str]:
    """The element types of `tuple[...]`; empty for anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):  # tuple[...] | None
        return _tuple_elements(node.left) or _tuple_elements(node.right)
    if not isinstance(node, ast.Subscript) or ast.unparse(node.value) != "tuple":
        return []
    inside = node.slice
    elements = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    return [ast.unparse(element) for element in elements]


def _packs_unlike(node: ast.expr) -> bool:
    elements = _tuple_elements(node)
    if elements[1:] == ["..."]:
        return elements[0] in ("Any", "object")
    return len(elements) > 2 or len(set(elements)) > 1


def banned_names() -> Iterator[str]:
    """Names of functions, parameters, variables and fields that are banned."""
    for path in modules(*CODE):
        for line, name, local in sorted(_names(tree(path), local=False)):
            word = name.strip("_")
            if word in BANNED_NAMES or (local and word in BANNED_LOCALS):
                yield f"{place(path, line)}: {name}"


def _names(node: ast.AST, *, local: bool) -> Iterator[tuple[int, str, bool]]:
    """Line and name of each definition below the node, and whether it is local to a function."""
    for child in ast.iter_child_nodes(node):
        inside = local
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child.lineno, child.name, local
            inside = not isinstance(child, ast.ClassDef)
        elif isinstance(child, ast.Lambda | ast.comprehension | ast.GeneratorExp):
            inside = True
        elif isinstance(child, ast.arg):
            yield child.lineno, child.arg, True
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.lineno, child.id, local or isinstance(node, ast.comprehension)
        elif isinstance(child, ast.alias) and child.asname:
            yield child.lineno, child.asname, local
        yield from _names(child, local=inside)


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Every comment of a module, with its line; nothing if no line of a comment is banned."""
    lines = "\n".join(line for line in source.splitlines() if "#" in line)
    if not _ANY_BANNED.search(lines):
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every comment that may be banned and every text of several words in a file, with its line."""
    yield from comments(path.read_text(encoding="utf-8"))
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def find_banned(text: str) -> Iterator[tuple[int, str]]:
    """The first of each banned phrase in a text: how many lines down, and what to write instead."""
    if not _ANY_BANNED.search(text):
        return
    for pattern, better in BANNED_PHRASES.items():
        if match := re.search(pattern, text, re.IGNORECASE):
            yield (
                text.count("\n", 0, match.start()),
                f"{match[0]!r}; better: {better or 'plain words'}",
            )


def banned_phrases() -> Iterator[str]:
    """Comments, docstrings, help and messages in a manner that is banned."""
    for path in modules(*CODE):
        for line, text in texts(path):
            for down, advice in find_banned(text):
                yield f"{place(path, line + down)}: {advice}"


def what_docstrings() -> Iterator[str]:
    """Docstrings that begin with "What": a noun phrase or an imperative says more."""
    for path in modules(*CODE):
        for node in nodes(path):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                first = (ast.get_docstring(node) or "").partition("\n")[0]
                if first.startswith("What "):
                    yield f"{place(path, getattr(node, 'lineno', 1))}: {first}"


def banned_rule_phrases() -> Iterator[str]:
    """Rules, pages and templates in a manner that is banned."""
    for path in _written():
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for _, advice in find_banned(text):
                yield f"{place(path, line)}: {advice}"


def _written() -> Iterator[Path]:
    """Files other than Python that people read."""
    for folder, suffixes in (
        ("rules", (".yaml",)),
        ("templates", (".j2", ".js", ".css")),
        ("docs", (".md",)),
        (".github", (".yml",)),
        ("findings", (".md", ".sh")),
        ("packaging", (".css", ".html", ".js", ".mjs", ".py", ".svg")),
    ):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path
    yield from (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))
    yield from (ROOT / name for name in ("SECURITY.md", "action.yml", "bootstrap.py"))


def foreign_spellings() -> Iterator[str]:
    """Words in another spelling than that of the United States."""
    for path in (*modules(*CODE, "tests"), *_written()):
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        for word in sorted(filter(_is_foreign, set(_WORD.findall(text)))):
            if {(name, ""), (name, word.lower())} & SPELLING_ALLOWED:
                continue
            for match in re.finditer(rf"(?<![A-Za-z]){word}(?![A-Za-z])", text):
                yield f"{place(path, 1 + text.count(chr(10), 0, match.start()))}: {word}"


@functools.cache
def _is_foreign(word: str) -> bool:
    return bool(_FOREIGN.fullmatch(word))


def noun_functions() -> Iterator[str]:
    """Functions of a module that begin with no verb.

    Named by something else are the checks (by what they find), the commands (by what they are
    for), the sample's faults (by the rule that finds them), and `main`.
    """
    for path in modules("validator"):
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if _needs_verb(path, node) and not begins_with_verb(node):
                yield f"{place(path, node.lineno)}: {node.name}"


def begins_with_verb(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function's name begins with an imperative, or with the verb of a predicate."""
    first = node.name.strip("_").partition("_")[0]
    if first in VERBS or first in AUXILIARIES:
        return True
    returns_bool = node.returns is not None and ast.unparse(node.returns) == "bool"
    return first in STATEMENTS and returns_bool


def _needs_verb(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    is_special = node.name == "main" or node.name.startswith("__")
    if is_special or _is_check(node) or _is_overload(node):
        return False
    room = path.relative_to(ROOT / "validator").parts[0]
    word = node.name.replace("_", "-")
    return not (room == "cli" and word in COMMANDS) and not (room == "sample" and word in FAULTS)


def _is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function has the name and the types of a function that Python has."""
    names = {ast.unparse(decorator).partition("(")[0] for decorator in node.decorator_list}
    return bool(names & {"overload", "dataclass_transform"})


LAWS: dict[str, Callable[[], Iterator[str]]] = {
    law.__name__: law
    for law in (
        long_functions,
        long_modules,
        nested_conditionals,
        positional_parameters,
        packed_parameters,
        banned_names,
        banned_phrases,
        banned_rule_phrases,
        what_docstrings,
        foreign_spellings,
        noun_functions,
    )
}


def main(names: list[str]) -> None:
    """Print what breaks the named laws, or all of them, and how often."""
    for name in names or LAWS:
        broken = list(LAWS[name]())
        print(f"{name}: {len(broken)}")
        for line in broken if names else ():
            print(f"  {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
