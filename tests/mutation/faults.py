"""The faults that are tried: each changes one place of one file as a slip of the hand might."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
LEFT_ALONE = ("annotation", "returns", "decorator_list", "bases", "type_params")  # nothing a test could notice
CACHES = ("maxsize", "typed")


@dataclass(frozen=True)
class Fault:
    """One change: its line, what was done, and which of the tree's changes it is."""

    line: int
    change: str
    place: int


def faults_of(source: str) -> list[Fault]:
    """Every fault of a file, in order. Types, docstrings, decorators, imports and exports are left alone."""
    return [Fault(line, change, place) for place, (line, change, _) in enumerate(_changes(ast.parse(source)))]


def with_fault(source: str, fault: Fault) -> str:
    """The file's text with that one fault."""
    tree = ast.parse(source)
    _, _, make = list(_changes(tree))[fault.place]
    make()
    return ast.unparse(ast.fix_missing_locations(tree))


Change = tuple[int, str, Callable[[], None]]  # line, what, and the deed


def _changes(tree: ast.AST) -> Iterator[Change]:
    for name, value in ast.iter_fields(tree):
        if name in LEFT_ALONE:
            continue
        for index, node in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(node, ast.AST) and not _is_left_alone(node):
                yield from _changes_at(tree, name, index if isinstance(value, list) else None, node)
                yield from _changes(node)


def _changes_at(parent: ast.AST, name: str, index: int | None, node: ast.AST) -> Iterator[Change]:
    line = getattr(node, "lineno", 0)

    def swap(other: ast.AST) -> Callable[[], None]:
        def make() -> None:
            if index is None:
                setattr(parent, name, other)
            else:
                getattr(parent, name)[index] = other

        return make

    def become(change: str, other: ast.AST) -> Change:
        return line, change, swap(ast.copy_location(other, node))

    match node:
        case ast.Compare(left, [operator], right):
            for other in COMPARED.get(type(operator), ()):
                yield become(f"{type(operator).__name__} → {other.__name__}", ast.Compare(left, [other()], right))
        case ast.BoolOp(operator, values):
            turned = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield become(f"{type(operator).__name__} → {type(turned).__name__}", ast.BoolOp(turned, values))
        case ast.UnaryOp(ast.Not(), operand):
            yield become("not dropped", operand)
        case ast.BinOp(left, operator, right) if type(operator) in COUNTED:
            turned_to = COUNTED[type(operator)]
            yield become(f"{type(operator).__name__} → {turned_to.__name__}", ast.BinOp(left, turned_to(), right))
        case ast.Constant(value=bool() as truth):
            yield become(f"{truth} → {not truth}", ast.Constant(not truth))
        case ast.Constant(value=int() | float() as number):
            yield become(f"{number} → {number + 1}", ast.Constant(number + 1))
        case ast.Constant(value=str() as text) if not isinstance(parent, ast.Expr | ast.JoinedStr):
            yield become(f"{text!r} → other text", ast.Constant(f"{text}_"))
        case ast.IfExp(test, body, orelse):
            yield become("arms of an if turned", ast.IfExp(test, orelse, body))
        case ast.If(test) | ast.While(test) if not _is_for_types(test):
            yield line, "condition turned", _turned(node)
        case ast.Return(value=ast.expr() as given) if not (isinstance(given, ast.Constant) and given.value is None):
            yield become("returns nothing", ast.Return(ast.Constant(None)))
        case ast.Continue():
            yield become("continue → break", ast.Break())
        case ast.Break():
            yield become("break → continue", ast.Continue())
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield become("statement dropped", ast.Pass())


def _turned(node: ast.If | ast.While) -> Callable[[], None]:
    def make() -> None:
        node.test = ast.UnaryOp(ast.Not(), node.test)

    return make


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _is_left_alone(node: ast.AST) -> bool:
    """Exports, lists of literal types, and how much a cache keeps."""
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
        case ast.keyword(arg=name):
            return name in CACHES
        case _:
            return False
