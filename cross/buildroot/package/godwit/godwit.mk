################################################################################
#
# godwit
#
################################################################################

GODWIT_TAR = $(call qstrip,$(BR2_PACKAGE_GODWIT_TAR))
GODWIT_VERSION = prebuilt
GODWIT_SITE = $(patsubst %/,%,$(dir $(GODWIT_TAR)))
GODWIT_SITE_METHOD = file
GODWIT_SOURCE = $(notdir $(GODWIT_TAR))
# The tar has no folder of its own: usr and etc stand at its top.
GODWIT_STRIP_COMPONENTS = 0
GODWIT_LICENSE = Apache-2.0, LGPL-2.1+ (glibc, libgpiod), Public Domain (SQLite)
GODWIT_LICENSE_FILES = usr/share/doc/godwit/licences/godwit.txt \
	usr/share/doc/godwit/licences/LGPL-2.1.txt

define GODWIT_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0755 $(@D)/usr/bin/godwit $(TARGET_DIR)/usr/bin/godwit
	$(INSTALL) -D -m 0640 $(@D)/etc/godwit/godwit.conf $(TARGET_DIR)/etc/godwit/godwit.conf
	$(INSTALL) -D -m 0644 $(@D)/usr/lib/udev/rules.d/60-godwit.rules \
		$(TARGET_DIR)/usr/lib/udev/rules.d/60-godwit.rules
	mkdir -p $(TARGET_DIR)/usr/share/doc/godwit
	cp -r $(@D)/usr/share/doc/godwit/. $(TARGET_DIR)/usr/share/doc/godwit/
endef

define GODWIT_INSTALL_INIT_SYSTEMD
	$(INSTALL) -D -m 0644 $(@D)/usr/lib/systemd/system/godwit.service \
		$(TARGET_DIR)/usr/lib/systemd/system/godwit.service
	$(INSTALL) -D -m 0644 $(@D)/usr/lib/tmpfiles.d/godwit.conf \
		$(TARGET_DIR)/usr/lib/tmpfiles.d/godwit.conf
endef

define GODWIT_INSTALL_INIT_SYSV
	$(INSTALL) -D -m 0755 $(GODWIT_PKGDIR)/S80godwit $(TARGET_DIR)/etc/init.d/S80godwit
endef

define GODWIT_USERS
	godwit -1 godwit -1 * /var/lib/godwit - - Godwit service
endef

define GODWIT_PERMISSIONS
	/etc/godwit/godwit.conf f 0640 root godwit - - - - -
endef

$(eval $(generic-package))
