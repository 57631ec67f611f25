/// Unix sockets: packets between processes of one machine (unix(7)).
#ifndef CLINUX_SOCKETS_H
#define CLINUX_SOCKETS_H

#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

/// A socket that keeps the borders of its packets (SOCK_SEQPACKET).
static inline int32_t linux_packet_socket(int32_t nonblocking) {
  int flags = SOCK_SEQPACKET | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0);
  return (int32_t)linux_result(socket(AF_UNIX, flags, 0));
}

/// Two ends of a connection without a path, both non-blocking.
static inline int32_t linux_packet_pair(int32_t *one, int32_t *other) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
    return -errno;
  }
  *one = ends[0];
  *other = ends[1];
  return 0;
}

/// Fills the address of a path; a leading '@' stands for the abstract name space. Returns the
/// address's length, or -ENAMETOOLONG above 107 bytes.
static inline int32_t linux_unix_address(const uint8_t *path, struct sockaddr_un *address) {
  size_t length = strlen((const char *)path);
  if (length == 0) return -ENOENT;
  if (length >= sizeof address->sun_path) return -ENAMETOOLONG;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path, length);
  int is_abstract = path[0] == '@';
  if (is_abstract) address->sun_path[0] = 0;
  return (int32_t)(offsetof(struct sockaddr_un, sun_path) + length + (is_abstract ? 0 : 1));
}

static inline int32_t linux_bind(int32_t descriptor, const uint8_t *path) {
  struct sockaddr_un address;
  int32_t length = linux_unix_address(path, &address);
  if (length < 0) return length;
  return (int32_t)linux_result(
    bind(descriptor, (const struct sockaddr *)&address, (socklen_t)length));
}

static inline int32_t linux_connect(int32_t descriptor, const uint8_t *path) {
  struct sockaddr_un address;
  int32_t length = linux_unix_address(path, &address);
  if (length < 0) return length;
  return (int32_t)LINUX_RETRY(
    connect(descriptor, (const struct sockaddr *)&address, (socklen_t)length));
}

static inline int32_t linux_listen(int32_t descriptor, int32_t backlog) {
  return (int32_t)linux_result(listen(descriptor, backlog));
}

/// The next waiting connection, non-blocking; -EAGAIN when there is none.
int32_t linux_accept(int32_t descriptor);

/// Sends one packet whole; never raises SIGPIPE.
static inline long linux_send(int32_t descriptor, const uint8_t *bytes, size_t count) {
  return LINUX_RETRY(send(descriptor, bytes, count, MSG_NOSIGNAL));
}

/// Receives one packet. Returns its true length, more than `room` when its end was cut off; 0 when
/// the other end has closed.
static inline long linux_receive(int32_t descriptor, uint8_t *bytes, size_t room) {
  return LINUX_RETRY(recv(descriptor, bytes, room, MSG_TRUNC));
}

/// Bounds how long a blocking connect or send may take.
static inline int32_t linux_set_send_timeout(int32_t descriptor, int64_t milliseconds) {
  struct timeval limit = {milliseconds / 1000, milliseconds % 1000 * 1000};
  return (int32_t)linux_result(
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit));
}

/// Waits until the descriptor is readable, at most `milliseconds` (negative: for ever). 1 when it
/// is, 0 when the time was up.
static inline int32_t linux_wait_readable(int32_t descriptor, int64_t milliseconds) {
  struct pollfd wait = {descriptor, POLLIN, 0};
  int timeout = milliseconds < 0 ? -1 : milliseconds > INT_MAX ? INT_MAX : (int)milliseconds;
  return (int32_t)LINUX_RETRY(poll(&wait, 1, timeout));
}

/// Sends one datagram to the socket at `path` (abstract with '@'), from a socket made for it.
static inline long linux_send_datagram(const uint8_t *path, const uint8_t *bytes, size_t count) {
  struct sockaddr_un address;
  int32_t length = linux_unix_address(path, &address);
  if (length < 0) return length;
  int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (sender < 0) return -errno;
  long result = LINUX_RETRY(sendto(
    sender, bytes, count, MSG_NOSIGNAL, (const struct sockaddr *)&address, (socklen_t)length));
  close(sender);
  return result;
}

#endif
