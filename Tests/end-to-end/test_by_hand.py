"""Calculators and messages by hand: the real program, which needs no modem, no server and no process."""

import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from desk import GODWIT

KEY = bytes(range(32))


def godwit(*words, status=0):
    result = subprocess.run(
        [str(GODWIT), *words], capture_output=True, text=True, timeout=20, check=False)
    if result.returncode != status:
        raise AssertionError(f"{words}: status {result.returncode}: {result.stdout}{result.stderr}")
    return result


class Calculators(unittest.TestCase):
    def test_psm_goes_both_ways_and_the_command_comes_out_the_same(self):
        asked = godwit("psm", "--tau", "140h", "--active", "10s").stdout
        self.assertIn('AT+CPSMS=1,,,"01001110","00000101"', asked)
        self.assertEqual(godwit("psm", "01001110", "00000101").stdout, asked)
        rounded = json.loads(godwit("psm", "--json", "--tau", "7d").stdout)
        self.assertEqual(rounded["periodicTau"]["seconds"], 170 * 3600)
        refused = godwit("psm", "01001110", "0000010", status=2)
        self.assertIn("isn't 8 digits long", refused.stderr)
        self.assertEqual(refused.stdout, "")

    def test_edrx_goes_both_ways(self):
        self.assertIn('AT+CEDRXS=2,4,"1000"', godwit("edrx", "--lte-m", "143.36s").stdout)
        read = json.loads(godwit("edrx", "--json", "--nb-iot", "1001").stdout)
        self.assertEqual(read["cycle"]["seconds"], 163.84)
        godwit("edrx", "--nb-iot", "10s", status=2)


class Messages(unittest.TestCase):
    def test_what_is_encoded_is_decoded_again(self):
        text = "Grüße, {Ω} ж " * 20
        parts = [json.loads(line)["pdu"] for line in
                 godwit("sms", "encode", "--json", "--to", "+491738718787", "--", text).stdout.splitlines()]
        self.assertGreater(len(parts), 2)
        (line,) = godwit("sms", "decode", "--submit", "--json", *reversed(parts)).stdout.splitlines()
        self.assertEqual(json.loads(line)["text"], text)

    def test_every_bad_pdu_is_refused_with_its_octet_and_the_good_ones_are_shown(self):
        good = "00040881214365980000620112214300800741A893556E8F00"
        result = godwit("sms", "decode", good[:-2], good, "0G", good + "00", status=2)
        self.assertEqual(result.stdout.count("APN,em#"), 1)
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("PDU 1 ends before octet 25;", lines[0])
        self.assertIn("PDU 3 isn't hexadecimal: octet 1 ", lines[1])
        self.assertIn("PDU 4 ends before octet 26, but goes on;", lines[2])

    def test_hostile_pdus_end_in_a_sentence(self):
        for length in range(0, 400, 7):
            for digit in "0", "4", "F":
                result = subprocess.run(
                    [str(GODWIT), "sms", "decode", digit * length], capture_output=True, text=True,
                    timeout=20, check=False)
                self.assertIn(result.returncode, (0, 2), f"{digit} x {length}")
                self.assertEqual(result.returncode == 2, bool(result.stderr), f"{digit} x {length}")


class Signing(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.key = pathlib.Path(self.folder.name) / "key"
        self.key.write_text(KEY.hex() + "\n")
        os.chmod(self.key, 0o600)

    def sign(self, *words, status=0):
        return godwit("sms", "sign", "--key", str(self.key), "--device", "meadow-7", *words, status=status)

    def test_the_tag_is_what_another_program_computes(self):
        message = self.sign("--counter", "7", "set", "apn=em").stdout
        signed = b"godwit sms 1\0meadow-7\0" + b"7\0set apn=em"
        tag = hmac.new(KEY, signed, hashlib.sha256).hexdigest()[:20].upper()
        self.assertEqual(message, f"gw 7 {tag} set apn=em\n")

    def test_without_a_counter_the_time_of_day_is_taken(self):
        before = int(time.time())
        result = self.sign("status")
        counter = int(result.stdout.split()[1])
        self.assertTrue(before <= counter <= time.time())
        self.assertIn(f"counter {counter}", result.stderr)

    def test_a_key_that_others_may_read_is_refused_and_nothing_of_it_said(self):
        for mode in (0o640, 0o604, 0o644, 0o660):
            os.chmod(self.key, mode)
            result = self.sign("status", status=1)
            self.assertIn("chmod 600", result.stderr)
            self.assertEqual(result.stdout, "")
            self.assertNotIn(KEY.hex()[:8], result.stderr)

    def test_what_is_no_key_is_refused_and_nothing_of_it_said(self):
        for text in ("", "secret-secret!", "00" * 15, "00" * 65, "Zm9v", "0" * 300):
            self.key.write_text(text)
            result = self.sign("status", status=1)
            self.assertIn(str(self.key), result.stderr)
            self.assertNotIn("secret", result.stderr.replace(str(self.key), ""))


if __name__ == "__main__":
    unittest.main()
