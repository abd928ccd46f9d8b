"""What other parts may use of search."""

from .queries import find
from .services import index, remove

__all__ = ["find", "index", "remove"]
