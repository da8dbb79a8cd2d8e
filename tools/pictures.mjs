// The pictures of the README, from the running sample county: node tools/pictures.mjs URL PASSWORD FOLDER (in web/).
import { createRequire } from 'node:module';
import { join } from 'node:path';
const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');
const [, , desk, password, folder] = process.argv;
const flags = ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const shots = [['desk', '/desk', 'dark', 'zh', 1920, 1080], ['desk', '/desk', 'light', 'en', 1920, 1080], ['callboard', '/calls', 'dark', 'zh', 1920, 1080],
  ['station', '/station/huixi', 'light', 'zh', 1920, 1080], ['mailbox', '/mailbox', 'dark', 'zh', 1920, 1080], ['desk-phone', '/desk', 'light', 'zh', 390, 844]];
for (const [name, path, theme, lang, width, height] of shots) {
  const context = await browser.newContext({ viewport: { width, height }, locale: lang === 'zh' ? 'zh-CN' : 'en' });
  const page = await context.newPage();
  await page.goto(`${desk}/login?lang=${lang}&theme=${theme}`);
  await page.waitForSelector('input');
  const inputs = await page.$$('input');
  await inputs[0].fill('duty');
  await inputs[1].fill(password);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(2000);
  await page.goto(`${desk}${path}?lang=${lang}&theme=${theme}`);
  await page.keyboard.press('Shift');
  await page.waitForTimeout(6000);
  await page.screenshot({ path: join(folder, `${name}-${theme}-${lang}.png`) });
  await context.close();
}
await browser.close();
