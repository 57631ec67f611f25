import Glibc
import Primitives

/// The descriptors that one turn of the loop waits for, and what the wait found.
struct PollSet {
  private var entries: [pollfd] = []

  /// Waits for `number` to become readable, and for its other side to go away.
  mutating func addReadable(_ number: Int32) { add(number, POLLIN) }

  /// Waits for `number` to take bytes.
  mutating func addWritable(_ number: Int32) { add(number, POLLOUT) }

  /// Sleeps until a descriptor is ready or `deadline` has come; nil waits for descriptors alone.
  mutating func wait(until deadline: Instant?, now: Instant) {
    var milliseconds: Int32 = -1
    if let deadline {
      // Rounded up, so that the deadline has come when the wait ends.
      let left = (max(.zero, deadline - now).wholeNanoseconds + 999_999) / 1_000_000
      milliseconds = Int32(clamping: left)
    }
    if poll(&entries, nfds_t(entries.count), milliseconds) < 0 {
      for index in entries.indices { entries[index].revents = 0 }
    }
  }

  /// Whether there is nothing to wait for.
  var isEmpty: Bool { entries.isEmpty }

  /// Whether the wait ended for a descriptor.
  var isAnyReady: Bool { entries.contains { $0.revents != 0 } }

  func isReadable(_ number: Int32) -> Bool { has(number, POLLIN | POLLHUP | POLLERR) }
  func isWritable(_ number: Int32) -> Bool { has(number, POLLOUT | POLLHUP | POLLERR) }

  private mutating func add(_ number: Int32, _ events: Int32) {
    if let index = entries.firstIndex(where: { $0.fd == number }) {
      entries[index].events |= Int16(events)
    } else {
      entries.append(pollfd(fd: number, events: Int16(events), revents: 0))
    }
  }

  private func has(_ number: Int32, _ events: Int32) -> Bool {
    entries.contains { $0.fd == number && $0.revents & Int16(events) != 0 }
  }
}
