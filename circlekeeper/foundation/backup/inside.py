"""``python -m circlekeeper.foundation.backup.inside``: checks the log of a restored copy, and sees nothing else.

Its data folder is the copy (``CIRCLEKEEPER_DATA``). It brings the tables to this release, then prints the verdict as JSON.
"""

import json
import os
import sys
from dataclasses import asdict


def main() -> int:
    """Check and print; exit status 0 also for a bad verdict."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circlekeeper.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from circlekeeper.foundation import guard, ledger  # noqa: PLC0415

    with guard.outside_action("migrations of a copy"):
        call_command("migrate", database="default", interactive=False, verbosity=0, skip_checks=True)
    sys.stdout.write(json.dumps(asdict(ledger.verify())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
