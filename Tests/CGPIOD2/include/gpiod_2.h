/// CGPIOD's half for libgpiod 2.x, compiled against a stand-in for that library: one chip,
/// `/dev/gpiochip0`, of eight lines. For machines that have libgpiod 1.x.
#ifndef GPIOD_2_H
#define GPIOD_2_H

#include <stdint.h>

/// What the library was asked for.
struct gpiod_2_log {
  /// 'i' or 'o', 0 when no line is held.
  int direction;
  int is_active_low;
  int reports_both_edges;
  uint32_t offset;
  /// The logical level that we drive, or that the other side does.
  int level;
  int is_consumer_godwit;
  /// Objects of the library that haven't been freed.
  int objects;
};

struct gpiod_2_log gpiod_2_log(void);

/// Takes a line, 0 or the error number negated; one at a time.
int32_t gpiod_2_open_output(const uint8_t *chip, uint32_t offset, int is_active_low, int value);
int32_t gpiod_2_open_input(const uint8_t *chip, uint32_t offset, int is_active_low);
int32_t gpiod_2_set(int value);
int32_t gpiod_2_get(void);
int32_t gpiod_2_read_edge(void);
void gpiod_2_close(void);
/// The other side changes the line's logical level, which makes an edge.
void gpiod_2_drive(int level);

#endif
