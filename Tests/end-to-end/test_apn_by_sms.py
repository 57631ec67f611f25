"""Settings by SMS as in production: `curl` to the platform's call, a trial, the answer at the webhook.

The README's chapter is executed as it stands there, against `board/desk/run`.
"""

import contextlib
import re
import subprocess
import time
import unittest

from desk import TOP, Program
from hub import Receiver

STATE = TOP / "board/desk/state"
CHAPTER = "Change the APN by SMS"


def commands_of_the_readme():
    """The chapter's blocks of shell commands, in their order."""
    chapter = (TOP / "README.md").read_text().split(f"## {CHAPTER}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def shell(commands):
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}"
    return done.stdout


class TheReadme(unittest.TestCase):
    def setUp(self):
        # As on a clean clone: nothing is set, and the device gets its key from the script.
        for left in [*STATE.glob("spool.db*"), STATE / "key"]:
            left.unlink(missing_ok=True)

    def test_the_apn_is_changed_and_a_wrong_one_rolls_back(self):
        begin, *commands = commands_of_the_readme()
        with Receiver() as receiver, contextlib.ExitStack() as stack:
            desk = Program("desk", [TOP / "board/desk/run", "--plain", "--webhook", receiver.url], TOP)
            stack.callback(desk.stop)
            desk.wait_for_text("control: ready", 400)
            desk.wait_for_text("report 1 confirmed", 60)
            # The usual port may be taken by another desk.
            port = re.search(r"POST http://127.0.0.1:(\d+)/", desk.wait_for_text("SMS: POST", 5)[0])[1]
            begin = begin.replace(":8025/", f":{port}/")
            right, look, wrong, tracker = [begin + command for command in commands]
            self.assertIn("APN       em\n", shell(look))
            shell(right)
            desk.wait_for_text("trial: begins: apn=emnify", 60)
            status = shell(look)
            self.assertIn("APN       emnify\n", status)
            self.assertIn("trial     apn=emnify: on trial", status)
            desk.wait_for_text("trial: apn=emnify: kept: they have proven themselves", 60)
            receiver.wait_for_answer(r"^desk ok apn=emnify$", 20)
            self.assertIn("APN       emnify\n", shell(look))
            time.sleep(1.1)  # The counter of a signature is the time in seconds.
            shell(wrong)
            desk.wait_for_text("trial: begins: apn=wrong", 60)
            self.assertIn("APN       wrong\n", shell(look))
            desk.wait_for_text("trial: apn=wrong: undone", 180)
            receiver.wait_for_answer(r"^desk undone apn=wrong: no report went through them in time$", 60)
            self.assertIn("APN       emnify\n", shell(look))
            # In another maker's words, which prove nothing: the desk takes them all the same.
            shell(tracker)
            desk.wait_for_text("trial: apn=em: kept", 90)
            self.assertIn("APN       em\n", shell(look))
            # All of it stands among the screen's events, in the platform's words too.
            self.assertTrue([line for line in desk.lines if " sms: " in line])
            self.assertEqual(desk.stop(), 0)


if __name__ == "__main__":
    unittest.main()
