"""What booking does. One function is one transaction: state and the events that tell of it.

Each takes the connection of the transaction its edge opened, takes its turn with the session's row first,
and lets :func:`services.booking.domain.decide` rule.
"""
