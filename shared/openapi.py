"""OpenAPI 3.1 from the same models that parse and reply; see docs/decisions for why this is our own."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from shared.problems import CONTENT_TYPE, ProblemDocument

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from shared.http import Endpoint

Json = dict[str, Any]


def document(title: str, endpoints: Iterable[Endpoint]) -> Json:
    """Describe a service's endpoints."""
    listed = list(endpoints)
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ProblemDocument, "serialization")]
    for endpoint in listed:
        wanted += [(model, "validation") for model in (endpoint.body, endpoint.query) if model]
        wanted += [(endpoint.reply, "serialization")] if endpoint.reply else []
    keys, schemas = models_json_schema(list(dict.fromkeys(wanted)), ref_template="#/components/schemas/{model}")
    definitions = schemas.get("$defs", {})
    paths: Json = {}
    for endpoint in listed:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, keys, definitions)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": paths,
        "components": {"schemas": definitions},
    }


def _operation(endpoint: Endpoint, keys: Any, definitions: Json) -> Json:  # noqa: ANN401 - pydantic's key map is private
    summary, _, description = (endpoint.function.__doc__ or endpoint.function.__name__).strip().partition("\n")
    operation: Json = {
        "operationId": endpoint.function.__name__,
        "summary": summary,
        "parameters": _path_parameters(endpoint.path),
        "responses": {str(endpoint.status): {"description": HTTPStatus(endpoint.status).phrase}},
    }
    if description.strip():
        operation["description"] = re.sub(r"\s+", " ", description).strip()
    if endpoint.body:
        content = {"application/json": {"schema": keys[(endpoint.body, "validation")]}}
        operation["requestBody"] = {"required": True, "content": content}
    if endpoint.query:
        operation["parameters"] += _query_parameters(keys[(endpoint.query, "validation")], definitions)
    if endpoint.reply:
        content = {"application/json": {"schema": keys[(endpoint.reply, "serialization")]}}
        operation["responses"][str(endpoint.status)]["content"] = content
    if endpoint.media:
        operation["responses"][str(endpoint.status)]["content"] = {endpoint.media: {"schema": {"type": "string"}}}
    problem = {CONTENT_TYPE: {"schema": keys[(ProblemDocument, "serialization")]}}
    types = ", ".join(endpoint.problems)
    operation["responses"]["default"] = {
        "description": f"A problem document. Types: {types}" if types else "A problem document",
        "content": problem,
    }
    return operation


def _path_parameters(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)[^}]*}", path)
    ]


def _query_parameters(reference: Json, definitions: Json) -> list[Json]:
    schema = definitions[reference["$ref"].rsplit("/", 1)[1]]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": definition}
        for name, definition in schema.get("properties", {}).items()
    ]
