"""What django-tasks does not keep of a job: lease, attempts, progress, and when it repeats."""

from django.db import models
from django.utils import timezone


class JobState(models.TextChoices):
    """How far a job has come."""

    QUEUED = "queued", "待っています"
    RUNNING = "running", "動いています"
    DONE = "done", "終わりました"
    DEAD = "dead", "失敗しました"
    DISCARDED = "discarded", "やめました"


class Job(models.Model):
    """仕事: a task of django-tasks with a lease, attempts and progress.

    `unique_key` is unique among waiting jobs: asking twice before the first has started
    gives one run. `lease_until` is set while a worker runs it; a worker that dies stops
    extending it, and the job runs again. `attempts` is also the fencing token: a worker
    that lost its lease can no longer write the outcome.
    """

    task = models.OneToOneField(
        "django_tasks_database.DBTaskResult",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="minamo_job",
        verbose_name="タスク",
    )
    key = models.CharField("種類", max_length=120)
    unique_key = models.CharField("重ねない鍵", max_length=200, null=True, blank=True)  # noqa: DJ001
    state = models.CharField(
        "状態", max_length=12, choices=JobState.choices, default=JobState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("試した回数", default=0)
    max_attempts = models.PositiveSmallIntegerField("試す回数の上限", default=1)
    worker_id = models.CharField("ワーカー", max_length=64, blank=True, default="")
    lease_until = models.DateTimeField("貸出期限", null=True, blank=True)
    last_error = models.TextField("最後の失敗", blank=True, default="")
    progress_done = models.PositiveIntegerField("済んだ数", default=0)
    progress_total = models.PositiveIntegerField("全部の数", default=0)
    progress_message = models.CharField("いまの作業", max_length=200, blank=True, default="")
    created_at = models.DateTimeField("登録日時", default=timezone.now)
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)

    class Meta:
        """A running job has a lease, and only a running job."""

        verbose_name = "仕事"
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=models.Q(state="queued"),
                name="jobs_job_unique_while_queued",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", lease_until__isnull=False)
                | (~models.Q(state="running") & models.Q(lease_until__isnull=True)),
                name="jobs_job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running"], ended_at__isnull=True)
                | (~models.Q(state__in=["queued", "running"]) & models.Q(ended_at__isnull=False)),
                name="jobs_job_ended_with_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="jobs_job_lease",
                condition=models.Q(state="running"),
            ),
            models.Index(fields=["state", "created_at", "task"], name="jobs_job_state"),
        ]

    def __str__(self) -> str:
        """Return kind and state."""
        return f"{self.key} ({self.state})"


class Schedule(models.Model):
    """定期の仕事: when a periodic job runs next; the rule itself stands in the code."""

    key = models.CharField("種類", max_length=120, primary_key=True)
    rule = models.CharField("くり返し", max_length=40)
    next_run_at = models.DateTimeField("次に動く日時")
    last_run_at = models.DateTimeField("前に動いた日時", null=True, blank=True)

    class Meta:
        """Few rows; the primary key is enough."""

        verbose_name = "定期の仕事"

    def __str__(self) -> str:
        """Return kind and rule."""
        return f"{self.key} {self.rule}"
