"""One device on a desk: the simulated modem, a server and the real process, in a folder of its own."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
GODWIT = TOP / ".build" / "release" / "godwit"
BENCH = TOP / ".build" / "release" / "godwit-bench"

CONFIGURATION = """
[device]
name = e2e-1
[modem]
module = quectel-bg95
uart = modem
power-key = desk pins
status = desk pins
[network]
apn = em
psm = on
limits = off
periodic-tau = 1h
active-time = 2s
[server]
url = coap://collector.desk:5683/r
[report]
interval = {interval}
retry-after = 2s 3s 5s
[store]
path = spool.db
[control]
socket = control.sock
"""


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A child process whose output lines are kept as they come."""

    def __init__(self, name, command, folder):
        self.name = name
        self.lines = []
        self._arrived = threading.Condition()
        self.process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._arrived:
                self.lines.append(line.rstrip("\n"))
                self._arrived.notify_all()

    def wait_for(self, wanted, seconds, since=0, count=1):
        """Waits until `count` lines that satisfy `wanted` are there; returns them."""
        deadline = time.monotonic() + seconds
        with self._arrived:
            while True:
                found = [line for line in self.lines[since:] if wanted(line)]
                if len(found) >= count:
                    return found
                rest = deadline - time.monotonic()
                if rest <= 0:
                    tail = "\n".join(self.lines[-25:])
                    raise AssertionError(f"{self.name}: waited {seconds} s in vain; its last lines:\n{tail}")
                self._arrived.wait(min(rest, 0.5))

    def wait_for_text(self, text, seconds, since=0, count=1):
        return self.wait_for(lambda line: text in line, seconds, since, count)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=20):
        """Ends it as an operator does; returns its status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {seconds} s of SIGTERM") from None


class Desk(contextlib.AbstractContextManager):
    def __init__(self, interval="15s", network="accelerated", stored="fresh", extra="", sim=(), collector=(), server=True, port=None):
        self._folder = tempfile.TemporaryDirectory(prefix="godwit-e2e-")
        self.folder = pathlib.Path(self._folder.name)
        self.port = port or free_udp_port()
        self.programs = []
        self.configuration = self.folder / "godwit.conf"
        self.configuration.write_text(CONFIGURATION.format(interval=interval) + extra)
        self.modem = self.start_modem(network, stored, sim)
        self.collector = None
        if server:
            self.collector = self.start(
                "collector", [BENCH, "collector", "--port", self.port, "--json", *collector]
            )
        self.godwit = None

    def start(self, name, command):
        program = Program(name, command, self.folder)
        self.programs.append(program)
        return program

    def start_modem(self, network, stored, more=()):
        command = [BENCH, "sim", "--pty", "modem", "--pins", "pins", "--json"]
        command += ["--map", f"collector.desk=127.0.0.1:{self.port}", "--network", network, "--stored", stored]
        modem = self.start("sim", command + list(more))
        deadline = time.monotonic() + 10
        while not ((self.folder / "modem").exists() and (self.folder / "pins").exists()):
            if time.monotonic() > deadline or modem.process.poll() is not None:
                raise AssertionError("the simulated modem did not come up:\n" + "\n".join(modem.lines))
            time.sleep(0.02)
        return modem

    def run_godwit(self, prefix=()):
        self.godwit = self.start("godwit", [*prefix, GODWIT, "run", "--config", self.configuration])
        return self.godwit

    def command(self, *arguments, seconds=20, stdin=""):
        """Runs a godwit command against this desk; returns the finished process."""
        return subprocess.run(
            [str(GODWIT), *map(str, arguments), "--config", str(self.configuration)],
            cwd=self.folder, input=stdin, capture_output=True, text=True, timeout=seconds, check=False,
        )

    def give_key(self):
        """Provisions the device; returns the file with its key."""
        file = self.folder / "key"
        with open(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as key:
            key.write(json.loads(self.command("provision", "--json").stdout)["key"])
        return file

    def status(self):
        result = self.command("status", "--json")
        if result.returncode != 0:
            raise AssertionError(f"status: {result.returncode}: {result.stderr}")
        return json.loads(result.stdout)

    def reports(self):
        """What the collector counted, oldest first."""
        found = []
        for line in list(self.collector.lines):
            with contextlib.suppress(json.JSONDecodeError):
                entry = json.loads(line)
                if entry.get("event") == "report":
                    found.append(entry)
        return found

    def wait_for_reports(self, count, seconds):
        self.collector.wait_for(lambda line: '"event":"report"' in line.replace(" ", ""), seconds, count=count)
        return self.reports()

    def __exit__(self, *_):
        for program in reversed(self.programs):
            if program.process.poll() is None:
                program.process.send_signal(signal.SIGTERM)
        for program in reversed(self.programs):
            try:
                program.process.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()
        self._folder.cleanup()
        return False
