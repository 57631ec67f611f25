"""A wrong configuration, a missing modem, malformed readings: said plainly, with nothing half done."""

import os
import subprocess
import unittest

from desk import GODWIT, Desk


class Configuration(unittest.TestCase):
    def check(self, change, *wanted):
        with Desk(server=False) as desk:
            text = desk.configuration.read_text()
            changed = change(text)
            self.assertNotEqual(changed, text)
            desk.configuration.write_text(changed)
            before = sorted(os.listdir(desk.folder))
            for verb in (["check"], ["run", "--config"]):
                result = subprocess.run(
                    [str(GODWIT), *verb, str(desk.configuration)], cwd=desk.folder,
                    capture_output=True, text=True, timeout=10, check=False,
                )
                self.assertEqual(result.returncode, 2, result.stderr + result.stdout)
                for part in (str(desk.configuration), *wanted):
                    self.assertIn(part, result.stderr)
            self.assertEqual(sorted(os.listdir(desk.folder)), before, "something was touched")

    def test_a_bad_value_names_line_key_value_and_remedy(self):
        self.check(lambda t: t.replace("interval = 15s", "interval = 15parsecs"), "interval", "15parsecs", "s")

    def test_an_unknown_key_is_named_with_the_nearest(self):
        self.check(lambda t: t.replace("apn = em", "apm = em"), "apm", "apn")

    def test_a_value_that_would_end_a_quoted_string_is_refused(self):
        self.check(lambda t: t.replace("apn = em", 'apn = em"\\r,AT+QPOWD'), "apn")

    def test_a_missing_key_is_named(self):
        self.check(lambda t: t.replace("name = e2e-1\n", ""), "name")

    def test_a_missing_file_is_said(self):
        result = subprocess.run(
            [str(GODWIT), "run", "--config", "/nonexistent/godwit.conf"],
            capture_output=True, text=True, timeout=10, check=False,
        )
        self.assertEqual(result.returncode, 2)
        self.assertIn("/nonexistent/godwit.conf", result.stderr)


class Readings(unittest.TestCase):
    def test_a_malformed_reading_is_refused_with_a_reason_and_stores_nothing(self):
        with Desk(interval="5min") as desk:
            desk.run_godwit().wait_for_text("ready", 20)
            waiting = desk.status()["readings"]["waiting"]
            for bad in ("temperature", "=3", "temperature=", "temperature=warm", "bad name=3", "t=1e99", "t=NaN"):
                result = desk.command("put", bad)
                self.assertIn(result.returncode, (1, 2), bad)
                self.assertNotEqual(result.stderr.strip(), "", bad)
            mixed = desk.command("put", "good=1", "bad=x")
            self.assertNotEqual(mixed.returncode, 0)
            self.assertEqual(desk.status()["readings"]["waiting"], waiting)
            for bad in ("", "[", "{}", '[{"n":"a"}]', '[{"n":"a","v":"x"}]', "[" * 10000):
                self.assertNotEqual(desk.command("put", "-", stdin=bad).returncode, 0, bad[:20])
            self.assertEqual(desk.status()["readings"]["waiting"], waiting)

    def test_without_a_running_process_put_and_status_say_so(self):
        with Desk() as desk:
            for verb in (("put", "a=1"), ("status",)):
                result = desk.command(*verb)
                self.assertEqual(result.returncode, 3, result.stderr)
                self.assertIn("control.sock", result.stderr)


class Surroundings(unittest.TestCase):
    def test_a_missing_uart_is_said_and_readings_are_still_kept(self):
        with Desk(interval="5min", extra="[sensor load]\nfile = /proc/loadavg\nfield = 1\n") as desk:
            text = desk.configuration.read_text()
            desk.configuration.write_text(text.replace("uart = modem", "uart = no-such-port"))
            godwit = desk.run_godwit()
            godwit.wait_for_text("no-such-port", 20)
            self.assertEqual(desk.command("put", "a=1").returncode, 0)
            self.assertEqual(desk.status()["readings"]["waiting"], 2)
            self.assertIsNone(godwit.process.poll(), "it must not stop")

    def test_an_unplugged_modem_ends_in_retries_not_in_a_stop(self):
        with Desk(interval="5s", extra="[sensor load]\nfile = /proc/loadavg\nfield = 1\n") as desk:
            godwit = desk.run_godwit()
            desk.wait_for_reports(1, 40)
            desk.modem.kill()
            godwit.wait_for_text("next attempt in", 90)
            (desk.folder / "pins").unlink(missing_ok=True)
            (desk.folder / "modem").unlink(missing_ok=True)
            known = len(desk.reports())
            desk.modem = desk.start_modem("accelerated", "configured")
            desk.wait_for_reports(known + 1, 120)

    def test_a_damaged_database_is_put_aside_and_said(self):
        with Desk(interval="5min") as desk:
            (desk.folder / "spool.db").write_bytes(b"this is no database" * 1000)
            godwit = desk.run_godwit()
            godwit.wait_for_text("spool.db", 20)
            self.assertEqual(desk.command("put", "a=1").returncode, 0)
            self.assertTrue([name for name in os.listdir(desk.folder) if "damaged" in name])

    def test_a_store_that_cannot_be_opened_refuses_readings_until_it_can(self):
        with Desk(interval="5min") as desk:
            text = desk.configuration.read_text()
            desk.configuration.write_text(text.replace("path = spool.db", "path = store/spool.db"))
            godwit = desk.run_godwit()
            godwit.wait_for_text("store/spool.db can't be opened", 20)
            refused = desk.command("put", "a=1")
            self.assertEqual(refused.returncode, 1)
            self.assertIn("store/spool.db", refused.stderr)
            self.assertIsNone(desk.status()["readings"])
            (desk.folder / "store").mkdir()
            self.assertEqual(desk.command("put", "a=1").returncode, 0)
            self.assertEqual(desk.status()["readings"]["waiting"], 1)
            self.assertIsNone(godwit.process.poll(), "it must not stop")


if __name__ == "__main__":
    unittest.main()
