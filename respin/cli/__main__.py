"""``python -m respin.cli``."""

import sys

from respin.cli import main

sys.exit(main())
