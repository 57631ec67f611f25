"""`godwit doctor` against the real process, and where there is none; the board's watchdog as a file."""

import json
import unittest

from desk import Desk

SENSOR = "[sensor load]\nfile = /proc/loadavg\nfield = 1\n"


class Doctor(unittest.TestCase):
    def ask(self, desk, status, code):
        """Both forms say the same; returns the object."""
        text = desk.command("doctor")
        self.assertEqual(text.returncode, status, text.stdout + text.stderr)
        self.assertTrue(text.stdout.startswith(code + ": "), text.stdout)
        result = desk.command("doctor", "--json")
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        found = json.loads(result.stdout)
        self.assertEqual(found["code"], code)
        self.assertEqual(found["well"], status == 0)
        self.assertIn(found["sentence"], text.stdout)
        self.assertIn(found["remedy"], text.stdout)
        return found

    def test_a_device_that_reports_is_well(self):
        with Desk(extra=SENSOR) as desk:
            godwit = desk.run_godwit()
            godwit.wait_for_text("modem: asleep", 60)
            found = self.ask(desk, 0, "well")
            self.assertEqual(found["state"], "asleep")
            status = desk.status()
            self.assertEqual(status["platform"], "Online")
            self.assertEqual(len(status["modem"]["imei"]), 15)
            self.assertGreaterEqual(status["stateForMilliseconds"], 0)

    def test_a_dead_server_is_told_from_a_dead_modem(self):
        with Desk(extra=SENSOR, server=False) as desk:
            desk.run_godwit().wait_for_text("next attempt in", 120)
            self.ask(desk, 1, "server-silent")

    def test_a_server_that_refuses_for_good_is_told(self):
        with Desk(extra=SENSOR, collector=("--fault", "refuse=100")) as desk:
            desk.run_godwit().wait_for_text("refused for good", 60)
            self.ask(desk, 1, "server-refuses")

    def test_a_serial_line_that_is_not_there_is_told_with_its_path(self):
        with Desk(extra=SENSOR) as desk:
            text = desk.configuration.read_text()
            desk.configuration.write_text(text.replace("uart = modem", "uart = no-such-port"))
            desk.run_godwit().wait_for_text("no-such-port", 20)
            found = self.ask(desk, 1, "uart-failed")
            self.assertIn("no-such-port", " ".join(found["observed"]))

    def test_a_store_without_a_folder_is_told(self):
        with Desk(extra=SENSOR) as desk:
            text = desk.configuration.read_text()
            desk.configuration.write_text(text.replace("path = spool.db", "path = store/spool.db"))
            desk.run_godwit().wait_for_text("store/spool.db can't be opened", 20)
            found = self.ask(desk, 1, "store-failed")
            self.assertIn("store/spool.db", " ".join(found["observed"]))

    def test_without_a_process_the_files_are_looked_at(self):
        with Desk(server=False) as desk:
            found = self.ask(desk, 3, "not-running")
            self.assertIn("control.sock", found["observed"][0])
            text = desk.configuration.read_text()
            desk.configuration.write_text(text.replace("uart = modem", "uart = no-such-port"))
            found = self.ask(desk, 3, "not-running")
            self.assertIn("no-such-port", found["observed"][1])
            desk.configuration.write_text(text.replace("apn = em", "apm = em"))
            found = self.ask(desk, 2, "configuration-wrong")
            self.assertIn("apm", "\n".join(found["observed"]))
            desk.configuration.unlink()
            self.ask(desk, 2, "configuration-missing")


class Watchdog(unittest.TestCase):
    def test_the_board_is_let_go_at_the_end_and_only_then(self):
        with Desk(server=False) as desk:
            dog = desk.folder / "dog"
            dog.write_text("")
            text = desk.configuration.read_text()
            desk.configuration.write_text(text.replace("name = e2e-1\n", "name = e2e-1\nwatchdog = dog\n"))
            godwit = desk.run_godwit()
            godwit.wait_for_text("ready", 20)
            self.assertNotIn("V", dog.read_text())
            self.assertEqual(godwit.stop(), 0)
            self.assertTrue(dog.read_text().endswith("V"), dog.read_text())

    def test_a_watchdog_that_is_not_there_is_said_and_done_without(self):
        with Desk(server=False) as desk:
            text = desk.configuration.read_text()
            desk.configuration.write_text(text.replace("name = e2e-1\n", "name = e2e-1\nwatchdog = no-dog\n"))
            godwit = desk.run_godwit()
            godwit.wait_for_text("no-dog", 20)
            self.assertEqual(desk.command("status").returncode, 0)


if __name__ == "__main__":
    unittest.main()
