"""What is loaded: packs, their documents and the history of loads."""

from django.db import models


class Pack(models.Model):
    """パック: one loaded folder of definitions, unique by name; it stays when a newer version comes."""

    name = models.SlugField("名前", max_length=60, unique=True)
    title = models.CharField("表題", max_length=200)
    version = models.CharField("版", max_length=40)
    manifest = models.JSONField("パックの内容", default=dict)
    sha256 = models.CharField("指紋", max_length=64)
    first_loaded_at = models.DateTimeField("最初に読み込んだ時刻")
    loaded_at = models.DateTimeField("最後に変わった時刻")

    class Meta:
        """Words for people."""

        verbose_name = "パック"
        verbose_name_plural = "パック"

    def __str__(self) -> str:
        """Return the title and the version."""
        return f"{self.title}（{self.version}）"


class PackLoad(models.Model):
    """読み込み: one load that changed something; never altered afterwards."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="loads")
    version = models.CharField("版", max_length=40)
    sha256 = models.CharField("指紋", max_length=64)
    loaded_at = models.DateTimeField("時刻", db_index=True)
    actor_kind = models.CharField("読み込んだ人の種類", max_length=20)
    actor_id = models.CharField("読み込んだ人の番号", max_length=80)
    actor_name = models.CharField("読み込んだ人", max_length=200)
    created_count = models.PositiveIntegerField("新しい文書")
    updated_count = models.PositiveIntegerField("変わった文書")
    unchanged_count = models.PositiveIntegerField("同じ文書")

    class Meta:
        """Words for people."""

        verbose_name = "パックの読み込み"
        verbose_name_plural = "パックの読み込み"

    def __str__(self) -> str:
        """Return the pack's version and the time."""
        return f"{self.version} {self.loaded_at:%Y-%m-%d %H:%M}"


class PackDocument(models.Model):
    """文書: one file of a pack as it was last loaded, unique by pack and path.

    `is_present` turns false when a later version of the pack no longer carries the
    file; what the file defined stays, because cases may depend on it.
    """

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField("種類", max_length=60)
    path = models.CharField("ファイル", max_length=300)
    sha256 = models.CharField("指紋", max_length=64)
    load = models.ForeignKey(PackLoad, on_delete=models.PROTECT, related_name="documents")
    is_present = models.BooleanField("いまのパックにある", default=True)

    class Meta:
        """A file is remembered once."""

        verbose_name = "パックの文書"
        verbose_name_plural = "パックの文書"
        constraints = [
            models.UniqueConstraint(fields=["pack", "path"], name="packs_document_path_once"),
        ]

    def __str__(self) -> str:
        """Return the path inside the pack."""
        return self.path
