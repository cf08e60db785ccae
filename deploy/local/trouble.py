class Trouble(Exception):  # noqa: N818 - it is read by a person
    """Something a person has to put right; the message says what, and what to do."""
