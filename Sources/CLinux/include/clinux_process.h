/// The process's arguments, environment and end, and numbers nobody can guess.
#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H

#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

/// The number of arguments, the program's name included.
int32_t linux_argument_count(void);

/// The argument at `index`, NUL-terminated; NULL when there is none.
const uint8_t *linux_argument(int32_t index);

/// The value of an environment variable, NUL-terminated; NULL when it isn't set.
static inline const uint8_t *linux_environment(const uint8_t *name) {
  return (const uint8_t *)getenv((const char *)name);
}

/// Fills `bytes` from the kernel's generator; `count` is at most 256, so that it comes whole.
static inline int32_t linux_random(uint8_t *bytes, size_t count) {
  long filled = LINUX_RETRY(getrandom(bytes, count, 0));
  if (filled < 0) return (int32_t)filled;
  return (size_t)filled == count ? 0 : -EIO;
}

static inline int32_t linux_process_id(void) { return (int32_t)getpid(); }

/// Ends the process; what standard output still holds is written.
__attribute__((noreturn)) static inline void linux_exit(int32_t status) { exit(status); }

#endif
