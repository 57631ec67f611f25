SUMMARY = "Keeps sensor readings until a server has them, over a cellular modem"
DESCRIPTION = "Packages the static program that Godwit's own cross/image made; nothing is compiled here."
LICENSE = "Apache-2.0 & LGPL-2.1-or-later & PD"
LIC_FILES_CHKSUM = "file://usr/share/doc/godwit/licences/godwit.txt;md5=3b83ef96387f14655fc854ddc3c6bd57"

# The tar that cross/image BOARD made, as an absolute path: set it in local.conf.
GODWIT_TAR ?= ""
SRC_URI = "file://${GODWIT_TAR};subdir=${BP}"
S = "${WORKDIR}/${BP}"

COMPATIBLE_HOST = "(aarch64|arm).*-linux"

inherit systemd useradd

SYSTEMD_SERVICE:${PN} = "godwit.service"
# Not before someone has put the access point and the server into the configuration.
SYSTEMD_AUTO_ENABLE = "disable"

USERADD_PACKAGES = "${PN}"
USERADD_PARAM:${PN} = "--system --user-group --home-dir /var/lib/godwit --no-create-home --shell /sbin/nologin godwit"

python () {
    if not d.getVar('GODWIT_TAR'):
        raise bb.parse.SkipRecipe("set GODWIT_TAR to the tar that Godwit's cross/image made")
}

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
    install -D -m 0755 ${S}/usr/bin/godwit ${D}${bindir}/godwit
    install -D -m 0640 ${S}/etc/godwit/godwit.conf ${D}${sysconfdir}/godwit/godwit.conf
    chown root:godwit ${D}${sysconfdir}/godwit/godwit.conf
    install -D -m 0644 ${S}/usr/lib/systemd/system/godwit.service ${D}${systemd_system_unitdir}/godwit.service
    install -D -m 0644 ${S}/usr/lib/tmpfiles.d/godwit.conf ${D}${nonarch_libdir}/tmpfiles.d/godwit.conf
    install -D -m 0644 ${S}/usr/lib/udev/rules.d/60-godwit.rules ${D}${nonarch_base_libdir}/udev/rules.d/60-godwit.rules
    install -d ${D}${docdir}/godwit
    cp -r --no-preserve=ownership ${S}/usr/share/doc/godwit/. ${D}${docdir}/godwit/
}

FILES:${PN} += "${systemd_system_unitdir} ${nonarch_libdir}/tmpfiles.d ${nonarch_base_libdir}/udev"
CONFFILES:${PN} = "${sysconfdir}/godwit/godwit.conf"

# Static and stripped already.
INHIBIT_PACKAGE_STRIP = "1"
INHIBIT_PACKAGE_DEBUG_SPLIT = "1"
INHIBIT_SYSROOT_STRIP = "1"
INSANE_SKIP:${PN} += "already-stripped"
