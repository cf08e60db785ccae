from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit


async def databases(visit: Visit) -> list[Finding | Note]:
    """Each service's database can be read and is of this version."""
    return [
        Finding(
            name="database-away",
            what=f"The database of {service} cannot be examined: {why}",
            todo="See whether PostgreSQL runs, then run ./plats migrate, and examine again.",
        )
        for service, why in sorted(visit.troubles.items())
    ]
