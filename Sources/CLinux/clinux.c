// accept4, pipe2, ptsname_r, strerrordesc_np: extensions that the headers must not ask for.
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
