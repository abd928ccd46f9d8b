"""Nightly upkeep of the store."""

from minamo.kernel.jobs.api import PermanentFailure, every

from .orphans import scan_store


@every(key="files.scan_store", daily_at="04:10", label="ファイル置き場の点検")
def inspect_store(**_future: object) -> None:
    """Remove contents without a row; a lost or damaged content becomes a dead letter to see.

    Raises: PermanentFailure naming the hashes, so that staff restore them from the backup.
    """
    report = scan_store(check_contents=True, remove_orphans=True)
    if not report.ok:
        raise PermanentFailure(
            f"missing: {', '.join(report.missing) or '-'}; damaged: {', '.join(report.damaged) or '-'}"
        )
