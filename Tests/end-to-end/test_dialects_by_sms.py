"""The APN is changed in the words of each of the ten dialects, through the platform's call.

The forms are the developer hub's own (its page "Device configuration by SMS") with a password where
the dialect has a place for one. Several dialects go over one desk, three desks side by side.
"""

import concurrent.futures
import dataclasses
import re
import unittest

from desk import TOP, Desk
from hub import Receiver, centre

CONFIGURATION = TOP / "board/desk/godwit.conf"

# Reachable all the time, and quick to judge: the simulated network needn't be spared.
SMS = """
[sms]
listen = on
window = 240s
window-interval = 60s
trial-time = 30s
"""


@dataclasses.dataclass
class Row:
    dialect: str
    message: str
    # None where the makers' devices answer nothing.
    answer: str | None = None


# `{apn}` is the other one of em and emnify each time, `{imei}` the module's.
ROWS = [
    Row("teltonika", "74213 setparam 2001:{apn}", "^New value 2001:{apn}$"),
    Row("teltonika", "  setparam 2001:{apn}"),
    Row("ruptela", "74213 setconnection {apn}", "^set connection data ok$"),
    Row("concox", "APN,74213,{apn}#", "^OK$"),
    Row("coban", "apn74213 {apn}", "^APN ok$"),
    Row("meitrack", "74213,A21,,,,{apn},,", "^{imei},A21,OK$"),
    Row("meitrack", "74213,A81,{apn},,", "^{imei},A81,OK$"),
    Row("elinz", "apn74213 {apn}"),
    Row("reachfar", "pw,74213,apn,{apn},,,90143#"),
    Row("queclink", "AT+GTBSI=74213,{apn},,,,,,,0002$", r"^\+ACK:GTBSI,1A0102,{imei},e2e-1,0002,\d{{14}},[0-9A-F]{{4}}\$$"),
    Row("bitrek", "74213 setparam 0242 {apn}; setparam 0917 1", "^Param ID 0242 New Val: {apn}"),
    Row("rut", "74213 cellular apn={apn}"),
]
DESKS = 3


def dialects_of_the_desk():
    """The desk's own sections of dialects, and who may send in each."""
    text = CONFIGURATION.read_text()
    sections = "".join("[dialect " + part.split("\n[")[0] + "\n" for part in text.split("[dialect ")[1:])
    senders = {}
    for section in sections.split("[dialect ")[1:]:
        values = dict(line.split(" = ") for line in section.splitlines() if " = " in line)
        senders[section.split("]")[0]] = int(values["senders"])
    return sections, senders


class Dialects(unittest.TestCase):
    def journey(self, rows):
        """Sends one row after the other to one device; returns those that went through."""
        sections, senders = dialects_of_the_desk()
        done = []
        with Receiver() as receiver, Desk(
            interval="5s", extra=SMS + sections, sim=["--sms-port", "0", "--webhook", receiver.url]
        ) as desk:
            desk.give_key()
            platform = centre(desk)
            godwit = desk.run_godwit()
            godwit.wait_for_text("control: ready", 20)
            self.assertEqual(desk.command("put", "before=1").returncode, 0)
            godwit.wait_for_text("confirmed", 60)
            imei = desk.status()["modem"]["imei"]
            apn = "em"
            for row in rows:
                apn = "emnify" if apn == "em" else "em"
                since, heard = len(godwit.lines), len(receiver.answers())
                platform.send(row.message.format(apn=apn), senders[row.dialect])
                godwit.wait_for_text(f"trial: begins: apn={apn}", 60, since=since)
                godwit.wait_for_text(f"trial: apn={apn}: kept", 60, since=since)
                if row.answer:
                    receiver.wait_for_answer(row.answer.format(apn=apn, imei=imei), 20, since=heard)
                self.assertEqual(desk.status()["network"]["apn"], apn)
                done.append(row.message)
            self.assertEqual(godwit.stop(), 0)
            wanted = [row.answer.format(apn=".*", imei=imei) for row in ROWS if row.answer]
            strange = [text for text in receiver.answers() if not any(re.search(form, text) for form in wanted)]
            self.assertEqual(strange, [])
        return done

    def test_the_apn_in_each_of_ten(self):
        self.assertEqual(len({row.dialect for row in ROWS}), 10)
        groups = [ROWS[start::DESKS] for start in range(DESKS)]
        with concurrent.futures.ThreadPoolExecutor(DESKS) as pool:
            for group, journey in [(group, pool.submit(self.journey, group)) for group in groups]:
                with self.subTest(", ".join(row.dialect for row in group)):
                    self.assertEqual(journey.result(), [row.message for row in group])


if __name__ == "__main__":
    unittest.main()
