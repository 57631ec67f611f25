include $(sort $(wildcard $(BR2_EXTERNAL_GODWIT_PATH)/package/*/*.mk))
