#define _GNU_SOURCE
#include "csplitter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NAME(text) {text, sizeof(text) - 1}

static const struct {
  const char *text;
  size_t count;
} names[] = {
    NAME("OK"),     NAME("ERROR"),     NAME("+CEREG"),  NAME("+CREG"),  NAME("+CGREG"),
    NAME("+QIURC"), NAME("+CSQ"),      NAME("+QIRD"),   NAME("+CPIN"),  NAME("+QIND"),
    NAME("+COPS"),  NAME("+CGDCONT"),  NAME("+CCLK"),   NAME("+QIOPEN"), NAME("+CMTI"),
    NAME("+CFUN"),  NAME("+CGPADDR"),  NAME("+QCSQ"),   NAME("+CPSMS"), NAME("+CME ERROR"),
    NAME("RDY"),    NAME("APP RDY"),   NAME("SEND OK"), NAME("+CEDRXP"),
};

static void read_line(const uint8_t *line, size_t count, struct csplitter_totals *totals) {
  totals->lines++;
  size_t name = 0;
  while (name < sizeof names / sizeof *names &&
         (count < names[name].count || memcmp(line, names[name].text, names[name].count) != 0))
    name++;
  if (name == sizeof names / sizeof *names) return;
  totals->named++;
  uint64_t number = 0;
  int is_inside = 0;
  for (size_t index = names[name].count; index < count; index++) {
    uint8_t byte = line[index];
    if (byte == '"') is_inside = !is_inside;
    if (!is_inside && byte >= '0' && byte <= '9') {
      number = number * 10 + (byte - '0');
    } else {
      totals->sum += number;
      number = 0;
    }
  }
  totals->sum += number;
}

void csplitter_read(const uint8_t *text, size_t count, struct csplitter_totals *totals) {
  const uint8_t *end = text + count;
  while (text < end) {
    const uint8_t *feed = memchr(text, '\n', (size_t)(end - text));
    const uint8_t *stop = feed ? feed : end;
    size_t length = (size_t)(stop - text);
    while (length > 0 && text[length - 1] == '\r') length--;
    if (length > 0) read_line(text, length, totals);
    text = stop + 1;
  }
}

// The C library's own functions under the names by which it exports them: those below stand in
// front of them and count. glibc, manual §3.2.5 "Replacing malloc".
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local uint64_t allocations;

uint64_t csplitter_allocations(void) { return allocations; }

void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  allocations++;
  return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  allocations++;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  allocations++;
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}
