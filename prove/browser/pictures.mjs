// Every picture of results that the demo has, in Dutch and in English, for the organisation and for a member, who sees
// what the public may, on a screen and on a telephone: drawn, read through the accessibility tree, and held against its
// table and the rules.
import assert from 'node:assert/strict';
import { faults, opened, sticksOut, tree } from './browser.mjs';

const [base, organisation, member, folder] = process.argv.slice(2);
const SCREENS = { screen: { width: 1280, height: 900 }, telephone: { width: 360, height: 740 } };
/** How wide the picture is asked for, on each. */
const WIDTHS = { screen: 720, telephone: 320 };

async function read(path, { language = 'nl', accept = 'application/json', as } = {}) {
  const headers = { Accept: accept, 'Accept-Language': language, ...(as && { Authorization: `Bearer ${as}` }) };
  const answer = await fetch(base + path, { headers });
  if ([404, 409].includes(answer.status)) return undefined;
  assert.equal(answer.status, 200, path);
  return accept === 'application/json' ? answer.json() : answer.text();
}

const page = (language, svg, table) => `<!doctype html><html lang="${language}"><head><title>Klankbord</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <style>body { font-family: sans-serif; margin: 20px }</style></head>
  <body><main><h1>${language === 'nl' ? 'Uitkomsten' : 'Results'}</h1>${svg}${table}</main></body></html>`;

const browser = await opened();
const counted = { pictures: 0, figures: 0, hidden: 0 };
const { items } = await read('/v1/consultations?limit=100', { as: organisation });
for (const { id } of items) {
  const { questions } = await read(`/v1/consultations/${id}`, { as: organisation });
  for (const { id: question, kind } of questions.filter((one) => one.kind !== 'open_text')) {
    for (const language of ['nl', 'en']) {
      for (const [who, as] of Object.entries({ organisation, member })) {
        const path = `/v1/consultations/${id}/results/${question}/chart`;
        const name = `${id.slice(-2)}-${question.slice(-2)}-${kind}-${language}-${who}`;
        for (const [size, viewport] of Object.entries(SCREENS)) {
          const svg = await read(`${path}?width=${WIDTHS[size]}`, { language, accept: 'image/svg+xml', as });
          if (!svg) continue;
          const table = await read(path, { language, accept: 'text/html', as });
          const context = await browser.newContext({ viewport });
          const shown = await context.newPage();
          const said = [];
          shown.on('pageerror', (error) => said.push(String(error)));
          await shown.setContent(page(language, svg, table));
          const nodes = await tree(shown);
          const pictures = nodes.filter(({ role }) => ['image', 'img'].includes(role));
          assert.equal(pictures.length, 1, `${name}: ${JSON.stringify(pictures)}`);
          const told = pictures[0].name;
          const cells = nodes.filter(({ role }) => role === 'cell' || role === 'gridcell').map((one) => one.name);
          const heads = nodes.filter(({ role }) => role === 'rowheader').map((one) => one.name);
          assert.ok(heads.length > 1 && cells.length >= heads.length, `${name}: no table`);
          assert.ok(nodes.some((one) => one.role === 'table' && told.startsWith(one.name)), `${name}: the table has no name`);
          // What the table says, the picture's words say too, with the same figures.
          for (const head of heads) assert.ok(told.includes(head), `${name}: "${head}" isn't in "${told}"`);
          for (const cell of cells) assert.ok(told.includes(cell), `${name}: "${cell}" isn't in "${told}"`);
          // The lines within the picture are part of its one name, and not read once more.
          assert.ok(!nodes.some((one) => one.role === 'graphics-symbol'), name);
          assert.deepEqual(await faults(shown), [], name);
          assert.equal(await sticksOut(shown), false, `${name} sticks out on a ${size}`);
          const beyond = await shown.evaluate(() => {
            const svg = document.querySelector('svg');
            const right = (text) => text.getBBox().x + text.getBBox().width;
            return [...svg.querySelectorAll('text')].filter((text) => right(text) > svg.width.baseVal.value)
              .map((text) => text.textContent);
          });
          assert.deepEqual(beyond, [], `${name}: words beyond the picture's side on a ${size}`);
          assert.deepEqual(said, [], name);
          if (size === 'screen') {
            counted.pictures += 1;
            counted.figures += cells.filter((cell) => /^\d/u.test(cell)).length;
            counted.hidden += cells.filter((cell) => !/^\d/u.test(cell)).length;
          }
          await shown.screenshot({ path: `${folder}/${name}-${size}.png`, fullPage: true });
          await context.close();
        }
      }
    }
  }
}
await browser.close();
assert.ok(counted.pictures >= 8 && counted.figures > 0 && counted.hidden > 0, JSON.stringify(counted));
console.log(`${counted.pictures} pictures looked at in ${await version()} on a screen and a telephone: ` +
  `${counted.figures} figures and ${counted.hidden} that are hidden, each told in the picture's own words and in its table; ` +
  'WCAG 2.1 AA: 0 faults');

async function version() {
  const once = await opened();
  const number = `Chromium ${once.version()}`;
  await once.close();
  return number;
}
