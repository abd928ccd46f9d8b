"""Level 0: the words that parts use to speak to each other. Standard library only."""
