// Serves web/dist and the HTTP contract (docs/formats/http.md) with the night of scenario.json, so that
// the desk can be looked at and tested without the real server. Nothing is kept; commands move the
// scenario just far enough to see the page react.
//   node mock/server.mjs [--port 8787] [--state setup|none|empty|held|choose] [--sample DIR]
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const here = import.meta.dirname;
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const port = Number(option("port", "8787"));
const state = option("state", "");
const sample = option("sample", join(here, "../../sample/qingyuan"));
const dist = join(here, "../dist");
const begun = Date.now();

/** "@-41:07" in the scenario is 41 min 7 s before the start. */
const resolve = (value) => {
  if (Array.isArray(value)) return value.map(resolve);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v)]));
  const stamp = typeof value === "string" && /^@([+-])(\d+):(\d\d)$/.exec(value);
  if (!stamp) return value;
  const ms = (Number(stamp[2]) * 60 + Number(stamp[3])) * 1000;
  return new Date(begun + (stamp[1] === "-" ? -ms : ms)).toISOString();
};
const scenario = resolve(JSON.parse(readFileSync(join(here, "scenario.json"), "utf8")));
const boards = Object.fromEntries(
  Object.entries(scenario.boards).map(([name, rows]) => [
    name,
    new Map(rows.map((row) => [row.id, row])),
  ]),
);
if (state === "empty")
  for (const name of ["warnings", "calls", "proposals", "feed", "outbox", "ingest", "holes"])
    boards[name].clear();
if (state === "held")
  boards.node.get("node").held = { since: new Date(begun - 600_000).toISOString(), by: null };
let session = state === "setup" || state === "none" || state === "choose" ? null : scenario.session;
let position = 1;
const listeners = new Set();
const kept = new Map();
const now = () => new Date().toISOString();

const patch = (board, put, drop = [], whole = false) => ({
  id: ++position,
  text: `id: ${position}\nevent: patch\ndata: ${JSON.stringify({ board, whole, put, drop, total: boards[board].size, as_of: now() })}\n\n`,
  board,
});
const put = (board, row) => {
  boards[board].set(row.id, row);
  const message = patch(board, [row]);
  for (const one of listeners) if (one.boards.includes(board)) one.response.write(message.text);
};
const feed = (zh, en, warning = null) =>
  put("feed", {
    id: `f-${Date.now()}-${position}`,
    at: now(),
    kind: "desk",
    level: null,
    text: { zh, en },
    warning,
    station: null,
  });

function stream(request, response, query) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const names = (query.get("boards") ?? "").split(",").filter((name) => boards[name]);
  for (const name of names) response.write(patch(name, [...boards[name].values()], [], true).text);
  const beat = () =>
    response.write(`event: beat\ndata: ${JSON.stringify({ as_of: now(), lag_ms: 180 })}\n\n`);
  beat();
  const timer = setInterval(beat, 5000);
  const one = { response, boards: names };
  listeners.add(one);
  request.on("close", () => (clearInterval(timer), listeners.delete(one)));
}

/** A made-up course: a slow rise, a gap of 70 minutes, and some readings that came late. */
function readings(id, from, to, step) {
  const station = [...boards.stations.values()].find((s) => s.points.some((p) => p.id === id));
  const point = station?.points.find((p) => p.id === id);
  if (!point) return null;
  const every =
    { raw: station.interval_s, "1m": 60, "10m": 600, "1h": 3600, "1d": 86400 }[step] * 1000;
  const items = [];
  const last = point.at ? Date.parse(point.at) : Date.parse(station.last_arrival);
  const value = point.value ?? 20;
  for (
    let t = last - Math.floor((last - from) / every) * every;
    t <= Math.min(to, last);
    t += every
  ) {
    const hours = (last - t) / 3600_000;
    if (hours > 8.3 && hours < 9.47) continue;
    const wave = 0.004 * Math.sin(t / 900_000);
    const rain = /mm/.test(point.unit);
    const v = rain
      ? Math.max(0, value * Math.exp(-hours / 4) * (0.7 + 0.3 * Math.sin(t / 2_000_000)))
      : value * (0.44 + 0.56 * Math.exp(-hours / 2.6) + wave);
    const late = hours > 3 && hours < 3.8;
    const shown = Number(v.toFixed(point.decimals));
    const at = new Date(t).toISOString();
    if (step === "raw")
      items.push({
        t: at,
        v: shown,
        flag: "N",
        late,
        arrived: new Date(t + (late ? 3.2e6 : 3000)).toISOString(),
      });
    else
      items.push({
        t: at,
        n: every / 1000 / station.interval_s,
        min: shown,
        max: shown,
        mean: shown,
        last: shown,
      });
  }
  return { point: id, unit: point.unit, step, items, as_of: now() };
}

function answer(call, body) {
  const rung = call.rungs[body.rung];
  const warning = boards.warnings.get(call.warning);
  const rungs = call.rungs.map((one, i) =>
    i === body.rung
      ? {
          ...rung,
          state: body.kind === "cannot" ? "cannot" : "answered",
          answered_at: now(),
          seconds: 41,
        }
      : one,
  );
  put("calls", {
    ...call,
    rungs,
    state: "answered",
    current: null,
    due_at: null,
    answer: {
      kind: body.kind,
      moved: body.moved ?? null,
      words: body.words ?? "",
      channel: "phone",
      by: scenario.session.person_name,
      at: now(),
    },
  });
  if (warning) {
    const place = call.riskpoints[0].id;
    const riskpoints = warning.riskpoints.map((p) =>
      p.id === place ? { ...p, answered: p.answered + 1, moved: p.moved + (body.moved ?? 0) } : p,
    );
    put("warnings", {
      ...warning,
      riskpoints,
      answered: warning.answered + 1,
      silent: warning.silent - 1,
      moved: warning.moved + (body.moved ?? 0),
    });
  }
  feed(
    `${rung.name}：${body.words || body.kind}`,
    `${rung.name}: ${body.words || body.kind}`,
    call.warning,
  );
}

/** What the commands do here; each gets the row named in the path and the body. */
const commands = {
  "calls/answer": (row, body) => answer(row, body),
  "calls/attempt": (row, body) =>
    feed(
      `${row.rungs[body.rung].name} ${body.outcome}`,
      `${row.rungs[body.rung].name} ${body.outcome}`,
      row.warning,
    ),
  "calls/reveal": (row, body) => ({ phone: "13900000107", name: row.rungs[body.rung].name }),
  "warnings/acknowledge": (row) =>
    put("warnings", { ...row, acknowledged_by: scenario.session.person_name }),
  "warnings/recall": (row) => feed(`再呼 ${row.silent} 人`, `Calling ${row.silent} again`, row.id),
  "warnings/level": (row, body) =>
    put("warnings", {
      ...row,
      level: body.level,
      levels: [
        ...row.levels,
        { at: now(), level: body.level, reason: body.reason, by: scenario.session.person_name },
      ],
    }),
  "warnings/cancel": (row, body) =>
    put("warnings", {
      ...row,
      phase: "cancelled",
      cancelled: { at: now(), by: scenario.session.person_name, reason: body.reason },
    }),
  "proposals/issue": (row) => put("proposals", { ...row, state: "issued" }),
  "proposals/decline": (row) => put("proposals", { ...row, state: "declined" }),
  "outbox/resend": (row) => put("outbox", { ...row, state: "queued", tries: row.tries + 1 }),
  "stations/dialect": (row, body) =>
    put("ingest", { ...boards.ingest.get(row.id), approved: body.approve }),
};

function command(path, body) {
  const [, what, id, verb] = /^\/api\/v1\/(\w+)(?:\/([^/]+)\/([\w-]+))?$/.exec(path) ?? [];
  if (what === "release") return put("node", { ...boards.node.get("node"), held: null });
  if (what === "warnings" && !id) {
    const hazard = scenario.hazards.find((one) => one.code === body.hazard);
    const areas = body.areas.map((code) => ({
      code,
      name: boards.townships.get(code)?.name ?? "庆元县",
    }));
    const row = {
      ...[...boards.warnings.values()][0],
      ...body,
      id: `w-${position}`,
      hazard_name: hazard.name,
      areas,
      issued_at: now(),
      acknowledged_by: null,
      source: null,
      riskpoints: [],
      asked: 0,
      answered: 0,
      silent: 0,
      moved: 0,
      to_move: 0,
      levels: [{ at: now(), level: body.level, reason: "", by: scenario.session.person_name }],
    };
    put("warnings", row);
    return { id: row.id };
  }
  const run = commands[`${what}/${verb}`];
  const row = boards[what]?.get(decodeURIComponent(id ?? ""));
  return run && row ? (run(row, body) ?? {}) : null;
}

const list = (items) => ({ items, total: items.length, cursor: null, as_of: now() });
const file = (name) => JSON.parse(readFileSync(join(sample, name), "utf8"));
const reads = {
  "/api/v1/hazards": () => list(scenario.hazards),
  "/api/v1/issuing": () => ({ ...list(scenario.issuing), adopted: null }),
  "/api/v1/users": () => list(scenario.users),
  "/api/v1/posts": () => list(scenario.posts),
  "/api/v1/audit": () => list(scenario.audit),
  "/api/v1/mailbox": () => list(state === "empty" ? [] : scenario.mailbox),
  "/api/v1/map/boundaries": () => file("outline.geojson"),
  "/api/v1/map/streams": () => file("streams.geojson"),
  "/api/v1/map/relief.json": () => file("relief.json"),
};

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
};
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
function send(response, path) {
  response.writeHead(200, {
    "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
    "Content-Security-Policy": CSP,
  });
  createReadStream(path).pipe(response);
}
function json(response, status, body) {
  response.writeHead(status, {
    "Content-Type": status < 400 ? "application/json" : "application/problem+json",
  });
  response.end(JSON.stringify(body));
}
const problem = (response, status, code, more = {}) =>
  json(response, status, {
    type: "about:blank",
    title: code,
    status,
    code,
    field: "",
    detail: "",
    ...more,
  });

function read(request, response, url) {
  const path = url.pathname;
  if (path === "/api/v1/setup") return json(response, 200, { needed: state === "setup" });
  if (!session) return problem(response, 401, "session.none");
  if (path === "/api/v1/session") return json(response, 200, session);
  if (path === "/api/v1/stream") return stream(request, response, url.searchParams);
  const relief = /^\/api\/v1\/map\/relief\/(dark|light)\.png$/.exec(path);
  if (relief) return send(response, join(sample, `relief-${relief[1]}.png`));
  const point = /^\/api\/v1\/points\/([^/]+)\/readings$/.exec(path);
  if (point) {
    const q = url.searchParams;
    const found = readings(
      decodeURIComponent(point[1]),
      Date.parse(q.get("from")),
      Date.parse(q.get("to")),
      q.get("step"),
    );
    return found ? json(response, 200, found) : problem(response, 404, "point.unknown");
  }
  try {
    return reads[path]
      ? json(response, 200, reads[path]())
      : problem(response, 404, "route.unknown");
  } catch {
    return problem(response, 404, "file.absent");
  }
}

function write(request, response, url, text) {
  const path = url.pathname;
  if (path === "/api/v1/session" && request.method === "DELETE")
    return ((session = null), json(response, 200, {}));
  if (path.startsWith("/api/v1/import/")) {
    if (url.searchParams.get("dry_run") !== "true")
      return json(response, 202, {
        receipt: { command: "c", log: "desk", seq: ++position, at: now() },
      });
    const problems = [
      { line: 7, column: "lon", code: "csv.bad_number", detail: "119,05" },
      { line: 12, column: "area", code: "register.area_unknown", detail: "331126999" },
    ];
    return json(response, 200, {
      rows: 31,
      problems: text.includes("bad") ? problems : [],
      notes: [],
      changes: { added: 29, changed: 2, removed: 0 },
    });
  }
  const body = text ? JSON.parse(text) : {};
  if (
    path === "/api/v1/session" ||
    path === "/api/v1/setup" ||
    path === "/api/v1/session/break-glass"
  ) {
    if (body.password === "wrong") return problem(response, 401, "session.bad_credentials");
    if (state === "choose" && !body.post)
      return problem(response, 409, "session.choose_post", { posts: scenario.posts });
    session = scenario.session;
    return json(response, 200, {});
  }
  if (!session) return problem(response, 401, "session.none");
  const id = request.headers["command-id"];
  if (!id) return problem(response, 400, "command.no_id", { field: "Command-Id" });
  if (!kept.has(id)) {
    const done = command(path, body);
    if (done === null) return problem(response, 404, "route.unknown");
    kept.set(id, { receipt: { command: id, log: "desk", seq: ++position, at: now() }, ...done });
  }
  return json(response, path.endsWith("/reveal") ? 200 : 202, kept.get(id));
}

createServer((request, response) => {
  const url = new URL(request.url, "http://mock");
  if (url.pathname.startsWith("/api/")) {
    if (request.method === "GET") return void read(request, response, url);
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on(
      "end",
      () => void write(request, response, url, Buffer.concat(chunks).toString("utf8")),
    );
    return;
  }
  const path = join(dist, normalize(url.pathname));
  send(response, existsSync(path) && statSync(path).isFile() ? path : join(dist, "index.html"));
}).listen(port, "127.0.0.1", () => console.log(`mock on http://127.0.0.1:${port}/`));
