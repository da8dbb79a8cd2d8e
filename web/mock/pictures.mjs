// Takes pictures of every page against the mock. Chromium is the machine's own.
//   node mock/pictures.mjs OUTDIR [name-part]
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const out = process.argv[2] ?? "pictures";
const only = process.argv[3] ?? "";
mkdirSync(out, { recursive: true });
const SIZES = { wide: [1920, 1080], small: [1366, 768], phone: [390, 844] };
const shots = [];
const page = (name, path, state, more = {}) => shots.push({ name, path, state, ...more });
for (const [lang, theme, size] of [
  ["zh", "dark", "wide"],
  ["zh", "light", "wide"],
  ["en", "dark", "wide"],
  ["zh", "dark", "small"],
  ["zh", "light", "phone"],
]) {
  for (const [name, path] of [
    ["desk", "/desk"],
    ["calls", "/calls"],
    ["station", "/station/huixi"],
    ["mailbox", "/mailbox"],
    ["operate", "/operate"],
  ])
    page(`${name}-${size}-${theme}-${lang}`, path, "", { lang, theme, size });
}
for (const [name, state] of [
  ["setup", "setup"],
  ["login", "none"],
]) {
  page(`${name}-wide-dark-zh`, "/", state, { lang: "zh", theme: "dark", size: "wide" });
  page(`${name}-phone-light-en`, "/", state, { lang: "en", theme: "light", size: "phone" });
}
page("empty-wide-light-zh", "/desk", "empty", { lang: "zh", theme: "light", size: "wide" });
page("held-small-dark-en", "/operate", "held", { lang: "en", theme: "dark", size: "small" });

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless=new",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
let port = 8801;
for (const state of new Set(shots.map((shot) => shot.state))) {
  const wanted = shots.filter((shot) => shot.state === state && shot.name.includes(only));
  if (wanted.length === 0) continue;
  const server = spawn(process.execPath, [
    join(import.meta.dirname, "server.mjs"),
    "--port",
    String(++port),
    "--state",
    state,
  ]);
  await new Promise((done) => server.stdout.once("data", done));
  for (const shot of wanted) {
    const [width, height] = SIZES[shot.size];
    const tab = await browser.newPage({ viewport: { width, height } });
    tab.on("pageerror", (error) => console.log(shot.name, "page error:", error.message));
    tab.on(
      "console",
      (message) =>
        ["error", "warning"].includes(message.type()) && console.log(shot.name, message.text()),
    );
    await tab.goto(`http://127.0.0.1:${port}${shot.path}?lang=${shot.lang}&theme=${shot.theme}`);
    if (shot.path === "/desk")
      await tab
        .waitForSelector("[data-ready]", { timeout: 30_000 })
        .catch(() => console.log(shot.name, "map not ready"));
    await tab.mouse.click(4, 4); // lets the page make a sound, as a person at the desk has
    await tab.waitForTimeout(600);
    await tab.screenshot({ path: join(out, `${shot.name}.png`), fullPage: shot.size === "phone" });
    await tab.close();
  }
  server.kill();
}
await browser.close();
