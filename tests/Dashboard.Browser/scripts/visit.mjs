// Drives headless Chromium against a node's page and prints what it found as one line of JSON. Arguments: what to do, the page's address,
// Chromium's program, a folder of its own, and the token where one is needed.
import { chromium } from "playwright-core";

const [what, url, executablePath, folder, token] = process.argv.slice(2);
const patience = 60_000;
const strangers = [], errors = [];

const browser = await chromium.launchPersistentContext(folder, {
  executablePath, headless: true, viewport: ["phone", "tables"].includes(what) ? { width: 375, height: 700 } : { width: 1280, height: 900 },
  colorScheme: what === "dark" ? "dark" : "light",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const page = browser.pages()[0] ?? await browser.newPage();
page.on("request", request => { if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith("data:")) { strangers.push(request.url()); } });
page.on("console", message => {
  const ours = message.text().startsWith("Canvas2D"); // Looking at the curve's pixels is this script's doing.
  if (["error", "warning"].includes(message.type()) && !ours) { errors.push(message.text()); }
});
page.on("pageerror", error => errors.push(error.message));

const text = selector => page.locator(selector).innerText();
const until = (check, argument) => page.waitForFunction(check, argument, { timeout: patience });
const sensorsAreThere = () => until(() => document.querySelector(".figures b, #sensors td") !== null && !/^–/.test(document.querySelector(".figures b, #sensors td").textContent));

/** Pixels of the first curve that are not its ground: a chart that only has axes has few of the curve's colour. */
const inked = () => page.evaluate(() => {
  const canvas = document.querySelector(".plot canvas");
  if (!canvas) { return 0; }
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--line)";
  const [red, green, blue] = getComputedStyle(probe).color.match(/\d+/g).map(Number);
  probe.remove();
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 200 && Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue) < 24) { found++; }
  }
  return found;
});

const history = () => page.evaluate(async () => (await (await fetch("api/history/climate?seconds=86400")).json()).quantities[0].at);

const tasks = {
  async live() {
    await sensorsAreThere();
    const readings = await text("#counters dd >> nth=6");
    const first = await text(".sensor >> nth=0");
    await until(old => document.querySelectorAll("#counters dd")[6].innerText !== old, readings);
    await until(old => document.querySelector(".sensor").innerText !== old, first);
    return { title: await page.title(), log: await page.locator("#log-lines li").count() };
  },
  async charts() {
    await until(() => typeof uPlot !== "undefined" && document.querySelectorAll(".plot canvas").length > 0);
    const deadline = Date.now() + patience;
    while (await inked() < 20 && Date.now() < deadline) { await page.waitForTimeout(200); }
    const before = { inked: await inked(), points: await history() };
    await page.reload();
    while (await inked() < 20 && Date.now() < deadline) { await page.waitForTimeout(200); }
    const after = { inked: await inked(), points: await history() };
    return { before: before.inked, after: after.inked, kept: before.points.length > 1 && before.points.every((at, index) => Math.abs(after.points[index] - at) < 0.1) };
  },
  async phone() {
    await sensorsAreThere();
    for (const part of ["twin", "buses", "settings"]) { await page.evaluate(id => { document.getElementById(id).open = true; }, part); }
    await until(() => document.querySelector("#settings-table td") && document.querySelector("#twin-table td"));
    await page.click("#scan");
    await until(() => document.querySelector(".grid"));
    return page.evaluate(() => ({
      page: document.documentElement.scrollWidth, window: innerWidth,
      cut: [...document.querySelectorAll("main .scroll")].filter(each => each.scrollWidth > each.clientWidth + 0.5).map(each => each.id || each.parentElement.id),
      broken: [...document.querySelectorAll(".grid td")].filter(each => each.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(each).fontSize) + 8).map(each => each.innerText),
      wide: [...document.querySelectorAll("main *")].filter(each => !each.closest(".scroll, .plot") && each.getBoundingClientRect().right > innerWidth + 0.5).map(each => each.outerHTML.slice(0, 80)),
      unlabelled: [...document.querySelectorAll("input, select, button")].filter(each => !each.labels?.length && !each.textContent.trim() && !each.ariaLabel).map(each => each.id),
    }));
  },
  async tables() {
    await until(() => document.querySelectorAll(".values tbody tr").length > 2 && / °C$/.test(document.querySelector(".values tbody td:nth-child(2)").innerText));
    const first = await text(".values >> nth=0");
    await until(old => document.querySelector(".values").innerText !== old, first);
    return page.evaluate(() => {
      const cells = row => [...document.querySelectorAll(`.values tbody tr:nth-child(${row}) td`)].map(cell => cell.innerText.trim());
      return {
        canvases: document.querySelectorAll("canvas").length, value: cells(1)[1], range: cells(1)[3], quantities: [...document.querySelector(".values").tBodies[0].rows].map(row => row.cells[0].innerText),
        wide: [...document.querySelectorAll("main *")].filter(each => !each.closest(".scroll") && each.getBoundingClientRect().right > innerWidth + 0.5).map(each => each.outerHTML.slice(0, 80)),
      };
    });
  },
  async fleet() {
    await sensorsAreThere();
    await until(() => !document.querySelector("#fleet").hidden);
    return { fleet: await text("#fleet"), counters: await text("#counters"), images: await page.locator("img").count(), stung: await page.evaluate(() => "stung" in window) };
  },
  async dark() {
    await sensorsAreThere();
    return page.evaluate(() => {
      const luminance = colour => {
        const [red, green, blue] = colour.match(/[\d.]+/g).map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const ground = luminance(getComputedStyle(document.querySelector(".card")).backgroundColor);
      const contrast = selector => (luminance(getComputedStyle(document.querySelector(selector)).color) + 0.05) / (ground + 0.05);
      return { ground, text: contrast("h3"), quiet: contrast(".card dt") };
    });
  },
  async token() {
    await sensorsAreThere();
    await until(() => document.querySelector("#actuators td"));
    const before = await page.locator("#actuators button").count();
    const enter = async secret => {
      await page.fill("#token", secret);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "On: led", exact: true }).click({ timeout: patience });
    };
    await enter("not-the-token");
    await until(() => document.querySelector("#command-note").textContent.includes("was not switched"));
    await until(() => document.querySelectorAll("#actuators button").length === 0);
    errors.splice(0, errors.length, ...errors.filter(error => !error.includes("401")));
    await enter(token);
    await until(() => document.querySelector("#command-note").textContent === "led is on.");
    await until(() => document.querySelector("#actuators tbody tr").innerText.includes("http"));
    const shown = await page.evaluate(secret => document.documentElement.outerHTML.includes(secret) || Object.values(localStorage).includes(secret), token);
    return { before, shown, kept: await page.evaluate(() => sessionStorage.length) };
  },
};

if (what === "tables") { await page.route("**/uPlot.iife.min.js", route => route.fulfill({ contentType: "text/javascript", body: "// built without it" })); }

try {
  await page.goto(url, { timeout: patience });
  const found = await tasks[what]();
  console.log(JSON.stringify({ ...found, strangers, errors }));
} catch (failure) {
  console.log(JSON.stringify({ failed: `${failure.message}\n${errors.join("\n")}`, strangers, errors }));
} finally {
  await browser.close();
}
