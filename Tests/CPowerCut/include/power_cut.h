/// A disk in memory for SQLite (sqlite.org/vfs.html) whose power can be cut, for tests.
///
/// It keeps each file twice: as last synced, and as last written. A power cut leaves of every
/// 512-byte sector that differs either the one or the other, by a seed; the same goes for a file's
/// length, and for whether a file that was made or deleted since is there. A file that was synced
/// is there. Sectors are never damaged otherwise, and of several writes to one sector between two
/// syncs only the last can survive.
#ifndef POWER_CUT_H
#define POWER_CUT_H

#include <stdint.h>

struct power_cut_disk;

/// A fresh disk, registered with SQLite as the VFS of that name.
struct power_cut_disk *power_cut_new(const uint8_t *name, uint64_t seed);
/// Everything on it must be closed.
void power_cut_free(struct power_cut_disk *disk);

/// Operations so far that change the disk: writes, truncations, syncs and deletions.
int64_t power_cut_operations(const struct power_cut_disk *disk);
int64_t power_cut_syncs(const struct power_cut_disk *disk);
int64_t power_cut_bytes_written(const struct power_cut_disk *disk);

/// Cuts the power at operation number `operation`: that one, which may still reach the disk in
/// part, and everything after it fails.
void power_cut_at(struct power_cut_disk *disk, int64_t operation);
/// Makes the operation of that number alone fail, without effect.
void power_cut_fail_once(struct power_cut_disk *disk, int64_t operation);
/// Lets the files have so many bytes together; more is SQLITE_FULL. Negative: no limit.
void power_cut_set_room(struct power_cut_disk *disk, int64_t bytes);
/// Forgets what wasn't synced, as described above, and has the power back on.
void power_cut_restore(struct power_cut_disk *disk);

#endif
