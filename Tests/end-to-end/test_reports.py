"""Readings reach a server, whole and once.

Not covered here: real radio, real time-outs of a network that has gone (World has those in virtual time).
"""

import contextlib
import json
import socket
import subprocess
import threading
import unittest
import zlib

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


class PlainServer(contextlib.AbstractContextManager):
    """Takes reports as board/server.md says, with nothing but Python: a second opinion on the check."""

    def __init__(self, answers):
        self.requests = []
        self._answers = list(answers)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                datagram, peer = self._socket.recvfrom(2048)
                if not datagram:
                    return
                head, rest = datagram[:4], datagram[4:]
                token, rest = rest[: head[0] & 15], rest[head[0] & 15 :]
                options, payload = self._options(rest)
                path = [value for number, value in options if number == 11]
                query = [value for number, value in options if number == 15]
                line = b"POST /" + b"/".join(path) + b"?"
                line += b"&".join(item for item in query if not item.startswith(b"c=")) + b" 112\n"
                is_right = query[-1] == b"c=%08x" % zlib.crc32(line + payload)
                self.requests.append((query, is_right))
                code, text = self._answers.pop(0) if self._answers else (0x44, b"")
                answer = bytes([0x60 | len(token), code]) + head[2:] + token
                text = text.replace(b"CHECK", query[-1])
                self._socket.sendto(answer + (b"\xff" + text if text else b""), peer)

    @staticmethod
    def _options(rest):
        options, number = [], 0
        while rest and rest[0] != 0xFF:
            sizes, rest = [rest[0] >> 4, rest[0] & 15], rest[1:]
            for index, size in enumerate(sizes):
                if size == 13:
                    sizes[index], rest = rest[0] + 13, rest[1:]
            number += sizes[0]
            options.append((number, rest[: sizes[1]]))
            rest = rest[sizes[1] :]
        return options, rest[1:]

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()
        return False


class Checks(unittest.TestCase):
    def test_what_the_server_calls_damaged_goes_again_at_once_and_its_check_is_right(self):
        damaged, no_path = (0x88, b"damaged"), (0x84, b"")
        with PlainServer([damaged, no_path]) as server:
            with Desk(extra=LOAD_SENSOR, server=False, port=server.port) as desk:
                desk.run_godwit().wait_for_text("confirmed, 1 readings", 30)
                self.assertEqual(len(desk.godwit.wait_for_text("sent again", 1, count=2)), 2)
                self.assertEqual(desk.status()["readings"]["setAside"], 0)
            self.assertEqual([is_right for _, is_right in server.requests], [True] * 3)
            self.assertEqual(len({query[1] for query, _ in server.requests}), 1)

    def test_a_refusal_with_the_check_is_believed(self):
        with PlainServer([(0x80, b"CHECK no such device")]) as server:
            with Desk(extra=LOAD_SENSOR, server=False, port=server.port) as desk:
                desk.run_godwit().wait_for_text("refused for good with 4.00", 30)
                self.assertEqual(desk.status()["readings"]["setAside"], 1)
                self.assertEqual(len(server.requests), 1)


class ColdStart(unittest.TestCase):
    def test_a_cold_report_takes_at_most_14_exchanges(self):
        wake = subprocess.run([BENCH, "wake", "--json"], capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(wake.returncode, 0, wake.stderr)
        entries = json.loads(wake.stdout)
        self.assertEqual(len({entry["module"] for entry in entries}), 14)
        by_kind = {entry["kind"]: entry for entry in entries if entry["module"] == "quectel-bg95"}
        self.assertLessEqual(by_kind["cold"]["exchanges"], 14)
        self.assertGreater(by_kind["cold"]["exchanges"], 3)
        self.assertLessEqual(by_kind["warm"]["exchanges"], 6)
        self.assertGreater(by_kind["cold"]["totalMilliseconds"], 2500, "a BG95 doesn't boot faster")


if __name__ == "__main__":
    unittest.main()
