"""Backups that can be opened, and that bring nobody back: see README.md.

Others use ``creating.create``, ``drilling.drill``, ``restoring.restore``, ``reconciling``, ``log.status``,
``closing.is_closed`` and ``commands``. Nothing is loaded here, so that ``up`` can ask ``closing`` before Django is there.
"""
