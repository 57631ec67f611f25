/// Error numbers and the one rule by which results are given back.
#ifndef CLINUX_BASE_H
#define CLINUX_BASE_H

#include <errno.h>
#include <stdint.h>
#include <time.h>

// A board that forgets its 64-bit time in 2038 must not build (armv7: -D_TIME_BITS=64).
_Static_assert(sizeof(time_t) == 8, "time_t must have 64 bits");

static const int32_t linux_EPERM = EPERM;
static const int32_t linux_ENOENT = ENOENT;
static const int32_t linux_EINTR = EINTR;
static const int32_t linux_EIO = EIO;
static const int32_t linux_ENXIO = ENXIO;
static const int32_t linux_EBADF = EBADF;
static const int32_t linux_EAGAIN = EAGAIN;
static const int32_t linux_EACCES = EACCES;
static const int32_t linux_EBUSY = EBUSY;
static const int32_t linux_ENODEV = ENODEV;
static const int32_t linux_ENOTDIR = ENOTDIR;
static const int32_t linux_EINVAL = EINVAL;
static const int32_t linux_ENOTTY = ENOTTY;
static const int32_t linux_ENOSPC = ENOSPC;
static const int32_t linux_EROFS = EROFS;
static const int32_t linux_EPIPE = EPIPE;
static const int32_t linux_EFBIG = EFBIG;
static const int32_t linux_EPROTOTYPE = EPROTOTYPE;
static const int32_t linux_ENAMETOOLONG = ENAMETOOLONG;
static const int32_t linux_EADDRINUSE = EADDRINUSE;
static const int32_t linux_ECONNREFUSED = ECONNREFUSED;
static const int32_t linux_ECONNRESET = ECONNRESET;
static const int32_t linux_ETIMEDOUT = ETIMEDOUT;

/// A C library result: -1 becomes the negated error number, anything else stays.
static inline long linux_result(long result) { return result == -1 ? -(long)errno : result; }

/// The same for a call that a signal may cut short: it is repeated until it isn't.
#define LINUX_RETRY(call) \
  __extension__({ \
    long linux_retry_result; \
    do { \
      linux_retry_result = (long)(call); \
    } while (linux_retry_result == -1 && errno == EINTR); \
    linux_result(linux_retry_result); \
  })

/// What an error number means, in English whatever the locale: "No such file or directory".
const uint8_t *linux_error_text(int32_t number);

#endif
