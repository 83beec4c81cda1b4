"""Writes into the OpenAPI what every route may answer beside its own success: each refusal has one shape.

The views describe what is theirs; who is not signed in, what is missing and what comes too fast is the same
everywhere, and is answered in one place (`lumptracker.api_errors`).
"""

from __future__ import annotations

from typing import Any

ERROR = {
    "type": "object",
    "required": ["code", "message", "fields"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}
BAD, SIGN_IN, FORBIDDEN, MISSING = "400", "401", "403", "404"
CONFLICT, GONE, TOO_LARGE, KIND, TOO_FAST = "409", "410", "413", "415", "429"
WORDS = {
    BAD: "A value is wrong; `fields` names it.",
    SIGN_IN: "Not signed in.",
    FORBIDDEN: "Not by this member, or not without signing in again (`reauthentication_required`).",
    MISSING: "Missing, or not for you; the same bytes either way.",
    CONFLICT: "It contradicts what is stored, as `code` says.",
    GONE: "No longer of use: start again.",
    TOO_LARGE: "Larger than is taken.",
    KIND: "Of a kind that is not taken.",
    TOO_FAST: "Too fast; `Retry-After` says when to come back.",
}


def describe_errors(result: dict[str, Any], **_: object) -> dict[str, Any]:  # Any: an OpenAPI document
    """drf-spectacular's hook: adds the refusals of each operation where the view has not described them itself."""
    result["components"]["schemas"]["Error"] = ERROR
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            for status in _refusals(path, method, operation):
                operation["responses"].setdefault(status, _refusal(status))
                operation["responses"][status].setdefault("content", _refusal(status)["content"])
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _refusals(path: str, method: str, operation: dict[str, Any]) -> set[str]:  # Any: a part of the document
    """The refusals that this operation may answer with."""
    writes = method not in ("get", "head")
    found = {TOO_FAST} | {status for status in operation["responses"] if status in WORDS}
    if any(operation.get("security", [])):
        found.add(SIGN_IN)
    if "{" in path:
        found.add(MISSING)
    if writes:
        found |= {BAD, FORBIDDEN}
    if any(one["in"] == "query" for one in operation.get("parameters", [])):
        found.add(BAD)
    if "requestBody" in operation:
        found |= {TOO_LARGE, KIND, MISSING}  # a body may name what is not there
    if method in ("put", "patch"):
        found.add(CONFLICT)
    return found


def _refusal(status: str) -> dict[str, Any]:  # Any: a part of the document
    answer: dict[str, Any] = {  # Any: as above
        "description": WORDS[status],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    return answer
