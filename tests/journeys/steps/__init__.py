"""What people do, one small step each: for journeys in a real browser, for sweeps over plain HTTP, for filling a machine.

A ``Person`` acts through a ``Window``: Chromium (with or without script), or a reader of pages that knows nothing but HTML.
"""
