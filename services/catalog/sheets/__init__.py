"""A branch's programme as a table that people edit in Excel: CSV or XLSX, a session on each line."""

from services.catalog.sheets.lines import LineError, Wish, wishes
from services.catalog.sheets.reading import LARGEST, MOST_LINES, Line, read
from services.catalog.sheets.writing import CSV, XLSX, Format, cells

__all__ = ["CSV", "LARGEST", "MOST_LINES", "XLSX", "Format", "Line", "LineError", "Wish", "cells", "read", "wishes"]
