/// `godwit-bench help`.
enum Help {
  static var text: String {
    """
    godwit-bench: the host's side of Godwit. Nothing here sends a packet beyond 127.0.0.1.

    godwit-bench desk --config FILE [--godwit PATH] [--module NAME] [--auto] [--reports N]
                      [--limit SECONDS] [--real-time] [--plain] [--seed N] [--fault FAULT]...
                      [--trace FILE] [--sms-port PORT] [--webhook URL]
        The whole chain on one machine: simulated modem, collector and `godwit run`, on one screen;
        plain lines with --plain and when the output is no terminal. --reports N ends with status 0
        once N reports are confirmed, else with 1 after 30 s + N x 20 s (--limit). --module simulates
        another family than quectel-bg95; with --auto the process has to find it out (180 s more).
        --real-time takes the facts' own times and a report every 5 minutes (limit: 120 s + N x 330 s).
        The SMS centre has the platform's API at http://127.0.0.1:8025 (--sms-port; 0: any free one);
        --webhook http://127.0.0.1:PORT/PATH hears of deliveries and of messages from the device.
    godwit-bench wake [--json] [--explain] [--godwit PATH] [--module NAME] [--warm N] [--limit SECONDS]
                      [--seed N] [--trace FILE]
        What one report costs, cold and warm, of every family side by side or of one: exchanges, bytes,
        milliseconds, charge from wake to sleep, and the floor of that charge, reckoned from the facts;
        --explain shows its terms. A family without PSM is shown as standby (JSON: cold, for it was off).
        --page: the same in virtual time, without the host's own, as Markdown (board/wake.md).
    godwit-bench sim --pty PATH --pins PATH [--map NAME[:PORT]=127.0.0.1:PORT]... [--baud N]
                     [--module NAME] [--network accelerated|real] [--stored fresh|configured] [--apn APN] [--seed N]
                     [--fault FAULT]... [--trace FILE] [--json] [--sms-port PORT] [--webhook URL]
        The simulated modem alone. Its UART is the pty linked at --pty, its pins are packets on the
        Unix socket at --pins, its sockets reach what --map names. With --sms-port it has an SMS centre.
    godwit-bench collector --port N [--fault FAULT]... [--seed N] [--json]
        The server's side alone, on 127.0.0.1.
    godwit-bench hil --board board/NAME [--config FILE] [--only N[,N]...] [--junit FILE] [--keep DIR]
                     [--full] [--list]
        Boots a board's image with the simulated modem at its UART and pins and runs the scenarios
        of board/hil.md; TAP on standard output. Real boards need --config hil.conf. The traces of
        failures are kept in --keep (.build/hil/NAME).
    godwit-bench replay FILE [--json]
        Plays a captured session, or what --trace wrote, into the AT engine in virtual time and
        prints each command's outcome, information lines and URCs.
    godwit-bench parse [--megabytes N] [--seed N] [--json]
        How fast the AT engine reads a generated stream of N MiB (64), beside a plain C splitter,
        with heap allocations and, where valgrind is installed, instructions for each line.
    godwit-bench fuzz [--parser engine|log|settings|senml|coap|pdu|signed|forged|dialect|key|dns]
                      [--bytes N|--count N] [--seed N] [--from N]
        Feeds hostile input, the same for the same seed, to each parser of what comes from outside:
        N bytes (100000000), or N cases. A failure is told with the case to run again with --from.
        Ten million commands that aren't genuine: fuzz --parser forged --count 10000000.
    godwit-bench message --from SENDER --text TEXT [--at UTC] [--reference N]
        What the desk's SMS centre makes of a text: a PDU a line, for `godwit sms decode`.
    godwit-bench resolve --port PORT... --name NAME... [--aaaa] [--allow-private] [--seed N]
        The device's own look-up of names, at name servers on ports of 127.0.0.1.
    godwit-bench network
        The accelerated network's values beside the real ones.
    godwit-bench life-cycle [--text]
        The modem's states and changes as SVG (board/life-cycle.svg) or Markdown (life-cycle.md).
    godwit-bench doctor
        All that `godwit doctor` can say (board/doctor.md).
    godwit-bench causes
        What is done about each refusal of a network, and the limits (board/causes.md).
    godwit-bench sleep
        How each module rests, by grant and report interval (board/sleep.md).
    godwit-bench dialects
        Other makers' commands by SMS, with their answers (board/dialects.md).

    The modem's faults:
    \(lines(FaultText.table))

    The collector's faults:
    \(lines(CollectorFaultText.table))
    """
  }

  private static func lines(_ table: [(form: String, meaning: String)]) -> String {
    table.map { form, meaning in
      "  \(form)" + String(repeating: " ", count: max(1, 24 - form.count)) + meaning
    }.joined(separator: "\n")
  }
}
