// A clerk sets up a county from an empty folder, in a real browser. Arguments: JSON {desk, files, lang, password, pictures}:
// `desk` is what the server printed, with the token; `files` the folder of a made-up county.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');
const { desk, files, lang, password, pictures } = JSON.parse(process.argv[2]);

const flags = ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const problems = [];
const must = (what, why) => { console.log(`${what ? 'ok  ' : 'FAIL'} ${lang} ${why}`); if (!what) problems.push(why); };
const home = new URL(desk).origin;
const zh = lang === 'zh';

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, locale: zh ? 'zh-CN' : 'en' });
const page = await context.newPage();
page.setDefaultTimeout(20000);
page.on('pageerror', (error) => problems.push('page error: ' + error));
const picture = (name) => page.screenshot({ path: join(pictures, `setup-${name}-${lang}.png`), fullPage: true });
const text = (selector) => page.textContent(selector);

// The first operator, by the address printed in the terminal.
await page.goto(`${home}/?lang=${lang}`);
await page.waitForSelector('[data-testid=setup]');
must(true, 'an empty house asks for its first operator, whatever page is opened');
await page.goto(`${desk}&lang=${lang}`);
await page.waitForSelector('[data-testid=setup]');
must((await page.inputValue('[name=token]')).length > 10, 'the printed address brings the token');
await page.fill('[name=login]', 'clerk');
await page.fill('[name=password]', 'short');
await page.fill('[name=again]', 'other');
await page.keyboard.press('Enter');
must((await page.locator('[data-testid=setup] .err').count()) >= 2, 'a weak and a mistyped password are told at their fields');
await page.fill('[name=password]', password);
await page.fill('[name=again]', password);
await page.keyboard.press('Enter');
await page.waitForSelector('[data-testid=setup]', { state: 'detached' });
await page.goto(`${home}/operate?lang=${lang}`);
await page.waitForSelector('[data-testid=imports]');
must(true, 'the first operator is in');

// One file with a bad row first, then the county in the order of the list.
const bring = async (kind, file, fill = {}) => {
  await page.selectOption('[data-testid=imports] [name=kind]', kind);
  await page.setInputFiles('[data-testid=imports] input[type=file]', file);
  for (const [name, value] of Object.entries(fill)) await page.fill(`[data-testid=imports] [name=${name}]`, value);
  await page.click('[data-testid=dry-run]');
  await page.waitForSelector('[data-testid=report], [data-testid=imports] .err');
};
const broken = readFileSync(join(files, 'divisions.csv'), 'utf8').replace('\n990101100,', '\n99x101100,');
await bring('divisions', { name: 'divisions.csv', mimeType: 'text/csv', buffer: Buffer.from(broken) });
const told = await text('[data-testid=report]');
must(told.includes(zh ? '不是区划代码' : 'Not a division code') && /\b3\b/.test(told), 'a bad row is told by its line, in words: ' + told.slice(0, 120));
must(await page.isDisabled('[data-testid=import]'), 'and nothing can be imported');
await picture('problem');
for (const [kind, name] of [['divisions', 'divisions.csv'], ['boundaries', 'outline.geojson'], ['places', 'places.csv'], ['people', 'people.csv'],
  ['posts', 'posts.csv'], ['riskpoints', 'riskpoints.csv'], ['stations', 'stations.csv'], ['points', 'points.csv'], ['issuing', 'issuing.csv'],
  ['rules', 'rules.yml']]) {
  await bring(kind, join(files, name));
  if (await page.isDisabled('[data-testid=import]')) {
    must(false, `${kind}: ${await text('[data-testid=imports]')}`);
    continue;
  }
  if (kind === 'posts') await picture('dry-run');
  await page.click('[data-testid=import]');
  await page.waitForSelector('[data-testid=imports] [role=status]');
  must((await text('[data-testid=imports] [role=status]')).includes(name), `${kind} is imported`);
}
must(!(await text('body')).includes('[object Object]'), 'no row is shown as an object');

// Holes are there from the first day, without logging in again.
await page.reload();
await page.waitForSelector('[data-testid=holes] table');
must((await page.locator('[data-testid=holes] tbody tr').count()) > 0, 'posts without a holder are shown from the first day');
must((await text('[data-testid=rights]')).includes(zh ? '气象灾害防御条例' : 'PUBLIC-WEATHER'), 'the issuing rights are shown');

// The duty officer's account, and a move to another post.
await page.click('[data-testid=users] .hd button');
await page.locator('[data-testid=users] form input').first().fill('duty');
await page.fill('[data-testid=users] form input[type=password]', password);
await page.locator('[data-testid=users] form select').first().selectOption('LEAD-990101');
await page.click('[data-testid=users] form button[type=submit]');
await page.click('[data-testid=edit-duty]');
await page.waitForSelector('dialog [name=gives]');
await page.selectOption('dialog [name=gives]', 'DUTY-990101');
await page.selectOption('dialog [name=instead_of]', 'LEAD-990101');
await page.click('dialog [data-testid=change-post]');
await page.waitForSelector('dialog [role=status]');
must((await text('dialog [role=status]')).includes(zh ? '按岗位表' : 'register'), 'and it is told that the register still gives the old one');
await picture('account');
must((await text('dialog [data-testid=user-posts]')).includes('DUTY-990101'), 'an account is moved to another post');
await page.keyboard.press('Escape');
await picture('operate');

// He logs in to his post and issues; what is not his to publish is not offered.
const officer = await (await browser.newContext({ viewport: { width: 1600, height: 1000 }, locale: zh ? 'zh-CN' : 'en' })).newPage();
officer.setDefaultTimeout(20000);
await officer.goto(`${home}/login?lang=${lang}`);
await officer.fill('[name=login]', 'duty');
await officer.fill('[name=password]', password);
await officer.keyboard.press('Enter');
const choose = officer.locator('[data-testid=choose-post] button', { hasText: 'DUTY-990101' });
await Promise.race([choose.waitFor().then(() => choose.click()), officer.waitForSelector('[data-testid=waiting]')]).catch(() => {});
await officer.waitForSelector('[data-testid=waiting]');
must((await officer.textContent('body')).includes('样县'), 'the desk is that of the county imported');
await officer.keyboard.press('n');
await officer.waitForSelector('[data-testid=issue-form]');
await officer.waitForFunction(() => document.querySelectorAll('[name=hazard] option').length > 5);
await officer.selectOption('[name=hazard]', '11B03');
must(await officer.isDisabled('[name=audience][value=everyone]'), 'a rainstorm is not offered to the public');
must((await officer.textContent('[data-testid=issue-form]')).includes('PUBLIC-WEATHER'), 'and the row that says so is named');
await officer.selectOption('[name=hazard]', '12Q01');
must(!(await officer.isDisabled('[name=audience][value=everyone]')), 'water pollution is');
await officer.screenshot({ path: join(pictures, `setup-form-${lang}.png`) });
await officer.locator('[data-testid=issue-form] [name=flevel]').first().check({ force: true });
await officer.locator('[data-testid=issue-form] [name=areas]').first().check();
await officer.fill('[data-testid=issue-form] [name=description]', 'd');
await officer.fill('[data-testid=issue-form] [name=instruction]', 'i');
await officer.click('[data-testid=issue]');
await officer.waitForSelector('.sure');
await officer.click('[data-testid=issue]');
await officer.waitForSelector('[data-testid=issue-form]', { state: 'detached' });
const issued = await (await officer.request.get(`${home}/api/v1/warnings?phase=in_force`)).json();
must(issued.items.length === 1 && issued.items[0].sender === '样县', 'and goes out in the county\'s name');
must(issued.items[0]?.asked > 0, 'its people are called');

await browser.close();
process.exit(problems.length ? (console.error(problems.join('\n')), 1) : 0);
