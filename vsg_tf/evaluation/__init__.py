"""Systems, clips and measures brought together: what `vsg evaluate` does."""
