// The map in real Chromium, on a running server (LIFECIRCLE_URL): what a person
// would see on the first visit. Run by `make test`; screenshots go to SCREENS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const url = process.env.LIFECIRCLE_URL;
assert.ok(url, "LIFECIRCLE_URL must name a running server");
let browser;
let page;
const foreign = [];
const complaints = [];

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on("request", (r) => {
    if (/^https?:/.test(r.url()) && !r.url().startsWith(url)) foreign.push(r.url());
  });
  page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
  page.on("pageerror", (e) => complaints.push(String(e)));
});
after(() => browser?.close());

const rest = () => page.waitForFunction(() => document.body.dataset.map === "idle", null, { timeout: 30000 });
const drawn = (layer) => page.evaluate((id) => window.lifecircleMap.queryRenderedFeatures({ layers: [id] }).length, layer);
const shot = async (name) => process.env.SCREENS && (await page.screenshot({ path: `${process.env.SCREENS}/${name}.png` }));

test("the first visit shows units, circles, facilities, gaps and a sentence", async () => {
  await page.goto(url);
  await page.waitForSelector(".gaps li", { timeout: 30000 });
  await rest();
  for (const layer of ["county", "townships", "circles", "facilities", "gaps", "streets", "rivers"]) assert.ok((await drawn(layer)) > 0, `${layer} is not drawn`);
  assert.match(await page.textContent(".headline"), /步行可达 [\d,]+ 人/);
  await shot("eldercare");
});

test("fewer minutes draw smaller circles", async () => {
  const area = () =>
    page.evaluate(() => {
      let boxes = 0;
      for (const f of window.lifecircleMap.querySourceFeatures("circles")) {
        const flat = f.geometry.coordinates.flat(Infinity);
        const xs = flat.filter((_, i) => i % 2 === 0);
        boxes += Math.max(...xs) - Math.min(...xs);
      }
      return boxes;
    });
  const wide = await area();
  await page.click('input[value="5"]');
  await page.waitForTimeout(300);
  await rest();
  const narrow = await area();
  assert.ok(narrow > 0 && narrow < wide, `${narrow} against ${wide}`);
  assert.match(page.url(), /minutes=5/);
  await page.click('input[value="15"]');
  await page.waitForTimeout(300);
  await rest();
});

test("a gap in the list flies the map to it", async () => {
  const before = await page.evaluate(() => window.lifecircleMap.getZoom());
  await page.click(".gaps li:first-child button");
  await page.waitForTimeout(900);
  await rest();
  assert.ok((await page.evaluate(() => window.lifecircleMap.getZoom())) > before);
  assert.ok((await drawn("gaps")) > 0);
  await shot("gap");
});

test("each service has its own gaps, and English has every word", async () => {
  for (const [n, name] of [[2, "burial"], [3, "child"]]) {
    await page.click(`nav button:nth-child(${n})`);
    await page.waitForTimeout(400);
    await rest();
    assert.ok((await page.locator(".gaps li").count()) > 0, `${name}: no gaps listed`);
    await shot(name);
  }
  await page.click("header button");
  assert.match(await page.textContent("h1"), /Lifecircle/);
  assert.doesNotMatch(await page.textContent(".legend"), /[一-鿿]/);
});

test("nothing is asked of another host, and nothing went wrong", () => {
  assert.deepEqual(foreign, []);
  assert.deepEqual(complaints, []);
});
