"""The device's own look-up of names, against a real dnsmasq on a port of 127.0.0.1."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from desk import BENCH, Desk, free_udp_port

DNSMASQ = shutil.which("dnsmasq", path=os.environ.get("PATH", "") + ":/usr/sbin")

ZONE = """
no-resolv
no-hosts
no-daemon
bind-interfaces
listen-address=127.0.0.1
user={user}
group={group}
pid-file=
cache-size=1000
local=/example/
local-ttl=300
host-record=server.example,192.0.2.7
host-record=both.example,192.0.2.8,2001:db8::8
host-record=inside.example,10.1.2.3
host-record=mixed.example,10.1.2.3
host-record=mixed.example,192.0.2.9
host-record=loop.example,127.0.0.1
host-record=collector.internal,192.168.7.7
cname=one.example,two.example
cname=two.example,three.example
cname=three.example,server.example
"""


class NameServer(contextlib.AbstractContextManager):
    """A dnsmasq of its own, with a configuration of its own."""

    def __init__(self, more="", upstream=None):
        self.port = free_udp_port()
        self._folder = tempfile.TemporaryDirectory(prefix="godwit-dns-")
        text = ZONE.format(user=os.environ.get("USER", "root"), group="root") if upstream is None else (
            "no-resolv\nno-hosts\nno-daemon\nbind-interfaces\nlisten-address=127.0.0.1\npid-file=\n"
            f"user=root\ngroup=root\nserver=127.0.0.1#{upstream}\n")
        if os.geteuid() != 0:
            text = "\n".join(line for line in text.splitlines() if not line.startswith(("user=", "group=")))
        configuration = pathlib.Path(self._folder.name) / "dnsmasq.conf"
        configuration.write_text(f"{text}\nport={self.port}\n{more}")
        self.log = open(pathlib.Path(self._folder.name) / "log", "w+b")
        self.process = subprocess.Popen(
            [DNSMASQ, f"--conf-file={configuration}"], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 10
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.seek(0)
                raise AssertionError(self.log.read().decode(errors="replace"))
            time.sleep(0.05)

    def queries(self):
        """The names that it was asked for; needs `log-queries`."""
        log = pathlib.Path(self.log.name).read_text(errors="replace")
        return re.findall(r"query\[A+\] (\S+) from", log)

    def _listens(self):
        """It has its TCP port once it has its UDP port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()
        self._folder.cleanup()


def resolve(*names, ports, more=()):
    command = [str(BENCH), "resolve", *more]
    command += [word for port in ports for word in ("--port", str(port))]
    command += [word for name in names for word in ("--name", name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.pop("name") for answer in found] == list(names)
    return found if len(found) > 1 else found[0]


@unittest.skipUnless(DNSMASQ, "dnsmasq isn't installed: Debian's package dnsmasq-base")
class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        many = "".join(f"host-record=many.example,198.51.100.{number}\n" for number in range(1, 60))
        cls.server = cls.enterClassContext(NameServer(many))

    def ask(self, *names, more=(), ports=None):
        return resolve(*names, ports=ports or [self.server.port], more=more)

    def test_addresses_of_both_kinds(self):
        found = {"outcome": "found", "addresses": ["192.0.2.8"], "timeToLiveSeconds": 300}
        self.assertEqual(self.ask("both.example"), found)
        wide = {**found, "addresses": ["2001:db8::8"]}
        self.assertEqual(self.ask("both.example", more=["--aaaa"]), wide)

    def test_case_of_the_name_means_nothing(self):
        self.assertEqual(self.ask("BOTH.example")["addresses"], ["192.0.2.8"])

    def test_chain_of_aliases(self):
        self.assertEqual(self.ask("one.example")["addresses"], ["192.0.2.7"])

    def test_no_such_name_and_no_such_address(self):
        self.assertEqual(self.ask("nowhere.example"), {"outcome": "noSuchName"})
        self.assertEqual(self.ask("server.example", more=["--aaaa"]), {"outcome": "noSuchName"})

    def test_truncated_answer_is_no_answer(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(5)
            question = bytes.fromhex("123401000001000000000000046d616e79076578616d706c650000010001")
            probe.sendto(question, ("127.0.0.1", self.server.port))
            answer = probe.recv(65535)
        self.assertTrue(answer[2] & 2, "dnsmasq says that it is truncated")
        self.assertEqual(self.ask("many.example"), {"outcome": "failed"})

    def test_private_address_of_a_public_name_is_refused(self):
        self.assertEqual(self.ask("inside.example"), {"outcome": "forbidden", "address": "10.1.2.3"})
        self.assertEqual(self.ask("loop.example"), {"outcome": "forbidden", "address": "127.0.0.1"})
        self.assertEqual(self.ask("mixed.example")["addresses"], ["192.0.2.9"])

    def test_private_address_of_a_private_name_is_taken(self):
        self.assertEqual(self.ask("collector.internal")["addresses"], ["192.168.7.7"])

    def test_private_address_where_it_is_allowed(self):
        allowed = ["--allow-private"]
        self.assertEqual(self.ask("inside.example", more=allowed)["addresses"], ["10.1.2.3"])
        self.assertEqual(self.ask("loop.example", more=allowed), {"outcome": "forbidden", "address": "127.0.0.1"})

    def test_answer_out_of_a_cache_holds_for_what_is_left(self):
        with NameServer(upstream=self.server.port) as cache:
            first = self.ask("server.example", ports=[cache.port])
            time.sleep(2.2)
            second = self.ask("server.example", ports=[cache.port])
        self.assertEqual(first["timeToLiveSeconds"], 300)
        self.assertIn(second["timeToLiveSeconds"], (297, 298))
        self.assertEqual(first["addresses"], second["addresses"])

    def test_next_server_is_asked_where_one_refuses(self):
        with NameServer(upstream=free_udp_port()) as dead:
            found = self.ask("server.example", ports=[dead.port, self.server.port])
        self.assertEqual(found["addresses"], ["192.0.2.7"])

    def test_next_server_is_asked_where_one_is_silent(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            begin = time.monotonic()
            found = self.ask("server.example", ports=[silent.getsockname()[1], self.server.port])
        self.assertEqual(found["addresses"], ["192.0.2.7"])
        self.assertGreaterEqual(time.monotonic() - begin, 4.9)


@unittest.skipUnless(DNSMASQ, "dnsmasq isn't installed: Debian's package dnsmasq-base")
class PrivateNetwork(unittest.TestCase):
    def test_a_module_that_takes_addresses_alone_reports_to_a_name_that_its_own_server_knows(self):
        """The device asks over the module's UDP socket, which leads to dnsmasq; once for several reports."""
        port = free_udp_port()
        with NameServer("log-queries") as server:
            routes = ["--map", f"10.0.0.53:53=127.0.0.1:{server.port}", "--map", f"192.168.7.7=127.0.0.1:{port}"]
            with Desk(port=port, sim=["--module", "sierra-hl78", *routes]) as desk:
                text = desk.configuration.read_text()
                for old, new in [
                    ("quectel-bg95", "sierra-hl78"), ("apn = em\n", "apn = em\ndns = 10.0.0.53\n"),
                    ("collector.desk", "collector.internal"),
                ]:
                    self.assertIn(old, text)
                    text = text.replace(old, new)
                desk.configuration.write_text(text)
                godwit = desk.run_godwit()
                godwit.wait_for_text("control: ready", 20)
                for number in (1, 2):
                    self.assertEqual(desk.command("put", f"t={number}").returncode, 0)
                    desk.wait_for_reports(number, 90)
                self.assertTrue([line for line in godwit.lines if "dns: the server is 192.168.7.7" in line])
                self.assertEqual(godwit.stop(), 0)
            asked = server.queries()
        self.assertEqual(asked, ["collector.internal"], "the answer is kept over the module's sleep")


if __name__ == "__main__":
    unittest.main()
