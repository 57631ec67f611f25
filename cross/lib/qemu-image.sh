# Sourced by cross/image: a board in QEMU: Debian's kernel, a small root in a ramdisk, a data partition.
# shellcheck shell=bash

# What the board needs that may be a module, each after what it needs itself. Which of them are built
# in is for the kernel to say; the PL061, the PCI serial ports and the PL031 clock are.
qemu_modules=(crc16 crc32c_generic mbcache jbd2 ext4 virtio_mmio virtio_blk virtio_rng softdog
  evdev gpio_keys)
# Fixed, so that two images of the same sources are the same.
data_uuid=6f64776f-6c66-4967-8000-474f44574954
data_megabytes=64

# make_qemu_image BOARD FOLDER
make_qemu_image() {
  local board=$1 folder=$2 architecture key
  architecture=$(board_value "$board" architecture)
  need_tools "$(board_value "$board" emulator)=qemu-system-arm" dtc=device-tree-compiler cpio=cpio \
    gzip=gzip xz=xz-utils mke2fs=e2fsprogs dpkg-deb=dpkg
  key=$(image_key "$board" "$architecture")
  if [[ $(cat "$folder/key" 2>/dev/null) == "$key" ]]; then
    say "image ready: ${folder#"$PWD/"}"
    return
  fi
  note "making the image for $board…"
  rm -rf "$folder"
  mkdir -p "$folder/root"
  unpack_kernel "$board" "$architecture"
  fill_root "$board" "$architecture" "$folder/root"
  make_ramdisk "$folder"
  make_device_tree "$board" "$folder/board.dtb"
  make_data_partition "$folder/data.img"
  sed -e "s/@EMULATOR@/$(board_value "$board" emulator)/" \
    -e "s/@MACHINE@/$(board_value "$board" machine)/" "$cross/qemu/run" >"$folder/run"
  chmod +x "$folder/run"
  echo "$key" >"$folder/key"
  say "image ready: ${folder#"$PWD/"}; start it with ${folder#"$PWD/"}/run"
}

image_key() {
  {
    cat "$cross/lib/qemu-image.sh" "$cross/lib/board.sh" "$cross"/qemu/* "$root/board/$1"/*
    cat "$cross/package/godwit.conf" "$out/$2/godwit" 2>/dev/null
    source_date
    "$(board_value "$1" emulator)" --version
  } | sha256sum | cut -d' ' -f1
}

# The kernel package, unpacked once in the cache.
unpack_kernel() {
  local board=$1 debian folder name
  debian=$(debian_name "$2")
  kernel_folder=$cache/kernel/$2
  [[ -e $kernel_folder/complete ]] && return
  name=$(debian_depends "$debian" "$(board_value "$board" kernel)" linux-image-)
  [[ -n $name ]] || fail "Debian has no $(board_value "$board" kernel) for $debian"
  rm -rf "$kernel_folder"
  mkdir -p "$kernel_folder"
  dpkg-deb -x "$(debian_package "$debian" "$name")" "$kernel_folder"
  touch "$kernel_folder/complete"
}

# fill_root BOARD ARCHITECTURE ROOT
fill_root() {
  local board=$1 target=$3 busybox
  mkdir -p "$target"/{bin,dev,proc,sys,run,tmp,usr/bin,sbin,etc/godwit,var/lib/godwit,lib/modules}
  busybox=$cache/busybox/$2
  if [[ ! -x $busybox/bin/busybox ]]; then
    mkdir -p "$busybox"
    dpkg-deb -x "$(debian_package "$(debian_name "$2")" busybox-static)" "$busybox"
  fi
  cp "$busybox/bin/busybox" "$target/bin/"
  link_busybox "$target"
  cp "$out/$2/godwit" "$target/usr/bin/"
  cp "$cross/qemu/init" "$target/"
  cp "$cross"/qemu/{godwit-service,command-shell} "$target/sbin/"
  echo "$board" >"$target/etc/hostname"
  echo 'root:x:0:0:root:/:/bin/sh' >"$target/etc/passwd"
  configuration "$board" "$board" >"$target/etc/godwit/godwit.conf"
  copy_modules "$target/lib/modules"
}

# Only what the board's own scripts and a person looking around need.
link_busybox() {
  local applet
  for applet in sh cat cut date dd df dmesg echo env false free grep head hexdump hostname hwclock \
    id ifconfig insmod kill ls lsmod mkdir mount mv od pidof printf ps reboot poweroff rm sed seq \
    setsid sleep sort stat stty sync tail test time timeout touch tr true umount uname uptime wc; do
    ln -s busybox "$1/bin/$applet"
  done
  for applet in init reboot poweroff; do ln -sf ../bin/busybox "$1/sbin/$applet"; done
  ln -s ../bin/busybox "$1/sbin/umount"
}

copy_modules() {
  local module file
  for module in "${qemu_modules[@]}"; do
    file=$(find "$kernel_folder" -name "$module.ko*" -o -name "${module//_/-}.ko*" | sed -n 1p)
    if [[ -z $file ]]; then
      is_built_in "$module" && continue
      fail "Debian's kernel has no module $module any more; see qemu_modules in cross/lib"
    fi
    case $file in
      *.xz) xz -dc "$file" >"$1/$module.ko" ;;
      *) cp "$file" "$1/$module.ko" ;;
    esac
    echo "$module.ko" >>"$1/order"
  done
}

is_built_in() {
  find "$kernel_folder" -name modules.builtin -exec cat {} + | tr - _ | grep "/$1\.ko" >/dev/null
}

# The same bytes from the same sources: sorted names, fixed times, no names of users.
make_ramdisk() {
  fix_times "$1/root"
  (cd "$1/root" && find . -print0 | sort -z |
    cpio --quiet --null --reproducible -o -H newc -R 0:0) | gzip -n -9 >"$1/ramdisk"
  cp "$kernel_folder"/boot/vmlinuz-* "$1/kernel"
  rm -rf "$1/root"
}

make_device_tree() {
  local machine emulator fresh=$2.fresh
  emulator=$(board_value "$1" emulator)
  read -ra machine <<<"$(board_value "$1" machine)"
  machine[1]+=,dumpdtb=$fresh
  "$emulator" "${machine[@]}" -m 128 -nodefaults -display none >/dev/null 2>&1 ||
    fail "$emulator can't write its device tree; does it know ${machine[*]}?"
  [[ $(fdtget -t x "$fresh" /pl061@9030000 phandle) == 8004 ]] ||
    fail "this QEMU gives its PL061 another phandle; change it in board/$1/overlay.dts"
  # The seeds differ each time and would be no secret in a file; the board has virtio-rng instead.
  fdtput -d "$fresh" /chosen rng-seed kaslr-seed
  dtc -q -I dts -O dtb -o "$fresh.overlay" "$root/board/$1/overlay.dts"
  fdtoverlay -i "$fresh" -o "$fresh.after" "$fresh.overlay"
  # Written anew, so that nothing of what was deleted is left between the parts.
  dtc -q -I dtb -O dtb -o "$2" "$fresh.after"
  rm -f "$fresh" "$fresh".*
}

make_data_partition() {
  truncate -s "${data_megabytes}M" "$1"
  E2FSPROGS_FAKE_TIME=$(source_date) mke2fs -q -t ext4 -L godwit-data -U "$data_uuid" -m 0 \
    -E "hash_seed=$data_uuid,root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0" "$1" ||
    fail "mke2fs couldn't make the data partition (above)"
}
