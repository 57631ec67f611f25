#include "power_cut.h"

#include <csqlite.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { file_limit = 8, name_limit = 128, sector = 512 };

struct image {
  bool exists;
  int64_t size;
  int64_t room;
  uint8_t *bytes;
};

struct disk_file {
  char name[name_limit];
  struct image synced;
  struct image written;
  /// `written` is another file than `synced`, which was deleted without a sync.
  bool is_another;
};

struct power_cut_disk {
  sqlite3_vfs vfs;
  char name[name_limit];
  struct disk_file files[file_limit];
  int64_t operations, syncs, bytes_written;
  int64_t cut_at, fail_at, room;
  bool is_off;
  uint64_t random;
};

struct open_file {
  sqlite3_file base;
  struct power_cut_disk *disk;
  struct disk_file *file;
  bool is_deleted_on_close;
};

static uint64_t next_random(struct power_cut_disk *disk) {
  uint64_t z = disk->random += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static void set_size(struct image *image, int64_t size) {
  if (size > image->room) {
    image->room = size * 2;
    image->bytes = realloc(image->bytes, (size_t)image->room);
    if (image->bytes == NULL) abort();
  }
  if (size > image->size) memset(image->bytes + image->size, 0, (size_t)(size - image->size));
  image->size = size;
}

static void copy_image(struct image *to, const struct image *from) {
  set_size(to, from->size);
  if (from->size > 0) memcpy(to->bytes, from->bytes, (size_t)from->size);
  to->exists = from->exists;
}

/// What becomes of the operation that comes now.
enum fate { done, failed, torn };

static enum fate count_operation(struct power_cut_disk *disk) {
  int64_t number = disk->operations++;
  if (disk->is_off || number == disk->fail_at) return failed;
  if (disk->cut_at < 0 || number < disk->cut_at) return done;
  disk->is_off = true;
  return torn;
}

static int file_close(sqlite3_file *base) {
  struct open_file *open = (struct open_file *)base;
  if (open->is_deleted_on_close) {
    open->file->synced.exists = open->file->written.exists = false;
    set_size(&open->file->written, 0);
  }
  return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
  struct open_file *open = (struct open_file *)base;
  if (open->disk->is_off) return SQLITE_IOERR_READ;
  const struct image *image = &open->file->written;
  int64_t there = image->size - offset;
  if (there < 0) there = 0;
  if (there > count) there = count;
  if (there > 0) memcpy(bytes, image->bytes + offset, (size_t)there);
  memset((uint8_t *)bytes + there, 0, (size_t)(count - there));
  return there == count ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int64_t used(const struct power_cut_disk *disk) {
  int64_t sum = 0;
  for (int index = 0; index < file_limit; index++) sum += disk->files[index].written.size;
  return sum;
}

static int file_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
  struct open_file *open = (struct open_file *)base;
  struct image *image = &open->file->written;
  int64_t growth = offset + count - image->size;
  if (growth > 0 && open->disk->room >= 0 && used(open->disk) + growth > open->disk->room) {
    return SQLITE_FULL;
  }
  enum fate fate = count_operation(open->disk);
  if (fate == failed) return SQLITE_IOERR_WRITE;
  if (growth > 0) set_size(image, offset + count);
  memcpy(image->bytes + offset, bytes, (size_t)count);
  open->disk->bytes_written += count;
  return fate == done ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
  struct open_file *open = (struct open_file *)base;
  enum fate fate = count_operation(open->disk);
  if (fate != failed && size < open->file->written.size) set_size(&open->file->written, size);
  return fate == done ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int file_sync(sqlite3_file *base, int flags) {
  (void)flags;
  struct open_file *open = (struct open_file *)base;
  // A sync cut short has persisted some of it: what the cut leaves of unsynced sectors anyway.
  if (count_operation(open->disk) != done) return SQLITE_IOERR_FSYNC;
  copy_image(&open->file->synced, &open->file->written);
  open->file->is_another = false;
  open->disk->syncs++;
  return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
  *size = ((struct open_file *)base)->file->written.size;
  return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level) {
  (void)base, (void)level;
  return SQLITE_OK;
}

static int file_reserved(sqlite3_file *base, int *is_reserved) {
  (void)base;
  *is_reserved = 0;
  return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
  (void)base, (void)operation, (void)argument;
  return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *base) {
  (void)base;
  return sector;
}

static int file_characteristics(sqlite3_file *base) {
  (void)base;
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// Version 1: no shared memory, so that WAL works only with an exclusive lock.
static const sqlite3_io_methods file_methods = {
  .iVersion = 1,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_lock,
  .xCheckReservedLock = file_reserved,
  .xFileControl = file_control,
  .xSectorSize = file_sector,
  .xDeviceCharacteristics = file_characteristics,
};

static struct disk_file *find(struct power_cut_disk *disk, const char *name, bool is_made) {
  struct disk_file *unused = NULL;
  for (int index = 0; index < file_limit; index++) {
    struct disk_file *file = &disk->files[index];
    if (strcmp(file->name, name) == 0) return file;
    if (file->name[0] == 0 && unused == NULL) unused = file;
  }
  if (!is_made || unused == NULL) return NULL;
  snprintf(unused->name, name_limit, "%s", name);
  return unused;
}

static int disk_open(
  sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags
) {
  struct power_cut_disk *disk = vfs->pAppData;
  struct open_file *open = (struct open_file *)base;
  memset(open, 0, sizeof *open);
  if (disk->is_off) return SQLITE_CANTOPEN;
  struct disk_file *file = find(disk, name == NULL ? "temporary" : name, true);
  if (file == NULL) return SQLITE_CANTOPEN;
  if (!file->written.exists && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
  if (!file->written.exists && file->synced.exists) file->is_another = true;
  file->written.exists = true;
  open->disk = disk;
  open->file = file;
  open->is_deleted_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  open->base.pMethods = &file_methods;
  if (out_flags != NULL) *out_flags = flags;
  return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int is_synced) {
  struct power_cut_disk *disk = vfs->pAppData;
  struct disk_file *file = find(disk, name, false);
  if (file == NULL || !file->written.exists) return SQLITE_IOERR_DELETE_NOENT;
  enum fate fate = count_operation(disk);
  if (fate == failed) return SQLITE_IOERR_DELETE;
  file->written.exists = false;
  set_size(&file->written, 0);
  if (fate == torn) return SQLITE_IOERR_DELETE;
  if (is_synced) copy_image(&file->synced, &file->written);
  if (is_synced) file->is_another = false;
  return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
  (void)flags;
  struct disk_file *file = find(vfs->pAppData, name, false);
  *result = file != NULL && file->written.exists;
  return SQLITE_OK;
}

static int disk_full_path(sqlite3_vfs *vfs, const char *name, int room, char *path) {
  (void)vfs;
  return snprintf(path, (size_t)room, "%s", name) < room ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int disk_randomness(sqlite3_vfs *vfs, int count, char *bytes) {
  for (int index = 0; index < count; index++) bytes[index] = (char)next_random(vfs->pAppData);
  return count;
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return microseconds;
}

static int disk_time(sqlite3_vfs *vfs, double *days) {
  (void)vfs;
  *days = 2461000.5;
  return SQLITE_OK;
}

struct power_cut_disk *power_cut_new(const uint8_t *name, uint64_t seed) {
  struct power_cut_disk *disk = calloc(1, sizeof *disk);
  if (disk == NULL) abort();
  snprintf(disk->name, name_limit, "%s", (const char *)name);
  disk->random = seed;
  disk->cut_at = disk->fail_at = disk->room = -1;
  disk->vfs = (sqlite3_vfs){
    .iVersion = 1,
    .szOsFile = sizeof(struct open_file),
    .mxPathname = name_limit - 1,
    .zName = disk->name,
    .pAppData = disk,
    .xOpen = disk_open,
    .xDelete = disk_delete,
    .xAccess = disk_access,
    .xFullPathname = disk_full_path,
    .xRandomness = disk_randomness,
    .xSleep = disk_sleep,
    .xCurrentTime = disk_time,
  };
  if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) abort();
  return disk;
}

void power_cut_free(struct power_cut_disk *disk) {
  sqlite3_vfs_unregister(&disk->vfs);
  for (int index = 0; index < file_limit; index++) {
    free(disk->files[index].synced.bytes);
    free(disk->files[index].written.bytes);
  }
  free(disk);
}

int64_t power_cut_operations(const struct power_cut_disk *disk) { return disk->operations; }
int64_t power_cut_syncs(const struct power_cut_disk *disk) { return disk->syncs; }
int64_t power_cut_bytes_written(const struct power_cut_disk *disk) { return disk->bytes_written; }

void power_cut_at(struct power_cut_disk *disk, int64_t operation) { disk->cut_at = operation; }
void power_cut_fail_once(struct power_cut_disk *disk, int64_t operation) {
  disk->fail_at = operation;
}
void power_cut_set_room(struct power_cut_disk *disk, int64_t bytes) { disk->room = bytes; }

/// Leaves of one file what a cut leaves of it.
static void settle(struct power_cut_disk *disk, struct disk_file *file) {
  struct image *synced = &file->synced, *written = &file->written;
  if (file->is_another || (synced->exists && !written->exists)) {
    file->is_another = false;
    // The deletion got through or not; if not, the old file is there as it was.
    if (next_random(disk) & 1) {
      copy_image(written, synced);
      return;
    }
    synced->exists = false;
    set_size(synced, 0);
  }
  bool exists = synced->exists;
  if (synced->exists != written->exists) exists = next_random(disk) & 1;
  int64_t size = synced->size;
  if (written->exists && written->size != synced->size && (next_random(disk) & 1)) {
    size = written->size;
  }
  int64_t known = synced->size;
  set_size(synced, size);
  for (int64_t start = 0; start < size && start < written->size; start += sector) {
    int64_t count = sector;
    if (count > size - start) count = size - start;
    if (count > written->size - start) count = written->size - start;
    // A sector beyond the synced end is the written one or zeros.
    bool differs = start + count > known
      || memcmp(synced->bytes + start, written->bytes + start, (size_t)count) != 0;
    if (differs && (next_random(disk) & 1)) {
      memcpy(synced->bytes + start, written->bytes + start, (size_t)count);
    }
  }
  synced->exists = exists;
  if (!exists) set_size(synced, 0);
  copy_image(written, synced);
}

void power_cut_restore(struct power_cut_disk *disk) {
  for (int index = 0; index < file_limit; index++) {
    if (disk->files[index].name[0] != 0) settle(disk, &disk->files[index]);
  }
  disk->is_off = false;
  disk->cut_at = disk->fail_at = -1;
}
