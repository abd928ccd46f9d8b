"""Views of the citizen pages, by what people come to do."""
