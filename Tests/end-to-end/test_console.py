"""A person at the modem: `godwit at` through the running process and without one, and the UART's record.

Not covered here: a person at a terminal (the line editor's own tests have its keys).
"""

import fcntl
import json
import subprocess
import time
import unittest

from desk import BENCH, Desk

SECRET = "correct-horse"
CREDENTIALS = f"authentication = pap\nuser = meadow\npassword = {SECRET}\n"


def add_credentials(desk):
    text = desk.configuration.read_text()
    desk.configuration.write_text(text.replace("[server]", CREDENTIALS + "[server]"))


class Console(unittest.TestCase):
    def test_the_running_process_answers_asleep_and_woken_and_reports_go_on(self):
        with Desk(interval="20s", extra="[sensor load]\nfile = /proc/loadavg\nfield = 1\n") as desk:
            godwit = desk.run_godwit()
            godwit.wait_for_text("modem: asleep", 60)
            refused = desk.command("at", "AT+CSQ")
            self.assertEqual(refused.returncode, 1)
            self.assertIn("not sent: the modem is asleep", refused.stdout)

            # Just woken, the module still looks for its network.
            deadline = time.monotonic() + 30
            while True:
                woken = desk.command("at", "--wake", "AT+CSQ", "AT+CEREG?", seconds=120)
                self.assertEqual((woken.returncode, woken.stderr), (0, ""))
                self.assertEqual(woken.stdout.count("OK in "), 2)
                if "registration: registered" in woken.stdout or time.monotonic() > deadline:
                    break
                time.sleep(0.5)
            self.assertIn("registration: registered", woken.stdout)
            self.assertIn("signal: received signal", woken.stdout)

            # The link looks at everything anew, and the next report is none the worse for it.
            changed = desk.command("at", "--json", "--wake", stdin="AT+CFUN=0\n\nAT+NONSENSE\nAT+CSQ\r\n", seconds=120)
            answers = [json.loads(line) for line in changed.stdout.splitlines()]
            self.assertEqual([answer["cmd"] for answer in answers], ["AT+CFUN=0", "AT+NONSENSE", "AT+CSQ"])
            self.assertEqual(answers[0]["outcome"], "OK")
            self.assertIn("ERROR", answers[1]["outcome"])
            self.assertEqual(answers[2]["lines"][0]["kind"], "signal")
            self.assertEqual(changed.returncode, 1)
            seen = len(desk.reports())
            desk.wait_for_reports(seen + 2, 90)
            self.assertEqual(godwit.stop(40), 0)

    def test_without_a_process_the_uart_is_used_and_the_modem_is_left_as_it_was(self):
        with Desk(server=False) as desk:
            off = desk.command("at", "AT+CSQ", seconds=60)
            self.assertEqual(off.returncode, 1)
            self.assertIn("the modem is off; --wake turns it on", off.stdout)
            woken = desk.command("at", "--wake", "AT+CGMM", "ATI", seconds=90)
            self.assertEqual((woken.returncode, woken.stderr), (0, ""))
            self.assertIn("BG95", woken.stdout)
            desk.modem.wait_for(lambda line: "off" in line, 20)

    def test_a_uart_that_somebody_holds_is_refused(self):
        with Desk(server=False) as desk:
            holder = open(desk.folder / "modem", "rb+", buffering=0)
            self.addCleanup(holder.close)
            fcntl.flock(holder, fcntl.LOCK_EX)
            busy = desk.command("at", "--wake", "AT", seconds=60)
            self.assertEqual(busy.returncode, 1)
            self.assertIn("another process uses it", busy.stderr)

    def test_lines_that_could_do_harm_are_refused_before_anything_is_touched(self):
        with Desk(server=False) as desk:
            for line in ["ATD*99#", "AT+CSQ\rAT+CFUN=0", "hello", "AT" + "x" * 600]:
                refused = desk.command("at", line)
                self.assertEqual(refused.returncode, 2, line)
                self.assertEqual(refused.stdout, "")


class Trace(unittest.TestCase):
    def test_the_uart_is_recorded_without_secrets_and_can_be_replayed(self):
        extra = "[log]\ntrace = uart.txt\n[sensor load]\nfile = /proc/loadavg\nfield = 1\n"
        with Desk(extra=extra) as desk:
            add_credentials(desk)
            godwit = desk.run_godwit()
            godwit.wait_for_text("modem: asleep", 60)
            self.assertEqual(desk.command("at", "--wake", 'AT+CPIN="4711"', seconds=120).returncode, 1)
            self.assertEqual(godwit.stop(40), 0)
            trace = desk.folder / "uart.txt"
            text = trace.read_text()
            self.assertTrue(text.startswith("# Recorded by godwit"))
            self.assertIn("AT+CPIN=***", text)
            for secret in [SECRET, "meadow", "4711"]:
                self.assertNotIn(secret, text)
            self.assertEqual(trace.stat().st_mode & 0o777, 0o600)
            replay = subprocess.run([BENCH, "replay", trace, "--json"], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(replay.returncode, 0, replay.stderr)
            commands = [json.loads(line) for line in replay.stdout.splitlines()]
            ok = [one["cmd"] for one in commands if one.get("outcome") == "ok"]
            self.assertTrue(any(one.startswith("AT+QISEND=") for one in ok), ok)
            self.assertTrue(any("+CEREG?" in one for one in ok), ok)
            explained = subprocess.run(
                [str(BENCH).replace("godwit-bench", "godwit"), "explain", trace], capture_output=True, text=True, timeout=60, check=False
            )
            self.assertIn("registration: registered", explained.stdout)


if __name__ == "__main__":
    unittest.main()
