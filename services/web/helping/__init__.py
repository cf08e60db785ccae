"""Volunteers: what those who help and those who look after them see of helping."""
