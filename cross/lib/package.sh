# Sourced by cross/image: a Debian package and a plain tar for a real board.
# shellcheck shell=bash

# make_package BOARD FOLDER
make_package() {
  local board=$1 folder=$2 architecture debian version tree
  architecture=$(board_value "$board" architecture)
  debian=$(debian_name "$architecture")
  version=$(cat "$cross/package/version")
  need_tools dpkg-deb=dpkg dtc=device-tree-compiler gzip=gzip xz=xz-utils
  rm -rf "$folder"
  tree=$folder/tree
  mkdir -p "$tree"
  fill_tree "$board" "$architecture" "$tree"
  fix_times "$tree"
  SOURCE_DATE_EPOCH=$(source_date)
  export SOURCE_DATE_EPOCH
  plain_tar "$tree" . | gzip -n -9 >"$folder/godwit-$version-$board.tar.gz"
  write_control "$tree" "$board" "$debian" "$version"
  fix_times "$tree"
  dpkg-deb --root-owner-group -Zxz -b "$tree" "$folder/godwit_${version}_$debian.deb" >/dev/null
  rm -rf "$tree"
  say "package ready: ${folder#"$PWD/"}/godwit_${version}_$debian.deb"
}

# fill_tree BOARD ARCHITECTURE TREE: what is installed, the same in the package and the tar.
fill_tree() {
  local board=$1 tree=$3 shared=$cross/package documents=$3/usr/share/doc/godwit
  install -D -m 755 "$out/$2/godwit" "$tree/usr/bin/godwit"
  install -D -m 644 "$shared/godwit.service" "$tree/usr/lib/systemd/system/godwit.service"
  install -D -m 644 "$shared/godwit.tmpfiles" "$tree/usr/lib/tmpfiles.d/godwit.conf"
  install -D -m 644 "$shared/godwit.sysusers" "$tree/usr/lib/sysusers.d/godwit.conf"
  install -d "$tree/usr/lib/udev/rules.d" "$tree/usr/share/godwit" "$tree/etc/godwit"
  cat "$shared/godwit.rules" "$root/board/$board/udev.rules" \
    >"$tree/usr/lib/udev/rules.d/60-godwit.rules"
  configuration "$board" "$board" >"$tree/etc/godwit/godwit.conf"
  chmod 640 "$tree/etc/godwit/godwit.conf"
  if [[ -e $root/board/$board/overlay.dts ]]; then
    dtc -q -@ -I dts -O dtb -o "$tree/usr/share/godwit/$board.dtbo" "$root/board/$board/overlay.dts"
    cp "$root/board/$board/overlay.dts" "$tree/usr/share/godwit/$board.dts"
  fi
  install -D -m 644 "$root/board/$board/README.md" "$documents/board.md"
  install -m 644 "$shared/copyright" "$documents/copyright"
  cp -r "$out/$2/licences" "$documents/"
  fix_times "$out/$2/relink"
  plain_tar "$out/$2" relink | xz -9 >"$documents/relink.tar.xz"
  if [[ -e $root/board/godwit.1 ]]; then
    install -d "$tree/usr/share/man/man1"
    gzip -n -9 <"$root/board/godwit.1" >"$tree/usr/share/man/man1/godwit.1.gz"
  fi
}

# plain_tar FOLDER WHAT: the same bytes whoever makes it, and whenever.
plain_tar() {
  tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu \
    --mtime="@$(source_date)" -cf - "$2"
}

write_control() {
  local tree=$1 script
  mkdir -p "$tree/DEBIAN"
  cat >"$tree/DEBIAN/control" <<CONTROL
Package: godwit
Version: $4
Architecture: $3
Maintainer: the Godwit authors <godwit@localhost>
Installed-Size: $(du -sk --apparent-size --exclude DEBIAN "$tree" | cut -f1)
Depends: passwd
Section: net
Priority: optional
Description: keeps sensor readings until a server has them, over a cellular modem
 One process for battery-powered sensors: drives a cellular modem on a serial port, sleeps with it,
 keeps every reading until the server has confirmed it. Configured for this board: $2.
CONTROL
  echo /etc/godwit/godwit.conf >"$tree/DEBIAN/conffiles"
  for script in postinst prerm postrm; do
    install -m 755 "$cross/package/$script" "$tree/DEBIAN/$script"
  done
  (cd "$tree" && find usr etc -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
}
