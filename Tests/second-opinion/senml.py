#!/usr/bin/env python3
"""A second opinion on the SenML packs of Tests/TelemetryTests/SenMLVectors.swift.

Reads their hex, decodes it with cbor2 (a CBOR library that shares nothing with ours), resolves the
records as RFC 8428 section 4.6 says, compares them with the tables below, and encodes the pack
again in cbor2's shortest form, which must give the same bytes.

Run:  python3 -m venv /tmp/venv && /tmp/venv/bin/pip install cbor2 &&
      /tmp/venv/bin/python Tests/second-opinion/senml.py
"""
import pathlib
import re
import sys
from decimal import Decimal

import cbor2

VECTORS = pathlib.Path(__file__).parent.parent / "TelemetryTests" / "SenMLVectors.swift"
EVENING = 1795386527
DEVICE = "meadow-7:"
UNTIMED = DEVICE + "godwit/untimed/"

# name -> (resolved name, value, unit, time): the pack's meaning, in any order.
MEANING = {
    "nothing": [],
    "one reading": [(DEVICE + "temp", "21.5", "Cel", EVENING)],
    "one of each": [
        (DEVICE + "load", "0.35", None, EVENING),
        (DEVICE + "uptime", "86400", "s", EVENING),
        (DEVICE + "temp", "-4.25", "Cel", EVENING + Decimal("0.5")),
    ],
    "a name repeats": [
        (DEVICE + "temp", "21.5", "Cel", EVENING),
        (DEVICE + "load", "1", None, EVENING),
        (DEVICE + "temp", "21.4", "Cel", EVENING + 60),
        (DEVICE + "load", "0.98", None, EVENING + 60),
        (DEVICE + "temp", "21.25", "Cel", EVENING + 120),
        (DEVICE + "load", "-1000", None, EVENING + 120),
        (DEVICE + "temp", "21", "Cel", EVENING + Decimal("179.999")),
        (DEVICE + "door", "1", None, EVENING + 60),
    ],
    "times of every kind": [
        (UNTIMED + "temp", "1", "Cel", 0),
        (UNTIMED + "load", "2", None, 0),
        (DEVICE + "temp", "3", "Cel", -60),
        (DEVICE + "temp", "4", "Cel", EVENING),
        (DEVICE + "load", "5", None, EVENING - 1),
        (DEVICE + "godwit/lost", "300", "count", 0),
    ],
    "only losses": [(DEVICE + "godwit/lost", "70000", "count", 0)],
    "extreme numbers": [
        (DEVICE + "a", "999999999999999999", None, EVENING),
        (DEVICE + "b", "0.000000000000000001", None, EVENING),
        (DEVICE + "c", "-999000000000000000", None, EVENING),
        (DEVICE + "d", "123456789012345678000000000000000000", None, EVENING),
        (DEVICE + "e", "0", None, EVENING),
    ],
}


def resolved(pack):
    name, time, unit, records = "", 0, None, []
    for record in pack:
        name, time = record.get(-2, name), record.get(-3, time)
        unit = record.get(-4, unit)
        moment = time + record.get(6, 0)
        records.append((name + record.get(0, ""), record[2], record.get(1, unit), moment))
    return records


def normal(records):
    return sorted(
        (name, Decimal(value), unit or "", Decimal(time)) for name, value, unit, time in records)


def main():
    text = VECTORS.read_text()
    found = re.findall(r'name: "([^"]*)".*?hex:\s*((?:"[0-9A-F]*"[\s+]*)+)', text, re.DOTALL)
    vectors = {name: "".join(re.findall(r'"([0-9A-F]*)"', literal)) for name, literal in found}
    failures = 0
    for name, meaning in MEANING.items():
        problems = []
        if name not in vectors:
            problems = ["is not among the vectors"]
        else:
            data = bytes.fromhex(vectors[name])
            pack = cbor2.loads(data)
            if normal(resolved(pack)) != normal(meaning):
                problems.append(f"means {resolved(pack)}")
            if cbor2.dumps(pack) != data:
                problems.append(f"is {cbor2.dumps(pack).hex()} by cbor2")
        for problem in problems:
            print(f"{name}: {problem}")
        failures += bool(problems)
    for name in vectors.keys() - MEANING.keys():
        print(f"{name}: has no table here")
        failures += 1
    print(f"{len(MEANING)} packs, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
