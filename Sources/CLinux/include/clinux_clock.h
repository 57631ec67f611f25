/// The boot-time clock, which counts through suspend, civil time, and a timer on the former.
#ifndef CLINUX_CLOCK_H
#define CLINUX_CLOCK_H

#include <stdbool.h>
#include <sys/timerfd.h>
#include <time.h>

struct linux_time {
  int64_t seconds;
  int64_t nanoseconds;
};

/// clock_gettime(2), CLOCK_BOOTTIME. It can't fail on Linux 2.6.39 and later.
static inline struct linux_time linux_boot_time(void) {
  struct timespec now = {0, 0};
  (void)clock_gettime(CLOCK_BOOTTIME, &now);
  struct linux_time time = {now.tv_sec, now.tv_nsec};
  return time;
}

/// clock_gettime(2), CLOCK_REALTIME.
static inline struct linux_time linux_civil_time(void) {
  struct timespec now = {0, 0};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  struct linux_time time = {now.tv_sec, now.tv_nsec};
  return time;
}

/// clock_settime(2), CLOCK_REALTIME. Needs CAP_SYS_TIME.
static inline int32_t linux_set_civil_time(struct linux_time time) {
  struct timespec value = {time.seconds, (long)time.nanoseconds};
  return (int32_t)linux_result(clock_settime(CLOCK_REALTIME, &value));
}

/// A timer descriptor on the boot-time clock, disarmed. It wakes a suspended board where there is an
/// RTC that can and the process has CAP_WAKE_ALARM, which `wakes_board` then says; else it fires
/// when something else has.
static inline int32_t linux_timer(bool *wakes_board) {
  int flags = TFD_NONBLOCK | TFD_CLOEXEC;
  int timer = timerfd_create(CLOCK_BOOTTIME_ALARM, flags);
  *wakes_board = timer >= 0;
  if (timer >= 0) return timer;
  return (int32_t)linux_result(timerfd_create(CLOCK_BOOTTIME, flags));
}

/// Arms the timer for a point on the boot-time clock; one that has passed fires at once.
/// Zero seconds and nanoseconds disarm it. Either way an expiration not yet read is forgotten.
static inline int32_t linux_timer_set(int32_t timer, struct linux_time at) {
  struct itimerspec value = {{0, 0}, {at.seconds, (long)at.nanoseconds}};
  return (int32_t)linux_result(timerfd_settime(timer, TFD_TIMER_ABSTIME, &value, NULL));
}

#endif
