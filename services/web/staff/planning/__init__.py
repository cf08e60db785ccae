"""Planning: what catalog tells of a plan, the forms it is made with, and the half-years it is made for."""

from services.web.staff.planning.half_years import HalfYear, half_year_called, half_year_of

__all__ = ["HalfYear", "half_year_called", "half_year_of"]
