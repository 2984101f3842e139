// Login, accounts and the audit log in real Chromium, on a server with imported
// data (LIFECIRCLE_URL) whose first start printed LINKS: three people of the
// separated powers and a county editor. Writes a token's secret to TOKEN_FILE.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const url = process.env.LIFECIRCLE_URL;
const links = Object.fromEntries(process.env.LINKS.trim().split("\n").map((l) => l.split(": ")));
const password = "Xihu-Longjing-7";
let browser;
const complaints = [];

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update", "--no-first-run"] });
});
after(() => browser?.close());

/** A person with a browser of their own. */
async function person() {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.on("pageerror", (e) => complaints.push(String(e)));
  return page;
}
const shot = async (page, name) => process.env.SCREENS && (await page.screenshot({ path: `${process.env.SCREENS}/${name}.png` }));
const field = (page, label) => page.locator("label.field", { hasText: label }).locator("input").first();

async function setUp(link, name) {
  const page = await person();
  await page.goto(link);
  if (name) await field(page, "登录名").fill(name);
  await page.locator('input[autocomplete="new-password"]').nth(0).fill(password);
  await page.locator('input[autocomplete="new-password"]').nth(1).fill(password);
  await page.click("text=保存");
  await page.waitForSelector('dialog[aria-label="登录"]');
  return page;
}

async function login(page, name) {
  const dialog = page.locator('dialog[aria-label="登录"]');
  await field(dialog, "登录名").fill(name);
  await field(dialog, "密码").fill(password);
  await dialog.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForSelector('dialog[aria-label="登录"]', { state: "detached" });
}

let system;
let security;
let editor;

test("without login there is nothing but the login", async () => {
  const page = await person();
  await page.goto(url);
  await page.waitForSelector('dialog[aria-label="登录"]');
  await shot(page, "login");
  assert.equal(await page.locator(".gaps li").count(), 0);
  await field(page, "登录名").fill("admin");
  await field(page, "密码").fill("admin");
  await page.locator("dialog").getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForSelector(".office .trouble");
});

test("the first start's links make the separated powers", async () => {
  system = await setUp(links.system_admin, "sys");
  await login(system, "sys");
  security = await setUp(links.security_admin, "sec");
  await login(security, "sec");
  assert.equal(await system.locator(".gaps li").count(), 0, "administrators see no layers");
});

test("an account is made by one, given rights by another, and works in its county", async () => {
  await system.click("text=用户");
  await system.locator("form", { hasText: "开户" }).locator("input").first().fill("li.si");
  await system.click("text=创建");
  const link = await system.locator("code").first().textContent();
  await shot(system, "users");
  await security.click("text=用户");
  await security.locator("tr", { hasText: "li.si" }).getByText("授权").click();
  await security.locator("label.tick", { hasText: "县级填报审核" }).locator("input").check();
  await field(security, "区划范围").fill(process.env.PREFIX);
  await security.locator("form", { hasText: "授权: li.si" }).getByText("保存").click();
  await security.waitForSelector(`tr:has-text("li.si") >> text=${process.env.PREFIX}`);
  editor = await setUp(link);
  await login(editor, "li.si");
  await editor.waitForSelector(".gaps li", { timeout: 30000 });
  await shot(editor, "editor");
});

test("a session that ends loses nothing that was typed", async () => {
  await editor.locator(".doors button").first().click();
  await field(editor, "用途").fill("QGIS in the county");
  await editor.context().clearCookies();
  await editor.click("text=新建令牌(90天)");
  await editor.waitForSelector('dialog[aria-label="登录"]');
  assert.equal(await field(editor, "用途").inputValue(), "QGIS in the county");
  await login(editor, "li.si");
  const secret = await editor.locator("code", { hasText: "lc_" }).textContent();
  assert.match(secret, /^lc_/);
  await editor.waitForSelector("li:has-text('QGIS in the county')");
  await shot(editor, "account");
  writeFileSync(process.env.TOKEN_FILE, secret);
});

test("the auditor alone reads the log, and proves it", async () => {
  const page = await setUp(links.auditor, "aud");
  await login(page, "aud");
  await page.click("text=审计日志");
  await page.waitForSelector("table.audit tr:has-text('user.role')");
  await page.click("text=校验");
  await page.waitForSelector("text=日志链完整");
  await page.click("text=English");
  await page.waitForSelector("text=The chain holds");
  await shot(page, "audit");
});

test("a layer that is opened is read without login, and its small counts are not", async () => {
  await field(security, "公开图层").fill("units coverage gaps");
  await security.locator("form", { hasText: "安全设置" }).getByText("保存").click();
  await security.waitForTimeout(1500);
  const page = await person();
  await page.goto(url);
  await page.waitForSelector(".gaps li", { timeout: 30000 });
  assert.match(await page.locator(".gaps li").first().textContent(), /人数较少,不公布/);
  await shot(page, "public");
  assert.equal((await page.request.get(`${url}/ogc/collections/addresses/items`)).status(), 401);
});

test("nothing went wrong on the pages", () => assert.deepEqual(complaints, []));
