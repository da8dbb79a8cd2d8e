import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
const acc = JSON.parse(readFileSync("/tmp/webdesk/county/accounts.json","utf8"));
const base = "http://127.0.0.1:8660";
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless=new","--no-sandbox","--disable-quic"] });
const who = process.argv[2] ?? "duty";
const ctx = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
const tab = await ctx.newPage();
tab.on("pageerror", e => console.log("PAGEERROR", e.message));
tab.on("console", m => ["error","warning"].includes(m.type()) && !/ReadPixels|AudioContext/.test(m.text()) && console.log("CONSOLE", m.text().slice(0,300)));
tab.on("response", r => r.status() >= 400 && console.log("HTTP", r.status(), r.url()));
await tab.goto(base + "/?lang=zh&theme=dark"); await tab.waitForSelector("[data-testid=login]");
await tab.fill("[name=login]", who); await tab.fill("[name=password]", acc[who].password); await tab.keyboard.press("Enter");
await tab.waitForTimeout(1500);
if (await tab.locator("[data-testid=choose-post]").count()) { console.log("choose post"); await tab.click("[data-testid=choose-post] li button"); }
await tab.waitForSelector("[data-ready]", { timeout: 20000 }).catch(() => console.log("map not ready"));
await tab.mouse.click(4,4); await tab.waitForTimeout(500);
for (const [n, p] of (process.argv[3] ?? "desk:/desk,calls:/calls,station:/station/huixi,mailbox:/mailbox,operate:/operate").split(",").map(x => x.split(":"))) {
  if (!tab.url().includes(p)) await tab.goto(base + p);
  await tab.waitForTimeout(n === "desk" ? 2500 : 1200);
  await tab.screenshot({ path: `/tmp/shots/real-${who}-${n}.png` });
}
await browser.close();
