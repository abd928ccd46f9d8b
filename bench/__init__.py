"""`make bench`: one file a claim, each beside a named baseline measured in the same run."""
