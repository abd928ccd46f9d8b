"""What other duties and parts may use of jobs."""

from .current import PermanentFailure, Run, current
from .dead_letters import DeadLetters, register_dead_letters
from .models import Job, JobState
from .progress import job_of, report_progress
from .pumps import Pump, register_pump
from .queue import enqueue
from .registry import every, job, unregister
from .rules import pause_before_retry

__all__ = [
    "DeadLetters",
    "Job",
    "JobState",
    "PermanentFailure",
    "Pump",
    "Run",
    "current",
    "enqueue",
    "every",
    "job",
    "job_of",
    "pause_before_retry",
    "register_dead_letters",
    "register_pump",
    "report_progress",
    "unregister",
]
