# Sourced by the scripts in cross/: where things are, and how they speak to a person.
# shellcheck shell=bash

set -euo pipefail
export LC_ALL=C
umask 022
# Where some tools are that an ordinary user runs too: mke2fs, systemd's.
PATH=$PATH:/usr/sbin:/sbin

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cross=$root/cross
out=$cross/out
cache=$cross/.cache
sdks=$out/sdk
bundle=$sdks/godwit.artifactbundle
export root cross out cache sdks bundle

# The architectures Godwit is built for. arm64 and armv7 are the boards; x86_64 is the same
# Embedded build for this machine, so that it can be run without an emulator.
architectures=(x86_64 arm64 armv7)

say() { printf '%s\n' "$*"; }
note() { printf '%s\n' "$*" >&2; }

# Ends the script: what is wrong, then what to do about it.
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Ends the script for a wrong command line.
misuse() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

# check_architecture NAME: refuses an unknown one and lists those there are.
check_architecture() {
  local name
  for name in "${architectures[@]}"; do [[ $name == "$1" ]] && return; done
  misuse "unknown architecture '$1'; there are: ${architectures[*]}"
}

# Debian's name of an architecture.
debian_name() {
  case $1 in x86_64) echo amd64 ;; arm64) echo arm64 ;; armv7) echo armhf ;; esac
}

# Debian's folder name for its libraries.
library_folder() {
  case $1 in
    x86_64) echo x86_64-linux-gnu ;;
    arm64) echo aarch64-linux-gnu ;;
    armv7) echo arm-linux-gnueabihf ;;
  esac
}

# The triple that Swift compiles for: no operating system, which is what Embedded Swift knows.
swift_triple() {
  case $1 in
    x86_64) echo x86_64-unknown-none-elf ;;
    arm64) echo aarch64-none-none-elf ;;
    armv7) echo armv7-none-none-eabi ;;
  esac
}

# The triple that C is compiled for and the program is linked for: Linux with glibc.
c_triple() {
  case $1 in
    x86_64) echo x86_64-linux-gnu ;;
    arm64) echo aarch64-linux-gnu ;;
    armv7) echo armv7-linux-gnueabihf ;;
  esac
}

# The options of C that the processor or its ABI needs, one a line. armv7: vfpv3-d16 is what every
# hard-float board has (NEON is not), and time_t has 64 bits only if asked for.
c_options() {
  case $1 in
    armv7)
      printf '%s\n' -mfloat-abi=hard -mfpu=vfpv3-d16 -D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64
      ;;
  esac
}

# The program that runs binaries of an architecture here; empty for this machine's own.
emulator() {
  case $1 in
    x86_64) [[ $(uname -m) == x86_64 ]] || echo qemu-x86_64-static ;;
    arm64) [[ $(uname -m) == aarch64 ]] || echo qemu-aarch64-static ;;
    armv7) [[ $(uname -m) == armv7l ]] || echo qemu-arm-static ;;
  esac
}

# need_tools TOOL=PACKAGE...: sees that each tool is there, installs the package if it may.
need_tools() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null ||
      fail "'${pair%%=*}' is still missing after installing ${pair#*=}; is it on the PATH?"
  done
}

# install_packages NAME...: as root or through a sudo that asks nothing, else says what to type.
install_packages() {
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    if sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      fail "needs Debian packages that only root can install; run: sudo apt-get install $*"
    fi
  fi
  note "installing Debian packages: $*"
  if ! apt_quietly "${as_root[@]}" apt-get install -y --no-install-recommends "$@"; then
    apt_quietly "${as_root[@]}" apt-get update || true
    apt_quietly "${as_root[@]}" apt-get install -y --no-install-recommends "$@" ||
      fail "apt-get install $* failed (above); install them by hand and run this again"
  fi
}

# apt_quietly COMMAND...: shows what apt says only when it fails.
apt_quietly() {
  local said
  if ! said=$(env DEBIAN_FRONTEND=noninteractive "$@" </dev/null 2>&1); then
    printf '%s\n' "$said" | tail -n 20 >&2
    return 1
  fi
}

need_swift() {
  command -v swift >/dev/null ||
    fail "no 'swift' on the PATH; install the Swift 6.3 toolchain for Debian 12 from swift.org"
  command -v ld.lld >/dev/null ||
    fail "no 'ld.lld' on the PATH; it comes with the Swift toolchain, in the folder of 'swift'"
}

# The folder of the Swift toolchain: the one that holds bin/swift and lib/swift.
swift_folder() {
  local folder
  folder=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")
  [[ -d $folder/lib/swift/embedded ]] ||
    fail "the Swift toolchain in $folder has no lib/swift/embedded; install a 6.3 or later one"
  printf '%s\n' "$folder"
}
