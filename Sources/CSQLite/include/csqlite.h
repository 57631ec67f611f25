/// SQLite, and its macros that Swift can't import because they cast.
#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>
#include <stdint.h>

/// Binds text that SQLite copies (SQLITE_TRANSIENT). `bytes` may be NULL only for NULL.
static inline int sqlite_bind_text(
  sqlite3_stmt *statement, int index, const uint8_t *bytes, int count
) {
  return sqlite3_bind_text(statement, index, (const char *)bytes, count, SQLITE_TRANSIENT);
}

/// Binds a blob that SQLite copies (SQLITE_TRANSIENT).
static inline int sqlite_bind_blob(
  sqlite3_stmt *statement, int index, const uint8_t *bytes, int count
) {
  return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// sqlite3_open_v2 for paths as bytes; `vfs` may be NULL.
static inline int sqlite_open(
  const uint8_t *path, sqlite3 **connection, int flags, const uint8_t *vfs
) {
  return sqlite3_open_v2((const char *)path, connection, flags, (const char *)vfs);
}

/// sqlite3_prepare_v3 for a statement that is kept.
static inline int sqlite_prepare(
  sqlite3 *connection, const uint8_t *sql, int count, sqlite3_stmt **statement
) {
  return sqlite3_prepare_v3(
    connection, (const char *)sql, count, SQLITE_PREPARE_PERSISTENT, statement, 0);
}

/// sqlite3_exec without rows; `sql` is NUL-terminated.
static inline int sqlite_run(sqlite3 *connection, const uint8_t *sql) {
  return sqlite3_exec(connection, (const char *)sql, 0, 0, 0);
}

#endif
