// One duty officer's story in a real browser. Arguments: JSON {desk, login, password, lang, pictures}.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const { desk, login, password, lang, pictures } = JSON.parse(process.argv[2]);

const flags = ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const problems = [];
const must = (what, why) => { console.log(`${what ? 'ok  ' : 'FAIL'} ${lang} ${why}`); if (!what) problems.push(why); };
const until = async (what, why, ms = 30000) => {
  const end = Date.now() + ms;
  for (;;) {
    try { const found = await what(); if (found) return must(true, why), found; } catch { /* not yet */ }
    if (Date.now() > end) return must(false, why), null;
    await new Promise((r) => setTimeout(r, 250));
  }
};

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: lang === 'zh' ? 'zh-CN' : 'en' });
const page = await context.newPage();
const outside = [];
page.on('request', (r) => { if (!r.url().startsWith(desk) && !/^(data|blob):/.test(r.url())) outside.push(r.url()); });
page.on('pageerror', (e) => problems.push('page error: ' + e));

const serious = async (name) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  must(bad.length === 0, `axe finds nothing serious on ${name}` + (bad.length ? ': ' + bad.map((v) => v.id + ' ' + v.nodes[0].target).join('; ') : ''));
};
const picture = (name) => page.screenshot({ path: join(pictures, `${name}-${lang}.png`) });

await page.goto(`${desk}/login?lang=${lang}`);
await page.waitForSelector('input');
await serious('login');
const inputs = await page.$$('input');
await inputs[0].fill(login);
await inputs[1].fill(password);
await page.keyboard.press('Enter');
await page.waitForURL('**/desk**', { timeout: 20000 }).catch(() => {});
await page.goto(`${desk}/desk?lang=${lang}`);
await until(async () => (await page.textContent('body')).includes(lang === 'zh' ? '竹' : 'Zhu') || (await page.textContent('body')).includes('竹'), 'the desk shows the county');
await page.keyboard.press('Shift');
await until(async () => /(黄|Yellow|yellow)/.test(await page.textContent('body')) && (await page.textContent('body')).includes('竹'), 'a warning raised by frames is on screen', 40000);
await page.waitForTimeout(2500);
await picture('desk');
await serious('desk');

const mail = await until(async () => {
  const answer = await page.request.get(`${desk}/api/v1/mailbox?limit=50`);
  const items = (await answer.json()).items;
  return items.find((m) => m.link);
}, 'a mail with a link is in the mailbox');
if (mail) {
  const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  const small = await phone.newPage();
  await small.goto(mail.link);
  must(await small.locator('button[value=received]').count() === 1, 'the link page has its button, without scripts');
  await small.screenshot({ path: join(pictures, `link-360-${lang}.png`), fullPage: true });
  await small.click('button[value=received]');
  await small.waitForLoadState();
  await phone.close();
}
await until(async () => {
  const answer = await page.request.get(`${desk}/api/v1/warnings?phase=in_force`);
  return (await answer.json()).items.some((w) => w.answered > 0);
}, 'the answer is kept');
await page.goto(`${desk}/calls?lang=${lang}`);
await until(async () => /(收到|Received|received)/.test(await page.textContent('body')), 'the answer is seen at the call board');
await picture('callboard');
await serious('call board');
must(outside.length === 0, 'not one outside request' + (outside.length ? ': ' + outside[0] : ''));
await browser.close();
process.exit(problems.length ? (console.error(problems.join('\n')), 1) : 0);
