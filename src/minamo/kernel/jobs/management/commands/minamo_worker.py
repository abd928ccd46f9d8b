"""`manage.py minamo_worker`: the one process that works in the background."""

import os
import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

from ...worker import Worker


class Command(BaseCommand):
    """Runs queued jobs, periodic jobs and event delivery until SIGTERM."""

    help = "Run queued jobs, periodic jobs and event delivery until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the intervals, mainly for tests."""
        parser.add_argument("--poll-seconds", type=float, default=0.5)
        parser.add_argument("--lease-seconds", type=float, default=30.0)
        parser.add_argument("--grace-seconds", type=float, default=3.5)
        parser.add_argument(
            "--until-idle", action="store_true", help="do what is due now, then end"
        )
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="end when the process that started this one is gone",
        )

    def handle(self, **options: Any) -> None:
        """Run the worker."""
        worker = Worker(
            worker_id=f"{socket.gethostname()[:30]}-{os.getpid()}-{get_random_string(8)}",
            poll_seconds=options["poll_seconds"],
            lease_seconds=options["lease_seconds"],
            grace_seconds=options["grace_seconds"],
            stop_with_parent=options["stop_with_parent"],
        )
        if options["until_idle"]:
            worker.run_until_idle()
        else:
            worker.run()
