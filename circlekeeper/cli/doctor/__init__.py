"""``circlekeeper doctor``: everything about the machine that may be wrong, in plain words, each with a way to mend it."""
