"""Encrypted backups of records and files, their restoration, and the drill that proves both."""
