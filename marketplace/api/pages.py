"""The description as a page for people, without any script: made from the same document that programs read."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Blueprint, current_app, render_template

from marketplace.http.access import PUBLIC, allow

bp: Final = Blueprint("api_pages", __name__, url_prefix="/api/v1")
METHODS: Final = ("get", "post", "put", "patch", "delete")
DESCRIPTION: Final = "api_description"


@bp.get("/")
@allow(PUBLIC)
def show_description() -> str:
    """Show every operation with its parameters and examples."""
    spec = current_app.extensions[DESCRIPTION]
    groups = [
        {"name": tag["name"], "description": tag["description"], "operations": list(_operations(spec, tag["name"]))}
        for tag in spec["tags"]
    ]
    return render_template("api/description.html", title=spec["info"]["title"], groups=groups)


def _operations(spec: Mapping[str, Any], tag: str) -> Iterator[dict[str, Any]]:
    for path, methods in spec["paths"].items():
        for method in METHODS:
            found = methods.get(method)
            if found and tag in found["tags"]:
                yield _operation(found, method=method, path=path, shared=methods.get("parameters", []))


def _operation(found: Mapping[str, Any], *, method: str, path: str, shared: list[Any]) -> dict[str, Any]:
    status = next(code for code in found["responses"] if code.startswith("2"))
    scopes = [scope for each in found.get("security", []) for scope in each["bearer"]]
    return {
        "id": found["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": found["summary"],
        "description": found.get("description", ""),
        "scope": scopes[0] if scopes else None,
        "parameters": [_parameter(each) for each in (*shared, *found.get("parameters", []))],
        "question": _example(found.get("requestBody", {})),
        "takes": ", ".join(found.get("requestBody", {}).get("content", {})),
        "status": status,
        "answer": _example(found["responses"][status]),
    }


def _parameter(given: Mapping[str, Any]) -> dict[str, Any]:
    codes = given["schema"].get("enum") or given["schema"].get("items", {}).get("enum") or []
    return {
        "name": given["name"],
        "place": given["in"],
        "needed": given.get("required", False),
        "text": given.get("description", ""),
        "codes": ", ".join(codes) if len(codes) <= 20 else "",
    }


def _example(given: Mapping[str, Any]) -> str | None:
    found = given.get("content", {}).get("application/json", {}).get("example")
    return None if found is None else json.dumps(found, indent=2, ensure_ascii=False)
