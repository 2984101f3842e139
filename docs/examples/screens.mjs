// Five places of Porto Alegre on the running map (LIFECIRCLE_URL), 700×500 pixels each, into SCREENS.
// Each shows the circle of one facility, of 117 that overlap no edge could be judged; names are hidden, as each
// stands where the facility of its hexagon is.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../../web/package.json", import.meta.url))("playwright-core");
const { LIFECIRCLE_URL: url, SCREENS: folder, PLACES: only } = process.env;
assert.ok(url && folder, "LIFECIRCLE_URL and SCREENS must be set");

const places = [
  { name: "river", at: [-51.2375, -30.0315], zoom: 15, minutes: 15, facility: "89a9012881bffff" }, // Gasômetro and the quay, on the shore of the Guaíba
  { name: "bridge", at: [-51.17503, -30.05718], zoom: 16, minutes: 10, facility: "89a90128277ffff" }, // Passarela da PUCRS, over Avenida Ipiranga and its stream
  { name: "park", at: [-51.2152, -30.0362], zoom: 16, minutes: 15, facility: "89a90128e13ffff" }, // Parque Farroupilha and its fountain
  { name: "oneway", at: [-51.23034, -30.03106], zoom: 16.2, minutes: 5, facility: "89a901288cfffff" }, // Rua Riachuelo
  { name: "hill", at: [-51.19, -30.085], zoom: 15, minutes: 10, facility: "89a90128473ffff" }, // the southern hills
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  for (const p of places.filter((p) => !only || only.split(",").includes(p.name))) {
    await page.goto(`${url}/?minutes=${p.minutes}&lang=en`);
    await page.waitForSelector(".gaps li", { timeout: 30000 });
    await page.evaluate(({ at, zoom, facility }) => {
      const map = window.lifecircleMap;
      for (const layer of ["circles", "circle-edges"]) map.setFilter(layer, ["==", ["get", "facility_id"], facility]);
      map.setLayoutProperty("names", "visibility", "none");
      document.body.dataset.map = "busy";
      map.jumpTo({ center: at, zoom });
      map.triggerRepaint();
    }, p);
    await page.waitForFunction(() => document.body.dataset.map === "idle" && window.lifecircleMap.areTilesLoaded(), null, { timeout: 30000 });
    await page.waitForTimeout(500);
    for (const layer of ["circles", "streets"]) {
      assert.ok(await page.evaluate((id) => window.lifecircleMap.queryRenderedFeatures({ layers: [id] }).length, layer), `${p.name}: no ${layer} drawn`);
    }
    const box = await page.locator("#map").boundingBox();
    const clip = { x: box.x + box.width / 2 - 350, y: box.y + box.height / 2 - 250, width: 700, height: 500 };
    await page.screenshot({ path: `${folder}/porto-${p.name}.png`, clip });
    console.log(`porto-${p.name}.png: ${p.at.join(", ")}, ${p.minutes} minutes`);
  }
} finally {
  await browser.close();
}
