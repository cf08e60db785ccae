"""What messages say: each text with an example, and whether somebody's own words can be said instead. Pure."""

from services.notify.wording.checks import LONGEST, Objection, WhyNot, objections, placeholders, standard, still_fits
from services.notify.wording.examples import Channel, Example, example, examples

__all__ = [
    "LONGEST",
    "Channel",
    "Example",
    "Objection",
    "WhyNot",
    "example",
    "examples",
    "objections",
    "placeholders",
    "standard",
    "still_fits",
]
