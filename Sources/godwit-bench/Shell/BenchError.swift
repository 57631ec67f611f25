import Glibc

/// Why the bench couldn't do what it was asked: what was wrong, then what to do about it.
struct BenchError: Error, Equatable, CustomStringConvertible {
  let what: String
  let remedy: String
  /// The process's exit status: 2 for what the caller typed, 1 for what the machine refused.
  let status: Int32

  init(_ what: String, remedy: String, status: Int32 = 1) {
    self.what = what
    self.remedy = remedy
    self.status = status
  }

  /// A wrong command line.
  static func usage(_ what: String) -> BenchError {
    BenchError(what, remedy: "`godwit-bench help` lists every command and option", status: 2)
  }

  /// A system call that failed just now; reads `errno`.
  static func system(_ doing: String, remedy: String) -> BenchError {
    BenchError("\(doing): \(String(cString: strerror(errno)))", remedy: remedy)
  }

  var description: String { "\(what); \(remedy)" }
}
