// In: two pages as `--html` writes them, of tests/page/talk.srt, one with its sound inside, one with it beside; a folder.
// Out: screenshots in the folder, and a failure where a page does not do what it is for.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [inside, beside, shots] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--allow-file-access-from-files"],
});

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", error => wrong.push(String(error)));
  page.on("console", message => message.type() === "error" && wrong.push(message.text()));
  page.on("request", request => /^(file|data|blob):/.test(request.url()) || wrong.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  return { page, wrong, close: () => context.close() };
}

const column = (page, n) => page.$$eval("#rows tr", (rows, n) => rows.map(row => row.cells[n].textContent), n);
const position = page => page.$eval("#sound", sound => sound.currentTime);
const heard = page => page.getAttribute("#near", "aria-valuetext");

async function test(name, run) {
  await run();
  console.log("ok", name);
}

await test("lines, facts and verdicts are there, and no transcript is run", async () => {
  const { page, wrong, close } = await open(inside);
  assert.equal((await column(page, 1)).length, 8);
  const verdicts = await column(page, 7);
  for (const verdict of ["ok", "late", "skipped"]) assert(verdicts.includes(verdict), `${verdict}: ${verdicts}`);
  assert.equal(await page.evaluate(() => window.evil), undefined);
  assert.match(await page.textContent("#rows"), /<\/script><script>window.evil/);
  const colours = await page.$eval("#near", canvas => {
    const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const found = new Set();
    for (let i = 0; i < dots.length; i += 4) found.add(dots[i] << 16 | dots[i + 1] << 8 | dots[i + 2]);
    return found.size;
  });
  assert(colours > 8, `${colours} colours are no picture`);
  assert.deepEqual(wrong, []);
  await close();
});

await test("the table sorts both ways, what has no value last, and is searched", async () => {
  const { page, close } = await open(inside);
  const pace = page.getByRole("button", { name: "pace" });
  const sorted = (list, sign) => list.every((x, i) => i === 0 || sign * (x - list[i - 1]) >= 0);
  for (const [sign, word] of [[1, "ascending"], [-1, "descending"]]) {
    await pace.click();
    const cells = await column(page, 6), numbers = cells.filter(cell => cell !== "–").map(Number);
    assert(sorted(numbers, sign) && numbers.length === 7 && cells.at(-1) === "–", String(cells));
    assert.equal(await page.getByRole("columnheader", { name: "pace" }).getAttribute("aria-sort"), word);
  }
  await page.fill("#find", "bruno");
  assert((await column(page, 8)).every(name => name === "Bruno"));
  await page.fill("#find", "");
  await page.selectOption("#which", "late");
  assert((await column(page, 7)).every(verdict => verdict === "late"));
  assert.match(await page.textContent("#count"), /^[1-7] of 8 lines$/);
  await close();
});

await test("the keyboard reaches everything", async () => {
  const { page, close } = await open(inside);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "near");
  assert.notEqual(await page.$eval("#near", canvas => getComputedStyle(canvas).outlineStyle), "none");
  await page.keyboard.press("ArrowDown");
  assert.match(await heard(page), /line 3, .*The ferry leaves at noon/);
  await page.keyboard.press("ArrowRight");
  const there = await position(page);
  assert(there > 1.9 && there < 2.2, `${there}`);
  await page.keyboard.press("Space");
  await page.waitForFunction(from => document.querySelector("#sound").currentTime > from + 0.2, there, { timeout: 10000 });
  await page.keyboard.press("Space");
  assert(await page.$eval("#sound", sound => sound.paused));
  await page.keyboard.press("End");
  assert.match(await heard(page), /^0:3\d/);
  await page.keyboard.press("Home");
  assert.equal(await position(page), 0);
  const names = await page.$$eval("button, select, input", all => all.map(e => e.ariaLabel || e.textContent || e.labels?.[0]?.textContent));
  assert(names.every(name => name?.trim()), String(names));
  await close();
});

await test("Tab goes through everything in the order it is read, and each does what it says", async () => {
  const { page, close } = await open(inside);
  const name = () => page.evaluate(() => {
    const e = document.activeElement;
    return e.id || e.getAttribute("aria-label") || e.getAttribute("role") || e.textContent.trim();
  });
  const seen = [];
  for (let i = 0; i < 19; i++) { await page.keyboard.press("Tab"); seen.push(await name()); }
  assert.deepEqual(seen, ["near", "play", "prev", "next", "out", "in", "which", "find", "region", "line", "stamp", "begins", "ends",
    "off, s", "pace", "verdict", "speaker", "text", seen[18]]);
  assert.match(seen[18], /^Hear line \d+$/);
  const outlined = () => page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(await outlined(), "none");
  const paused = () => page.$eval("#sound", sound => sound.paused);
  // The button of the second row plays the second line, by Space as by Enter.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  const start = Number(await page.$eval("#rows tr:nth-child(3)", row => row.dataset.s));
  for (const key of ["Enter", "Space"]) {
    await page.keyboard.press(key);
    await page.waitForFunction(from => { const t = document.querySelector("#sound").currentTime; return t > from && t < from + 3; }, start);
    assert(!(await paused()), key);
    await page.$eval("#sound", sound => sound.pause());
  }
  await page.focus("#near");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  const from = await position(page);
  await page.keyboard.press("Enter");
  await page.waitForFunction(from => document.querySelector("#sound").currentTime > from + 0.1, from);
  await page.$eval("#sound", sound => sound.pause());
  await page.keyboard.press("ArrowUp");
  assert((await position(page)) <= from);
  await page.focus("#next");
  const here = await position(page);
  await page.keyboard.press("Enter");
  assert((await position(page)) > here);
  await page.getByRole("button", { name: "verdict" }).focus();
  await page.keyboard.press("Space");
  assert.equal(await page.getByRole("columnheader", { name: "verdict" }).getAttribute("aria-sort"), "ascending");
  assert.equal(await name(), "verdict");
  await close();
});

await test("hovering shows a line, a click plays it, in the picture and in the table", async () => {
  const { page, close } = await open(inside);
  const box = await page.locator("#near").boundingBox();
  const length = Number(await page.getAttribute("#near", "aria-valuemax"));
  const start = Number(await page.$eval("#rows tr:last-child", row => row.dataset.s));
  const x = box.x + (start + 0.2) / length * box.width;
  await page.mouse.move(x, box.y + 198);
  assert.match(await page.textContent("#tip"), /Anna: .*The end\./);
  await page.mouse.click(x, box.y + 198);
  await page.waitForFunction(from => document.querySelector("#sound").currentTime > from + 0.1, start, { timeout: 10000 });
  assert((await position(page)) < start + 5);
  await page.locator("#rows tr").first().locator(".go").click();
  await page.waitForFunction(() => document.querySelector("#sound").currentTime < 5);
  assert(!(await page.$eval("#sound", sound => sound.paused)));
  assert.equal(await page.$eval("#rows tr.now", row => row.getAttribute("aria-current")), "true");
  await close();
});

await test("people who talk at once are drawn beside each other, and each is reached", async () => {
  const both = join(shots, "both.html"), html = readFileSync(inside, "utf8");
  const [, stamp, start] = html.match(/data-a="([^"]*)" data-b="[^"]*" data-s="([^"]*)" data-e="[^"]*" data-n="6"/).map(Number);
  // The seventh line begins with the sixth.
  const seventh = /data-a="[^"]*" data-b="[^"]*" data-s="[^"]*" data-e="[^"]*" data-n="7"/;
  const moved = `data-a="${stamp}" data-b="${stamp + 2}" data-s="${start}" data-e="${start + 2}" data-n="7"`;
  writeFileSync(both, html.replace(seventh, () => moved));
  const { page, wrong, close } = await open(both);
  const box = await page.locator("#near").boundingBox();
  const length = Number(await page.getAttribute("#near", "aria-valuemax"));
  const x = box.x + (start + 0.5) / length * box.width;
  for (const [y, text] of [[183, /Anna: What is this/], [213, /Bruno: The next one/], [133, /Anna: What is this/], [163, /Bruno: The next/]]) {
    await page.mouse.move(x, box.y + y);
    assert.match(await page.textContent("#tip"), text);
  }
  await page.focus("#near");
  await page.keyboard.press("End");
  const way = [];
  for (let i = 0; i < 3; i++) { await page.keyboard.press("ArrowUp"); way.push((await heard(page)).match(/line (\d+)/)?.[1]); }
  const numbers = await page.$$eval("#rows tr", rows => rows.map(row => row.cells[1].textContent));
  assert.deepEqual(way, [numbers[6], numbers[5], numbers[4]], String(way));
  await page.keyboard.press("ArrowDown");
  assert.match(await heard(page), /line \d+, [^;]*What is this[^;]*; at once, line \d+, .*The next one/);
  assert.equal(await page.$$eval("#rows tr[aria-current=true]", rows => rows.length), 2);
  assert.match(await page.textContent("#nowtext"), /Anna: What is this.* \/ Bruno: .*The next one/);
  await page.screenshot({ path: join(shots, "both.png") });
  assert.deepEqual(wrong, []);
  await close();
});

await test("sound beside the page is found, and told when it is not", async () => {
  const { page, close } = await open(beside);
  await page.waitForFunction(() => document.querySelector("#sound").readyState > 0);
  assert(Math.abs(await page.$eval("#sound", sound => sound.duration) - 600) < 0.01);
  assert((await page.content()).length < 1e6);
  await close();
  const lonely = join(shots, "lonely.html");
  writeFileSync(lonely, readFileSync(beside, "utf8").replaceAll("long%20name", "gone"));
  const { page: alone, close: shut } = await open(lonely);
  await alone.locator("#lost").waitFor({ state: "visible" });
  await shut();
});

await test("twenty thousand lines are shown in pages", async () => {
  const many = join(shots, "many.html"), html = readFileSync(inside, "utf8");
  const rows = html.match(/<tr data-a[^]*?<\/tr>\n/g).join("");
  writeFileSync(many, html.replace(rows, () => rows.repeat(2500)));
  const since = Date.now();
  const { page, close } = await open(many);
  assert.equal((await column(page, 1)).length, 500);
  assert.match(await page.textContent("#count"), /20000 of 20000 lines, page 1 of 40/);
  await page.click("#more");
  await page.getByRole("button", { name: "verdict" }).click();
  assert(Date.now() - since < 20000, `${Date.now() - since} ms`);
  console.log(`   20000 lines, one turned page, sorted once: ${Date.now() - since} ms`);
  await close();
});

await test("without a script the lines are still there", async () => {
  const { page, close } = await open(inside, { javaScriptEnabled: false });
  assert.match(await page.locator("#rows").innerText(), /The ferry leaves at noon/);
  assert(await page.locator("#sound").isVisible());
  assert(!(await page.locator("#near").isVisible()));
  await close();
});

for (const [name, colorScheme, media] of [["light", "light", "screen"], ["dark", "dark", "screen"], ["print", "dark", "print"]]) {
  await test(`it is ${name}`, async () => {
    const { page, close } = await open(inside, { colorScheme });
    await page.locator("#near").press("ArrowDown");
    await page.emulateMedia({ media, colorScheme });
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
    const [red] = (await page.$eval("body", body => getComputedStyle(body).backgroundColor)).match(/\d+/g).map(Number);
    assert(colorScheme === "dark" && media === "screen" ? red < 60 : red > 200, `${red}`);
    if (media === "print") {
      assert((await page.pdf({ path: join(shots, "print.pdf"), format: "A4" })).length > 10000);
      assert(!(await page.locator("#play").isVisible()));
    }
    await close();
  });
}
await test("it fits a telephone", async () => {
  const { page, close } = await open(inside, { viewport: { width: 390, height: 844 } });
  assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.screenshot({ path: join(shots, "narrow.png"), fullPage: true });
  await close();
});
await browser.close();
