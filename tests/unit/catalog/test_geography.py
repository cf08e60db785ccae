import pytest

from services.catalog.geography import Point, Spot, km, middle, named, suggested

KISTA = Point(59.403, 17.944)
FARSTA = Point(59.244, 18.093)
NAMES = ("Älvsjö", "Alvik", "Örby", "Orbyhus", "Hässelby villastad", "Hässelby gård", "Hässelby")
SPOTS = [Spot(name=name, at=KISTA) for name in NAMES]


def test_a_distance_is_the_one_on_the_map() -> None:
    """Fails when a degree of longitude is taken to be as long here as at the equator."""
    assert km(KISTA, FARSTA) == pytest.approx(19.6, abs=0.2)
    assert km(Point(59.3, 18.0), Point(59.3, 18.1)) == pytest.approx(5.68, abs=0.05)
    assert km(Point(59.3, 18.0), Point(59.4, 18.0)) == pytest.approx(11.1, abs=0.05)
    assert km(KISTA, FARSTA) == km(FARSTA, KISTA)
    assert km(KISTA, KISTA) == 0


def test_the_middle_of_some_points_is_between_them() -> None:
    assert middle([Point(59.2, 18.0), Point(59.4, 18.2), Point(59.3, 18.1)]) == pytest.approx((59.3, 18.1))
    assert middle([KISTA]) == KISTA


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Hässelby gård", "Hässelby gård"),
        ("hasselby", "Hässelby"),
        ("  HÄSSELBY  GÅRD ", "Hässelby gård"),
        ("hässelby v", "Hässelby villastad"),
        ("Hässel", "Hässelby"),
        ("orby", "Örby"),
        ("orb", "Orbyhus"),
        ("alv", "Alvik"),
        ("älv", "Älvsjö"),
        ("alvs", "Älvsjö"),
        ("villastad", None),
        ("Hässelby gårds", None),
        ("%", None),
        ("", None),
        (" ", None),
        ("\u0308", None),
    ],
)
def test_a_place_is_known_by_how_its_name_begins(typed: str, meant: str | None) -> None:
    """Fails when a whole name does not decide, accents stand in the way or do not help, or nothing means something."""
    found = named(SPOTS, typed)

    assert (found and found.name) == meant


def test_of_several_that_are_called_the_same_the_first_is_meant() -> None:
    assert named([Spot(name="Järva", at=KISTA), Spot(name="Järva", at=FARSTA)], "järva") == Spot(name="Järva", at=KISTA)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Hesselby", ["Hässelby"]),
        ("villastad", ["Hässelby villastad"]),
        ("alvik c", ["Alvik"]),
        ("jö", []),
        ("Alvsö", ["Älvsjö"]),
        ("Atlantis", []),
        (" ", []),
    ],
)
def test_what_is_meant_is_nearly_the_same_or_holds_what_was_typed(typed: str, meant: list[str]) -> None:
    assert suggested(NAMES, typed) == meant
