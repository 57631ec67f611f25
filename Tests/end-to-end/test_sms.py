"""Messages through the platform's API, with the real curl: to the device, cancelled, refused, told."""

import json
import unittest

from desk import Desk
from hub import Receiver, centre

LISTENING = "[sms]\nlisten = on\n"


def report(desk):
    """Starts the device with something to report: messages come while its radio is connected."""
    godwit = desk.run_godwit()
    godwit.wait_for_text("control: ready", 20)
    assert desk.command("put", "t=1").returncode == 0
    return godwit


class Messages(unittest.TestCase):
    def test_message_is_taken_and_delivered(self):
        with Receiver() as receiver, Desk(
            interval="5s", extra=LISTENING, sim=["--sms-port", "0", "--webhook", receiver.url]
        ) as desk:
            platform = centre(desk)
            number = platform.send("This is the message text")
            self.assertIn(platform.message(number)["status"]["description"], ("DELIVERY ATTEMPT PENDING", "BUFFERED"))
            godwit = report(desk)
            platform.wait_until(number, "DELIVERED", 60)
            godwit.wait_for_text("sms: a message is passed over", 60)
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
            godwit = report(desk)
            platform.wait_until(number, "DELIVERED", 60)
            godwit.wait_for_text("sms: a message is passed over", 60)
            self.assertEqual(godwit.stop(), 0)

    def test_what_waits_is_cancelled_and_never_comes(self):
        with Desk(interval="5s", extra=LISTENING, sim=["--sms-port", "0"]) as desk:
            platform = centre(desk)
            number = platform.send("never", 111)
            kept = platform.send("kept", 222)
            status, _, _ = platform.call("DELETE", f"{platform.url}/{number}", token=platform.token)
            self.assertEqual(status, 204)
            self.assertEqual(platform.message(number)["status"]["description"], "CANCELED")
            godwit = report(desk)
            platform.wait_until(kept, "DELIVERED", 60)
            godwit.wait_for_text("sms: a message is passed over", 60)
            self.assertEqual(desk.status()["messages"]["received"], 1)
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
