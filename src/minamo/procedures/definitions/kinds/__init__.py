"""Kinds of fields: each module holds one kind (or a family) with its schema and behaviour."""
