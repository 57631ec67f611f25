"""The control socket keeps working whoever else talks to it."""

import socket
import time
import unittest

from desk import Desk

CLIENTS = 8
READINGS_A_MINUTE = 6000


def connect(desk):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.settimeout(10)
    client.connect(str(desk.folder / "control.sock"))
    return client


class ControlSocket(unittest.TestCase):
    def test_idle_clients_make_room(self):
        with Desk(interval="5min") as desk:
            desk.run_godwit().wait_for_text("control: ready", 20)
            crowd = [connect(desk) for _ in range(CLIENTS)]
            crowd[0].send(b"follow")
            time.sleep(0.5)
            late = connect(desk)
            self.assertEqual(late.recv(64), b"", "nobody has been idle for long")
            late.close()
            time.sleep(10)
            self.assertEqual(desk.command("status").returncode, 0)
            self.assertEqual(crowd[1].recv(64), b"", "it has been idle longest")
            crowd[0].setblocking(False)
            with self.assertRaises(BlockingIOError, msg="who follows the log isn't idle"):
                crowd[0].recv(64)
            for client in crowd:
                client.close()

    def test_a_flood_of_readings_is_held_back(self):
        with Desk(interval="5min") as desk:
            godwit = desk.run_godwit()
            godwit.wait_for_text("control: ready", 20)
            client = connect(desk)
            packet = b"put f 1\n" * 500
            for _ in range(READINGS_A_MINUTE // 500):
                client.send(packet)
                self.assertEqual(client.recv(4096), b"stored 500")
            client.send(b"put f 1\n")
            answer = client.recv(4096).decode()
            self.assertRegex(answer, r"^refused 0 more than .* or 6000 readings in a minute; .* in \d+ s$")
            refused = desk.command("put", "one=1")
            self.assertEqual(refused.returncode, 1)
            self.assertIn("more than 600 requests or 6000 readings in a minute", refused.stderr)
            self.assertEqual(desk.status()["readings"]["waiting"], READINGS_A_MINUTE)
            self.assertEqual(len([line for line in godwit.lines if "refused readings" in line]), 1)
            client.close()


if __name__ == "__main__":
    unittest.main()
