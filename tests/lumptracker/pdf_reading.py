"""What somebody else's reader of PDF finds wrong with a report, held to the structure that PDF/UA-1 asks for.

No outside validator of PDF/UA comes from a package index, so this walks what a screen reader walks: the catalogue, the
tree of tags, what lies on each page, the fonts. It is no proof of the standard; docs/decisions.md says what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any  # Any: a PDF's objects are open dictionaries

from pypdf import PageObject, PdfReader
from pypdf.generic import BooleanObject, ContentStream

# ISO 32000-1, 14.8.4: what every reader knows; anything else has to be mapped to one of these.
STANDARD = {
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct"),
    *("Private", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD"),
    *("THead", "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot"),
    *("Figure", "Formula", "Form"),
}
CHILDREN = {"L": {"L", "LI", "Caption"}, "LI": {"Lbl", "LBody"}, "TR": {"TH", "TD"}}
PARENTS = {"LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"}, "TR": {"Table", "THead", "TBody", "TFoot"}}
SHOWS = {
    *(b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Do"),
    b"INLINE IMAGE",
}
HEADINGS = {f"H{level}": level for level in range(1, 7)}
Node = Any  # Any: as above
Mark = tuple[int, int]  # page, number of the marked content


def faults_of(pdf: bytes) -> list[str]:
    """One line each; empty where there is nothing to say against it."""
    reader = PdfReader(BytesIO(pdf))
    root: Node = reader.trailer["/Root"]
    if "/StructTreeRoot" not in root:
        return ["no tags at all"]
    references = [page.indirect_reference for page in reader.pages]
    pages = {one.idnum: number for number, one in enumerate(references) if one}
    tree = Tree(root["/StructTreeRoot"], pages)
    return [
        *_faults_of_catalogue(reader, root),
        *tree.faults(),
        *(fault for number, page in enumerate(reader.pages) for fault in _faults_of_page(page, number, tree)),
        *(fault for page in reader.pages for fault in _faults_of_fonts(page["/Resources"])),
    ]


def _faults_of_catalogue(reader: PdfReader, root: Node) -> Iterator[str]:
    marked = root.get("/MarkInfo", {})
    if not _is_true(marked.get("/Marked")) or _is_true(marked.get("/Suspects")):
        yield "not marked as tagged, or not sure of it"
    if not root.get("/Lang"):
        yield "no language"
    if not _is_true(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")):
        yield "a window would show the file's name"
    title, told = reader.metadata and reader.metadata.title, reader.xmp_metadata
    if not title or told is None or title not in (told.dc_title or {}).values():
        yield "no title, or two"
    if "<pdfuaid:part>1</pdfuaid:part>" not in bytes(root.get("/Metadata", {}).get_data()).decode("utf-8"):
        yield "does not call itself PDF/UA-1"


def _is_true(value: Node) -> bool:
    return isinstance(value, BooleanObject) and bool(value.value)  # it has no truth of its own


class Tree:
    """The tags in reading order, and which marked content each of them holds."""

    def __init__(self, root: Node, pages: dict[int, int]) -> None:
        self.roles, self.pages = root.get("/RoleMap", {}), pages
        self.kinds: list[str] = []
        self.held: list[Mark] = []
        self.wrong: list[str] = []
        self._walk(root, "", None)

    def kind_of(self, element: Node) -> str:
        kind = element["/S"]
        for _ in range(len(self.roles) + 1):
            if kind[1:] in STANDARD:
                return str(kind[1:])
            kind = self.roles.get(kind, kind)
        return str(kind)

    def faults(self) -> Iterator[str]:
        yield from self.wrong
        yield from (f"{kind} is no type that readers know" for kind in set(self.kinds) - STANDARD)
        if len(self.held) != len(set(self.held)):
            yield "something is read twice"
        levels = [HEADINGS[kind] for kind in self.kinds if kind in HEADINGS]
        if levels[:1] != [1] or any(after > before + 1 for before, after in pairwise(levels)):
            yield f"headings go {levels}"

    def _walk(self, node: Node, above: str, page: int | None) -> None:
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            one = kid.get_object()
            if isinstance(one, int):
                self._hold(page, one)
            elif one.get("/Type") == "/MCR":
                self._hold(self._page(one, page), one["/MCID"])
            elif "/S" in one:
                self._element(one, node, above, page)

    def _element(self, one: Node, parent: Node, above: str, page: int | None) -> None:
        kind = self.kind_of(one)
        self.kinds.append(kind)
        if one["/P"].get_object() != parent:
            self.wrong.append(f"{kind} names another parent")
        if kind not in CHILDREN.get(above, {kind}) or above not in PARENTS.get(kind, {above}):
            self.wrong.append(f"{kind} in {above}")
        if kind in ("Figure", "Formula") and not one.get("/Alt", "").strip():
            self.wrong.append(f"{kind} without words")
        self._walk(one, kind, self._page(one, page))

    def _page(self, one: Node, before: int | None) -> int | None:
        return self.pages[one.raw_get("/Pg").idnum] if "/Pg" in one else before

    def _hold(self, page: int | None, number: int) -> None:
        if page is None:
            self.wrong.append("content of no page")
        else:
            self.held.append((page, number))


def _faults_of_page(page: PageObject, number: int, tree: Tree) -> Iterator[str]:
    if page.get("/Tabs") != "/S":
        yield f"page {number}: the tab key does not follow the tags"
    marks: list[Node] = []
    found: set[Mark] = set()
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator in (b"BDC", b"BMC"):
            marks.append(operands)
            if "/MCID" in (what := _properties(operands, page)):
                found.add((number, int(what["/MCID"])))
        elif operator == b"EMC":
            marks.pop()
        elif operator in SHOWS:
            kinds = ["artifact" if mark[0] == "/Artifact" else "tag" for mark in marks if _counts(mark, page)]
            if len(set(kinds)) != 1:
                yield f"page {number}: {operator.decode()} is {'tag and artifact' if kinds else 'no tag, no artifact'}"
    if found != {mark for mark in tree.held if mark[0] == number}:
        yield f"page {number}: what is marked is not what the tags hold"


def _properties(operands: Sequence[Node], page: PageObject) -> Node:
    """What a mark says of itself, where it stands in the stream or among the page's resources."""
    if len(operands) < 2:
        return {}
    named, resources = operands[1], page["/Resources"]
    return resources["/Properties"][named].get_object() if isinstance(named, str) else named  # type: ignore[index]  # open


def _counts(operands: Sequence[Node], page: PageObject) -> bool:
    return operands[0] == "/Artifact" or "/MCID" in _properties(operands, page)


def _faults_of_fonts(resources: Node) -> Iterator[str]:
    for name, reference in resources.get("/Font", {}).items():
        font = reference.get_object()
        inner = font["/DescendantFonts"][0].get_object() if font["/Subtype"] == "/Type0" else font
        files = {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.get("/FontDescriptor", {}))
        if not files and font["/Subtype"] != "/Type3":
            yield f"{font.get('/BaseFont', name)} is not embedded"
        if "/ToUnicode" not in font:
            yield f"{font.get('/BaseFont', name)} does not say which letters it shows"
    for reference in resources.get("/XObject", {}).values():
        if "/Resources" in (form := reference.get_object()):
            yield from _faults_of_fonts(form["/Resources"])
