#!/usr/bin/env python3
"""A second opinion on `godwit sms decode` and `godwit sms encode`.

PDUs are generated from a seed and go both ways between godwit and two libraries that share nothing
with it, smspdudecoder and python-messaging:

- messages to the device, put together from smspdudecoder's elements (GSM 7-bit with extensions, UCS-2
  with surrogates, 8-bit data; whole, in 8-bit and in 16-bit parts), and status reports: godwit must
  read what was put in, and at least one of the libraries must read the same;
- messages from the device made by python-messaging: godwit must read them;
- messages from the device made by godwit: smspdudecoder must read them, and where python-messaging
  cuts a text as the standard says, its PDUs must be the same octets;
- messages to the device made by the desk's SMS centre (`godwit-bench message`): at least one of the
  libraries must read them, and godwit the same.

Not covered: national tables, ports and TP-PI, which neither library reads.

usage: sms.py GODWIT [SEED [COUNT]]     needs: pip install -r Tests/second-opinion/requirements.txt
"""

import datetime
import json
import logging
import pathlib
import random
import subprocess
import sys
from collections import Counter

from messaging.sms import SmsDeliver, SmsSubmit
from smspdudecoder.codecs import GSM, UCS2
from smspdudecoder.easy import read_incoming_sms, read_outgoing_sms
from smspdudecoder.elements import Date, Number

EXTENSION = "^{}\\[~]|€\f"
PLAIN = [c for c in GSM.ALPHABET if c not in "\x1b\r\f"]
WIDE = "ąжשは漢字ç`–😀🛰"
SMSC = "0791947106004034"
VALIDITY = datetime.timedelta(hours=24)


class Disagreement(Exception):
    pass


def godwit(program, *words):
    result = subprocess.run(
        [program, "sms", *words], capture_output=True, text=True, timeout=60, check=False)
    if result.returncode != 0:
        raise Disagreement(f"godwit refused: {result.stderr.strip()}")
    return [json.loads(line) for line in result.stdout.splitlines()]


def number(dice):
    digits = "".join(dice.choice("0123456789") for _ in range(dice.randint(3, 15)))
    return dice.choice(["", "+"]) + digits


def address(text):
    digits = text.lstrip("+")
    return f"{len(digits):02X}{'91' if text[0] == '+' else '81'}{Number.encode(digits)}".upper()


def moment(dice):
    zone = datetime.timezone(datetime.timedelta(minutes=15 * dice.randint(-48, 56)))
    return datetime.datetime(
        dice.randint(2001, 2068), dice.randint(1, 12), dice.randint(1, 28), dice.randint(0, 23),
        dice.randint(0, 59), dice.randint(0, 59), tzinfo=zone)


def gsm_text(dice, longest):
    text, room = "", dice.randint(0, longest)
    while room > 1:
        extended = dice.random() < 0.15
        text += dice.choice(EXTENSION if extended else PLAIN)
        room -= 2 if extended else 1
    return text


def ucs2_text(dice, longest):
    text = dice.choice(WIDE[:-2])
    while True:
        character = dice.choice(WIDE + "abc 123")
        if len((text + character).encode("utf-16-be")) > longest or dice.random() < 0.02:
            return text
        text += character


def user_data(kind, content, header=b""):
    """TP-UDL and TP-UD."""
    if kind != "gsm7":
        body = content if kind == "8bit" else bytes.fromhex(UCS2.encode(content))
        return bytes([len(header) + len(body)]) + header + body
    septets = (len(header) * 8 + 6) // 7
    units = septets + sum(2 if c in EXTENSION else 1 for c in content)
    # '@' is septet 0: it keeps the header's room free.
    packed = bytes.fromhex(GSM.encode("@" * septets + content)) if units else b""
    return bytes([units]) + header + packed[len(header):]


def deliver(dice, kind, content, sender, sent, header=b""):
    first = dice.choice([0x04, 0x00, 0x24]) | (0x40 if header else 0)
    coding = {"gsm7": 0x00, "8bit": 0x04, "ucs2": 0x08}[kind]
    return (
        dice.choice([SMSC, "00"]) + f"{first:02X}" + address(sender) + f"00{coding:02X}"
        + Date.encode(sent) + user_data(kind, content, header).hex()).upper()


def libraries(pdu, kind):
    """What each library reads in a message to the device."""
    read = {}
    for name, reader in (
        ("smspdudecoder", lambda: read_incoming_sms(pdu)["content"]),
        ("python-messaging", lambda: SmsDeliver(pdu).text),
    ):
        try:
            content = reader()
            if kind == "ucs2":
                content = content.encode("utf-16-be", "surrogatepass").decode("utf-16-be")
            read[name] = content
        except Exception as error:  # Whatever a library raises is its answer.
            read[name] = error
    return read


def expect(what, expected, actual):
    if expected != actual:
        raise Disagreement(f"{what} is {actual!r} instead of {expected!r}")


def content_of(kind, message):
    return bytes.fromhex(message["data"]) if kind == "8bit" else message["text"]


def pieces(dice, kind, count, width):
    """The contents of a long message's parts, as full as they get or not."""
    if kind == "gsm7":
        return [gsm_text(dice, 153 if width == 8 else 152) for _ in range(count)]
    if kind == "ucs2":
        return [ucs2_text(dice, 134 if width == 8 else 132) for _ in range(count)]
    return [dice.randbytes(dice.randint(1, 134 if width == 8 else 133)) for _ in range(count)]


def concatenation(width, reference, count, part):
    if width == 8:
        return bytes([5, 0x00, 3, reference & 0xFF, count, part])
    return bytes([6, 0x08, 4, reference >> 8, reference & 0xFF, count, part])


def to_device(program, dice, tally):
    kind = dice.choice(["gsm7", "ucs2", "8bit"])
    width = dice.choice([None, 8, 16])
    count = 1 if width is None else dice.randint(2, 5)
    reference = dice.randrange(256 if width == 8 else 65536)
    sender, sent = number(dice), moment(dice)
    if width is None:
        contents = {
            "gsm7": lambda: [gsm_text(dice, 160)], "ucs2": lambda: [ucs2_text(dice, 140)],
            "8bit": lambda: [dice.randbytes(dice.randint(0, 140))],
        }[kind]()
    else:
        contents = pieces(dice, kind, count, width)
    pdus = [
        deliver(
            dice, kind, content, sender, sent,
            b"" if width is None else concatenation(width, reference, count, index + 1))
        for index, content in enumerate(contents)]
    for pdu, content in zip(pdus, contents):
        read = libraries(pdu, kind)
        agreeing = [name for name, said in read.items() if said == content]
        tally.update(agreeing)
        if not agreeing:
            raise Disagreement(f"{pdu}: the libraries read {read} instead of {content!r}")
    order = pdus[:]
    dice.shuffle(order)
    messages = godwit(program, "decode", "--json", *order)
    expect("the number of messages", 1, len(messages))
    message = messages[0]
    expect("encoding", kind, message["encoding"])
    expect("content", contents[0][:0].join(contents), content_of(kind, message))
    expect("sender", sender, message["sender"])
    expect("timestamp", sent, datetime.datetime.fromisoformat(message["timestamp"]))
    expect("parts", None if width is None else count, message["parts"])
    expect("reference", None if width is None else reference, message["reference"])


def status_report(program, dice, tally):
    reference, recipient, status = dice.randrange(256), number(dice), dice.randrange(128)
    sent, settled = moment(dice), moment(dice)
    pdu = (
        SMSC + f"06{reference:02X}" + address(recipient) + Date.encode(sent) + Date.encode(settled)
        + f"{status:02X}").upper()
    second = SmsDeliver(pdu).sr
    expect("python-messaging's recipient", recipient, second["recipient"])
    expect("python-messaging's status", status, second["status"])
    expect("python-messaging's time", sent.replace(tzinfo=None), second["scts"])
    (message,) = godwit(program, "decode", "--json", pdu)
    expect("kind", "status-report", message["kind"])
    expect("recipient", recipient, message["recipient"])
    expect("reference", reference, message["reference"])
    expect("status", status, message["status"])
    expect("timestamp", sent, datetime.datetime.fromisoformat(message["timestamp"]))
    expect("discharge", settled, datetime.datetime.fromisoformat(message["discharge"]))
    tally["python-messaging"] += 1


def submit_text(dice):
    longest = dice.choice([20, 160, 400])
    if dice.random() < 0.5:
        return gsm_text(dice, longest).strip() or "x"
    return ucs2_text(dice, longest).strip() or "ж"


def from_library(program, dice, tally):
    text, recipient = submit_text(dice), number(dice)
    submit = SmsSubmit(recipient, text)
    submit.validity, submit.ref, submit.rand_id = VALIDITY, dice.randrange(256), dice.randrange(256)
    if any(ord(c) > 0xFFFF for c in text):
        return  # It writes such characters in five digits.
    try:
        parts = submit.to_pdu()
    except UnicodeDecodeError:
        return  # It can't put a part together that has characters beyond ASCII.
    messages = godwit(program, "decode", "--submit", "--json", *(part.pdu for part in parts))
    expect("the number of messages", 1, len(messages))
    expect("recipient", recipient, messages[0]["recipient"])
    expect("text", text, messages[0]["text"])
    tally["python-messaging"] += 1


def without_spare_bits(content, pdu):
    """smspdudecoder's content of a message from the device without what it makes of spare bits.

    It cuts a text to TP-UDL characters, but that counts septets: where an extended character made
    the text shorter, seven spare bits at the end come out as '@'.
    """
    digits = int(pdu[6:8], 16)
    place = 10 + 2 * ((digits + 1) // 2) + 6
    is_full = int(pdu[place:place + 2], 16) % 8 == 7
    if is_full and pdu[place - 4:place - 2] == "00" and any(c in EXTENSION for c in content):
        return content.removesuffix("@")
    return content


def from_godwit(program, dice, tally):
    text, recipient = submit_text(dice), number(dice)
    parts = godwit(program, "encode", "--json", "--to", recipient, "--", text)
    # It also takes a header's octets for septets, and an escape among them for one: so what it says
    # of a long message in the GSM alphabet counts only where it is right.
    joined = ""
    for part in parts:
        pdu = part["pdu"]
        expect("the length for AT+CMGS", len(pdu) // 2 - 1, part["length"])
        expect("the longest part", True, part["length"] <= 164)
        second = read_outgoing_sms(pdu)
        expect("smspdudecoder's recipient", recipient, second["recipient"])
        joined += without_spare_bits(second["content"], pdu)
    if part["encoding"] == "ucs2" or len(parts) == 1 or joined == text:
        expect("smspdudecoder's text", text, joined)
        tally["smspdudecoder"] += 1
    wide = any(ord(c) > 0xFFFF for c in text)
    if len(parts) == 1 and not wide:
        submit = SmsSubmit(recipient, text)
        submit.validity, submit.ref = VALIDITY, 0
        (same,) = submit.to_pdu()
        expect("the PDU beside python-messaging's", same.pdu, parts[0]["pdu"])
        tally["python-messaging"] += 1
    messages = godwit(program, "decode", "--submit", "--json", *(part["pdu"] for part in parts))
    expect("its own text", [text], [message["text"] for message in messages])


def from_centre(program, dice, tally):
    """What the desk's SMS centre makes: at least one of the libraries and godwit must read it."""
    kind = dice.choice(["gsm7", "ucs2"])
    text = gsm_text(dice, 500) if kind == "gsm7" else "".join(dice.choice(WIDE + "ab 1") for _ in range(
        dice.randint(1, 200))) + "ж"
    sender, sent = number(dice), moment(dice).astimezone(datetime.timezone.utc)
    bench = pathlib.Path(program).with_name("godwit-bench")
    result = subprocess.run(
        [bench, "message", f"--from={sender}", f"--text={text}", "--reference", str(dice.randrange(256)),
         "--at", sent.strftime("%Y-%m-%dT%H:%M:%SZ")],
        capture_output=True, text=True, timeout=60, check=False)
    if result.returncode != 0:
        raise Disagreement(f"the centre refused {text!r}: {result.stderr.strip()}")
    pdus = result.stdout.split()
    read = [libraries(pdu, kind) for pdu in pdus]
    agreeing = [
        name for name in read[0]
        if all(isinstance(part[name], str) for part in read)
        and "".join(part[name] for part in read) == text]
    tally.update(agreeing)
    if not agreeing:
        raise Disagreement(f"{pdus}: the libraries read {read} instead of {text!r}")
    first = read_incoming_sms(pdus[0])
    expect("the sender in another's eyes", sender.lstrip("+"), first["sender"].lstrip("+"))
    expect("the time in another's eyes", sent, first["date"])
    dice.shuffle(pdus)
    messages = godwit(program, "decode", "--json", *pdus)
    expect("the number of messages", 1, len(messages))
    expect("the centre's text", text, messages[0]["text"])
    expect("the centre's sender", sender, messages[0]["sender"])
    expect("the centre's time", sent, datetime.datetime.fromisoformat(messages[0]["timestamp"]))


CHECKS = [to_device, to_device, to_device, status_report, from_library, from_godwit, from_godwit, from_centre]


def main(arguments):
    if not 1 <= len(arguments) <= 3:
        print(__doc__, file=sys.stderr)
        return 2
    logging.disable(logging.CRITICAL)
    program = arguments[0]
    seed = int(arguments[1]) if len(arguments) > 1 else 20261123
    count = int(arguments[2]) if len(arguments) > 2 else 300
    failures, tally = 0, Counter()
    for case in range(count):
        check = CHECKS[case % len(CHECKS)]
        try:
            check(program, random.Random(f"{seed}/{case}"), tally)
        except Disagreement as error:
            print(f"seed {seed}, case {case}, {check.__name__}: {error}")
            failures += 1
    for name in ("smspdudecoder", "python-messaging"):
        print(f"{name} agreed {tally[name]} times")
        if tally[name] < count // 10:
            print(f"{name} agreed too seldom to be an opinion")
            failures += 1
    print(f"{count - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
