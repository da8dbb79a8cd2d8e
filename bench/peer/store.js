// Body of the flow's function node. One MQTT message is one station's frame:
//   {"s": station, "t": seconds, "v": [five values]}
// Frames wait until there are 5,000 or 50 ms have passed; one transaction, one prepared statement a frame.
const store = context.get("store") || open();
store.waiting.push(msg.payload);
if (store.waiting.length >= 5000) store.flush();
return null;

function open() {
  const made = new (global.get("sqlite").DatabaseSync)(global.get("database"));
  // The same promise as Tocsin's: what is counted as stored is on disk. Dedup by point and time.
  made.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = 10000;
    CREATE TABLE reading (point INTEGER, time INTEGER, arrival INTEGER, value REAL,
                          PRIMARY KEY (point, time)) WITHOUT ROWID`);
  const rows = Array(5).fill("(?,?,?,?)").join(",");
  const insert = made.prepare("INSERT OR IGNORE INTO reading VALUES " + rows);
  const out = { waiting: [] };
  out.flush = () => {
    if (out.waiting.length === 0) return;
    const frames = out.waiting, now = Date.now();
    out.waiting = [];
    made.exec("BEGIN");
    for (const text of frames) {
      const { s, t, v } = JSON.parse(text), p = s * 5;
      insert.run(p, t, now, v[0], p + 1, t, now, v[1], p + 2, t, now, v[2], p + 3, t, now, v[3], p + 4, t, now, v[4]);
    }
    made.exec("COMMIT");
    global.set("stored", (global.get("stored") || 0) + frames.length);
  };
  setInterval(out.flush, 50);
  context.set("store", out);
  return out;
}
