"""The `plats` command as a process: until it is loaded, Ctrl-C ends it without a word."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

from deploy.cli import main  # noqa: E402 - loading is what takes the time

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
