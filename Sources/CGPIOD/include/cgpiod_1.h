/// The half for libgpiod 1.x (Debian 12: 1.6), included by cgpiod.h.
#ifndef CGPIOD_1_H
#define CGPIOD_1_H

#include <linux/gpio.h>

struct gpio_pin {
  struct gpiod_chip *chip;
  struct gpiod_line *line;
};

/// Releases the line; what an output drives afterwards is up to the chip's driver.
static inline void gpio_close(struct gpio_pin *pin) {
  if (pin->chip != NULL) gpiod_chip_close(pin->chip);
  pin->chip = NULL;
  pin->line = NULL;
}

static inline int gpio_find(struct gpio_pin *pin, const uint8_t *chip, uint32_t offset) {
  char path[GPIO_PATH_LIMIT];
  pin->chip = NULL;
  pin->line = NULL;
  if (!gpio_chip_path(chip, path)) return -ENAMETOOLONG;
  errno = 0;
  pin->chip = gpiod_chip_open(path);
  if (pin->chip == NULL) return gpio_error();
  pin->line = gpiod_chip_get_line(pin->chip, offset);
  if (pin->line != NULL) return 0;
  int error = gpio_error();
  gpio_close(pin);
  return error;
}

/// Takes the line as an output that starts at `value`.
static inline int gpio_open_output(
  struct gpio_pin *pin, const uint8_t *chip, uint32_t offset, bool is_active_low, int value
) {
  int error = gpio_find(pin, chip, offset);
  if (error != 0) return error;
  int flags = is_active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
  if (gpiod_line_request_output_flags(pin->line, GPIO_CONSUMER, flags, value) == 0) return 0;
  error = gpio_error();
  gpio_close(pin);
  return error;
}

static inline int gpio_descriptor(struct gpio_pin *pin) {
  return gpiod_line_event_get_fd(pin->line);
}

/// Takes the line as an input whose both edges are reported.
static inline int gpio_open_input(
  struct gpio_pin *pin, const uint8_t *chip, uint32_t offset, bool is_active_low
) {
  int error = gpio_find(pin, chip, offset);
  if (error != 0) return error;
  int flags = is_active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
  if (gpiod_line_request_both_edges_events_flags(pin->line, GPIO_CONSUMER, flags) == 0) {
    error = gpio_set_nonblocking(gpio_descriptor(pin));
    if (error == 0) return 0;
  } else {
    error = gpio_error();
  }
  gpio_close(pin);
  return error;
}

static inline int gpio_set(struct gpio_pin *pin, int value) {
  return gpiod_line_set_value(pin->line, value) == 0 ? 0 : gpio_error();
}

/// 1 when the line is at its active level, 0 when it isn't.
static inline int gpio_get(struct gpio_pin *pin) {
  int value = gpiod_line_get_value(pin->line);
  return value < 0 ? gpio_error() : value;
}

/// The level that the next edge led to: 1 or 0; -EAGAIN when there was none.
///
/// Reads the kernel's own structure: the library's holds a `struct timespec` of the `time_t` that
/// the library was built with, which on armhf isn't ours.
static inline int gpio_read_edge(struct gpio_pin *pin) {
  struct gpioevent_data event;
  ssize_t count;
  do {
    count = read(gpio_descriptor(pin), &event, sizeof event);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return -errno;
  if (count != (ssize_t)sizeof event) return -EIO;
  return event.id == GPIOEVENT_EVENT_RISING_EDGE ? 1 : 0;
}

#endif
