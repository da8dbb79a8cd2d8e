// What the stories need of a browser: one Chromium, checks that are counted, waits that end, and questions to run.py.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];
const WAIT_MS = 45000;

export const failed = [];
const began = Date.now();
export function must(what, why) {
  console.log(`${what ? 'ok  ' : 'FAIL'} ${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${why}`);
  if (!what) failed.push(why);
  return what;
}

/** The first thing `what` gives that is something. Fails, and throws, when there is none in time. */
export async function until(what, why, ms = WAIT_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await Promise.resolve()
      .then(what)
      .catch(() => null);
    if (found) return (must(true, why), found);
    if (Date.now() > end) throw new Error(`waited for: ${why}`);
    await new Promise((done) => setTimeout(done, 150));
  }
}

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** Asks run.py to do something, a line of JSON each way. */
export async function ask(what) {
  console.log(JSON.stringify(what));
  const { value, done } = await answers.next();
  if (done) throw new Error('nobody answers');
  const answer = JSON.parse(value);
  if (answer.failed) throw new Error(answer.failed);
  return answer;
}

export async function start() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags, timeout: 60000 });
}

/** A page that notes what it asks of other hosts than `home`, and what goes wrong in it. */
export async function open(browser, home, options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  page.outside = [];
  page.on('request', (r) => {
    if (!r.url().startsWith(home) && !/^(data|blob):/.test(r.url())) page.outside.push(r.url());
  });
  page.on('pageerror', (e) => must(false, 'a page error: ' + e));
  page.on('console', (m) => {
    if (/Content Security|secure context/i.test(m.text())) must(false, 'the browser says: ' + m.text());
  });
  return page;
}

/** Nothing that axe-core calls serious or critical. */
export async function serious(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  must(
    bad.length === 0,
    `axe finds nothing serious on ${name}` + bad.map((v) => `; ${v.id}: ${v.nodes[0].target} ${v.nodes[0].failureSummary}`).join(''),
  );
}
