"""The event contract: what was once published must be readable for ever."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared import events

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
KINDS = {kind.model_fields["type"].default: kind for listened in events.QUEUES.values() for kind in listened}


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_sample_decodes_and_loses_nothing(path: Path) -> None:
    sample = load(path)
    event = events.decode(path.read_bytes())
    assert json.loads(events.encode(event)) == sample
    assert event.routing_key == path.stem
    assert event.source == events.source_of(path.stem)


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent / "golden/older").glob("*.json")), ids=lambda path: path.stem
)
def test_what_an_older_plats_said_is_still_understood(path: Path) -> None:
    """Fails when a field that came later has no default: such events wait in outboxes, queues and dead letters."""
    event = events.decode(path.read_bytes())
    said_now = json.loads(events.encode(event))["data"]
    grown = {"policies": said_now["policies"]} if "policies" in said_now else {}
    assert said_now | load(path)["data"] | grown == said_now


def test_every_event_has_a_golden_sample_and_a_listener() -> None:
    names = {kind.removeprefix(events.PREFIX) for kind in KINDS}
    assert {path.stem for path in GOLDEN} == names
    union = {kind.model_fields["type"].default for kind in events.AnyEvent.__args__}
    assert union == set(KINDS), "an event nobody listens to is unroutable"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_field_from_the_future_is_ignored(path: Path) -> None:
    sample = load(path)
    newer = sample | {"dataschema": "later", "data": sample["data"] | {"from_the_future": 1}}
    assert events.decode(json.dumps(newer).encode()) == events.decode(path.read_bytes())


@pytest.mark.parametrize("body", [b"", b"not json", b"{}", b'{"type": "plats.session.exploded.v1"}'])
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(ValidationError):
        events.decode(body)


def fields_of(schema: dict[str, Any]) -> set[str]:
    names = set(schema.get("properties", {}))
    for definition in schema.get("$defs", {}).values():
        names |= set(definition.get("properties", {}))
    return names


@pytest.mark.parametrize("name", sorted(KINDS))
def test_no_event_has_a_place_for_contact_details(name: str) -> None:
    """``branch`` is a library: its name and phone are public."""
    forbidden = re.compile(r"phone|e?mail|code|name|text|answer")
    schema = KINDS[name].model_json_schema()
    schema.get("$defs", {}).pop("Branch", None)
    assert not [field for field in fields_of(schema) if forbidden.search(field)]
