"""The document kind `grades`."""

from minamo.kernel.packs.api import register_kind

from .grades import load_grades
from .schemas import GradesDocument

register_kind(
    name="grades", title="現状評価の評価のしかた", schema=GradesDocument, load=load_grades
)
