import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from services.booking.http import api as booking
from services.catalog.http import api as catalog
from services.notify.http import api as notify
from services.volunteers.http import api as volunteers
from shared.http import Api
from shared.openapi import document

APIS = {"booking": booking, "catalog": catalog, "notify": notify, "volunteers": volunteers}


def described(name: str) -> dict[str, Any]:
    return document(name, APIS[name].endpoints)


@pytest.mark.parametrize("name", APIS)
def test_the_description_is_valid_openapi(name: str) -> None:
    OpenAPIV31SpecValidator(described(name)).validate()


@pytest.mark.parametrize("name", APIS)
def test_every_endpoint_is_described_with_its_parameters(name: str) -> None:
    api: Api = APIS[name]
    paths = described(name)["paths"]
    for endpoint in api.endpoints:
        operation = paths[endpoint.path][endpoint.method.lower()]
        named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", endpoint.path))
        assert "default" in operation["responses"]
        assert ("requestBody" in operation) == (endpoint.body is not None)


def test_the_public_contract_has_its_paths() -> None:
    """What architecture promises to clients and partners; renaming one of these breaks somebody."""
    promised = {
        "catalog": {
            ("get", "/v1/availability"),
            ("get", "/v1/branches"),
            ("get", "/v1/branches/{id}"),
            ("get", "/v1/branches/{id}/calendar.ics"),
            ("get", "/v1/calendar.ics"),
            ("get", "/v1/choices"),
            ("get", "/v1/kinds"),
            ("get", "/v1/places"),
            ("get", "/v1/activities"),
            ("get", "/v1/sessions"),
            ("get", "/v1/sessions/nearest"),
            ("get", "/v1/sessions/{id}"),
            ("get", "/v1/sessions/{id}/alternatives"),
            ("post", "/v1/activities"),
            ("post", "/v1/sessions"),
            ("patch", "/v1/sessions/{id}"),
            ("post", "/v1/sessions/{id}/cancel"),
            ("post", "/v1/activities/{id}/series"),
            ("post", "/v1/activities/{id}/series/preview"),
            ("get", "/v1/series/{id}"),
            ("post", "/v1/branches"),
            ("patch", "/v1/branches/{id}"),
            ("post", "/v1/branches/{id}/preview"),
            ("get", "/v1/closures"),
            ("post", "/v1/closures"),
            ("delete", "/v1/closures/{closure}"),
            ("get", "/v1/kinds/{id}"),
            ("patch", "/v1/kinds/{id}"),
            ("post", "/v1/sittings"),
            ("get", "/v1/branches/{id}/closures"),
            ("post", "/v1/branches/{id}/closures"),
            ("delete", "/v1/branches/{id}/closures/{closure}"),
        },
        "booking": {
            ("post", "/v1/bookings"),
            ("get", "/v1/bookings/{code}"),
            ("post", "/v1/bookings/{code}/cancel"),
            ("post", "/v1/bookings/{code}/party"),
            ("post", "/v1/bookings/{code}/accept"),
            ("post", "/v1/bookings/{code}/decline"),
            ("post", "/v1/bookings/{code}/move"),
            ("post", "/v1/holds"),
            ("delete", "/v1/holds/{hold}"),
            ("get", "/v1/desk/sessions"),
            ("get", "/v1/sessions/{session}/bookings"),
            ("post", "/v1/sessions/{session}/bookings/{booking}/told"),
            ("post", "/v1/sessions/{session}/bookings/{booking}/accept"),
            ("post", "/v1/sessions/{session}/bookings/{booking}/decline"),
            ("post", "/v1/sessions/{session}/bookings/{booking}/cancel"),
            ("post", "/v1/sessions/{session}/attendance"),
            ("post", "/v1/sessions/{session}/standby"),
            ("post", "/v1/bookings/codes"),
            ("post", "/internal/contacts"),
        },
        "volunteers": {("get", "/v1/partners"), ("post", "/v1/partners"), ("patch", "/v1/partners/{id}")},
        "notify": {("post", "/v1/providers/46elks/receipts"), ("post", "/v1/providers/46elks/incoming")},
    }
    for name, wanted in promised.items():
        there = {(method, path) for path, methods in described(name)["paths"].items() for method in methods}
        assert wanted <= there


def test_what_is_no_json_says_what_it_is() -> None:
    """Fails when a client is not told that a calendar comes."""
    operation = described("catalog")["paths"]["/v1/calendar.ics"]["get"]

    assert operation["responses"]["200"]["content"] == {"text/calendar": {"schema": {"type": "string"}}}


def test_a_parameter_that_may_be_given_several_times_is_a_list() -> None:
    (session,) = described("catalog")["paths"]["/v1/availability"]["get"]["parameters"]

    assert (session["name"], session["required"], session["schema"]["type"]) == ("session", True, "array")
    assert (session["schema"]["minItems"], session["schema"]["maxItems"]) == (1, 100)
