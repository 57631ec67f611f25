/// ppoll, epoll, signalfd and eventfd.
#ifndef CLINUX_EVENTS_H
#define CLINUX_EVENTS_H

#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

/// What a descriptor is watched for, and what it was found ready for.
static const uint32_t linux_readable = 1;
static const uint32_t linux_writable = 2;
/// The other end hung up or the descriptor is in error; always watched.
static const uint32_t linux_hung_up = 4;

/// The most descriptors that one wait reports.
#define linux_ready_limit 32

struct linux_ready {
  uint32_t token;
  uint32_t conditions;
};

/// The most descriptors that `linux_poll` takes.
#define linux_watch_limit 16

/// A descriptor, what it is watched for, and what it was found ready for.
struct linux_watch {
  int32_t descriptor;
  uint32_t conditions;
  uint32_t found;
};

/// ppoll(2) of `count` descriptors, at most for `timeout` (NULL: for ever). A negative descriptor
/// is passed over. Returns how many are ready; -EINTR when a signal ended the wait.
int32_t linux_poll(
  struct linux_watch *watches, int32_t count, const struct linux_time *timeout);

static inline int32_t linux_epoll(void) {
  return (int32_t)linux_result(epoll_create1(EPOLL_CLOEXEC));
}

static inline uint32_t linux_epoll_mask(uint32_t conditions) {
  return (conditions & linux_readable ? EPOLLIN : 0u)
    | (conditions & linux_writable ? EPOLLOUT : 0u);
}

static inline int32_t linux_epoll_control(
  int32_t epoll, int operation, int32_t descriptor, uint32_t token, uint32_t conditions
) {
  struct epoll_event event;
  memset(&event, 0, sizeof event);
  event.events = linux_epoll_mask(conditions);
  event.data.u64 = token;
  return (int32_t)linux_result(epoll_ctl(epoll, operation, descriptor, &event));
}

static inline int32_t linux_epoll_add(
  int32_t epoll, int32_t descriptor, uint32_t token, uint32_t conditions
) {
  return linux_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, token, conditions);
}

static inline int32_t linux_epoll_change(
  int32_t epoll, int32_t descriptor, uint32_t token, uint32_t conditions
) {
  return linux_epoll_control(epoll, EPOLL_CTL_MOD, descriptor, token, conditions);
}

static inline int32_t linux_epoll_remove(int32_t epoll, int32_t descriptor) {
  return linux_epoll_control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

/// Waits until something is ready, at most `timeout_ms` (-1: for ever, 0: not at all).
///
/// Returns how many of `ready` (room for `linux_ready_limit`) were filled. A signal doesn't end
/// the wait.
static inline int32_t linux_epoll_wait(
  int32_t epoll, struct linux_ready *ready, int32_t timeout_ms
) {
  struct epoll_event events[linux_ready_limit];
  long count = LINUX_RETRY(epoll_wait(epoll, events, linux_ready_limit, timeout_ms));
  for (long index = 0; index < count; index++) {
    uint32_t found = events[index].events;
    ready[index].token = (uint32_t)events[index].data.u64;
    ready[index].conditions = (found & EPOLLIN ? linux_readable : 0u)
      | (found & EPOLLOUT ? linux_writable : 0u)
      | (found & (EPOLLHUP | EPOLLERR) ? linux_hung_up : 0u);
  }
  return (int32_t)count;
}

static const int32_t linux_SIGHUP = SIGHUP;
static const int32_t linux_SIGINT = SIGINT;
static const int32_t linux_SIGTERM = SIGTERM;

/// A descriptor that becomes readable at SIGTERM, SIGINT and SIGHUP, which no longer interrupt
/// anything. SIGPIPE is ignored from here on.
static inline int32_t linux_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) return -errno;
  if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -errno;
  return (int32_t)linux_result(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

/// The number of the next signal, or -EAGAIN.
static inline int32_t linux_next_signal(int32_t signals) {
  struct signalfd_siginfo info;
  long count = LINUX_RETRY(read(signals, &info, sizeof info));
  if (count < 0) return (int32_t)count;
  return count == sizeof info ? (int32_t)info.ssi_signo : -EIO;
}

/// An event counter: `linux_event_raise` makes it readable, `linux_event_clear` ends that.
static inline int32_t linux_event(void) {
  return (int32_t)linux_result(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

static inline int32_t linux_event_raise(int32_t event) {
  return (int32_t)linux_result(eventfd_write(event, 1));
}

static inline int32_t linux_event_clear(int32_t event) {
  eventfd_t count;
  return (int32_t)linux_result(eventfd_read(event, &count));
}

#endif
