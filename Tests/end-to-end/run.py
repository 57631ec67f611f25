#!/usr/bin/env python3
"""Runs the end-to-end tests: the real process, the simulated modem on a pseudo-terminal, a server.

usage: run.py fast|normal|full [NAME…]     NAME: part of a test's name

They wait for the modem's own times most of theirs, so several files run side by side, each in a
process of its own. Those that measure the process run alone, afterwards.
"""

import concurrent.futures
import itertools
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SIDE_BY_SIDE = 3
# One process each; these begin, since they take longest. Two of them share board/desk/state.
FIRST = [["test_reports"], ["test_apn_by_sms", "test_desk"]]
ALONE = ["test_asleep", "test_costs"]


def run_here(files, names):
    """Runs these files in this process; returns its status."""
    sys.path.insert(0, str(HERE))
    loader = unittest.TestLoader()
    if names:
        loader.testNamePatterns = [f"*{name}*" for name in names]
    suite = unittest.TestSuite(loader.loadTestsFromName(file) for file in files)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    return 0 if result.wasSuccessful() else 1


def run_apart(level, files, names):
    """Runs these files in a process of their own; returns its status, what it said and how many tests it had."""
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-B", __file__, level, "--files", ",".join(files), *names],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        check=False)
    counts = re.findall(r"^Ran (\d+) tests? in", done.stdout, re.MULTILINE)
    # A process that died before it could count has failed.
    if not counts or done.returncode not in (0, 1):
        return 1, done.stdout, 0
    took = f"{', '.join(files)}: {time.monotonic() - begin:.0f} s"
    return done.returncode, f"{done.stdout.replace('Ran ', 'ran ')}{took}\n", int(counts[-1])


def main(arguments):
    level = arguments[0] if arguments else "normal"
    if level not in ("fast", "normal", "full"):
        print(__doc__, file=sys.stderr)
        return 2
    os.environ["GODWIT_TEST_LEVEL"] = level
    names = arguments[1:]
    if names[:1] == ["--files"]:
        return run_here(names[1].split(","), names[2:])
    begin = time.monotonic()
    files = sorted(path.stem for path in HERE.glob("test_*.py"))
    placed = {*itertools.chain.from_iterable(FIRST), *ALONE}
    others = [[file] for file in files if file not in placed]
    failures, count = [], 0
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        jobs = [pool.submit(run_apart, level, job, names) for job in [*FIRST, *others]]
        alone = (run_apart(level, [file], names) for file in ALONE)
        for status, text, tests in itertools.chain((job.result() for job in jobs), alone):
            count += tests
            if status:
                failures.append(text)
            elif tests:
                print(text, flush=True)
    # Last, where they are looked for.
    for text in failures:
        print(text)
    print(f"Ran {count} tests in {time.monotonic() - begin:.0f} s")
    return 0 if count and not failures else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
