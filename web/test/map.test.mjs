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
  assert.match(await page.textContent(".headline"), /^全县常住60岁以上老人[\d,]+人:步行15分钟可达[\d,]+人/);
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

const click = async (lngLat) => {
  const at = await page.evaluate((p) => { const { x, y } = window.lifecircleMap.project(p); const box = window.lifecircleMap.getCanvas().getBoundingClientRect(); return [x + box.left, y + box.top]; }, lngLat);
  await page.mouse.click(...at);
};

test("a village opens its panel, its path leads to the county, whose people are the headline's", async () => {
  const village = await page.evaluate(() => {
    const map = window.lifecircleMap;
    for (const f of map.queryRenderedFeatures({ layers: ["names"] })) {
      const at = f.geometry.coordinates;
      if (f.properties.level === "village" && map.queryRenderedFeatures(map.project(at), { layers: ["gaps", "facilities"] }).length === 0) return { at, name: f.properties.name };
    }
  });
  assert.ok(village, "no village is named at this zoom");
  await click(village.at);
  await page.waitForSelector(".unit .path");
  assert.match(await page.textContent(".unit h2"), new RegExp(village.name));
  assert.match(page.url(), /unit=\d{12}/);
  await shot("unit");
  const all = await page.locator(".gaps li").count();
  await page.click(".path button:nth-child(3)");
  await page.waitForFunction(() => document.querySelectorAll(".path button").length === 2);
  assert.ok((await page.locator(".gaps li").count()) > all);
  const people = (await page.textContent(".headline")).match(/老人([\d,]+)人/)[1];
  assert.ok((await page.textContent(".unit table")).includes(people), "the panel and the headline differ");
  await page.click(".unit header button");
  await page.waitForSelector(".unit", { state: "detached" });
});

test("a facility draws its own circles", async () => {
  const at = await page.evaluate(async () => {
    const map = window.lifecircleMap;
    const { features } = await (await fetch("/ogc/collections/facilities/items?service=day_care&status=operating&limit=1")).json();
    map.jumpTo({ center: features[0].geometry.coordinates, zoom: 14 });
    await new Promise((done) => map.once("idle", done));
    return features[0].geometry.coordinates;
  });
  await click(at);
  await page.waitForSelector(".unit");
  await page.waitForTimeout(600);
  await rest();
  assert.ok((await drawn("isochrones")) > 0);
  await shot("facility");
  await page.click(".unit header button");
});

test("each township is named once", async () => {
  const names = await page.evaluate(async () => {
    window.lifecircleMap.jumpTo({ zoom: 9.6, center: window.lifecircleMap.getCenter() });
    await new Promise((done) => window.lifecircleMap.once("idle", done));
    return window.lifecircleMap.queryRenderedFeatures({ layers: ["names"] }).map((f) => f.properties.name);
  });
  assert.equal(new Set(names).size, names.length, names.join(" "));
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
