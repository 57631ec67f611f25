/// What `godwit-bench parse` measures the engine against, and what it counts allocations with.
#ifndef CSPLITTER_H
#define CSPLITTER_H

#include <stddef.h>
#include <stdint.h>

/// What a pass found. Every field depends on the text, so that no work can be left out.
struct csplitter_totals {
  uint64_t lines;
  /// Lines that begin with a name of the table.
  uint64_t named;
  /// The sum of all whole numbers behind the names.
  uint64_t sum;
};

/// Cuts a text at LF, drops CR and empty lines, looks the name up in a table and reads the whole
/// numbers behind it. Keeps nothing between calls: a line must not go over two of them.
void csplitter_read(const uint8_t *text, size_t count, struct csplitter_totals *totals);

/// How often the calling thread has asked for heap memory (malloc, calloc, realloc,
/// posix_memalign, aligned_alloc) since it began.
uint64_t csplitter_allocations(void);

#endif
