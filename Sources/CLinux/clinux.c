// accept4, pipe2, ppoll, ptsname_r, strerrordesc_np: extensions that the headers must not ask for.
#define _GNU_SOURCE 1

#include "clinux.h"

#include <stdlib.h>

static int32_t argument_count;
static char **arguments;

// glibc hands main's arguments to constructors as well (elf/dl-init.c, csu/libc-start.c): the
// only way to them in Embedded Swift, whose main takes none.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}

int32_t linux_argument_count(void) { return argument_count; }

const uint8_t *linux_argument(int32_t index) {
  return index >= 0 && index < argument_count ? (const uint8_t *)arguments[index] : NULL;
}

const uint8_t *linux_error_text(int32_t number) {
  const char *text = strerrordesc_np(number);
  return (const uint8_t *)(text != NULL ? text : "unknown error");
}

int32_t linux_accept(int32_t descriptor) {
  return (int32_t)LINUX_RETRY(accept4(descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

int32_t linux_pipe(int32_t *read_end, int32_t *write_end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -errno;
  *read_end = ends[0];
  *write_end = ends[1];
  return 0;
}

int32_t linux_poll(
  struct linux_watch *watches, int32_t count, const struct linux_time *timeout
) {
  struct pollfd polled[linux_watch_limit];
  if (count > linux_watch_limit) return -EINVAL;
  for (int32_t index = 0; index < count; index++) {
    uint32_t conditions = watches[index].conditions;
    polled[index].fd = watches[index].descriptor;
    polled[index].events = (short)((conditions & linux_readable ? POLLIN : 0)
      | (conditions & linux_writable ? POLLOUT : 0));
    polled[index].revents = 0;
  }
  struct timespec limit = {0, 0};
  if (timeout != NULL) {
    limit.tv_sec = timeout->seconds;
    limit.tv_nsec = (long)timeout->nanoseconds;
  }
  long ready = linux_result(
    ppoll(polled, (nfds_t)count, timeout != NULL ? &limit : NULL, NULL));
  for (int32_t index = 0; index < count; index++) {
    short found = ready > 0 ? polled[index].revents : 0;
    watches[index].found = (found & POLLIN ? linux_readable : 0u)
      | (found & POLLOUT ? linux_writable : 0u)
      | (found & (POLLHUP | POLLERR | POLLNVAL) ? linux_hung_up : 0u);
  }
  return (int32_t)ready;
}

int32_t linux_pty_open(uint8_t *path, size_t room) {
  long end = linux_result(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (end < 0) return (int32_t)end;
  int error = 0;
  if (grantpt((int)end) != 0 || unlockpt((int)end) != 0) error = errno;
  if (error == 0) error = ptsname_r((int)end, (char *)path, room);
  if (error == 0) return (int32_t)end;
  close((int)end);
  return -error;
}

static void interrupt_only(int number) { (void)number; }

long linux_read_within(int32_t descriptor, uint8_t *bytes, size_t room, int32_t limit_ms) {
  struct sigaction alarm_action = {0}, former;
  // Without SA_RESTART, so that the read ends.
  alarm_action.sa_handler = interrupt_only;
  if (sigaction(SIGALRM, &alarm_action, &former) != 0) return -errno;
  struct timeval limit = {limit_ms / 1000, limit_ms % 1000 * 1000};
  // It repeats: the first one may ring before the read has begun.
  struct itimerval timer = {limit, limit}, none = {{0, 0}, {0, 0}};
  if (setitimer(ITIMER_REAL, &timer, NULL) != 0) return -errno;
  long result = linux_result(read(descriptor, bytes, room));
  setitimer(ITIMER_REAL, &none, NULL);
  sigaction(SIGALRM, &former, NULL);
  return result;
}

static struct termios terminal_before;
static int is_terminal_changed;

int32_t linux_terminal_edit(void) {
  if (is_terminal_changed) return 0;
  if (tcgetattr(STDIN_FILENO, &terminal_before) != 0) return -errno;
  struct termios edited = terminal_before;
  edited.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
  edited.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
  edited.c_cc[VMIN] = 1;
  edited.c_cc[VTIME] = 0;
  if (tcsetattr(STDIN_FILENO, TCSANOW, &edited) != 0) return -errno;
  is_terminal_changed = 1;
  return 0;
}

void linux_terminal_restore(void) {
  if (is_terminal_changed) (void)tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
  is_terminal_changed = 0;
}
