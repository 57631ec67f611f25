"""Settings by SMS: what cuts the device off is undone by itself."""

import concurrent.futures
import re
import subprocess
import unittest

from desk import GODWIT, Desk
from hub import Receiver, centre

# Reachable all the time, and quick to judge: the simulated network needn't be spared.
BY_SMS = """
[sms]
listen = on
commands = on
window = 240s
window-interval = 60s
trial-time = 20s
"""


class Undone(unittest.TestCase):
    """What cuts the device off comes back by itself."""

    def journey(self, command, shown):
        with Receiver() as receiver, Desk(
            interval="5s", extra=BY_SMS, sim=["--sms-port", "0", "--webhook", receiver.url]
        ) as desk:
            key = desk.give_key()
            platform = centre(desk)
            godwit = desk.run_godwit()
            godwit.wait_for_text("control: ready", 20)
            self.assertEqual(desk.command("put", "before=1").returncode, 0)
            godwit.wait_for_text("confirmed", 60)
            signed = subprocess.run(
                [GODWIT, "sms", "sign", "--key", key, "--device", "e2e-1", *command.split()],
                capture_output=True, text=True, timeout=20, check=True).stdout.strip()
            platform.send(signed)
            godwit.wait_for_text(f"trial: begins: {shown}", 60)
            godwit.wait_for_text(f"trial: {shown}: undone", 240)
            receiver.wait_for_answer(f"^e2e-1 undone {re.escape(shown)}: ", 60)
            since = len(godwit.lines)
            self.assertEqual(desk.command("put", "after=1").returncode, 0)
            godwit.wait_for_text("confirmed", 60, since=since)
            self.assertIsNone(desk.status()["trial"])
            self.assertEqual(godwit.stop(), 0)

    def test_wrong_server_and_dead_name_servers(self):
        rows = [
            ("set server=coap://nowhere.example/r", "server=coap://nowhere.example/r"),
            ("set dns=192.0.2.53", "dns=192.0.2.53"),
        ]
        with concurrent.futures.ThreadPoolExecutor(len(rows)) as pool:
            for row, journey in [(row, pool.submit(self.journey, *row)) for row in rows]:
                with self.subTest(row[0]):
                    journey.result()


if __name__ == "__main__":
    unittest.main()
