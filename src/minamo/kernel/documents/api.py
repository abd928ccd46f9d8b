"""What other duties and parts may use of documents."""

from .fonts import FONT_FAMILY, FontsMissing, font_folder
from .printing import PrintRefused, compile_pdf

__all__ = ["FONT_FAMILY", "FontsMissing", "PrintRefused", "compile_pdf", "font_folder"]
