// The browser's part of run.py: three stories in two languages, then axe-core over the pages they filled.
// Argument: JSON {desk, link, login, password, pictures}.
import { join } from 'node:path';
import { ask, failed, must, open, serious, start, until } from './browser.mjs';

const { desk, link, login, password, pictures } = JSON.parse(process.argv[2]);
const LOCALE = { zh: 'zh-CN', en: 'en-GB' };
const SAYS = {
  zh: { link: '链接', phone: '电话', above: '上一级', received: '收到', calls: /叫应 (\d+) 人/, silent: '无应答', words: '听见了，正在关阀，两人在场' },
  en: {
    link: 'link',
    phone: 'phone',
    above: 'above',
    received: 'received',
    calls: /called: (?:at least )?(\d+)/,
    silent: 'no answer',
    words: 'Heard, shutting the valve, two of us here',
  },
};
// One point of an outfall for each language: rules.yml.
const POINT = { zh: { code: 'w21003', value: 21.5 }, en: { code: 'w01018', value: 88 } };
const mn = (n) => `53414D504C4533112600000${n}`;
const seen = [];
const browser = await start();

async function enter(lang) {
  const page = await open(browser, desk, { viewport: { width: 1920, height: 1080 }, locale: LOCALE[lang] });
  await page.goto(`${desk}/login?lang=${lang}`);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid=warnings]');
  must(await page.evaluate(() => !isSecureContext), 'the desk works where the browser has no secure context');
  return page;
}

const ids = (page, kind) => page.locator(`[data-testid^=${kind}-]`).evaluateAll((all) => all.map((one) => one.dataset.testid));

/** Sends a reading over the limit and waits for the warning it raises to come on screen; opens it there. */
async function raise(page, lang, outfall) {
  await page.goto(`${desk}/desk?lang=${lang}`);
  await page.waitForSelector('[data-testid=warnings] .hd');
  await until(
    () =>
      page
        .locator('[data-testid=warnings] .state[role=status]')
        .count()
        .then((n) => n === 0),
    'the list of warnings has come',
  );
  const before = await ids(page, 'warning');
  await ask({ do: 'reading', mn: mn(outfall), ...POINT[lang] });
  const fresh = await until(
    async () => (await ids(page, 'warning')).find((id) => !before.includes(id)),
    'a reading over HJ 212 became a warning on screen',
  );
  // A finger stays down for a while: nothing may move under it.
  await page.click(`[data-testid="${fresh}"]`, { delay: 150 });
  const value = String(POINT[lang].value);
  await until(async () => (await page.textContent('[data-testid=card] dl')).includes(value), 'its card names the reading');
}

async function mailTo(person) {
  const mail = await ask({ do: 'mail', to: `${person}@sample.invalid`, seen });
  seen.push(mail.id);
  must(
    mail.link?.startsWith(link) && /预警/.test(mail.subject) && !/演练/.test(mail.subject),
    `a mail server received the mail to ${person}, in earnest, with a link`,
  );
  return mail;
}

/** A phone without scripts opens the link; whatever its owner does is done in `act`. */
async function onPhone(mail, lang, act) {
  const page = await open(browser, link, {
    viewport: { width: 360, height: 740 },
    javaScriptEnabled: false,
    isMobile: true,
    locale: LOCALE[lang],
  });
  await page.goto(mail.link);
  must((await page.getAttribute('html', 'lang')).startsWith(lang), 'the link page speaks the language of the phone');
  must(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'the link page fits 360 px');
  await page.screenshot({ path: join(pictures, `link-360-${lang}.png`), fullPage: true });
  await act(page);
  must((await page.locator('p.k[role=status]').count()) === 1, 'the link page says that the answer is kept');
  must(page.outside.length === 0, 'the link page asks nothing of anybody else');
  await page.context().close();
}
const received = (page) => page.click('button[value=received]');

/** What desk and call board show in the end: who answered, what, by which channel, after how many seconds. */
async function shown(page, lang, words, rungs) {
  const all = [...words, SAYS[lang].received];
  const full = (text) => all.every((word) => text.includes(word)) && /\d (s\b|秒)/.test(text);
  await page.goto(`${desk}/calls?lang=${lang}`);
  await until(
    async () => full(await page.locator('[data-testid^=said-]').first().innerText()),
    `the call board shows ${all.join(', ')} and the seconds`,
  );
  await page.locator('[data-testid^=said-]').first().click();
  const ladder = await page
    .locator('[data-testid=ladder] li svg')
    .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('aria-label')));
  must(
    rungs.every((state, i) => ladder[i] === state),
    `the ladder shows ${rungs.join(', ') || 'its states'}`,
  );
}
const onCard = (page, lang, words) =>
  until(
    async () => {
      const text = (await page.locator('[data-testid=card] [data-testid=said]').allInnerTexts()).join('\n');
      return [...words, SAYS[lang].received].every((word) => text.includes(word)) && /\d (s\b|秒)/.test(text);
    },
    `the desk shows ${words.join(', ')} and the seconds`,
  );

const stories = {
  async 'answered by link'(page, lang) {
    await raise(page, lang, 2);
    const mail = await mailTo('p052');
    await onPhone(mail, lang, async (phone) => {
      must((await page.locator('[data-testid=card] [data-testid=said]').count()) === 0, 'opening the link is no answer');
      await received(phone);
    });
    const words = ['卢见微', SAYS[lang].link];
    await onCard(page, lang, words);
    await page.screenshot({ path: join(pictures, `desk-${lang}.png`) });
    await shown(page, lang, words, []);
    return mail;
  },
  async 'nobody answers until the post above does'(page, lang) {
    await raise(page, lang, 1);
    for (const silent of ['p055', 'p018']) await mailTo(silent);
    const above = await mailTo('p036');
    await onPhone(above, lang, received);
    const words = ['郑远帆', SAYS[lang].above, SAYS[lang].link];
    await onCard(page, lang, words);
    await shown(page, lang, ['郑远帆', SAYS[lang].link], [SAYS[lang].silent, SAYS[lang].silent]);
  },
  async 'answered by phone'(page, lang) {
    await raise(page, lang, 3);
    await mailTo('p050');
    await page.goto(`${desk}/calls?lang=${lang}`);
    const row = page.locator('[data-testid^=queue-]').filter({ hasText: '章明溪' });
    await row.click();
    await page.keyboard.press('r');
    await until(async () => (await page.textContent('[data-testid=phone]')).includes('139 0000 0150'), 'the number is shown by a key');
    await page.keyboard.press('w');
    await page.keyboard.type(SAYS[lang].words);
    await page.keyboard.press('Enter');
    await page.keyboard.press('1');
    await shown(page, lang, ['章明溪', SAYS[lang].words, SAYS[lang].phone], []);
    await page.screenshot({ path: join(pictures, `callboard-${lang}.png`) });
    await page.goto(`${desk}/desk?lang=${lang}`);
    const id = await until(
      () => page.locator('[data-testid=warnings] [data-level="2"] button').first().getAttribute('data-testid'),
      'the warning is still on the desk',
    );
    await page.click(`[data-testid="${id}"]`);
    await onCard(page, lang, ['章明溪', SAYS[lang].phone]);
  },
};

/** On a small screen nothing has to be hunted for: the form's buttons are in sight, no panel scrolls sideways, and the
 * form tells as many calls as there are responsible posts in the county. */
async function small(page, lang) {
  await page.setViewportSize({ width: 1440, height: 700 });
  await page.goto(`${desk}/desk?lang=${lang}`);
  await page.waitForSelector('[data-testid=townships] li');
  const wide = await page.locator('[data-testid=townships] ol').evaluate((list) => list.scrollWidth > list.clientWidth);
  must(!wide, 'the townships do not scroll sideways');
  await page.keyboard.press('n');
  const box = await page.locator('[data-testid=issue]').boundingBox();
  must(box.y + box.height <= 700, 'the button that issues is in sight on a small screen');
  await page.locator('[data-testid=issue-form] [name=areas]').first().check();
  const calls = SAYS[lang].calls.exec(await page.textContent('[data-testid=reach]'));
  must(Number(calls?.[1]) > 1, 'the form tells how many people would be called');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1920, height: 1080 });
}

async function look(page, lang, theme, mail) {
  const at = (path) => page.goto(`${desk}${path}?lang=${lang}&theme=${theme}`);
  for (const [name, path, there, width] of [
    ['the desk', '/desk', '[data-testid=card] [data-testid=said]', 1920],
    ['the detail of a warning', '/desk', '[data-testid=card] [data-testid=said]', 1366],
    ['the call board', '/calls', '[data-testid^=said-]', 1920],
    ['the station page', '/station/pingdu-outfall', 'h1', 1920],
  ]) {
    await page.setViewportSize({ width, height: width === 1366 ? 768 : 1080 });
    await at(path);
    await page.locator(there).first().waitFor();
    await serious(page, `${name}, ${lang}, ${theme}`);
  }
  const stranger = await open(browser, desk, { viewport: { width: 1366, height: 768 }, locale: LOCALE[lang] });
  await stranger.goto(`${desk}/login?lang=${lang}&theme=${theme}`);
  await stranger.waitForSelector('[name=login]');
  await serious(stranger, `the log-in page, ${lang}, ${theme}`);
  await stranger.context().close();
  const phone = await open(browser, link, {
    viewport: { width: 360, height: 740 },
    bypassCSP: true,
    colorScheme: theme,
    locale: LOCALE[lang],
  });
  await phone.goto(mail.link);
  await serious(phone, `the link page, ${lang}, ${theme}`);
  await phone.context().close();
}

async function accessible(page, lang, mail) {
  for (const theme of ['dark', 'light']) await look(page, lang, theme, mail);
}

/** Runs one part; what it could not get past is a failure with a picture, and the next part goes on. */
async function part(name, page, run) {
  console.log(`---- ${name}`);
  try {
    return await run();
  } catch (error) {
    must(false, `${name}: ${error.message}`);
    await page?.screenshot({ path: join(pictures, `failed-${name.replace(/\W+/g, '-')}.png`) }).catch(() => {});
    return null;
  }
}

for (const lang of ['zh', 'en']) {
  const page = await part(`${lang}: logging in`, null, () => enter(lang));
  if (!page) continue;
  let mail;
  for (const [name, story] of Object.entries(stories)) mail = (await part(`${lang}: ${name}`, page, () => story(page, lang))) ?? mail;
  await part(`${lang}: a small screen`, page, () => small(page, lang));
  if (mail && !failed.length) await part(`${lang}: axe`, page, () => accessible(page, lang, mail));
  must(page.outside.length === 0, 'not one request to anybody else' + (page.outside[0] ? ': ' + page.outside[0] : ''));
  await page.context().close();
}
await browser.close();
console.log(failed.length ? `${failed.length} failed` : 'all as told');
process.exit(failed.length ? 1 : 0);
