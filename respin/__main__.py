"""``python -m respin``."""

import sys

from respin.cli import main

sys.exit(main())
