/// One line of a GPIO chip, the same for libgpiod 1.x and 2.x.
///
/// Functions that can fail return the error number negated. Values and edges are logical: 1 is
/// the active level, which for an active-low line is the low one.
#ifndef CGPIOD_H
#define CGPIOD_H

#include <errno.h>
#include <fcntl.h>
#include <gpiod.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/// Who holds the line, as `gpioinfo` shows it.
#define GPIO_CONSUMER "godwit"

#define GPIO_PATH_LIMIT 256

/// The device file of a chip given by name (`gpiochip0`) or by path; false when it is too long.
static inline bool gpio_chip_path(const uint8_t *chip, char *path) {
  const char *format = chip[0] == '/' ? "%s" : "/dev/%s";
  int length = snprintf(path, GPIO_PATH_LIMIT, format, (const char *)chip);
  return length > 0 && length < GPIO_PATH_LIMIT;
}

static inline int gpio_error(void) { return errno != 0 ? -errno : -EIO; }

/// Makes reads of a line's edges return -EAGAIN where there is none, instead of waiting.
static inline int gpio_set_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return -errno;
  return fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

// Neither header names its version, but only 1.x has bulks of limited size.
#ifdef GPIOD_LINE_BULK_MAX_LINES
#include "cgpiod_1.h"
#else
#include "cgpiod_2.h"
#endif

#endif
