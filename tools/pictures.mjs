// The pictures of the README, from the running sample county: node ../tools/pictures.mjs URL PASSWORD FOLDER (in web/).
import { createRequire } from 'node:module';
import { join } from 'node:path';
const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');
const [, , desk, password, folder] = process.argv;
const flags = ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const LOCALE = { zh: 'zh-CN', en: 'en-GB' };
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const door = await browser.newContext();
const entry = await door.newPage();
await entry.goto(`${desk}/login`);
await entry.fill('[name=login]', 'duty');
await entry.fill('[name=password]', password);
await entry.keyboard.press('Enter');
await entry.waitForSelector('[data-testid=warnings]');
const storageState = await door.storageState();

const shots = [
  ['callboard', '/calls', 'dark', 'zh', 1920, 1080],
  ['desk', '/desk', 'dark', 'zh', 1920, 1080],
  ['desk', '/desk', 'light', 'en', 1920, 1080],
  ['station', '/station/huixi', 'light', 'zh', 1920, 1080],
  ['mailbox', '/mailbox', 'dark', 'zh', 1920, 1080],
  ['desk-phone', '/desk', 'light', 'zh', 390, 844],
];
for (const [name, path, theme, lang, width, height] of shots) {
  const context = await browser.newContext({ viewport: { width, height }, locale: LOCALE[lang], storageState });
  const page = await context.newPage();
  await page.goto(`${desk}${path}?lang=${lang}&theme=${theme}`);
  await page.mouse.click(4, 4); // lets the page make a sound, as a person at the desk has
  if (path === '/desk') await page.waitForSelector('[data-ready]', { timeout: 60000 });
  await page.waitForTimeout(2000);
  await page.screenshot({ path: join(folder, `${name}-${theme}-${lang}.png`) });
  await context.close();
}

// What a phone sees: the last mail's link.
const { items } = await (await door.request.get(`${desk}/api/v1/mailbox?limit=20`)).json();
const { link } = items.find((mail) => mail.link);
for (const lang of ['zh', 'en']) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: LOCALE[lang], javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(link);
  await page.screenshot({ path: join(folder, `link-360-${lang}.png`), fullPage: true });
  await context.close();
}
await browser.close();
