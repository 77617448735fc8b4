// Pages of a conversation of 10 items beside those of one of 10,000, on the local stack. Run it after `dotnet run --project JanServer.AppHost`:
// node benchmarks/Pages/pages.mjs
import { performance } from "node:perf_hooks";
const base = "http://localhost:8080";
const jan = "http://localhost:8000";
const t = (await (await fetch(jan + "/auth/guest-login", { method: "POST" })).json()).access_token;
const h = { Authorization: `Bearer ${t}`, "Content-Type": "application/json" };
const make = async (n) => {
  const c = await (await fetch(base + "/v1/conversations", { method: "POST", headers: h, body: "{}" })).json();
  for (let i = 0; i < n; i += 20) {
    const items = Array.from({ length: Math.min(20, n - i) }, (_, k) => ({ type: "message", role: "user", content: [{ type: "input_text", text: `item ${i + k} ` + "x".repeat(200) }] }));
    const r = await fetch(`${base}/v1/conversations/${c.id}/items`, { method: "POST", headers: h, body: JSON.stringify({ items }) });
    if (!r.ok) throw new Error(await r.text());
  }
  return c.id;
};
const small = await make(10), large = await make(10000);
let after = null, pages = 0, mid = null;
while (true) {
  const p = await (await fetch(`${base}/v1/conversations/${large}/items?limit=100&order=asc${after ? "&after=" + after : ""}`, { headers: h })).json();
  pages++; if (pages === 50) mid = p.last_id; after = p.last_id; if (!p.has_more) break;
}
console.log("pages of 100:", pages);
const time = async (url) => { const s = performance.now(); await (await fetch(url, { headers: h })).text(); return performance.now() - s; };
const urls = { "10 items, first page of 10": `${small}/items?limit=10`, "10,000 items, first page of 10": `${large}/items?limit=10`, "10,000 items, page of 10 in the middle": `${large}/items?limit=10&after=${mid}` };
const all = Object.fromEntries(Object.keys(urls).map((k) => [k, []]));
for (let i = 0; i < 400; i++) for (const [k, u] of Object.entries(urls)) all[k].push(await time(`${base}/v1/conversations/${u}`));
for (const [k, v] of Object.entries(all)) { v.splice(0, 100); v.sort((a, b) => a - b); console.log(k, "p50", v[150].toFixed(2), "ms p99", v[297].toFixed(2), "ms"); }
