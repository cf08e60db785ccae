"""`plats doctor`: the checker for a person."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from deploy.doctor.examination import examine
from deploy.doctor.report import Report
from deploy.doctor.site import Site


async def doctor(data: Path, *, as_json: bool) -> int:
    """Examine what the environment names, else the installation in this folder; 0 when nothing is wrong.

    Raises:
        Trouble: nothing runs there.
    """
    report = await examine(Site.told(os.environ) or Site.of(data))
    print(_json(report) if as_json else _text(report))
    return int(bool(report.findings))


def _text(report: Report) -> str:
    wrong = len(report.findings)
    if not wrong:
        verdict = "Nothing is wrong."
    else:
        verdict = "One thing is wrong." if wrong == 1 else f"{wrong} things are wrong."
    return f"{report}\n\n{verdict}"


def _json(report: Report) -> str:
    checks = [asdict(outcome) | {"verdict": outcome.verdict} for outcome in report.outcomes]
    return json.dumps({"healthy": not report.findings, "checks": checks}, indent=2)
