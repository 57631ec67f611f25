import Settings

extension DialectRow {
  /// With the password 74213, nothing else accepted; the APN is `em`, the server
  /// `collector.example:5683/r`.
  static let forms: [DialectRow] =
    teltonikaForms + ruptelaForms + concoxForms + cobanForms + meitrackForms + elinzForms
    + reachfarForms + queclinkForms + bitrekForms + rutForms

  private static let teltonikaForms = [
    DialectRow(.teltonika, "74213 setparam 2001:iot", "password: set apn=iot"),
    DialectRow(.teltonika, " 74213 setparam 2001:iot", "password: set apn=iot"),
    DialectRow(
      .teltonika, "74213 setparam 2001:iot;2002:u;2003:p",
      "password: set apn=iot user=u password=*** authentication=pap"),
    DialectRow(
      .teltonika, "74213 setparam 2002:u;2003:p;2016:2",
      "password: set user=u password=*** authentication=chap"),
    DialectRow(.teltonika, "74213 setparam 2000:1;2001:em;2006:0", "password: nothing"),
    DialectRow(
      .teltonika, "74213 setparam 2004:203.0.113.7;2005:5700;2006:1",
      "password: set server=coap://203.0.113.7:5700/r"),
    DialectRow(
      .teltonika, "74213 setparam 2005:5700", "password: set server=coap://collector.example:5700/r"
    ),
    DialectRow(.teltonika, "74213 setparam 10055:300", "password: set interval=5min"),
    DialectRow(.teltonika, "74213 setparam 5001:26202;5049:26203", "password: nothing"),
    DialectRow(
      .teltonika, "74213 setparam 5000:26201;5001:26202", "password: set operator=26201"),
    DialectRow(.teltonika, "74213 getparam 2001", "password: get apn"),
    DialectRow(.teltonika, "74213 getparam 2001;2004;2005;2006", "password: get apn server"),
    DialectRow(.teltonika, "74213 getstatus", "password: status"),
    DialectRow(.teltonika, "74213 cpureset", "password: reboot"),
    // Near misses.
    DialectRow(.teltonika, "  getstatus", "ignored: unauthenticated"),
    DialectRow(.teltonika, "  setparam 2001:iot", "ignored: unauthenticated"),
    DialectRow(.teltonika, "   setparam 2001:iot", "ignored: unknown"),
    DialectRow(.teltonika, "74213  setparam 2001:iot", "ignored: unknown"),
    DialectRow(.teltonika, "74213 Setparam 2001:iot", "ignored: unknown"),
    DialectRow(.teltonika, "74213 setparam 2001 iot", "ignored: unknown"),
    DialectRow(.teltonika, "74213 setparam 2001:iot;", "ignored: unknown"),
    DialectRow(.teltonika, "74213 setparam", "ignored: unknown"),
    DialectRow(.teltonika, "74213 getparam 2001:em", "ignored: unknown"),
    DialectRow(.teltonika, "74214 setparam 2001:iot", "ignored: password"),
    DialectRow(.teltonika, "7421 setparam 2001:iot", "ignored: password"),
    DialectRow(.teltonika, "admin 74213 setparam 2001:iot", "ignored: password"),
    DialectRow(
      .teltonika, "74213 setparam 2001:iot 2002:u",
      "password: refused: apn=iot 2002:u: a blank at position 4 isn't allowed; use letters, digits, '-' and '.' only"
    ),
    DialectRow(
      .teltonika, "74213 setparam 2001:a;2001:b",
      "password: refused: apn is set twice; name each once"),
    DialectRow(
      .teltonika, "74213 setparam 2001:iot;4000:+491701234567",
      "password: refused: one of its parameters is nothing that this device has"),
    DialectRow(
      .teltonika, "74213 setparam 2000:0", "password: refused: the device can't do without data"),
    DialectRow(
      .teltonika, "74213 setparam 2006:2",
      "password: refused: the transport can be 0 or 1, TCP or UDP"),
    DialectRow(
      .teltonika, "74213 setparam 2005:0",
      "password: refused: server=coap://collector.example:0/r: has a port that isn't 1 to 65535; leave it out for 5683, or write the server's"
    ),
    DialectRow(
      .teltonika, "74213 setparam 2004:evil/x",
      "password: refused: server=evil/x: has neither a host name nor an IPv4 address; write it like coap://collector.example/r"
    ),
    DialectRow(
      .teltonika, "74213 setparam 2005:1/x",
      "password: refused: server=1/x: has a port that isn't 1 to 65535; leave it out for 5683, or write the server's"
    ),
    DialectRow(
      .teltonika, "74213 setparam 2003:p",
      "password: refused: authentication: there are a user or a password, but no authentication; write pap or chap, or take user and password out"
    ),
    DialectRow(
      .teltonika, "74213 getparam 2001;2003", "password: refused: password is never told"),
  ]

  private static let ruptelaForms = [
    DialectRow(.ruptela, "74213 setconnection iot", "password: set apn=iot"),
    DialectRow(.ruptela, "74213 Setconnection iot", "password: set apn=iot"),
    DialectRow(
      .ruptela, "74213 setconnection iot,u,p,TCP,203.0.113.7,5039",
      "password: set apn=iot server=coap://203.0.113.7:5039/r user=u password=*** authentication=pap"
    ),
    DialectRow(
      .ruptela, "74213 setconnection iot,,,UDP,198.51.100.7,5039,,",
      "password: set apn=iot server=coap://198.51.100.7:5039/r"),
    DialectRow(
      .ruptela, "74213 setconnection iot,*old*,*old*,*old*,*old*,5700",
      "password: set apn=iot server=coap://collector.example:5700/r"),
    DialectRow(
      .ruptela, "74213 setconnection iot,u", "password: set apn=iot user=u authentication=pap"),
    DialectRow(.ruptela, "74213 getapn", "password: status"),
    DialectRow(.ruptela, "74213 imei", "password: status"),
    DialectRow(.ruptela, "74213 reset", "password: reboot"),
    DialectRow(.ruptela, " getapn", "ignored: unauthenticated"),
    DialectRow(.ruptela, "  setconnection iot", "ignored: unknown"),
    DialectRow(.ruptela, "74213 setconnection iot em", "ignored: unknown"),
    DialectRow(.ruptela, "74213,setconnection iot", "ignored: unknown"),
    DialectRow(.ruptela, "74213 setconnections iot", "ignored: unknown"),
    DialectRow(.ruptela, "pass setconnection iot", "ignored: password"),
    DialectRow(
      .ruptela, "74213 setconnection iot,,,UDP,a.example,5039,b.example,5040",
      "password: refused: there is one server; leave the second one empty"),
    DialectRow(
      .ruptela, "74213 setconnection iot,,,SCTP,a.example,5039",
      "password: refused: the transport can be 0 or 1, TCP or UDP"),
    DialectRow(
      .ruptela, "74213 setconnection ,,,UDP,a.example,5039",
      "password: refused: apn=: the value is empty; write a value, or put '#' before the line"),
  ]

  private static let concoxForms = [
    DialectRow(.concox, "APN,74213,iot#", "password: set apn=iot"),
    DialectRow(.concox, "apn,74213,iot,,#", "password: set apn=iot"),
    DialectRow(
      .concox, "Apn,74213,iot,u,p#", "password: set apn=iot user=u password=*** authentication=pap"),
    DialectRow(
      .concox, "SERVER,74213,1,track.example,5700,0#",
      "password: set server=coap://track.example:5700/r"),
    DialectRow(
      .concox, "Server,74213,0,203.0.113.7,5700,1#",
      "password: set server=coap://203.0.113.7:5700/r"),
    DialectRow(.concox, "TIMER,74213,60#", "password: set interval=1min"),
    DialectRow(.concox, "TIMER,74213,,60#", "password: set interval=1min"),
    DialectRow(.concox, "TIMER,74213,60,60#", "password: set interval=1min"),
    DialectRow(.concox, "STATUS,74213#", "password: status"),
    DialectRow(.concox, "SERVER,74213#", "password: status"),
    DialectRow(.concox, "RESET,74213#", "password: reboot"),
    DialectRow(.concox, "APN,iot#", "ignored: unauthenticated"),
    DialectRow(.concox, "APN,iot,u,p#", "ignored: unauthenticated"),
    DialectRow(.concox, "STATUS#", "ignored: unauthenticated"),
    DialectRow(.concox, "RESET,666666#", "ignored: unauthenticated"),
    DialectRow(.concox, "SERVER,1,track.example,5700,0#", "ignored: unauthenticated"),
    DialectRow(.concox, "APN,74213,iot", "ignored: unknown"),
    DialectRow(.concox, "APN,74213,iot##", "ignored: unknown"),
    DialectRow(.concox, "APN,74213, iot#", "ignored: unknown"),
    DialectRow(.concox, "APN,,iot#", "ignored: unknown"),
    DialectRow(.concox, " APN,74213,iot#", "ignored: unknown"),
    DialectRow(.concox, "RELAY,74213,1#", "ignored: unknown"),
    DialectRow(.concox, "DYD,74213#", "ignored: unknown"),
    DialectRow(.concox, "APN\u{FF0C}74213\u{FF0C}iot#", "ignored: malformed"),
    DialectRow(.concox, "APN,74212,iot#", "ignored: password"),
    DialectRow(.concox, "TIMER,10,60#", "ignored: password"),
    DialectRow(
      .concox, "TIMER,74213,60,300#",
      "password: refused: there is one interval; write them alike"),
    DialectRow(
      .concox, "TIMER,74213,0#",
      "password: refused: interval=0s: is out of range; write 1s to 31d"),
    DialectRow(
      .concox, "TIMER,74213,1min#",
      "password: refused: interval=1min: isn't a whole number; write digits only"),
    DialectRow(
      .concox, "SERVER,74213,2,a.example,5700,0#",
      "password: refused: a mode isn't one of those that there are"),
  ]

  private static let cobanForms = [
    DialectRow(.coban, "apn74213 iot", "password: set apn=iot"),
    DialectRow(.coban, "Apn74213 iot", "password: set apn=iot"),
    DialectRow(.coban, "apnuser74213 u", "password: set user=u authentication=pap"),
    DialectRow(
      .coban, "up74213 u p", "password: set user=u password=*** authentication=pap"),
    DialectRow(
      .coban, "adminip74213 203.0.113.7 9000", "password: set server=coap://203.0.113.7:9000/r"),
    DialectRow(.coban, "gprs74213,0,1", "password: nothing"),
    DialectRow(.coban, "fix060s***n74213", "password: set interval=1min"),
    DialectRow(.coban, "fix060s060s***n74213", "password: set interval=1min"),
    DialectRow(.coban, "fix005m***n74213", "password: set interval=5min"),
    DialectRow(.coban, "t002h***n74213", "password: set interval=2h"),
    DialectRow(.coban, "upload74213 300", "password: set interval=5min"),
    DialectRow(.coban, "check74213", "password: status"),
    DialectRow(.coban, "imei74213", "password: status"),
    DialectRow(.coban, "reset74213", "password: reboot"),
    DialectRow(.coban, "apn123456 iot", "ignored: unauthenticated"),
    DialectRow(.coban, "check123456", "ignored: unauthenticated"),
    DialectRow(.coban, "apn 74213 iot", "ignored: unknown"),
    DialectRow(.coban, "apn74213  iot", "ignored: unknown"),
    DialectRow(.coban, "apn74213 iot x", "ignored: unknown"),
    DialectRow(.coban, "apn iot", "ignored: unknown"),
    DialectRow(.coban, "reset", "ignored: unknown"),
    DialectRow(.coban, "stop74213", "ignored: unknown"),
    DialectRow(.coban, "fix060s**n74213", "ignored: unknown"),
    DialectRow(.coban, "apn74214 iot", "ignored: password"),
    DialectRow(.coban, "apn742134 iot", "ignored: password"),
    DialectRow(
      .coban, "apnpasswd74213 p",
      "password: refused: authentication: there are a user or a password, but no authentication; write pap or chap, or take user and password out"
    ),
    DialectRow(
      .coban, "fix060s300s***n74213",
      "password: refused: there is one interval; write them alike"),
    DialectRow(
      .coban, "fix060d***n74213",
      "password: refused: interval=060d: isn't a time; write a whole number and s, min, h or d, like 15s, 5min, 6h or 2d"
    ),
  ]

  private static let meitrackForms = [
    DialectRow(.meitrack, "74213,A81,iot,,", "password: set apn=iot"),
    DialectRow(
      .meitrack, "74213,A81,iot,u,p",
      "password: set apn=iot user=u password=*** authentication=pap"),
    DialectRow(.meitrack, "74213,A21,,,,iot,,", "password: set apn=iot"),
    DialectRow(
      .meitrack, "74213,A21,2,203.0.113.7,8800,em,,",
      "password: set server=coap://203.0.113.7:8800/r"),
    DialectRow(.meitrack, "74213,A12,6,0", "password: set interval=1min"),
    DialectRow(.meitrack, "74213,A10", "password: status"),
    DialectRow(.meitrack, "74213,F01", "password: reboot"),
    DialectRow(.meitrack, "0000,A81,iot,,", "ignored: unauthenticated"),
    DialectRow(.meitrack, "666888,A10", "ignored: unauthenticated"),
    DialectRow(.meitrack, "8888,FAB", "ignored: unknown"),
    DialectRow(.meitrack, "74213,A81,iot", "ignored: unknown"),
    DialectRow(.meitrack, "74213,A81,iot,", "ignored: unknown"),
    DialectRow(.meitrack, "74213, A81,iot,,", "ignored: unknown"),
    DialectRow(.meitrack, "74213,a81,iot,,", "ignored: unknown"),
    DialectRow(.meitrack, "A81,iot,,", "ignored: unknown"),
    DialectRow(.meitrack, "74213,sos1,1#", "ignored: unknown"),
    DialectRow(.meitrack, "0001,A81,iot,,", "ignored: password"),
    DialectRow(
      .meitrack, "74213,A21,0,,,iot,,", "password: refused: the device can't do without data"),
    DialectRow(
      .meitrack, "74213,A12,6,10",
      "password: refused: reports have no end here; write 0 for their number"),
    DialectRow(
      .meitrack, "74213,A21,1,a_b,8800,iot,,",
      "password: refused: server=a_b: has neither a host name nor an IPv4 address; write it like coap://collector.example/r"
    ),
  ]

  private static let elinzForms = [
    DialectRow(.elinz, "apn74213 iot", "password: set apn=iot"),
    DialectRow(.elinz, "APN74213 iot", "password: set apn=iot"),
    DialectRow(.elinz, "APN,iot#", "ignored: unauthenticated"),
    DialectRow(.elinz, "apn123456 iot", "ignored: unauthenticated"),
    DialectRow(.elinz, "APN,74213,iot#", "ignored: unknown"),
    DialectRow(.elinz, "APN,iot", "ignored: unknown"),
    DialectRow(.elinz, "apn74213,iot", "ignored: unknown"),
    DialectRow(.elinz, "reset74213", "ignored: unknown"),
    DialectRow(.elinz, "apn654321 iot", "ignored: password"),
  ]

  private static let reachfarForms = [
    DialectRow(.reachfar, "pw,74213,apn,iot,,,90143#", "password: set apn=iot"),
    DialectRow(
      .reachfar, "pw,74213,apn,iot,,,26201#", "password: set apn=iot operator=26201"),
    DialectRow(
      .reachfar, "pw,74213,apn,iot,u,p,90143#",
      "password: set apn=iot user=u password=*** authentication=pap"),
    DialectRow(
      .reachfar, "pw,74213,ip,203.0.113.7,8011#", "password: set server=coap://203.0.113.7:8011/r"),
    DialectRow(.reachfar, "pw,74213,ts#", "password: status"),
    DialectRow(.reachfar, "pw,74213,reset#", "password: reboot"),
    DialectRow(.reachfar, "PW,74213,restart#", "password: reboot"),
    DialectRow(.reachfar, "74213,sos1#", "password: nothing"),
    DialectRow(.reachfar, "74213,sos1,+12345678#", "password: nothing"),
    DialectRow(.reachfar, "pw,74213,center,0012345678#", "password: nothing"),
    DialectRow(.reachfar, "apn,iot#", "ignored: unauthenticated"),
    DialectRow(.reachfar, "apn,iot,plmn,90143#", "ignored: unauthenticated"),
    DialectRow(.reachfar, "surl,a.example,port,8011#", "ignored: unauthenticated"),
    DialectRow(.reachfar, "ip,a.example,8011#", "ignored: unauthenticated"),
    DialectRow(.reachfar, "sos1,12345678#", "ignored: unauthenticated"),
    DialectRow(.reachfar, "ts#", "ignored: unauthenticated"),
    DialectRow(.reachfar, "reset#", "ignored: unauthenticated"),
    DialectRow(.reachfar, "pw,123456,ts#", "ignored: unauthenticated"),
    DialectRow(.reachfar, "pw,74213,ts", "ignored: unknown"),
    DialectRow(.reachfar, "pw, 74213,ts#", "ignored: unknown"),
    DialectRow(.reachfar, "pw,74213,apn,iot#", "ignored: unknown"),
    DialectRow(.reachfar, "pw,74213,factory#", "ignored: unknown"),
    DialectRow(.reachfar, "0000,A81,iot,,", "ignored: unknown"),
    DialectRow(.reachfar, "pw,74212,ts#", "ignored: password"),
    DialectRow(
      .reachfar, "74213,sos1,49173871878#",
      "password: refused: whose messages are obeyed stands in the configuration"),
    DialectRow(
      .reachfar, "pw,74213,upload,300#",
      "password: refused: this maker's unit is seconds here and minutes there"),
    DialectRow(
      .reachfar, "pw,74213,apn,iot,,,#",
      "password: refused: an operator has 5 or 6 digits: the country's code and its own"),
  ]

  private static let queclinkForms = [
    DialectRow(.queclink, "AT+GTBSI=74213,iot,,,,,,,0002$", "password: set apn=iot"),
    DialectRow(
      .queclink, "AT+GTBSI=74213,iot,u,p,,,,,FFFF$",
      "password: set apn=iot user=u password=*** authentication=pap"),
    DialectRow(
      .queclink, "AT+GTSRI=74213,4,,,203.0.113.7,9001,,,+8613812341234,0,1,,,,,0003$",
      "password: set server=coap://203.0.113.7:9001/r"),
    DialectRow(
      .queclink, "AT+GTFRI=74213,1,1,0,0,,,60,60,60,60,7F,40,0,,,FFFF$",
      "password: set interval=1min"),
    DialectRow(.queclink, "AT+GTRTO=74213,1,,,,,,FFFF$", "password: report"),
    DialectRow(.queclink, "AT+GTRTO=74213,3,,,,,,FFFF$", "password: reboot"),
    DialectRow(.queclink, "AT+GTRTO=74213,B,,,,,,FFFF$", "password: status"),
    DialectRow(.queclink, "AT+GTBSI=gl200,iot,,,,,,,0002$", "ignored: unauthenticated"),
    DialectRow(.queclink, "AT+GTRTO=queclink,3,,,,,,FFFF$", "ignored: unauthenticated"),
    DialectRow(.queclink, "AT+GTBSI=74213,iot,,,,,,0002$", "ignored: unknown"),
    DialectRow(.queclink, "AT+GTBSI=74213,iot,,,,,,,,0002$", "ignored: unknown"),
    DialectRow(.queclink, "AT+GTBSI=74213,iot,,,,,,,0002", "ignored: unknown"),
    DialectRow(.queclink, "at+gtbsi=74213,iot,,,,,,,0002$", "ignored: unknown"),
    DialectRow(.queclink, "AT+GTBSI=,iot,,,,,,,0002$", "ignored: unknown"),
    DialectRow(.queclink, "AT+GTRTO=74213,5,,,,,,FFFF$", "ignored: unknown"),
    DialectRow(.queclink, "AT+GTRTO=74213,4,,,,,,FFFF$", "ignored: unknown"),
    DialectRow(.queclink, "AT+GTBSI=74212,iot,,,,,,,0002$", "ignored: password"),
    DialectRow(
      .queclink, "AT+GTBSI=74213,iot,,,,,,,002$",
      "password: refused: the serial number has 4 hexadecimal digits"),
    DialectRow(
      .queclink,
      "AT+GTSRI=74213,4,,,116.226.44.17,9001,116.226.44.16,9002,+8613812341234,0,1,,,,,0003$",
      "password: refused: there is one server; leave the second one empty"),
    DialectRow(
      .queclink, "AT+GTFRI=74213,1,1,0,0,,,60,60,60,300,7F,40,0,,,FFFF$",
      "password: refused: there is one interval; write them alike"),
  ]

  private static let bitrekForms = [
    DialectRow(.bitrek, "admin 74213 setparam 0242 iot;", "ignored: password"),
    DialectRow(.bitrek, "74213 setparam 0242 iot", "password: set apn=iot"),
    DialectRow(.bitrek, "74213 SETPARAM 0242 iot;", "password: set apn=iot"),
    DialectRow(
      .bitrek, "74213 setparam 0242 iot;setparam 0243 u; setparam 0244 p;",
      "password: set apn=iot user=u password=*** authentication=pap"),
    DialectRow(
      .bitrek, "74213 setparam 0245 203.0.113.7; setparam 0246 12050;",
      "password: set server=coap://203.0.113.7:12050/r"),
    DialectRow(.bitrek, "74213 setparam 0242 iot; cpureset;", "password: set apn=iot"),
    DialectRow(.bitrek, "74213 setparam 0242 em; cpureset;", "password: reboot"),
    DialectRow(.bitrek, "74213 setparam 0917 3; setparam 0021 26202", "password: nothing"),
    DialectRow(.bitrek, "74213 getparam 0242; getparam 0245;", "password: get apn server"),
    DialectRow(.bitrek, "74213 getstatus;", "password: status"),
    DialectRow(.bitrek, "74213 flush;", "password: status"),
    DialectRow(.bitrek, "74213 cpureset;", "password: reboot"),
    DialectRow(.bitrek, "setparam 0242 iot", "ignored: unauthenticated"),
    DialectRow(.bitrek, "cpureset;", "ignored: unauthenticated"),
    DialectRow(.bitrek, "74213 setparam 0242:iot", "ignored: unknown"),
    DialectRow(.bitrek, "74213 setparam 0242", "ignored: unknown"),
    DialectRow(.bitrek, "74213 setparam 0242 iot;;", "ignored: unknown"),
    DialectRow(.bitrek, "74213 setparam 0242 iot; .....", "ignored: unknown"),
    DialectRow(.bitrek, "74213 setparam 0242 iot; rstallprof;", "ignored: unknown"),
    DialectRow(.bitrek, " 74213 setparam 0242 iot", "ignored: unknown"),
    DialectRow(.bitrek, "74213 setparam 0242 iot; 74214 setparam 0917 1", "ignored: password"),
    DialectRow(.bitrek, "74212 setparam 0242 iot", "ignored: password"),
    DialectRow(
      .bitrek, "74213 cpureset; setparam 0242 iot",
      "password: refused: one message asks for one kind of thing; send the others alone"),
    DialectRow(
      .bitrek, "74213 setparam 1242 iot",
      "password: refused: one of its parameters is nothing that this device has"),
    DialectRow(
      .bitrek, "74213 setparam 0242 iot; setparam 0917 0",
      "password: refused: roaming can be 1 or 3 here"),
    DialectRow(
      .bitrek, "74213 setparam 0021 01",
      "password: refused: an operator has 5 or 6 digits: the country's code and its own"),
  ]

  private static let rutForms = [
    DialectRow(.rut, "74213 cellular apn=iot", "password: set apn=iot"),
    DialectRow(
      .rut, "74213 cellular apn=iot dialnumber=*99***1# auth_mode=chap username=u password=p",
      "password: set apn=iot user=u password=*** authentication=chap"),
    DialectRow(.rut, "74213 cellular auth_mode=none apn=iot", "password: set apn=iot"),
    DialectRow(.rut, "74213 status", "password: status"),
    DialectRow(.rut, "74213 reboot", "password: reboot"),
    DialectRow(.rut, "cellular apn=iot", "ignored: unauthenticated"),
    DialectRow(.rut, "admin01 reboot", "ignored: unauthenticated"),
    DialectRow(.rut, "reboot", "ignored: unauthenticated"),
    DialectRow(.rut, "74213 cellular", "ignored: unknown"),
    DialectRow(.rut, "74213 cellular apn", "ignored: unknown"),
    DialectRow(.rut, "74213 cellular  apn=iot", "ignored: unknown"),
    DialectRow(.rut, "74213 cellular,apn=iot", "ignored: unknown"),
    DialectRow(.rut, "74213 uci set network.ppp.apn=iot", "ignored: unknown"),
    DialectRow(.rut, "74213 restore", "ignored: unknown"),
    DialectRow(.rut, "74212 cellular apn=iot", "ignored: password"),
    DialectRow(
      .rut, "74213 cellular apn=iot service=3gonly",
      "password: refused: one of its parameters is nothing that this device has"),
    DialectRow(
      .rut, "74213 cellular apn=iot auth_mode=md5",
      "password: refused: authentication=md5: isn't one of the known words; write none, pap or chap"
    ),
  ]
}
