import Settings

enum DialectAnswers {
  /// A form each, and what is answered once it is done, refused and undone.
  static let all: [(RemoteWords, String, done: String?, refused: String?, undone: String?)] = [
    (
      .teltonika, "74213 setparam 2001:em;2002:u;2003:p", "New value 2001:em;2002:u;2003:***",
      "WARNING: Not supported Param ID or Value detected: why",
      "Error while configuring parameters: why"
    ),
    (
      .teltonika, "74213 getparam 2001", "Param ID:2001 Value:em",
      "Invalid parameter id provided: why", "Invalid parameter id provided: why"
    ),
    (
      .teltonika, "74213 getparam 2001;2004;2005;2016",
      "Param ID:2001 Value:em;2004:collector.example;2005:5683;2016:0",
      "Invalid parameter id provided: why", "Invalid parameter id provided: why"
    ),
    (
      .teltonika, "74213 getstatus",
      "Data Link: 1 GPRS: 1 OP: 26201 Signal: 2 Roaming: 1 LAC: 115 Cell ID: 1361430", nil, nil
    ),
    (.teltonika, "74213 cpureset", nil, nil, nil),
    (
      .ruptela, "74213 setconnection em", "set connection data ok",
      "set connection data incorrect: why", "set connection data incorrect: why"
    ),
    (
      .ruptela, "74213 getapn",
      "APN: em User: none PSW: none IP1: collector.example Port1: 5683 IP2: Port2: TCP/UDP: 1", nil,
      nil
    ),
    (.ruptela, "74213 imei", "IMEI: 353976012555151", nil, nil),
    (.ruptela, "74213 reset", "Resetting device", nil, nil),
    (.concox, "APN,74213,em#", "OK", "ERROR: why", "ERROR: why"),
    (.concox, "SERVER,74213#", "SERVER,1,collector.example,5683,1", nil, nil),
    (.concox, "TIMER,74213,60#", "OK!", "ERROR: why", "ERROR: why"),
    (.concox, "STATUS,74213#", "GPRS:Link Up; GSM Signal Level:Strong; GPS:OFF", nil, nil),
    (.concox, "RESET,74213#", "RESET OK", nil, nil),
    (.coban, "apn74213 em", "APN ok", nil, nil),
    (.coban, "apnuser74213 u", "apnuser ok", nil, nil),
    (.coban, "up74213 u p", "user, password ok!", nil, nil),
    (.coban, "adminip74213 a.example 9000", "adminip ok", nil, nil),
    (.coban, "gprs74213", "GPRS ok", nil, nil),
    (.coban, "fix060s***n74213", "fix 060s***n ok", nil, nil),
    (
      .coban, "check74213",
      "GPRS: ON\nGPS: NO\nGSM: 17\nAPN: em\nIP: collector.example PORT: 5683", nil, nil
    ),
    (.coban, "imei74213", "353976012555151", nil, nil),
    (.coban, "reset74213", "reset ok", nil, nil),
    (.meitrack, "74213,A81,em,,", "353976012555151,A81,OK", nil, nil),
    (.meitrack, "74213,A21,,,,em,,", "353976012555151,A21,OK", nil, nil),
    (.meitrack, "74213,A12,6,0", "353976012555151,A12,OK", nil, nil),
    (
      .meitrack, "74213,A10",
      "353976012555151,A10,Online 26201 LTE-M -79dBm apn=em waiting=0", nil, nil
    ),
    (.meitrack, "74213,F01", "353976012555151,F01,OK", nil, nil),
    (.elinz, "apn74213 em", nil, nil, nil),
    (
      .reachfar, "74213,sos1,12345678#",
      "12345678 has been set for master number successfully.", nil, nil
    ),
    (.reachfar, "pw,74213,apn,em,,,90143#", nil, nil, nil),
    (
      .reachfar, "pw,74213,ts#",
      "1.2 353976012555151 collector.example:5683 Online 26201 LTE-M -79dBm apn=em waiting=0", nil,
      nil
    ),
    (
      .queclink, "AT+GTBSI=74213,em,,,,,,,0002$",
      "+ACK:GTBSI,1A0102,353976012555151,meadow-7,0002,20261122222847,0001$", nil, nil
    ),
    (
      .queclink, "AT+GTRTO=74213,3,,,,,,000B$",
      "+ACK:GTRTO,1A0102,353976012555151,meadow-7,REBOOT,000B,20261122222847,0001$", nil, nil
    ),
    (
      .bitrek, "74213 setparam 0242 em; setparam 0244 p; setparam 0243 u; setparam 0917 1",
      "Param ID 0242 New Val: em; Param ID 0244 New Val: ***; Param ID 0243 New Val: u; Param ID 0917 New Val: 1",
      nil, nil
    ),
    (
      .bitrek, "74213 getparam 0242; getparam 0246",
      "Param ID 0242 Val: em; Param ID 0246 Val: 5683", nil, nil
    ),
    (
      .bitrek, "74213 flush;",
      "353976012555151, em, none, none, collector.example, 5683, 1", nil, nil
    ),
    (.bitrek, "74213 cpureset;", nil, nil, nil),
    (.rut, "74213 cellular apn=em", nil, nil, nil),
    (
      .rut, "74213 status",
      "Router name - meadow-7; WAN IP - 10.1.2.3; Data Connection state - connected; Connection type - LTE-M; Signal strength - -79; New FW available - N/A;",
      nil, nil
    ),
    (.rut, "74213 reboot", nil, nil, nil),
  ]
}
