"""The checker: whether a Plats keeps its promises, as far as its databases, broker and provider show.

``examine`` looks and changes nothing; ``settled`` waits until there is nothing left to do. Tests and the
command `plats doctor` share it.
"""

from deploy.doctor.answer import Answer
from deploy.doctor.examination import examine
from deploy.doctor.report import Finding, Report
from deploy.doctor.rest import Restless, settled
from deploy.doctor.site import Site, SmsProvider

__all__ = ["Answer", "Finding", "Report", "Restless", "Site", "SmsProvider", "examine", "settled"]
