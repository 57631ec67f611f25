"""What talking to the modem costs the machine: system calls for each exchange."""

import re
import subprocess
import time
import unittest

from desk import Desk


def uart_of(lines):
    """The descriptor of the process's serial line, from strace's openat line."""
    for line in lines:
        found = re.search(r'openat\(AT_FDCWD, "modem".*= (\d+)', line)
        if found:
            return found.group(1)
    return None


class Costs(unittest.TestCase):
    def test_an_exchange_takes_few_system_calls(self):
        with Desk(interval="15s", extra="[sensor load]\nfile = /proc/loadavg\nfield = 1\n") as desk:
            godwit = desk.run_godwit()
            godwit.wait_for_text("modem: asleep", 60)
            before = desk.status()["modem"]["exchanges"]
            time.sleep(0.5)
            trace = desk.folder / "strace"
            strace = subprocess.Popen(
                ["strace", "-o", str(trace), "-p", str(godwit.process.pid)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            seen = len(godwit.lines)
            godwit.wait_for_text("modem: asleep", 60, since=seen)
            strace.terminate()
            strace.wait(10)
            exchanges = desk.status()["modem"]["exchanges"] - before
            calls = [line.split("(")[0].split()[-1] for line in trace.read_text().splitlines() if "(" in line]
            lines = trace.read_text().splitlines()
            uart = uart_of(lines)
            self.assertIsNotNone(uart, "the UART was not opened")
            start = next(i for i, line in enumerate(lines) if 'openat(AT_FDCWD, "modem"' in line)
            end = max(i for i, line in enumerate(lines) if f"write({uart}, " in line)
            on_uart = [line for line in lines[start:end] if re.match(rf"(read|write)\({uart}, ", line)]
            waits = [line for line in lines[start:end] if line.startswith(("epoll_wait", "epoll_pwait"))]
            timers = [line for line in lines[start:end] if line.startswith("timerfd_settime")]
            print(
                f"\n{exchanges} exchanges: {len(on_uart)} reads and writes of the UART, {len(waits)} waits, "
                f"{len(timers)} timers, {len(calls)} system calls in all with store, clock and log"
            )
            self.assertGreater(exchanges, 3)
            # A line at 115200 baud hands over an answer in several reads, each with its wait.
            self.assertLessEqual(len(on_uart) + len(waits) + len(timers), 20 * exchanges)


if __name__ == "__main__":
    unittest.main()
