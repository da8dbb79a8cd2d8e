// Body of the flow's function node. What one MQTT message is, PEER_FORM tells:
//   packed  a station's frame, {"s": station, "t": seconds, "v": [five values]}
//   hj212   the frame as the station sends it, its check sum checked
//   single  one reading, {"t": seconds, "v": value}, its point in the topic: frames/STATION/POINT
// Messages wait until there are 5,000 or 50 ms have passed; one transaction, one prepared statement a message.
const store = context.get("store") || open();
store.waiting.push(msg);
if (store.waiting.length >= 5000) store.flush();
return null;

function open() {
  const form = global.get("form");
  const made = new (global.get("sqlite").DatabaseSync)(global.get("database"));
  // The same promise as Tocsin's: what is counted as stored is on disk. Dedup by point and time.
  made.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = 10000;
    CREATE TABLE reading (point INTEGER, time INTEGER, arrival INTEGER, value REAL,
                          PRIMARY KEY (point, time)) WITHOUT ROWID`);
  const count = form === "single" ? 1 : 5;
  const insert = made.prepare("INSERT OR IGNORE INTO reading VALUES " + Array(count).fill("(?,?,?,?)").join(","));
  const keepFrame = (s, t, v, now) => {
    const p = s * 5;
    insert.run(p, t, now, v[0], p + 1, t, now, v[1], p + 2, t, now, v[2], p + 3, t, now, v[3], p + 4, t, now, v[4]);
  };
  const crc = crcOfHj212();
  const keep = {
    packed: (msg, now) => {
      const { s, t, v } = JSON.parse(msg.payload);
      keepFrame(s, t, v, now);
    },
    hj212: (msg, now) => {
      const text = msg.payload, end = 6 + Number(text.slice(2, 6)), body = text.slice(6, end);
      if (parseInt(text.slice(end, end + 4), 16) !== crc(body)) return;
      const at = body.indexOf("DataTime=") + 9, d = body.slice(at, at + 14);
      const t = Date.UTC(+d.slice(0, 4), +d.slice(4, 6) - 1, +d.slice(6, 8), +d.slice(8, 10) - 8, +d.slice(10, 12), +d.slice(12, 14)) / 1000;
      const v = [];
      for (const item of body.slice(at + 15, -2).split(";")) v.push(Number(item.slice(item.indexOf("=") + 1, item.indexOf(","))));
      keepFrame(Number(body.slice(body.indexOf("MN=BENCH") + 8, body.indexOf(";Flag="))), t, v, now);
    },
    single: (msg, now) => {
      const { t, v } = JSON.parse(msg.payload), [, s, k] = msg.topic.split("/");
      insert.run(Number(s) * 5 + Number(k), t, now, v);
    },
  }[form];
  const out = { waiting: [] };
  out.flush = () => {
    if (out.waiting.length === 0) return;
    const messages = out.waiting, now = Date.now();
    out.waiting = [];
    made.exec("BEGIN");
    for (const msg of messages) keep(msg, now);
    made.exec("COMMIT");
    global.set("stored", (global.get("stored") || 0) + messages.length);
  };
  setInterval(out.flush, 50);
  context.set("store", out);
  return out;
}

/** CRC of HJ 212-2017 annex A. */
function crcOfHj212() {
  const table = Array.from({ length: 256 }, (_, i) => {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    return crc;
  });
  return (text) => {
    let crc = 0xffff;
    for (let i = 0; i < text.length; i++) crc = table[(crc >> 8) ^ text.charCodeAt(i)];
    return crc;
  };
}
