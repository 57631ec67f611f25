"""kill -9 at random moments: every acknowledged reading arrives, exactly once."""

import os
import random
import subprocess
import time
import unittest

from desk import Desk

KILLS = {"fast": 4, "normal": 10, "full": 40}[os.environ.get("GODWIT_TEST_LEVEL", "normal")]


class NothingLost(unittest.TestCase):
    def test_kill_9_at_random_moments(self):
        seed = int(os.environ.get("GODWIT_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
        chance = random.Random(seed)
        with self.subTest(seed=seed), Desk(interval="3s") as desk:
            acknowledged = []
            for _ in range(KILLS):
                desk.run_godwit().wait_for_text("ready", 20)
                until = time.monotonic() + chance.uniform(0.2, 6)
                while time.monotonic() < until:
                    value = len(acknowledged) + chance.randrange(1000) * 100_000
                    if self.put(desk, value):
                        acknowledged.append(str(value))
                desk.godwit.kill()
            desk.run_godwit()
            self.wait_until_delivered(desk, acknowledged, seconds=120)
            arrived = [r["value"] for report in desk.reports() for r in report["readings"]]
            self.assertEqual(len(arrived), len(set(arrived)), f"a reading arrived twice (seed {seed})")
            self.assertGreater(len(acknowledged), KILLS)

    @staticmethod
    def put(desk, value):
        try:
            return desk.command("put", f"count={value}").returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def wait_until_delivered(self, desk, acknowledged, seconds):
        deadline = time.monotonic() + seconds
        while True:
            arrived = {r["value"] for report in desk.reports() for r in report["readings"]}
            missing = [value for value in acknowledged if value not in arrived]
            if not missing:
                return
            if time.monotonic() > deadline:
                tail = "\n".join(desk.godwit.lines[-20:])
                self.fail(f"{len(missing)} of {len(acknowledged)} acknowledged readings did not arrive:\n{tail}")
            time.sleep(0.2)


if __name__ == "__main__":
    unittest.main()
