"""The platform's side of SMS: its API called with the real curl, and a webhook that keeps what it is told."""

import http.server
import json
import re
import subprocess
import threading
import time


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

    def answers(self):
        """What the device has sent."""
        return [call["payload"] for _, _, call in list(self.calls) if "payload" in call]

    def wait_for_answer(self, wanted, seconds, since=0):
        """Waits for one that the expression finds, beyond the first `since`; returns it."""
        end = time.monotonic() + seconds
        while True:
            for text in self.answers()[since:]:
                if re.search(wanted, text):
                    return text
            assert time.monotonic() < end, f"no answer {wanted!r} among {self.answers()}"
            time.sleep(0.1)

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
