# Sourced by the tests in cross/: TAP lines.
# shellcheck shell=bash

count=0
failed=0

# How much of what a failed command said is shown: its end, where it says why.
lines_shown=30

# check NAME COMMAND…: what the command said is shown only when it fails.
check() {
  local name=$1 said
  shift
  count=$((count + 1))
  if said=$("$@" 2>&1); then
    say "ok $count - $name"
  else
    failed=$((failed + 1))
    say "not ok $count - $name"
    tail -n "$lines_shown" <<<"$said" | sed 's/^/#   /'
  fi
}

# skip NAME REASON…
skip() {
  count=$((count + 1))
  say "ok $count - $1 # SKIP ${*:2}"
}

# The plan, and the tests' outcome as a status.
finish() {
  say "1..$count"
  [[ $failed -eq 0 ]]
}
