"""Asleep, the process does not wake: its system calls are counted while nothing is due."""

import os
import subprocess
import time
import unittest

from desk import Desk

SECONDS = {"fast": 15, "normal": 60, "full": 120}[os.environ.get("GODWIT_TEST_LEVEL", "normal")]


class Asleep(unittest.TestCase):
    def test_no_system_call_while_asleep(self):
        with Desk(interval="5min", extra="[sensor load]\nfile = /proc/loadavg\nfield = 1\n") as desk:
            godwit = desk.run_godwit()
            godwit.wait_for_text("modem: asleep", 60)
            time.sleep(1)
            trace = desk.folder / "strace"
            strace = subprocess.Popen(
                ["strace", "-f", "-o", str(trace), "-p", str(godwit.process.pid)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            time.sleep(SECONDS)
            strace.terminate()
            strace.wait(10)
            calls = [line for line in trace.read_text().splitlines() if "(" in line and "exited" not in line]
            # The one that was going on when the tracer came: the wait itself, restarted or resumed.
            others = [line for line in calls if "ppoll" not in line and "restart_syscall" not in line]
            self.assertLessEqual(len(calls), 1, "\n".join(calls[:20]))
            self.assertEqual(others, [])
            self.assertEqual(len(os.listdir(f"/proc/{godwit.process.pid}/task")), 1, "one thread")


if __name__ == "__main__":
    unittest.main()
