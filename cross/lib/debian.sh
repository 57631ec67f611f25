# Sourced by the scripts in cross/: fetches Debian's packages of any architecture without root and
# without touching the machine's own apt. Sources are the machine's own, main only; the lists and
# packages are kept in cross/.cache.
# shellcheck shell=bash

debian_cache=$cache/debian
# Where a release of Debian is named by the machine itself.
debian_codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)

# Writes the private APT configuration: lists, cache and package states of its own.
write_apt_configuration() {
  mkdir -p "$debian_cache"/{lists/partial,archives/partial,empty}
  : >"$debian_cache/status"
  private_sources >"$debian_cache/sources.list.new"
  [[ -s $debian_cache/sources.list.new ]] ||
    fail "found no Debian '$debian_codename' source in this machine's apt configuration; add one" \
      "to /etc/apt/sources.list"
  mv "$debian_cache/sources.list.new" "$debian_cache/sources.list"
  cat >"$debian_cache/apt.conf" <<CONF
Dir::State "$debian_cache";
Dir::State::lists "$debian_cache/lists";
Dir::State::status "$debian_cache/status";
Dir::Cache "$debian_cache";
Dir::Cache::archives "$debian_cache/archives";
Dir::Etc::sourcelist "$debian_cache/sources.list";
Dir::Etc::sourceparts "$debian_cache/empty";
Dir::Etc::preferences "$debian_cache/none";
Dir::Etc::preferencesparts "$debian_cache/empty";
#clear APT::Architectures;
APT::Architectures { "amd64"; "arm64"; "armhf"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
CONF
}

# The machine's own sources, cut down to Debian's release: other makers' sources don't carry the
# packages, nor other architectures.
private_sources() {
  local options='arch=amd64,arm64,armhf' keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [[ -r $keyring ]] && options+=" signed-by=$keyring"
  # shellcheck disable=SC2016 # $(…) is apt's own syntax here
  env -u APT_CONFIG apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' 2>/dev/null |
    awk -v code="$debian_codename" -v options="$options" '
      $3 == "main" && ($2 == code || $2 == code "-updates" || $2 == code "-security") &&
        !seen[$0]++ { print "deb [" options "] " $0 }'
}

private_apt() { APT_CONFIG=$debian_cache/apt.conf "$@"; }

# Fetches the lists of packages, once; `debian_update force` fetches them anew. A list that can't be
# had (a mirror in the middle of an update) is said and left out, as long as the release's are there.
debian_update() {
  local said architecture
  if [[ ${1:-} != force && -e $debian_cache/lists.complete ]]; then return; fi
  write_apt_configuration
  note "fetching Debian's lists of packages for amd64, arm64 and armhf…"
  said=$(private_apt apt-get update -q 2>&1) || true
  grep '^[EW]: Failed' <<<"$said" | sed 's/^[EW]: /going on without a list: /' >&2 || true
  for architecture in amd64 arm64 armhf; do
    private_apt apt-cache show "libc6-dev:$architecture" >/dev/null 2>&1 && continue
    printf '%s\n' "$said" | tail -n 10 >&2
    fail "Debian's package lists for $architecture can't be had (above); see that 'apt-get update'" \
      "works on this machine, then run this again"
  done
  touch "$debian_cache/lists.complete"
}

# debian_package ARCHITECTURE NAME: sees that the package is in the cache and prints its path.
debian_package() {
  local found
  if ! found=$(cached_package "$1" "$2"); then
    debian_update
    download_package "$1" "$2"
    found=$(cached_package "$1" "$2") || fail "Debian's package $2 ($1) was fetched but isn't there"
  fi
  printf '%s\n' "$found"
}

cached_package() {
  local file
  for file in "$debian_cache/packages/$1/$2"_*.deb; do
    [[ -e $file ]] && printf '%s\n' "$file" && return
  done
  return 1
}

# A package that has been replaced on the server is found again with fresh lists.
download_package() {
  local folder=$debian_cache/packages/$1 fresh said
  mkdir -p "$folder"
  fresh=$(mktemp -d "$folder/.fetching-XXXXXX")
  note "fetching $2 ($1)"
  if ! said=$(cd "$fresh" && private_apt apt-get download -q "$2:$1" 2>&1); then
    debian_update force
    said=$(cd "$fresh" && private_apt apt-get download -q "$2:$1" 2>&1) || {
      rm -rf "$fresh"
      printf '%s\n' "$said" | tail -n 5 >&2
      fail "Debian $debian_codename has no package '$2' for $1, or it can't be fetched (above)"
    }
  fi
  mv "$fresh"/*.deb "$folder/"
  rmdir "$fresh"
}

# debian_depends ARCHITECTURE NAME PREFIX: the package that NAME depends on and whose name begins
# with PREFIX: what a metapackage stands for.
debian_depends() {
  debian_update
  private_apt apt-cache depends "$2:$1" 2>/dev/null |
    sed -n "s/^ *Depends: \(${3}[^: ]*\).*/\1/p" | sed -n 1p
}

# debian_forget: drops every cached package and what was unpacked of them, so that the next fetch
# takes the newest.
debian_forget() {
  rm -rf "$debian_cache/packages" "$debian_cache/lists.complete" "$cache"/{kernel,busybox,roots}
}
