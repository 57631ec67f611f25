/// Serial lines and pseudo-terminals (termios(3), tty_ioctl(4), pty(7)).
#ifndef CLINUX_SERIAL_H
#define CLINUX_SERIAL_H

#include <fcntl.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/// The C library's code for a baud rate; B0 for one that it has no code for.
static inline speed_t linux_baud_code(int32_t baud) {
  switch (baud) {
  case 1200: return B1200;
  case 2400: return B2400;
  case 4800: return B4800;
  case 9600: return B9600;
  case 19200: return B19200;
  case 38400: return B38400;
  case 57600: return B57600;
  case 115200: return B115200;
  case 230400: return B230400;
  case 460800: return B460800;
  case 500000: return B500000;
  case 576000: return B576000;
  case 921600: return B921600;
  default: return B0;
  }
}

static inline int32_t linux_is_baud_rate(int32_t baud) { return linux_baud_code(baud) != B0; }

/// Opens a serial device non-blocking and without waiting for its carrier.
static inline int32_t linux_serial_open(const uint8_t *path) {
  return (int32_t)LINUX_RETRY(
    open((const char *)path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
}

/// Makes the device ours alone: -EBUSY when another process holds it.
///
/// TIOCEXCL stops later openers except root; the lock stops those who look for it, root included.
static inline int32_t linux_serial_claim(int32_t descriptor) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return errno == EWOULDBLOCK ? -EBUSY : -errno;
  return (int32_t)linux_result(ioctl(descriptor, TIOCEXCL));
}

/// Sets raw 8N1 at `baud`, with or without RTS/CTS, carrier ignored, and drops what had been
/// received. Read back afterwards: -EINVAL when the driver didn't take the rate or the flow control.
static inline int32_t linux_serial_configure(int32_t descriptor, int32_t baud, int32_t rts_cts) {
  speed_t speed = linux_baud_code(baud);
  struct termios line;
  if (speed == B0) return -EINVAL;
  if (tcgetattr(descriptor, &line) != 0) return -errno;
  cfmakeraw(&line);
  line.c_cflag &= ~(tcflag_t)(CSTOPB | PARENB | CRTSCTS);
  line.c_cflag |= CS8 | CREAD | CLOCAL | HUPCL | (rts_cts ? CRTSCTS : 0);
  line.c_iflag |= IGNBRK;
  // VMIN 1: a read without O_NONBLOCK would wait; with it, 0 means that the line was hung up.
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  if (cfsetispeed(&line, speed) != 0 || cfsetospeed(&line, speed) != 0) return -errno;
  // tcsetattr succeeds when any one of the changes could be made (termios(3)).
  if (tcsetattr(descriptor, TCSANOW, &line) != 0) return -errno;
  struct termios taken;
  if (tcgetattr(descriptor, &taken) != 0) return -errno;
  if (cfgetospeed(&taken) != speed) return -EINVAL;
  if ((taken.c_cflag & CRTSCTS) != (line.c_cflag & CRTSCTS)) return -EINVAL;
  return (int32_t)linux_result(tcflush(descriptor, TCIFLUSH));
}

/// Closes the device at once: what hasn't left it is dropped, or close(2) would wait up to 30 s
/// for a CTS that doesn't come (serial_core, closing_wait).
static inline void linux_serial_close(int32_t descriptor) {
  (void)tcflush(descriptor, TCIOFLUSH);
  (void)ioctl(descriptor, TIOCNXCL);
  (void)close(descriptor);
}

/// Lets the terminal at standard input hand over each key at once, none echoed, until
/// `linux_terminal_restore`.
int32_t linux_terminal_edit(void);

/// Puts the terminal back as it was before `linux_terminal_edit`.
void linux_terminal_restore(void);

/// Opens a pseudo-terminal's own end, non-blocking, and puts the path of the other, NUL-terminated,
/// into `path`.
int32_t linux_pty_open(uint8_t *path, size_t room);

#endif
