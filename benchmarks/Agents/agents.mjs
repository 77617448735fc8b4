// What the Responses API and MCP add to what is beneath them, on the local stack. Run it after
// `Inference__Demo__TokensPerSecond=0 Gateway__RateLimits__PerGuest__PerMinute=0 Gateway__RateLimits__PerAddress__PerMinute=0
// dotnet run --project JanServer.AppHost`: node benchmarks/Agents/agents.mjs
import { performance } from "node:perf_hooks";
const jan = "http://localhost:8000";
const t = (await (await fetch(jan + "/auth/guest-login", { method: "POST" })).json()).access_token;
const headers = { Authorization: `Bearer ${t}`, "Content-Type": "application/json" };
const post = (path, body) => async () => {
  const answer = await fetch(jan + path, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok || text.includes('"isError":true')) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
};
const say = "Repeat after me: " + "one two three four five six seven eight nine ten ".repeat(20);
const rounds = Number(process.argv[2] ?? 300);
const scenarios = {
  "chat, streamed": post("/v1/chat/completions", { model: "jan-demo", stream: true, messages: [{ role: "user", content: say }] }),
  "response, streamed, not stored": post("/v1/responses", { model: "jan-demo", stream: true, store: false, input: say }),
  "response, streamed, stored": post("/v1/responses", { model: "jan-demo", stream: true, input: say }),
  "chat, plain": post("/v1/chat/completions", { model: "jan-demo", messages: [{ role: "user", content: "Hello!" }] }),
  "response, plain, stored": post("/v1/responses", { model: "jan-demo", input: "Hello!" }),
  "mcp tools/list": post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/list" }),
  "mcp tools/call file_search_list": post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "file_search_list", arguments: {} } }),
  "mcp tools/call python_exec": post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "python_exec", arguments: { code: "print(1)" } } }),
};
const times = Object.fromEntries(Object.keys(scenarios).map((name) => [name, []]));
const warm = Math.ceil(rounds / 4);
for (let i = 0; i < rounds + warm; i++)
  for (const [name, run] of Object.entries(scenarios)) {
    const start = performance.now();
    await run();
    if (i >= warm) times[name].push(performance.now() - start);
  }
for (const [name, all] of Object.entries(times)) {
  all.sort((a, b) => a - b);
  const at = (p) => all[Math.min(all.length - 1, Math.floor(p * all.length))].toFixed(2);
  console.log(`${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}
