"""Everything that changes a draft or opens a case to its applicant."""

from .beginning import Begun, begin_correction, start_draft
from .cleaning import delete_draft, purge
from .inquiry import open_by_inquiry, open_by_link
from .mailing import mail_resume_link
from .saving import UPLOAD_REFUSED, Uploads, add_files, autosave, save_page
from .sending import send_draft

__all__ = [
    "UPLOAD_REFUSED",
    "Begun",
    "Uploads",
    "add_files",
    "autosave",
    "begin_correction",
    "delete_draft",
    "mail_resume_link",
    "open_by_inquiry",
    "open_by_link",
    "purge",
    "save_page",
    "send_draft",
    "start_draft",
]
