/// The half for libgpiod 2.x (Debian 13: 2.2), included by cgpiod.h.
#ifndef CGPIOD_2_H
#define CGPIOD_2_H

struct gpio_pin {
  struct gpiod_line_request *request;
  struct gpiod_edge_event_buffer *edges;
  uint32_t offset;
};

/// Releases the line; what an output drives afterwards is up to the chip's driver.
static inline void gpio_close(struct gpio_pin *pin) {
  if (pin->request != NULL) gpiod_line_request_release(pin->request);
  if (pin->edges != NULL) gpiod_edge_event_buffer_free(pin->edges);
  pin->request = NULL;
  pin->edges = NULL;
}

/// Asks for one line with `settings`, which stay the caller's.
static inline int gpio_request(
  struct gpio_pin *pin, const uint8_t *chip, struct gpiod_line_settings *settings
) {
  char path[GPIO_PATH_LIMIT];
  if (!gpio_chip_path(chip, path)) return -ENAMETOOLONG;
  errno = 0;
  struct gpiod_chip *opened = gpiod_chip_open(path);
  if (opened == NULL) return gpio_error();
  struct gpiod_line_config *lines = gpiod_line_config_new();
  struct gpiod_request_config *request = gpiod_request_config_new();
  unsigned int offset = pin->offset;
  int error = 0;
  if (lines == NULL || request == NULL) {
    error = -ENOMEM;
  } else if (gpiod_line_config_add_line_settings(lines, &offset, 1, settings) != 0) {
    error = gpio_error();
  } else {
    gpiod_request_config_set_consumer(request, GPIO_CONSUMER);
    pin->request = gpiod_chip_request_lines(opened, request, lines);
    if (pin->request == NULL) error = gpio_error();
  }
  if (request != NULL) gpiod_request_config_free(request);
  if (lines != NULL) gpiod_line_config_free(lines);
  // A request outlives its chip (gpiod.h 2.x, "Line request operations": a descriptor of its own).
  gpiod_chip_close(opened);
  return error;
}

/// Takes the line as an output that starts at `value`.
static inline int gpio_open_output(
  struct gpio_pin *pin, const uint8_t *chip, uint32_t offset, bool is_active_low, int value
) {
  pin->request = NULL;
  pin->edges = NULL;
  pin->offset = offset;
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  if (settings == NULL) return -ENOMEM;
  gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
  gpiod_line_settings_set_active_low(settings, is_active_low);
  gpiod_line_settings_set_output_value(
    settings, value ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
  int error = gpio_request(pin, chip, settings);
  gpiod_line_settings_free(settings);
  return error;
}

static inline int gpio_descriptor(struct gpio_pin *pin) {
  return gpiod_line_request_get_fd(pin->request);
}

/// Takes the line as an input whose both edges are reported.
static inline int gpio_open_input(
  struct gpio_pin *pin, const uint8_t *chip, uint32_t offset, bool is_active_low
) {
  pin->request = NULL;
  pin->edges = gpiod_edge_event_buffer_new(1);
  pin->offset = offset;
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  int error = -ENOMEM;
  if (settings != NULL && pin->edges != NULL) {
    gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
    gpiod_line_settings_set_active_low(settings, is_active_low);
    gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
    error = gpio_request(pin, chip, settings);
    if (error == 0) error = gpio_set_nonblocking(gpio_descriptor(pin));
  }
  if (settings != NULL) gpiod_line_settings_free(settings);
  if (error != 0) gpio_close(pin);
  return error;
}

static inline int gpio_set(struct gpio_pin *pin, int value) {
  enum gpiod_line_value level = value ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
  return gpiod_line_request_set_value(pin->request, pin->offset, level) == 0 ? 0 : gpio_error();
}

/// 1 when the line is at its active level, 0 when it isn't.
static inline int gpio_get(struct gpio_pin *pin) {
  enum gpiod_line_value value = gpiod_line_request_get_value(pin->request, pin->offset);
  if (value == GPIOD_LINE_VALUE_ERROR) return gpio_error();
  return value == GPIOD_LINE_VALUE_ACTIVE ? 1 : 0;
}

/// The level that the next edge led to: 1 or 0; -EAGAIN when there was none.
static inline int gpio_read_edge(struct gpio_pin *pin) {
  int count;
  do {
    count = gpiod_line_request_read_edge_events(pin->request, pin->edges, 1);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return gpio_error();
  struct gpiod_edge_event *event = count == 1 ? gpiod_edge_event_buffer_get_event(pin->edges, 0)
                                              : NULL;
  if (event == NULL) return -EIO;
  return gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE ? 1 : 0;
}

#endif
