"""From an event about a volunteer's assignment or shift, or a notice of volunteers', to what is told of it.

An assignment is for one visitor's booking; a shift, which is none's in particular, travels in the same events.
"""

from services.notify.messages.drafts import Draft, Parameters, Subject, Template
from shared.events import (
    AssignmentEnding,
    AssignmentProposal,
    AssignmentReschedule,
    AssignmentState,
    Notice,
)

NEWS = "news"
"""What a notice is: about nothing that could change."""

_KNOWN = frozenset({"declined", "expired", "left"})
"""Why something ended that its volunteer brought about: they said no, or nothing, or went."""

_NOTICES: dict[str, Template] = {
    "sign_in": "helper_sign_in",
    "register_note": "helper_register_note",
    "alarm": "helper_alarm",
    "welcome": "helper_welcome",
    "handed_over": "helper_handed_over",
}


def of_assignment(assignment: AssignmentState) -> Subject:
    """An assignment or a shift, as what is told about."""
    return Subject(
        id=assignment.assignment_id,
        owner="volunteers",
        revision=assignment.revision,
        standing=assignment.state,
        session_id=assignment.session_id,
        contact_ref=assignment.contact_ref,
        language=assignment.language,
    )


def of_notice(notice: Notice) -> Subject:
    """A notice, as what is told about: itself."""
    return Subject(
        id=notice.notice_id,
        owner="volunteers",
        revision=notice.revision,
        standing=NEWS,
        session_id=notice.session_id,
        contact_ref=notice.contact_ref,
        language=notice.language,
    )


def proposed(assignment: AssignmentProposal) -> Draft:
    """Somebody is asked to help."""
    template: Template = "assignment_proposed" if assignment.booking_id else "shift_proposed"
    facts = {"stand_in": assignment.stand_in, "next_session_id": assignment.in_return}
    return Draft(template=template, parameters=_parameters(assignment, **facts), silent=assignment.quietly)


def agreed(assignment: AssignmentState) -> Draft:
    """They do it: they said so, or staff had agreed it with them."""
    template: Template = "assignment_accepted" if assignment.booking_id else "shift_accepted"
    return Draft(template=template, parameters=_parameters(assignment), silent=assignment.quietly)


def passed_on(assignment: AssignmentEnding) -> Draft:
    """They do not do it. Whoever said so, or nothing, knows."""
    return _ending("assignment_declined", assignment)


def released(assignment: AssignmentEnding) -> Draft:
    """They are not needed for it any more."""
    return _ending("assignment_released" if assignment.booking_id else "shift_cancelled", assignment)


def off_duty(shift: AssignmentEnding) -> Draft:
    """They are not on duty any more."""
    return _ending("shift_cancelled", shift)


def reminded(assignment: AssignmentState) -> Draft:
    """It is soon."""
    return Draft(template="assignment_reminder", parameters=_parameters(assignment))


def elsewhere(assignment: AssignmentReschedule) -> Draft:
    """It is at another time or place."""
    return Draft(template="assignment_rescheduled", parameters=_parameters(assignment, changed=assignment.changed))


def notified(notice: Notice) -> Draft:
    """News that are about no assignment of theirs."""
    parameters = Parameters(until=notice.until, day=notice.day, count=notice.count or 0)
    return Draft(template=_NOTICES[notice.notice], parameters=parameters)


def _ending(template: Template, assignment: AssignmentEnding) -> Draft:
    parameters = _parameters(assignment, why=assignment.why)
    return Draft(template=template, parameters=parameters, silent=assignment.quietly or assignment.why in _KNOWN)


def _parameters(assignment: AssignmentState, **facts: object) -> Parameters:
    known = {
        "topic": assignment.topic,
        "help_language": assignment.help_language,
        "ends_at": assignment.ends_at,
    }
    return Parameters.model_validate(known | facts)
