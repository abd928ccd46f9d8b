"""The shape of a definition document, as pydantic models (unknown keys are refused)."""
