"""Everything that changes a draft or opens a case to its applicant."""

from .beginning import Begun, begin_correction, start_draft
from .cleaning import delete_draft, purge
from .inquiry import open_by_inquiry, open_by_link
from .mailing import mail_resume_link
from .saving import add_files, autosave, remove_file, save_page
from .sending import open_errors, send_draft

__all__ = [
    "Begun",
    "add_files",
    "autosave",
    "begin_correction",
    "delete_draft",
    "mail_resume_link",
    "open_by_inquiry",
    "open_by_link",
    "open_errors",
    "purge",
    "remove_file",
    "save_page",
    "send_draft",
    "start_draft",
]
