// Runs axe-core over every page against the mock; prints what is serious or worse and exits 1 if there is any.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
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
const pages = [
  ["", "/desk"],
  ["", "/calls"],
  ["", "/station/huixi"],
  ["", "/mailbox"],
  ["", "/operate"],
  ["", "/desk", "n"],
  ["", "/desk", "l"],
  ["", "/desk", "p"],
  ["", "/desk", "?"],
  ["", "/desk", "/"],
  ["held", "/operate"],
  ["empty", "/desk"],
  ["setup", "/"],
  ["none", "/"],
  ["choose", "/"],
];
let bad = 0;
let port = 8821;
for (const state of new Set(pages.map(([s]) => s))) {
  const server = spawn(process.execPath, [
    join(import.meta.dirname, "server.mjs"),
    "--port",
    String(++port),
    "--state",
    state,
  ]);
  await new Promise((done) => server.stdout.once("data", done));
  for (const [, path, key] of pages.filter(([s]) => s === state)) {
    for (const [theme, lang, width] of [
      ["dark", "zh", 1920],
      ["light", "en", 1366],
      ["light", "zh", 390],
    ]) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        bypassCSP: true,
      });
      const tab = await context.newPage();
      await tab.goto(`http://127.0.0.1:${port}${path}?lang=${lang}&theme=${theme}`);
      await tab.waitForTimeout(500);
      if (state === "choose") {
        await tab.fill("[name=login]", "a");
        await tab.fill("[name=password]", "b");
        await tab.keyboard.press("Enter");
        await tab.waitForTimeout(300);
      }
      if (key) {
        await tab.keyboard.press(key);
        await tab.waitForTimeout(300);
      }
      await tab.evaluate(axe);
      const found = await tab.evaluate(() =>
        globalThis.axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
        }),
      );
      for (const one of found.violations) {
        const grave = one.impact === "serious" || one.impact === "critical";
        if (grave) bad += 1;
        console.log(
          `${grave ? "!!" : "  "} ${state || "-"} ${path} ${key ?? ""} ${theme} ${lang} ${width}: ${one.id} (${one.impact}) ${one.nodes.length} × ${one.nodes[0].html.slice(0, 160)}`,
        );
      }
      await context.close();
    }
  }
  server.kill();
}
await browser.close();
console.log(bad ? `${bad} serious` : "nothing serious");
process.exit(bad ? 1 : 0);
