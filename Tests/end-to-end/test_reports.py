"""Readings reach a server, whole and once.

Not covered here: real radio, real time-outs of a network that has gone (World has those in virtual time).
"""

import json
import subprocess
import unittest

from desk import BENCH, Desk, free_udp_port

COAP_SERVER = "coap-server-notls"
COAP_CLIENT = "coap-client-notls"
LOAD_SENSOR = "[sensor load]\nfile = /proc/loadavg\nfield = 1\n"


class Reports(unittest.TestCase):
    def test_the_machines_own_readings_and_puts_arrive(self):
        with Desk(extra=LOAD_SENSOR) as desk:
            desk.run_godwit()
            first = desk.wait_for_reports(1, 30)[0]
            self.assertEqual([reading["name"] for reading in first["readings"]], ["load"])
            self.assertEqual(first["device"], "e2e-1")
            put = desk.command("put", "temperature=21.50")
            self.assertEqual((put.returncode, put.stderr), (0, ""))
            second = desk.wait_for_reports(2, 40)[1]
            values = {reading["name"]: reading["value"] for reading in second["readings"]}
            self.assertEqual(values["temperature"], "21.5")
            self.assertEqual(desk.godwit.stop(), 0)

    def test_senml_json_on_standard_input_arrives(self):
        pack = [
            {"bn": "tank:", "bt": 1800000000, "bu": "Cel", "n": "top", "v": 20.5},
            {"n": "bottom", "v": 18.25, "t": 60},
        ]
        with Desk() as desk:
            desk.run_godwit().wait_for_text("ready", 20)
            put = desk.command("put", "-", stdin=json.dumps(pack))
            self.assertEqual((put.returncode, put.stderr), (0, ""))
            readings = desk.wait_for_reports(1, 40)[0]["readings"]
            self.assertEqual(
                [(r["name"], r["value"], r["unit"], r["time"]) for r in readings],
                [("tank:top", "20.5", "Cel", "1800000000"), ("tank:bottom", "18.25", "Cel", "1800000060")],
            )

    def test_a_stock_coap_server_takes_a_report(self):
        port = free_udp_port()
        with Desk(extra=LOAD_SENSOR, server=False, port=port) as desk:
            server = desk.start("coap-server", [COAP_SERVER, "-A", "127.0.0.1", "-p", port, "-d", "10", "-v", "7"])
            desk.run_godwit()
            server.wait_for(lambda line: "c:POST" in line and "Uri-Query:d=e2e-1" in line and "Uri-Query:c=" in line, 30)
            desk.godwit.wait_for(lambda line: "report:" in line and "confirmed, 1 readings" in line, 20)
            kept = subprocess.run(
                [COAP_CLIENT, "-m", "get", f"coap://127.0.0.1:{port}/r"], capture_output=True, timeout=10, check=True
            )
            self.assertIn(b"e2e-1:", kept.stdout)
            self.assertIn(b"load", kept.stdout)


class ColdStart(unittest.TestCase):
    def test_a_cold_report_takes_at_most_14_exchanges(self):
        wake = subprocess.run([BENCH, "wake", "--json"], capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(wake.returncode, 0, wake.stderr)
        by_kind = {entry["kind"]: entry for entry in json.loads(wake.stdout)}
        self.assertLessEqual(by_kind["cold"]["exchanges"], 14)
        self.assertGreater(by_kind["cold"]["exchanges"], 3)
        self.assertLessEqual(by_kind["warm"]["exchanges"], 6)
        self.assertGreater(by_kind["cold"]["totalMilliseconds"], 2500, "a BG95 doesn't boot faster")


if __name__ == "__main__":
    unittest.main()
