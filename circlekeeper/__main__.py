"""``python -m circlekeeper`` is the command ``circlekeeper``."""

import sys

from circlekeeper.cli.main import main

sys.exit(main())
