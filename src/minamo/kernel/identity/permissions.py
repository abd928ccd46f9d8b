"""The permissions a role can carry, with the words shown to people.

Parts register their own in `AppConfig.ready()`; the names every pack may use from the
start are listed here so that a role can be loaded before its part is built.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission: what it is called, and whether it opens personal data."""

    name: str
    label: str
    personal_data: bool = False
    administration: bool = False


_permissions: dict[str, Permission] = {}


def register(
    name: str, label: str, *, personal_data: bool = False, administration: bool = False
) -> Permission:
    """Make a permission known.

    Raises: ValueError when the name is taken with another meaning.
    """
    permission = Permission(name, label, personal_data, administration)
    if _permissions.setdefault(name, permission) != permission:
        raise ValueError(f"permission {name} is already registered differently")
    return permission


def known() -> list[Permission]:
    """Return every known permission in order of name."""
    return [_permissions[name] for name in sorted(_permissions)]


def find(name: str) -> Permission | None:
    """Return a permission by name."""
    return _permissions.get(name)


def label(name: str) -> str:
    """Return what a permission is called, or its name when it is not known."""
    permission = find(name)
    return permission.label if permission else name


def _register_first_parts() -> None:
    personal = {
        "procedures.case.view": "案件の閲覧",
        "procedures.case.process": "案件の処理",
        "procedures.case.assign": "担当の割当て",
        "procedures.case.enter": "電話・窓口・紙の申込みの入力",
        "procedures.case.export": "案件の書き出し",
        "procedures.handoff.make": "料金システムへの引継ぎ",
        "procedures.order.dispatch": "開閉栓の指示",
        "procedures.order.report": "開閉栓の結果入力",
        "plan.indicator.view_rows": "指標のもとになる案件の閲覧",
        "notify.mailbox.view": "送信したお知らせの閲覧",
    }
    for name, text in personal.items():
        register(name, text, personal_data=True)
    register("plan.measure.view", "計画の閲覧")
    register("plan.value.record", "指標の値の記録")
    register("plan.value.correct", "年度の確定と訂正")
    register("plan.review.write", "現状評価の記入")
    register("plan.review.confirm", "現状評価の確認")
    register("plan.review.collect", "現状評価の取りまとめ")
    register("plan.proposal.write", "新規施策の提案")
    register("plan.proposal.confirm", "新規施策の課としての提出")
    register("plan.proposal.decide", "新規施策の審議の記録")
    register("plan.revision.edit", "計画の改定")
    register("plan.saving.write", "削減効果の記入")
    register("plan.saving.manage", "削減効果の単価の管理")
    register("plan.report.publish", "年度の報告書の作成と公開")
    register("plan.neighbour.manage", "他の事業体の計画の登録")
    register("audit.entry.view", "監査記録の閲覧")
    register("identity.user.manage", "利用者の管理", administration=True)
    register("packs.pack.load", "定義の読み込み", administration=True)
    register("jobs.job.manage", "処理の管理", administration=True)


_register_first_parts()
