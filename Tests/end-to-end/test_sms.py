"""Messages through the platform's API, with the real curl: to the device, cancelled, refused, told."""

import http.server
import json
import subprocess
import threading
import time
import unittest

from desk import Desk

LISTENING = "[sms]\nlisten = on\n"


class Platform:
    """The API as a customer sees it: every call is one line of curl."""

    def __init__(self, url, token="desk"):
        self.url = url
        self.origin = url.split("/api/")[0]
        status, body, _ = self.call("POST", f"{self.origin}/api/v1/authenticate", {"application_token": token})
        self.status = status
        self.token = json.loads(body).get("auth_token")

    def call(self, method, url, body=None, token=None):
        """Its status, its body and its Location."""
        command = ["curl", "--silent", "--max-time", "10", "--request", method, url]
        command += ["--write-out", "\n%{http_code} %header{location}"]
        if token:
            command += ["--header", f"Authorization: Bearer {token}"]
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            command += ["--header", "Content-Type: application/json", "--data", text]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        answer, _, last = done.stdout.rpartition("\n")
        status, _, location = last.partition(" ")
        return int(status), answer, location

    def send(self, text, sender=12345689):
        """Its number."""
        status, body, location = self.call(
            "POST", self.url, {"source_address": sender, "payload": text}, self.token)
        assert status == 201, body
        assert location.startswith(self.url + "/"), location
        return location.rpartition("/")[2]

    def message(self, number):
        status, body, _ = self.call("GET", f"{self.url}/{number}", token=self.token)
        assert status == 200, body
        return json.loads(body)

    def wait_until(self, number, description, seconds):
        end = time.monotonic() + seconds
        while self.message(number)["status"]["description"] != description:
            assert time.monotonic() < end, self.message(number)
            time.sleep(0.2)


class Receiver:
    """The webhook's server: it keeps what it is told."""

    def __init__(self):
        self.calls = []
        calls = self.calls

        class Handler(http.server.BaseHTTPRequestHandler):
            def take(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                calls.append((self.command, self.path, json.loads(body)))
                self.send_response(204)
                self.end_headers()

            do_POST = do_PATCH = take

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def wait_for(self, count, seconds):
        end = time.monotonic() + seconds
        while len(self.calls) < count:
            assert time.monotonic() < end, self.calls
            time.sleep(0.1)


def centre(desk):
    """The simulator's SMS centre, at the port that it said."""
    desk.modem.wait_for_text("sms-centre", 10)
    for line in desk.modem.lines:
        if '"sms-centre"' in line:
            return Platform(json.loads(line)["url"])
    raise AssertionError("no SMS centre")


class Messages(unittest.TestCase):
    def test_message_is_taken_and_delivered(self):
        with Receiver() as receiver, Desk(
            interval="5s", extra=LISTENING, sim=["--sms-port", "0", "--webhook", receiver.url]
        ) as desk:
            platform = centre(desk)
            number = platform.send("This is the message text")
            self.assertIn(platform.message(number)["status"]["description"], ("DELIVERY ATTEMPT PENDING", "BUFFERED"))
            godwit = desk.run_godwit()
            platform.wait_until(number, "DELIVERED", 60)
            godwit.wait_for(lambda line: "sms: message from 12345689" in line, 60)
            receiver.wait_for(1, 10)
            method, path, call = receiver.calls[0]
            self.assertEqual((method, path), ("PATCH", "/hook"))
            self.assertEqual(str(call["id"]), number)
            self.assertEqual(call["status"], {"id": 4, "description": "DELIVERED"})
            found = platform.message(number)
            self.assertEqual(found["payload"], "This is the message text")
            self.assertEqual(found["sms_type"]["description"], "MT")
            self.assertNotIn("This is the message text", "\n".join(godwit.lines), "a log shows no text")
            self.assertEqual(godwit.stop(), 0)

    def test_long_message_comes_in_parts(self):
        with Desk(interval="5s", extra=LISTENING, sim=["--sms-port", "0"]) as desk:
            platform = centre(desk)
            number = platform.send("ж" * 100, "+491701234567")
            godwit = desk.run_godwit()
            platform.wait_until(number, "DELIVERED", 60)
            godwit.wait_for(lambda line: "sms: message from +491701234567" in line, 60)
            self.assertEqual(godwit.stop(), 0)

    def test_what_waits_is_cancelled_and_never_comes(self):
        with Desk(interval="5s", extra=LISTENING, sim=["--sms-port", "0"]) as desk:
            platform = centre(desk)
            number = platform.send("never", 111)
            kept = platform.send("kept", 222)
            status, _, _ = platform.call("DELETE", f"{platform.url}/{number}", token=platform.token)
            self.assertEqual(status, 204)
            self.assertEqual(platform.message(number)["status"]["description"], "CANCELED")
            godwit = desk.run_godwit()
            platform.wait_until(kept, "DELIVERED", 60)
            godwit.wait_for(lambda line: "sms: message from 222" in line, 60)
            self.assertFalse([line for line in godwit.lines if "message from 111" in line])
            status, _, _ = platform.call("DELETE", f"{platform.url}/{kept}", token=platform.token)
            self.assertEqual(status, 409)
            self.assertEqual(godwit.stop(), 0)


class Refusals(unittest.TestCase):
    def test_what_the_platform_refuses(self):
        with Desk(sim=["--sms-port", "0"], server=False) as desk:
            platform = centre(desk)
            good = {"source_address": 12345689, "payload": "x"}
            other = platform.url.replace("/endpoint/1/", "/endpoint/2/")
            for what, method, url, body, token, wanted in [
                ("a wrong application token", "POST", f"{platform.origin}/api/v1/authenticate",
                 {"application_token": "guess"}, None, 401),
                ("no token", "GET", platform.url, None, None, 401),
                ("a wrong token", "POST", platform.url, good, "x" + platform.token, 401),
                ("an unknown endpoint", "GET", other, None, platform.token, 404),
                ("an unknown message", "GET", f"{platform.url}/1", None, platform.token, 404),
                ("an unknown message to cancel", "DELETE", f"{platform.url}/1", None, platform.token, 404),
                ("no JSON", "POST", platform.url, "{", platform.token, 400),
                ("no text", "POST", platform.url, {"source_address": 1}, platform.token, 400),
                ("a long text", "POST", platform.url, {**good, "payload": "x" * 1531}, platform.token, 400),
                ("a body of 20 kB", "POST", platform.url, {**good, "payload": "x" * 20_000}, platform.token, 413),
                ("another method", "PUT", platform.url, good, platform.token, 405),
                ("the list", "GET", platform.url, None, platform.token, 200),
            ]:
                with self.subTest(what):
                    status, answer, _ = platform.call(method, url, body, token)
                    self.assertEqual(status, wanted, answer)
                    if status != 200:
                        self.assertTrue(json.loads(answer)["message"])
            self.assertEqual(platform.call("GET", platform.url, token=platform.token)[1], "[]")

    def test_it_is_on_this_machine_alone(self):
        with Desk(sim=["--sms-port", "0"], server=False) as desk:
            port = centre(desk).origin.rpartition(":")[2]
            listening = open("/proc/net/tcp").read().splitlines()[1:]
            ours = [line.split()[1] for line in listening if line.split()[1].endswith(f":{int(port):04X}")]
            self.assertIn(f"0100007F:{int(port):04X}", ours)
            self.assertNotIn(f"00000000:{int(port):04X}", ours)


if __name__ == "__main__":
    unittest.main()
