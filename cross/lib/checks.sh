# Sourced by cross/build: what must hold for a program that goes on a board.
# shellcheck shell=bash

# check_program PROGRAM SYMBOLS MAP OBJECTS ARCHITECTURE: names everything that doesn't hold.
check_program() {
  local program=$1 symbols=$2 map=$3 objects=$4 wrong=0
  check_static "$program" || wrong=1
  check_processor "$program" "$5" || wrong=1
  check_prints "$program" || wrong=1
  check_unicode "$map" "$objects" || wrong=1
  check_calls "$objects" || wrong=1
  check_paths "$program" || wrong=1
  if readelf -lW "$program" | grep 'GNU_STACK.*RWE' >/dev/null; then
    note "  has an executable stack"
    wrong=1
  fi
  [[ -n $(llvm-nm --defined-only "$symbols" 2>/dev/null | head -n 1) ]] || {
    note "  the copy with symbols has none"
    wrong=1
  }
  return $wrong
}

check_static() {
  if readelf -lW "$1" | grep INTERP >/dev/null; then
    note "  needs an interpreter: it was linked dynamically; see the SDK's '-static'"
    return 1
  fi
  if readelf -dW "$1" 2>/dev/null | grep NEEDED >&2; then
    note "  needs the shared libraries above"
    return 1
  fi
}

check_processor() {
  local header
  header=$(readelf -hW "$1")
  case $2 in
    x86_64) grep -q 'Machine:.*X86-64' <<<"$header" ;;
    arm64) grep -q 'Machine:.*AArch64' <<<"$header" ;;
    armv7) grep -q 'Machine:.*ARM' <<<"$header" && grep -q 'hard-float ABI' <<<"$header" ;;
  esac && return
  note "  is for another processor or float ABI than $2"
  return 1
}

# Embedded Swift prints this text for an enum, optional or error without a text of its own.
check_prints() {
  if grep -aq 'cannot print value in embedded Swift' "$1"; then
    note "  prints a value that Embedded Swift can't show: give the type in \"\\(…)\" its own text"
    return 1
  fi
}

# The tables come in with String's ==, hash, split and the like; on armv7 they are wrong.
check_unicode() {
  grep -q 'libswiftUnicodeDataTables\.a(' "$1" || return 0
  note "  needs Swift's Unicode tables (String ==, hash, split…; compare [UInt8] instead):"
  llvm-nm -A -u --quiet "$2"/*/*.o | grep _swift_stdlib_ | sed "s|^$2/|    |" | sort -u | sed -n 1,10p >&2
  return 1
}

# Calls that a static glibc can only serve by loading its own shared libraries at run time.
check_calls() {
  local calls='getaddrinfo|gethostby[a-z_]*|getpw[a-z_]*|getgr[a-z_]*|getserv[a-z_]*'
  calls+='|dlopen|iconv_open|setlocale|newlocale|initgroups'
  if llvm-nm -A -u --quiet "$1"/*/*.o | grep -E " U ($calls)\$" | sed "s|^$1/|    |" >&2; then
    note "  the calls above need glibc's shared libraries at run time, which no board has"
    return 1
  fi
}

# A path of this machine in the program would differ from folder to folder.
check_paths() {
  if grep -aqF "$root/" "$1"; then
    note "  holds the path of this folder; an assert's __FILE__ or #filePath gets past the prefix maps"
    return 1
  fi
}
