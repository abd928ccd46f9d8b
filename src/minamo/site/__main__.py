"""`python -m minamo.site`: the same as the console script."""

from .command import main

main()
