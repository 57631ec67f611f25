/// How the program ends, as scripts see it.
enum ExitStatus: Int32 {
  case done = 0
  /// It was tried and it failed: a reading was refused, a device can't be used.
  case failed = 1
  /// The command line or the configuration is wrong; nothing was touched.
  case usage = 2
  /// The running process can't be reached.
  case unreachable = 3
  /// `godwit run` ended because the modem doesn't come back: the board is to be started anew.
  case boardRestart = 4
}
