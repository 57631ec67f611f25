# Sourced by the scripts in cross/: what board/NAME/build.conf says.
# shellcheck shell=bash

# The boards that an image can be made for, on one line.
boards() {
  local file names=()
  for file in "$root"/board/*/build.conf; do names+=("$(basename "$(dirname "$file")")"); done
  echo "${names[*]}"
}

check_board() {
  [[ -r $root/board/$1/build.conf && $1 != */* ]] ||
    misuse "unknown board '$1'; there are: $(boards)"
  check_architecture "$(board_value "$1" architecture)"
}

# board_value BOARD KEY [DEFAULT]
board_value() {
  local value
  value=$(sed -n "s/^$2 *= *//p" "$root/board/$1/build.conf")
  if [[ -z $value ]]; then
    [[ $# -ge 3 ]] || fail "board/$1/build.conf has no '$2'; add the line '$2 = …'"
    value=$3
  fi
  printf '%s\n' "$value"
}

# configuration BOARD NAME: the whole /etc/godwit/godwit.conf: the common part, which the user edits,
# then the board's profile.
configuration() {
  sed -e "s/@NAME@/$2/" -e '/^#!/d' "$cross/package/godwit.conf"
  echo
  cat "$root/board/$1/profile.conf"
}

# Everything in a folder gets the time of the sources, so that images are the same everywhere.
fix_times() { find "$1" -exec touch -h -d "@$(source_date)" {} +; }

# SOURCE_DATE_EPOCH where it is given (reproducible-builds.org), else the last commit's time; in a copy
# without git, that of the beginning of the project.
source_date() {
  if [[ -n ${SOURCE_DATE_EPOCH:-} ]]; then
    echo "$SOURCE_DATE_EPOCH"
    return
  fi
  git -C "$root" log -1 --format=%ct -- Sources cross board 2>/dev/null | grep . || echo 1763769600
}
