/// Files, folders and descriptors.
#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/// Opens for reading. Never waits for a device or a pipe's writer and never takes a controlling
/// terminal.
static inline int32_t linux_open_to_read(const uint8_t *path) {
  return (int32_t)LINUX_RETRY(
    open((const char *)path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

/// Opens for writing what exists; never waits for a reader.
static inline int32_t linux_open_to_write(const uint8_t *path) {
  return (int32_t)LINUX_RETRY(
    open((const char *)path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

/// Opens for writing behind what is there, and creates the file for its owner alone. Never waits
/// for a pipe's reader.
static inline int32_t linux_open_to_append(const uint8_t *path) {
  return (int32_t)LINUX_RETRY(open(
    (const char *)path,
    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0600));
}

/// Opens for writing from the start, and creates the file for its owner alone. A symbolic link is not
/// followed.
static inline int32_t linux_open_to_create(const uint8_t *path) {
  return (int32_t)LINUX_RETRY(open(
    (const char *)path, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0600));
}

/// Gives an open file to whom the folder belongs, where the superuser made it.
static inline int32_t linux_give_to_owner_of(int32_t descriptor, const uint8_t *folder) {
  struct stat found;
  if (geteuid() != 0) return 0;
  if (stat((const char *)folder, &found) != 0) return -errno;
  return (int32_t)linux_result(fchown(descriptor, found.st_uid, found.st_gid));
}

/// The size in bytes of an open file.
static inline int64_t linux_file_size(int32_t descriptor) {
  struct stat found;
  return fstat(descriptor, &found) == 0 ? (int64_t)found.st_size : -errno;
}

/// The permissions of an open file (0 to 07777).
static inline int32_t linux_file_mode(int32_t descriptor) {
  struct stat found;
  return fstat(descriptor, &found) == 0 ? (int32_t)(found.st_mode & 07777) : -errno;
}

static inline int32_t linux_close(int32_t descriptor) {
  // Linux has closed it even when a signal interrupted: never repeated.
  return (int32_t)linux_result(close(descriptor));
}

/// Returns the bytes read, 0 at the end.
static inline long linux_read(int32_t descriptor, uint8_t *bytes, size_t room) {
  return LINUX_RETRY(read(descriptor, bytes, room));
}

/// Reads from a file that may wait whatever its mode says, and gives up with -EINTR after
/// `limit_ms`. For a process of one thread that uses neither SIGALRM nor alarm(2).
long linux_read_within(int32_t descriptor, uint8_t *bytes, size_t room, int32_t limit_ms);

/// Returns the bytes taken, which may be fewer than `count`.
static inline long linux_write(int32_t descriptor, const uint8_t *bytes, size_t count) {
  return LINUX_RETRY(write(descriptor, bytes, count));
}

static inline int32_t linux_set_nonblocking(int32_t descriptor) {
  long flags = linux_result(fcntl(descriptor, F_GETFL));
  if (flags < 0) return (int32_t)flags;
  return (int32_t)linux_result(fcntl(descriptor, F_SETFL, (int)flags | O_NONBLOCK));
}

static inline int32_t linux_is_terminal(int32_t descriptor) { return isatty(descriptor) == 1; }

/// A pipe, both ends non-blocking.
int32_t linux_pipe(int32_t *read_end, int32_t *write_end);

static inline int32_t linux_unlink(const uint8_t *path) {
  return (int32_t)linux_result(unlink((const char *)path));
}

static inline int32_t linux_rename(const uint8_t *from, const uint8_t *to) {
  return (int32_t)linux_result(rename((const char *)from, (const char *)to));
}

/// Makes what was written to a file durable, whoever wrote it (fdatasync(2)).
static inline int32_t linux_sync_file(const uint8_t *path) {
  long file = LINUX_RETRY(open((const char *)path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file < 0) return (int32_t)file;
  long result = LINUX_RETRY(fdatasync((int)file));
  close((int)file);
  return (int32_t)result;
}

/// Makes what was created, renamed and removed in a folder durable.
static inline int32_t linux_sync_folder(const uint8_t *path) {
  long folder = LINUX_RETRY(open((const char *)path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder < 0) return (int32_t)folder;
  long result = LINUX_RETRY(fsync((int)folder));
  close((int)folder);
  return (int32_t)result;
}

static inline int32_t linux_change_folder(const uint8_t *path) {
  return (int32_t)linux_result(chdir((const char *)path));
}

static inline int32_t linux_set_mode(const uint8_t *path, uint32_t mode) {
  return (int32_t)linux_result(chmod((const char *)path, mode));
}

/// What a path names. A symbolic link is what it points to, except in `linux_is_socket`.
struct linux_file_status {
  int64_t size_bytes;
  int64_t device;
  int64_t inode;
  uint32_t mode;
};

static inline int32_t linux_stat(const uint8_t *path, struct linux_file_status *status) {
  struct stat found;
  if (stat((const char *)path, &found) != 0) return -errno;
  status->size_bytes = found.st_size;
  status->device = (int64_t)found.st_dev;
  status->inode = (int64_t)found.st_ino;
  status->mode = found.st_mode;
  return 0;
}

/// 1 when the path itself (no link followed) is a socket, 0 when it is something else.
static inline int32_t linux_is_socket(const uint8_t *path) {
  struct stat found;
  if (lstat((const char *)path, &found) != 0) return -errno;
  return S_ISSOCK(found.st_mode) ? 1 : 0;
}

/// Standard output is written at each line's end, into a pipe too: nothing is lost at a crash.
static inline void linux_buffer_output_by_line(void) { (void)setvbuf(stdout, NULL, _IOLBF, 0); }

#endif
