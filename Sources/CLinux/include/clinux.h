/// What Swift can't import from Linux and its C library: errno, variadic functions, macros.
///
/// Every function that can fail returns the error number negated (-EAGAIN, …), like the kernel
/// itself does; zero and above is success. Paths are byte strings that end at their first NUL.
/// No type of the C library shows in a signature, so that a room needs to import nothing else, and
/// no feature macro is set here: with _GNU_SOURCE some of the C library's types differ from those
/// in Swift's own Glibc module. What needs it is in clinux.c.
#ifndef CLINUX_H
#define CLINUX_H

#include "clinux_base.h"

#include "clinux_clock.h"
#include "clinux_events.h"
#include "clinux_files.h"
#include "clinux_process.h"
#include "clinux_serial.h"
#include "clinux_sockets.h"
#include "clinux_watchdog.h"

#endif
