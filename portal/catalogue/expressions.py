"""The type checker of conditions: reads a CEL expression against the declared fields, before anything is evaluated.

It accepts the part of CEL that procedures need and refuses the rest: the library that evaluates is dynamically typed,
compares a text with a number without complaint and knows nothing of a procedure's fields, so a misspelt name or choice
would stay unseen until a citizen meets it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

LONGEST = 1_000
DEEPEST = 20
NESTED_MACROS = 2


class ExpressionError(Exception):
    """A mistake in an expression: `kind` is a key of `findings.MESSAGES`, `values` fill it in."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(kind, values)
        self.kind = kind
        self.values = values


@dataclass(frozen=True)
class Type:
    """A type of an expression: bool, int, double, text, time, duration, list (of `item`) or row (with `fields`).

    `choices` are the only values that a text field may have, `literal` the text that stands in the source;
    `is_optional` marks an answer that may rightly stay empty.
    """

    name: str
    item: Type | None = None
    fields: Mapping[str, Type] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    literal: str | None = None
    is_optional: bool = False

    def matches(self, other: Type) -> bool:
        if self.name != other.name:
            return False
        return self.item is None or other.item is None or self.item.matches(other.item)


BOOL, INT, DOUBLE, TEXT = Type("bool"), Type("int"), Type("double"), Type("text")
TIME, DURATION = Type("time"), Type("duration")
NUMBERS = ("int", "double")
ORDERED = (*NUMBERS, "text", "time", "duration")


def list_of(item: Type | None) -> Type:
    return Type("list", item=item)


def row_of(fields: Mapping[str, Type]) -> Type:
    return Type("row", fields=fields)


@dataclass(frozen=True)
class Checked:
    """A correct expression: its type and the answers it speaks of, as ("form", "use")."""

    type: Type
    references: frozenset[tuple[str, str]]


def check_expression(source: str, roots: Mapping[str, Type]) -> Checked:
    """The type of the expression over `roots`. Raises ExpressionError for the first mistake in it."""
    if len(source) > LONGEST:
        raise ExpressionError("expression_too_long", limit=LONGEST)
    reader = _Reader(source, roots)
    found = reader.expression()
    reader.expect("end")
    return Checked(found, frozenset(reader.references))


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<double>\d+\.\d+(?:[eE][+-]?\d+)?) | (?P<int>\d+)
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<name>[A-Za-z_]\w*)
    | (?P<sign>\|\||&&|==|!=|<=|>=|[-+*/%!<>?:.,()\[\]])
    )""",
    re.VERBOSE,
)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in")
MACROS = ("all", "exists", "exists_one", "map", "filter")
TEXT_METHODS = ("startsWith", "endsWith", "contains", "matches")


class _Reader:
    """A recursive descent over the tokens that returns types instead of a tree."""

    def __init__(self, source: str, roots: Mapping[str, Type]) -> None:
        self.references: set[tuple[str, str]] = set()
        self._tokens = list(_tokens(source))
        self._at = 0
        self._scope = dict(roots)
        self._roots = roots
        self._depth = 0
        self._macros = 0

    def expression(self) -> Type:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError("expression_too_deep", limit=DEEPEST)
        found = self._either()
        if self._take("?"):
            _need(found, "bool")
            first = self.expression()
            self.expect(":")
            second = self.expression()
            if not first.matches(second):
                raise ExpressionError("types_differ", operator="? :", left=first.name, right=second.name)
            found = first
        self._depth -= 1
        return found

    def expect(self, text: str) -> None:
        kind, value = self._tokens[self._at]
        if (value if kind == "sign" else kind) != text:
            raise _syntax(value)
        self._at += 1

    def _take(self, *signs: str) -> str | None:
        kind, value = self._tokens[self._at]
        if value in signs and kind in ("sign", "name"):
            self._at += 1
            return value
        return None

    def _either(self) -> Type:
        found = self._both()
        while self._take("||"):
            _need(found, "bool")
            found = _need(self._both(), "bool")
        return found

    def _both(self) -> Type:
        found = self._comparison()
        while self._take("&&"):
            _need(found, "bool")
            found = _need(self._comparison(), "bool")
        return found

    def _comparison(self) -> Type:
        left = self._sum()
        operator = self._take(*_COMPARISONS)
        if operator is None:
            return left
        right = self._sum()
        if operator == "in":
            _check_membership(left, right)
        else:
            _check_comparison(operator, left, right)
        return BOOL

    def _sum(self) -> Type:
        found = self._product()
        while operator := self._take("+", "-"):
            found = _arithmetic(operator, found, self._product())
        return found

    def _product(self) -> Type:
        found = self._unary()
        while operator := self._take("*", "/", "%"):
            divisor = self._tokens[self._at]
            if operator != "*" and not (divisor[0] in NUMBERS and float(divisor[1]) != 0):
                raise ExpressionError("divisor")
            found = _arithmetic(operator, found, self._unary())
        return found

    def _unary(self) -> Type:
        if self._take("!"):
            return _need(self._unary(), "bool")
        if self._take("-"):
            return _need(self._unary(), *NUMBERS)
        return self._member()

    def _member(self) -> Type:
        kind, value = self._tokens[self._at]
        self._at += 1
        if kind in NUMBERS:
            return Type(kind)
        if kind == "text":
            return replace(TEXT, literal=value[1:-1])
        if kind == "name":
            return self._named(value)
        if value == "(":
            found = self.expression()
            self.expect(")")
            return self._path(found, ())
        if value == "[":
            return self._list()
        raise _syntax(value)

    def _named(self, name: str) -> Type:
        if name in ("true", "false"):
            return BOOL
        if self._take("("):
            return self._path(self._function(name), ())
        if name not in self._scope:
            raise ExpressionError("unknown_name", name=name, near=_nearest(name, self._scope))
        is_root = self._scope.get(name) is self._roots.get(name)
        if is_root and self._scope[name].name != "row":
            self.references.add((name, ""))
        return self._path(self._scope[name], (name,) if is_root else ())

    def _path(self, found: Type, path: tuple[str, ...]) -> Type:
        while self._take("."):
            kind, name = self._tokens[self._at]
            if kind != "name":
                raise _syntax(name)
            self._at += 1
            if self._take("("):
                found, path = self._method(found, name), ()
                continue
            if found.name != "row":
                raise ExpressionError("no_fields", type=found.name, name=name)
            if name not in found.fields:
                raise ExpressionError("unknown_field", name=".".join((*path, name)), near=_nearest(name, found.fields))
            found, path = found.fields[name], (*path, name)
            if len(path) == 2:
                self.references.add((path[0], path[1]))
        return found

    def _list(self) -> Type:
        item: Type | None = None
        literals: list[str] = []
        while not self._take("]"):
            if item is not None:
                self.expect(",")
            following = self.expression()
            if item is not None and not item.matches(following):
                raise ExpressionError("types_differ", operator="[ ]", left=item.name, right=following.name)
            item = following
            literals.append(following.literal or "")
        return replace(list_of(item), choices=tuple(literals))

    def _function(self, name: str) -> Type:
        arguments = self._arguments()
        for names, wanted, result in FUNCTIONS.get(name, ()):
            if len(arguments) == len(names) and all(
                argument.name in allowed.split("|") for argument, allowed in zip(arguments, names, strict=True)
            ):
                if wanted == "literal" and arguments[0].literal is None:
                    break
                if name == "total" and arguments[0].item is not None:
                    return _need(arguments[0].item, *NUMBERS)
                if result == "same":
                    return _arithmetic(name, arguments[0], arguments[1])
                return Type(result)
        if name not in FUNCTIONS:
            raise ExpressionError("unknown_function", name=name, near=_nearest(name, FUNCTIONS))
        raise ExpressionError("wrong_arguments", name=name)

    def _arguments(self) -> list[Type]:
        arguments: list[Type] = []
        while not self._take(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression())
        return arguments

    def _method(self, found: Type, name: str) -> Type:
        if name in MACROS and found.name == "list":
            return self._macro(found, name)
        if name in TEXT_METHODS and found.name == "text":
            arguments = self._arguments()
            if len(arguments) != 1 or arguments[0].name != "text":
                raise ExpressionError("wrong_arguments", name=name)
            return BOOL
        raise ExpressionError("unknown_function", name=name, near=_nearest(name, (*MACROS, *TEXT_METHODS)))

    def _macro(self, found: Type, name: str) -> Type:
        self._macros += 1
        if self._macros > NESTED_MACROS:
            raise ExpressionError("expression_too_deep", limit=NESTED_MACROS)
        kind, variable = self._tokens[self._at]
        if kind != "name" or variable in self._scope or found.item is None:
            raise ExpressionError("wrong_arguments", name=name)
        self._at += 1
        self.expect(",")
        self._scope[variable] = found.item
        result = self.expression()
        self.expect(")")
        del self._scope[variable]
        self._macros -= 1
        if name == "map":
            return list_of(result)
        _need(result, "bool")
        return found if name == "filter" else BOOL


FUNCTIONS: dict[str, tuple[tuple[tuple[str, ...], str, str], ...]] = {
    "size": ((("list",), "", "int"),),
    "length": ((("text",), "", "int"),),
    "lower": ((("text",), "", "text"),),
    "total": ((("list",), "", "double"),),
    "least": ((("int|double", "int|double"), "", "same"),),
    "greatest": ((("int|double", "int|double"), "", "same"),),
    "double": ((("int",), "", "double"),),
    "timestamp": ((("text",), "literal", "time"),),
    "duration": ((("text",), "literal", "duration"),),
}
"""name: (types of the arguments, "literal" when the argument must stand in the source, type of the result)."""


def _tokens(source: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(source.rstrip()):
        token = _TOKEN.match(source, at)
        if token is None or token.lastgroup is None:
            raise ExpressionError("syntax", near=source[at : at + 12].strip())
        found.append((token.lastgroup, token[token.lastgroup]))
        at = token.end()
    return [*found, ("end", "")]


def _need(found: Type, *names: str) -> Type:
    if found.name not in names:
        raise ExpressionError("wrong_type", wanted=" / ".join(names), found=found.name)
    return found


def _arithmetic(operator: str, left: Type, right: Type) -> Type:
    if left.name == right.name and left.name in NUMBERS:
        return Type(left.name)
    if operator == "+" and left.name == right.name == "text":
        return TEXT
    if operator == "-" and left.name == right.name == "time":
        return DURATION
    if operator in ("+", "-") and left.name == "time" and right.name == "duration":
        return TIME
    raise ExpressionError("types_differ", operator=operator, left=left.name, right=right.name)


def _syntax(near: str) -> ExpressionError:
    return ExpressionError("syntax", near=near) if near else ExpressionError("syntax_end")


def _check_comparison(operator: str, left: Type, right: Type) -> None:
    both_numbers = left.name in NUMBERS and right.name in NUMBERS
    comparable = both_numbers or left.name == right.name
    if operator not in ("==", "!="):
        comparable = comparable and left.name in ORDERED
    if not comparable:
        raise ExpressionError("types_differ", operator=operator, left=left.name, right=right.name)
    for answer, given in ((left, right), (right, left)):
        if answer.choices and given.literal is not None:
            _check_choice(answer, given.literal)


def _check_membership(left: Type, right: Type) -> None:
    if right.name != "list" or (right.item is not None and not right.item.matches(left)):
        raise ExpressionError("types_differ", operator="in", left=left.name, right=right.name)
    if left.choices:
        for literal in right.choices:
            _check_choice(left, literal)
    if right.item is not None and right.item.choices and left.literal is not None:
        _check_choice(right.item, left.literal)


def _check_choice(answer: Type, literal: str) -> None:
    if literal and literal not in answer.choices:
        raise ExpressionError("unknown_choice", choice=literal, near=", ".join(answer.choices))


def _nearest(name: str, names: Mapping[str, object] | tuple[str, ...]) -> str:
    return ", ".join(get_close_matches(name, list(names), n=1, cutoff=0.4) or list(names)[:6])
