"""The desk as a newcomer uses it: reports, a time limit, Ctrl-C, nothing left behind.

Not covered: the screen itself (BenchTests has it as a pure function), --real-time's five minutes.
"""

import os
import pathlib
import signal
import subprocess
import time
import unittest

from desk import GODWIT, TOP, Program

RUN = TOP / "board/desk/run"
STATE = TOP / "board/desk/state"
CONFIGURATION = TOP / "board/desk/godwit.conf"


MARK = "GODWIT_DESK_TEST"


def setUpModule():
    # What these tests start hands it on; other tests may run beside them.
    os.environ[MARK] = str(os.getpid())


def left_running():
    """Processes of this clone's own programs that these tests started and that are still there."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                program = os.readlink(f"/proc/{entry}/exe")
                environment = pathlib.Path(f"/proc/{entry}/environ").read_bytes()
            except OSError:
                continue
            if f"{MARK}={os.getpid()}".encode() not in environment.split(b"\0"):
                continue
            if program in (str(GODWIT), str(GODWIT.resolve()), str(GODWIT.with_name("godwit-bench").resolve())):
                found.append(f"{entry} {program}")
    return found


class TheDesk(unittest.TestCase):
    def test_three_confirmed_reports_of_real_readings_and_status_0(self):
        desk = subprocess.run([RUN, "--reports", "3", "--plain"], capture_output=True, text=True, timeout=580, check=False)
        self.assertEqual(desk.returncode, 0, desk.stdout[-3000:] + desk.stderr[-2000:])
        for number in (1, 2, 3):
            self.assertIn(f"report {number} confirmed", desk.stdout)
        self.assertIn("load", desk.stdout)
        self.assertIn("uptime", desk.stdout)
        self.assertIn("accelerated", desk.stdout)
        self.assertEqual(left_running(), [])

    def test_other_modules_named_and_found_out(self):
        for words in (["sierra-hl78"], ["sequans-gm02s", "--auto"]):
            with self.subTest(words=words):
                desk = subprocess.run(
                    [RUN, "--reports", "1", "--plain", "--module", *words],
                    capture_output=True, text=True, timeout=580, check=False,
                )
                self.assertEqual(desk.returncode, 0, desk.stdout[-3000:] + desk.stderr[-2000:])
                self.assertIn("report 1 confirmed", desk.stdout)
        self.assertEqual(left_running(), [])

    def test_it_fails_when_the_reports_dont_come_in_time(self):
        desk = subprocess.run(
            [RUN, "--reports", "1", "--limit", "2", "--plain"], capture_output=True, text=True, timeout=580, check=False
        )
        self.assertNotIn(desk.returncode, (0, None))
        self.assertIn("the time limit of 2 s came with 0 of 1 reports", desk.stdout + desk.stderr)
        self.assertEqual(left_running(), [])

    def test_put_status_and_follow_work_beside_it_and_ctrl_c_leaves_nothing(self):
        desk = Program("desk", [RUN, "--plain"], TOP)
        try:
            desk.wait_for_text("control: ready", 400)
            follower = Program("follow", [GODWIT, "status", "--follow", "--config", CONFIGURATION], TOP)
            put = subprocess.run(
                [GODWIT, "put", "garden=21.5", "--config", CONFIGURATION],
                capture_output=True, text=True, timeout=20, check=False,
            )
            self.assertEqual((put.returncode, put.stdout), (0, "stored 1\n"), put.stderr)
            desk.wait_for_text("garden 21.5", 60)
            follower.wait_for_text("report:", 60)
            follower.stop()
            status = subprocess.run(
                [GODWIT, "status", "--config", CONFIGURATION], capture_output=True, text=True, timeout=20, check=False
            )
            self.assertEqual(status.returncode, 0, status.stderr)
            for word in ("modem", "report", "readings", "delivered"):
                self.assertIn(word, status.stdout)
            desk.process.send_signal(signal.SIGINT)
            self.assertEqual(desk.process.wait(30), 0)
        finally:
            if desk.process.poll() is None:
                desk.kill()
        time.sleep(0.5)
        self.assertEqual(left_running(), [])
        self.assertFalse((STATE / "pins").exists(), "the simulated pins were left behind")
        self.assertFalse((STATE / "control.sock").exists(), "the control socket was left behind")


if __name__ == "__main__":
    unittest.main()
