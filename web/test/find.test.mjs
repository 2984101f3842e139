// Finding places, settling addresses of facilities, previewing a change: in real
// Chromium, on a running demo (LIFECIRCLE_URL). Screenshots go to SCREENS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const url = process.env.LIFECIRCLE_URL;
assert.ok(url, "LIFECIRCLE_URL must name a running server");
let browser;
let page;
const complaints = [];

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
  page.on("pageerror", (e) => complaints.push(String(e)));
  await page.goto(url);
  await page.waitForSelector(".gaps li", { timeout: 60000 });
  await rest();
});
after(() => browser?.close());

const rest = () => page.waitForFunction(() => document.body.dataset.map === "idle", null, { timeout: 30000 });
const shot = async (name) => process.env.SCREENS && (await page.screenshot({ path: `${process.env.SCREENS}/${name}.png` }));
const read = (path) => page.evaluate(async (p) => (await fetch(p)).json(), path);
const box = ".find input";

test("initials, arrows and Enter find a township, fly to it and show its card", async () => {
  const { features } = await read("/ogc/collections/units/items?level=township&limit=1");
  const name = features[0].properties.name;
  const letters = (await read(`/api/v1/suggest?q=${encodeURIComponent(name)}`)).places.length;
  assert.ok(letters > 0);
  await page.type(box, name.slice(0, 2));
  await page.waitForSelector("#found li", { timeout: 60000 });
  await shot("find");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.getAttribute("#found li:first-child", "aria-selected"), "true");
  const chosen = (await page.textContent("#found li:first-child")).trim();
  const zoom = await page.evaluate(() => window.lifecircleMap.getZoom());
  await page.keyboard.press("Enter");
  await page.waitForSelector(".place h2");
  assert.ok((await page.textContent(".place h2")).endsWith(chosen.split(" ")[0]), `${chosen} was chosen`);
  await page.waitForTimeout(900);
  await rest();
  assert.ok((await page.evaluate(() => window.lifecircleMap.getZoom())) > zoom);
  assert.equal(await page.evaluate(() => window.lifecircleMap.queryRenderedFeatures({ layers: ["found"] }).length), 1);
});

test("pinyin finds places too", async () => {
  await page.fill(box, "");
  await page.type(box, "cheng");
  await page.waitForSelector("#found li");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#found li").count(), 0);
});

test("a whole address is read on Enter; its card has the id and versions", async () => {
  const { features } = await read("/ogc/collections/addresses/items?limit=1");
  const p = features[0].properties;
  await page.fill(box, p.full_text);
  await page.keyboard.press("Enter");
  await page.waitForFunction((text) => document.querySelector(".place h2")?.textContent === text, p.full_text);
  await page.waitForSelector(".place summary");
  assert.ok((await page.textContent(".place")).includes(String(p.address_id)));
  await page.waitForTimeout(900);
  await rest();
  await shot("place");
});

test("a named place shows its record", async () => {
  const { features } = await read("/ogc/collections/places/items?limit=50");
  const p = features.map((f) => f.properties).find((x) => x.aliases) ?? features[0].properties;
  await page.fill(box, p.name);
  await page.waitForSelector("#found li");
  const names = await page.locator("#found li").allTextContents();
  const at = names.findIndex((n) => n.includes(p.name));
  assert.ok(at >= 0, `${p.name} is not among ${names}`);
  await page.click(`#found li:nth-child(${at + 1})`);
  await page.waitForSelector(".place summary");
  await page.waitForTimeout(900);
  await rest();
  await shot("named");
});

test("nonsense is said to be nothing, not guessed", async () => {
  await page.fill(box, "不存在的地方一二三");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".find p[role=status]");
  assert.ok((await page.textContent(".find p")).length > 3);
});

test("facilities are matched, and what is doubtful is settled on the page", async () => {
  await page.click(".doors button:first-child");
  await page.waitForSelector(".office h2");
  await page.click(".office p button");
  await page.waitForFunction(() => document.querySelector(".office table, .office p:nth-of-type(2)"), null, { timeout: 120000 });
  await page.waitForTimeout(500);
  await shot("review");
  const rows = await page.locator(".review tbody tr").count();
  if (rows > 0) {
    const buttons = page.locator(".review tbody tr:first-child td:last-child button");
    await buttons.first().click();
    await page.waitForFunction((n) => document.querySelectorAll(".review tbody tr").length < n, rows);
    const { links } = await read("/api/v1/facility-links?state=rejected");
    assert.equal(links.length, 1);
  }
  await page.click(".office .close");
});

test("a change says what it would touch, and changes nothing", async () => {
  const { features } = await read("/ogc/collections/units/items?level=township&limit=1");
  const unit = features[0].properties;
  await page.click(".doors button:nth-child(2)");
  await page.fill(".office form input", unit.code);
  await page.fill(".office form label:nth-of-type(3) input", "新名街道");
  await page.click(".office form button[type=submit]");
  await page.waitForSelector(".office section summary");
  const told = await page.textContent(".office section");
  assert.match(told, new RegExp(unit.name));
  assert.match(told, /标准地址: [\d,]+/);
  await page.click(".office section summary");
  await shot("change");
  assert.equal((await read(`/ogc/collections/units/items/${unit.code}`)).properties.name, unit.name);
  // Made, seen on the card of the unit, and undone.
  await page.fill(".office section form input", "试验更名");
  await page.click(".office section form button");
  await page.waitForSelector(".office section", { state: "detached" });
  const called = async (name) => { // servers hear of a new version a moment later
    for (let i = 0; i < 40 && (await read(`/ogc/collections/units/items/${unit.code}`)).properties.name !== name; i++) await page.waitForTimeout(100);
    assert.equal((await read(`/ogc/collections/units/items/${unit.code}`)).properties.name, name);
  };
  await called("新名街道");
  const past = await read(`/api/v1/history/units/${unit.code}`);
  assert.deepEqual(past.versions.at(-1).changed, ["name"]);
  const { edits } = await read(`/api/v1/edits?layer=units&id=${unit.code}`);
  assert.equal(edits[0].reason, "试验更名");
  const undone = await page.evaluate(async (id) => (await fetch(`/api/v1/edits/${id}/undo`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ reason: "试验结束" }) })).status, edits[0].id);
  assert.equal(undone, 200);
  await called(unit.name);
  // Another outline: half of its own.
  const outline = await page.evaluate((f) => {
    const flat = f.geometry.coordinates.flat(3);
    const xs = flat.filter((_, i) => i % 2 === 0);
    const ys = flat.filter((_, i) => i % 2 === 1);
    const [x1, x2, y1, y2] = [Math.min(...xs), (Math.min(...xs) + Math.max(...xs)) / 2, Math.min(...ys), Math.max(...ys)];
    return { type: "Polygon", coordinates: [[[x1, y1], [x2, y1], [x2, y2], [x1, y2], [x1, y1]]] };
  }, features[0]);
  await page.selectOption(".office select", "boundary");
  await page.setInputFiles(".office input[type=file]", { name: "outline.geojson", mimeType: "application/geo+json", buffer: Buffer.from(JSON.stringify(outline)) });
  await page.waitForTimeout(200);
  await page.click(".office form button[type=submit]");
  await page.waitForFunction(() => /划出/.test(document.querySelector(".office section")?.textContent ?? ""));
  await shot("outline");
  await page.click(".office .close");
});

test("English has every word, and nothing went wrong", async () => {
  await page.click("header button");
  await page.click(".doors button:nth-child(2)");
  assert.doesNotMatch((await page.locator(".office label, .office button, .office h2").allTextContents()).join(" "), /[一-鿿]/);
  await page.click(".office .close");
  assert.deepEqual(complaints, []);
});
