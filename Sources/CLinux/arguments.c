#include "clinux.h"

static int32_t argument_count;
static char **arguments;

// glibc hands main's arguments to constructors as well (elf/dl-init.c, csu/libc-start.c): the
// only way to them in Embedded Swift, whose main takes none.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}

int32_t linux_argument_count(void) { return argument_count; }

const uint8_t *linux_argument(int32_t index) {
  return index >= 0 && index < argument_count ? (const uint8_t *)arguments[index] : NULL;
}
