"""A device gets its key: with the process running, without it, and never twice by accident."""

import json
import os
import stat
import unittest

from desk import Desk


class Provisioning(unittest.TestCase):
    def test_without_a_process_the_vault_is_written_and_the_process_finds_it(self):
        with Desk() as desk:
            first = json.loads(desk.command("provision", "--json").stdout)
            self.assertEqual(first["device"], "e2e-1")
            self.assertEqual(len(bytes.fromhex(first["key"])), 32)
            for copy in "1", "2":
                mode = os.stat(desk.folder / f"spool.db.vault.{copy}").st_mode
                self.assertEqual(stat.S_IMODE(mode), 0o600)
            again = desk.command("provision")
            self.assertEqual((again.returncode, again.stdout), (1, ""))
            self.assertIn("--again", again.stderr)
            second = json.loads(desk.command("provision", "--again", "--json", "--device", "e2e-2").stdout)
            self.assertNotEqual(first["key"], second["key"])
            desk.run_godwit()
            desk.godwit.wait_for_text("control: ready", 20)
            # A device without sensors has nothing to report until it is given something.
            self.assertEqual(desk.command("put", "t=1").returncode, 0)
            desk.godwit.wait_for_text("confirmed", 60)
            self.assertEqual(desk.status()["device"], "e2e-2")
            self.assertEqual(desk.reports()[0]["device"], "e2e-2")

    def test_the_running_process_begins_anew_under_its_name_and_loses_nothing(self):
        with Desk() as desk:
            desk.run_godwit()
            desk.godwit.wait_for_text("control: ready", 20)
            self.assertEqual(desk.command("put", "t=1").returncode, 0)
            given = desk.command("provision", "--device", "e2e-3")
            self.assertEqual(given.returncode, 0, given.stderr)
            self.assertIn("device e2e-3\n", given.stdout)
            desk.godwit.wait_for_text("beginning anew", 60)
            self.assertEqual(desk.status()["device"], "e2e-3")
            key = given.stdout.split()[-1]
            self.assertNotIn(key, "\n".join(desk.godwit.lines))
            twice = desk.command("provision")
            self.assertEqual(twice.returncode, 1)
            desk.godwit.wait_for_text("confirmed", 90)

    def test_both_copies_lost_are_said_and_the_device_can_be_provisioned_again(self):
        with Desk() as desk:
            desk.command("provision")
            for copy in "1", "2":
                (desk.folder / f"spool.db.vault.{copy}").write_bytes(b"GWV1 rotten")
            desk.run_godwit()
            desk.godwit.wait_for_text("both copies are damaged", 20)
            self.assertEqual(desk.command("provision").returncode, 0)


if __name__ == "__main__":
    unittest.main()
