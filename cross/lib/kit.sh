# Sourced by cross/build: what a program that holds glibc and libgpiod (LGPL) must come with: the
# object files and the command that link it with other versions of them, and the licences.
# shellcheck shell=bash

# write_relink_kit ARCHITECTURE PRODUCTS FOLDER
write_relink_kit() {
  local object room
  mkdir -p "$3/objects"
  while IFS= read -r object; do
    object=${object//\'/}
    room=$(basename "${object%%.build/*}")
    mkdir -p "$3/objects/$room"
    llvm-objcopy --strip-debug "$object" "$3/objects/$room/$(basename "$object")"
    printf 'objects/%s/%s\n' "$room" "$(basename "$object")" >>"$3/objects.list"
  done <"$2/godwit.product/Objects.LinkFileList"
  cp "$cross/lib/program.ld" "$3/"
  write_relink_script "$1" >"$3/relink"
  write_relink_readme "$1" >"$3/README"
  chmod +x "$3/relink"
}

write_relink_script() {
  local hash
  hash=$(sources_hash "$1")
  cat <<EOS
#!/bin/sh
# Links godwit anew from its object files. Needs clang and lld 14 or later.
#   SYSROOT=FOLDER OUTPUT=FILE ./relink [more linker arguments, such as /my/libgpiod.a]
# SYSROOT holds the $(debian_name "$1") development files of glibc, libgcc, SQLite and libgpiod:
# leave it out on a Debian of that architecture that has libc6-dev, libsqlite3-dev and libgpiod-dev.
set -eu
cd "\$(dirname "\$0")"
exec clang --target=$(c_triple "$1") \${SYSROOT:+"--sysroot=\$SYSROOT"} -fuse-ld=lld -static \\
  "\$@" @objects.list -lsqlite3 -lm -lgpiod \\
  -Wl,--gc-sections -Wl,--icf=all -Wl,-T,program.ld -Wl,--defsym,main=godwit_main -Wl,--build-id=0x$hash \\
  -o "\${OUTPUT:-godwit}"
EOS
}

write_relink_readme() {
  cat <<EOS
This folder links godwit ($1) anew, with another version of the libraries inside it.

glibc and libgpiod are under the GNU Lesser General Public License, version 2.1 or later, and are
linked into godwit statically. You may change them and link godwit with your version: the object
files here are all of godwit's own, and ./relink is the one command. godwit itself is under the
Apache License 2.0.

The libraries that were linked, as Debian packages (their sources are Debian's source packages of
the same versions):

$(cat "$bundle/$1/packages.txt")
EOS
}

# write_licences ARCHITECTURE FOLDER: of everything inside the program, and the full texts.
write_licences() {
  local name
  mkdir -p "$2"
  cp "$root/LICENSE" "$2/godwit.txt"
  cp "$(swift_folder)/share/swift/LICENSE.txt" "$2/swift.txt" 2>/dev/null ||
    fail "the Swift toolchain carries no share/swift/LICENSE.txt, which the package must ship"
  cp "$bundle/$1/licences/"*.txt "$2/"
  for name in Apache-2.0 GPL-2 GPL-3 LGPL-2.1; do
    cp "/usr/share/common-licenses/$name" "$2/$name.txt" ||
      fail "no /usr/share/common-licenses/$name; install Debian's base-files"
  done
}
