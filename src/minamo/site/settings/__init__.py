"""Django settings, one topic a file; the environment is read in env.py only."""

from . import sqlite_choice as sqlite_choice
from .accounts import *  # noqa: F403 (Django reads settings by name from one module)
from .base import *  # noqa: F403
from .delivery import *  # noqa: F403
from .security import *  # noqa: F403
from .templates import *  # noqa: F403
