#include "gpiod_2.h"

// The guard of the library's own header: whichever version is installed stays out.
#define __LIBGPIOD_GPIOD_H__

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The part of libgpiod 2's interface that CGPIOD uses, with the library's names, argument types,
// values of enumerations and results (include/gpiod.h of libgpiod 2.1).

enum gpiod_line_value {
  GPIOD_LINE_VALUE_ERROR = -1,
  GPIOD_LINE_VALUE_INACTIVE = 0,
  GPIOD_LINE_VALUE_ACTIVE = 1,
};
enum gpiod_line_direction {
  GPIOD_LINE_DIRECTION_AS_IS = 1,
  GPIOD_LINE_DIRECTION_INPUT,
  GPIOD_LINE_DIRECTION_OUTPUT,
};
enum gpiod_line_edge {
  GPIOD_LINE_EDGE_NONE = 1,
  GPIOD_LINE_EDGE_RISING,
  GPIOD_LINE_EDGE_FALLING,
  GPIOD_LINE_EDGE_BOTH,
};
enum gpiod_edge_event_type { GPIOD_EDGE_EVENT_RISING_EDGE = 1, GPIOD_EDGE_EVENT_FALLING_EDGE };

struct gpiod_chip {
  int unused;
};
struct gpiod_line_settings {
  enum gpiod_line_direction direction;
  enum gpiod_line_edge edge;
  enum gpiod_line_value value;
  bool is_active_low;
};
struct gpiod_line_config {
  struct gpiod_line_settings settings;
  unsigned int offset;
  size_t count;
};
struct gpiod_request_config {
  const char *consumer;
};
struct gpiod_line_request {
  int edges[2];
};
struct gpiod_edge_event {
  char level;
};
struct gpiod_edge_event_buffer {
  struct gpiod_edge_event event;
};

static const unsigned int line_count = 8;
static struct gpiod_2_log seen;
static struct gpiod_line_request *held;

static void *make(size_t size) {
  seen.objects++;
  return calloc(1, size);
}

static void release(void *object) {
  if (object == NULL) abort();
  seen.objects--;
  free(object);
}

static struct gpiod_chip *gpiod_chip_open(const char *path) {
  if (strcmp(path, "/dev/gpiochip0") == 0) return make(sizeof(struct gpiod_chip));
  errno = ENOENT;
  return NULL;
}
static void gpiod_chip_close(struct gpiod_chip *chip) { release(chip); }

static struct gpiod_line_settings *gpiod_line_settings_new(void) {
  return make(sizeof(struct gpiod_line_settings));
}
static void gpiod_line_settings_free(struct gpiod_line_settings *settings) { release(settings); }
static int gpiod_line_settings_set_direction(
  struct gpiod_line_settings *settings, enum gpiod_line_direction direction
) {
  settings->direction = direction;
  return 0;
}
static int gpiod_line_settings_set_edge_detection(
  struct gpiod_line_settings *settings, enum gpiod_line_edge edge
) {
  settings->edge = edge;
  return 0;
}
static void gpiod_line_settings_set_active_low(
  struct gpiod_line_settings *settings, bool is_active_low
) {
  settings->is_active_low = is_active_low;
}
static int gpiod_line_settings_set_output_value(
  struct gpiod_line_settings *settings, enum gpiod_line_value value
) {
  settings->value = value;
  return 0;
}

static struct gpiod_line_config *gpiod_line_config_new(void) {
  return make(sizeof(struct gpiod_line_config));
}
static void gpiod_line_config_free(struct gpiod_line_config *config) { release(config); }
static int gpiod_line_config_add_line_settings(
  struct gpiod_line_config *config, const unsigned int *offsets, size_t num_offsets,
  struct gpiod_line_settings *settings
) {
  config->settings = *settings;
  config->offset = offsets[0];
  config->count = num_offsets;
  return 0;
}

static struct gpiod_request_config *gpiod_request_config_new(void) {
  return make(sizeof(struct gpiod_request_config));
}
static void gpiod_request_config_free(struct gpiod_request_config *config) { release(config); }
static void gpiod_request_config_set_consumer(
  struct gpiod_request_config *config, const char *consumer
) {
  config->consumer = consumer;
}

static struct gpiod_line_request *gpiod_chip_request_lines(
  struct gpiod_chip *chip, struct gpiod_request_config *request, struct gpiod_line_config *lines
) {
  (void)chip;
  if (lines->count != 1 || lines->offset >= line_count) errno = EINVAL;
  else if (held != NULL) errno = EBUSY;
  else {
    const struct gpiod_line_settings *settings = &lines->settings;
    held = make(sizeof *held);
    if (pipe(held->edges) != 0) abort();
    seen.direction = settings->direction == GPIOD_LINE_DIRECTION_OUTPUT ? 'o' : 'i';
    seen.is_active_low = settings->is_active_low;
    seen.reports_both_edges = settings->edge == GPIOD_LINE_EDGE_BOTH;
    seen.offset = lines->offset;
    seen.level = seen.direction == 'o' ? settings->value : 0;
    seen.is_consumer_godwit = strcmp(request->consumer, "godwit") == 0;
    return held;
  }
  return NULL;
}
static void gpiod_line_request_release(struct gpiod_line_request *request) {
  close(request->edges[0]);
  close(request->edges[1]);
  release(request);
  held = NULL;
  seen.direction = 0;
}
static int gpiod_line_request_get_fd(struct gpiod_line_request *request) {
  return request->edges[0];
}
static enum gpiod_line_value gpiod_line_request_get_value(
  struct gpiod_line_request *request, unsigned int offset
) {
  (void)request;
  if (offset == seen.offset) return (enum gpiod_line_value)seen.level;
  errno = EINVAL;
  return GPIOD_LINE_VALUE_ERROR;
}
static int gpiod_line_request_set_value(
  struct gpiod_line_request *request, unsigned int offset, enum gpiod_line_value value
) {
  (void)request;
  if (offset == seen.offset && seen.direction == 'o') {
    seen.level = value;
    return 0;
  }
  errno = EPERM;
  return -1;
}
static int gpiod_line_request_read_edge_events(
  struct gpiod_line_request *request, struct gpiod_edge_event_buffer *buffer, size_t max_events
) {
  if (max_events != 1) abort();
  return (int)read(request->edges[0], &buffer->event.level, 1);
}

static struct gpiod_edge_event_buffer *gpiod_edge_event_buffer_new(size_t capacity) {
  if (capacity != 1) abort();
  return make(sizeof(struct gpiod_edge_event_buffer));
}
static void gpiod_edge_event_buffer_free(struct gpiod_edge_event_buffer *buffer) {
  release(buffer);
}
static struct gpiod_edge_event *gpiod_edge_event_buffer_get_event(
  struct gpiod_edge_event_buffer *buffer, unsigned long index
) {
  return index == 0 ? &buffer->event : NULL;
}
static enum gpiod_edge_event_type gpiod_edge_event_get_event_type(struct gpiod_edge_event *event) {
  return event->level ? GPIOD_EDGE_EVENT_RISING_EDGE : GPIOD_EDGE_EVENT_FALLING_EDGE;
}

#include "../../Sources/CGPIOD/include/cgpiod.h"

static struct gpio_pin pin;

struct gpiod_2_log gpiod_2_log(void) { return seen; }

int32_t gpiod_2_open_output(const uint8_t *chip, uint32_t offset, int is_active_low, int value) {
  return gpio_open_output(&pin, chip, offset, is_active_low, value);
}
int32_t gpiod_2_open_input(const uint8_t *chip, uint32_t offset, int is_active_low) {
  return gpio_open_input(&pin, chip, offset, is_active_low);
}
int32_t gpiod_2_set(int value) { return gpio_set(&pin, value); }
int32_t gpiod_2_get(void) { return gpio_get(&pin); }
int32_t gpiod_2_read_edge(void) { return gpio_read_edge(&pin); }
void gpiod_2_close(void) { gpio_close(&pin); }

void gpiod_2_drive(int level) {
  char byte = (char)level;
  seen.level = level;
  if (write(held->edges[1], &byte, 1) != 1) abort();
}
