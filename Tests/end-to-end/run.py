#!/usr/bin/env python3
"""Runs the end-to-end tests: the real process, the simulated modem on a pseudo-terminal, a server.

usage: run.py fast|normal|full [NAME…]     NAME: part of a test's name
"""

import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def main(arguments):
    level = arguments[0] if arguments else "normal"
    if level not in ("fast", "normal", "full"):
        print(__doc__, file=sys.stderr)
        return 2
    os.environ["GODWIT_TEST_LEVEL"] = level
    sys.path.insert(0, str(HERE))
    loader = unittest.TestLoader()
    if arguments[1:]:
        loader.testNamePatterns = [f"*{name}*" for name in arguments[1:]]
    suite = loader.discover(str(HERE), pattern="test_*.py")
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
