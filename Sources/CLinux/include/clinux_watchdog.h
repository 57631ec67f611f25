/// The board's watchdog (Linux, Documentation/watchdog/watchdog-api.rst).
#ifndef CLINUX_WATCHDOG_H
#define CLINUX_WATCHDOG_H

#include <linux/watchdog.h>
#include <sys/ioctl.h>

#include "clinux_base.h"

/// Asks for a limit and says which one holds, in seconds; the negative error number where the driver
/// doesn't tell it.
static inline int32_t linux_watchdog_limit(int32_t descriptor, int32_t seconds) {
  int value = seconds;
  (void)ioctl(descriptor, WDIOC_SETTIMEOUT, &value);
  if (ioctl(descriptor, WDIOC_GETTIMEOUT, &value) != 0) return -errno;
  return value;
}

#endif
