// Each scenario drives the MCP server with MCP's own clients. Usage: node scenarios.mjs <scenario>
// JAN_MCP_URL and JAN_API_KEY say where and as whom. A failed expectation ends the process with a stack and exit code 1.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const url = new URL(process.env.JAN_MCP_URL);
const authorization = `Bearer ${process.env.JAN_API_KEY}`;
const inspector = fileURLToPath(new URL("node_modules/@modelcontextprotocol/inspector-cli/build/cli.js", import.meta.url));

// Enough for each tool that is known, in an order in which one finds what another left.
const known = {
  file_search_index: { document_id: "mcp-node", text: "Otters hold hands while they sleep." },
  file_search_query: { query: "otters sleep" },
  google_search: { q: "otters" },
  scrape: { url: "https://example.com" },
  python_exec: { code: "print(6 * 7)" },
  memory_retrieve: { query: "otters" },
  generate_image: { prompt: "a blue square", size: "256x256", model: "jan-demo-image" },
};

const ordered = (tools) => [...tools].sort((a, b) => rank(a.name) - rank(b.name));
const rank = (name) => (Object.keys(known).indexOf(name) + 1) || 1000;

function argumentsFor(tool) {
  if (known[tool.name]) return known[tool.name];
  const values = { string: "otters", integer: 1, number: 1, boolean: false, array: [], object: {} };
  return Object.fromEntries((tool.inputSchema.required ?? []).map((name) => {
    const type = tool.inputSchema.properties?.[name]?.type;
    return [name, values[Array.isArray(type) ? type.find((one) => one !== "null") : type] ?? "otters"];
  }));
}

async function connected(work) {
  const client = new Client({ name: "mcp-node", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization } } }));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function listed(client) {
  const tools = [];
  let cursor;
  do {
    const page = await client.listTools(cursor ? { cursor } : {});
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor);
  return tools;
}

// A tool may fail, for want of a network say; then it says why, as a result.
function checked(name, result) {
  assert.ok(result.content.length > 0, `${name} says nothing`);
  const text = result.content.filter((block) => block.type === "text").map((block) => block.text).join("\n");
  if (result.isError) assert.ok(text.length > 10, `${name} fails without a reason`);
  else if (name === "python_exec") assert.match(text, /42/);
  else if (name === "file_search_query") assert.match(text, /hold hands/);
  return text;
}

async function inspect(...args) {
  const { stdout } = await promisify(execFile)(
    process.execPath, [inspector, "--cli", url.href, "--transport", "http", "--header", `Authorization: ${authorization}`, ...args],
    { cwd: dirname(inspector), timeout: 120000, maxBuffer: 64 << 20 }); // It looks for its own package.json from where it is run.
  return JSON.parse(stdout);
}

const scenarios = {
  async list() {
    await connected(async (client) => {
      assert.ok(client.getServerCapabilities().tools);
      const tools = await listed(client);
      assert.ok(tools.length > 0);
      for (const tool of tools) {
        assert.match(tool.name, /^[A-Za-z0-9_.-]{1,128}$/);
        assert.ok(tool.description?.length > 0, `${tool.name} has no description`);
        assert.equal(tool.inputSchema.type, "object");
      }
    });
  },

  async callAll() {
    await connected(async (client) => {
      for (const tool of ordered(await listed(client))) {
        checked(tool.name, await client.callTool({ name: tool.name, arguments: argumentsFor(tool) }, undefined, { timeout: 120000 }));
      }
    });
  },

  async unknownTool() {
    await connected(async (client) => {
      const answer = await client.callTool({ name: "no_such_tool", arguments: {} }).then((result) => result, (error) => error);
      assert.ok(answer.isError || answer.code === -32602, `got ${JSON.stringify(answer)}`);
    });
  },

  async unauthorized() {
    const client = new Client({ name: "mcp-node", version: "1" });
    const error = await client.connect(new StreamableHTTPClientTransport(url)).then(() => null, (e) => e);
    assert.ok(error, "strangers are let in");
  },

  async bare() {
    const ask = async (body) => {
      const response = await fetch(url, {
        method: "POST", headers: { authorization, "content-type": "application/json", accept: "application/json, text/event-stream" }, body: JSON.stringify(body),
      });
      const text = await response.text();
      return JSON.parse(text.startsWith("{") ? text : text.split("\n").filter((line) => line.startsWith("data:")).at(-1).slice(5));
    };
    const { result } = await ask({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    assert.ok(result.tools.length > 0);
  },

  async inspector() {
    const { tools } = await inspect("--method", "tools/list");
    assert.ok(tools.length > 0);
    for (const tool of ordered(tools)) {
      const pairs = Object.entries(argumentsFor(tool)).flatMap(([name, value]) => ["--tool-arg", `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`]);
      checked(tool.name, await inspect("--method", "tools/call", "--tool-name", tool.name, ...pairs));
    }
  },
};

const name = process.argv[2];
assert.ok(scenarios[name], `no scenario is called ${name}`);
await scenarios[name]();
console.log(`ok ${name}`);
