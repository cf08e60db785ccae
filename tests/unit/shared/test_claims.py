"""What municipalities' providers say of somebody, and what it means here."""

import pytest
from pydantic import ValidationError

from shared.claims import ClaimRules

ENTRA = ClaimRules.model_validate(
    {
        "role": "roles",
        "roles": {"Plats.Administrator": "admin", "Plats.Personal": "staff"},
        "branches": "groups",
        "branch_of": {"7c2f": "kista", "91d0": "rinkeby"},
    }
)
KEYCLOAK = ClaimRules.model_validate({"role": "realm_access.roles", "roles": {"plats-staff": "staff"}})


@pytest.mark.parametrize(
    ("rules", "claims", "role", "branches"),
    [
        (ClaimRules(), {"plats_role": "staff", "plats_branches": ["kista"]}, "staff", {"kista"}),
        (ClaimRules(), {"plats_role": "boss"}, None, set()),
        (ClaimRules(), {"plats_role": None, "plats_branches": None}, None, set()),
        (ENTRA, {"roles": ["Plats.Personal"], "groups": ["7c2f", "of other systems"]}, "staff", {"kista"}),
        (ENTRA, {"roles": ["Plats.Personal", "Plats.Administrator"], "groups": []}, "admin", set()),
        (ENTRA, {"roles": "Plats.Personal", "groups": "91d0"}, "staff", {"rinkeby"}),
        (ENTRA, {"roles": [], "groups": ["7c2f"]}, None, {"kista"}),
        (ENTRA, {"roles": [{"odd": 1}, 7, ""]}, None, set()),
        (KEYCLOAK, {"realm_access": {"roles": ["offline_access", "plats-staff"]}}, "staff", set()),
        (KEYCLOAK, {"realm_access.roles": ["plats-staff"]}, "staff", set()),
        (KEYCLOAK, {"realm_access": "nothing"}, None, set()),
    ],
)
def test_claims_become_a_role_and_libraries(
    rules: ClaimRules, claims: dict[str, object], role: str | None, branches: set[str]
) -> None:
    assert rules.role_of(claims) == role
    assert set(rules.branches_of(claims)) == branches


def test_a_rule_that_gives_a_role_that_there_is_not_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="boss"):
        ClaimRules.model_validate({"roles": {"Plats.Boss": "boss"}})
