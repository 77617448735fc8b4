// Each scenario drives the Responses API with the official SDK. Usage: node responses.mjs <scenario>
// JAN_BASE_URL and JAN_API_KEY say where and as whom. A failed expectation ends the process with a stack and exit code 1.
import assert from "node:assert/strict";
import OpenAI from "openai";
import { zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

const model = "jan-demo";
const jan = new OpenAI({ baseURL: process.env.JAN_BASE_URL, apiKey: process.env.JAN_API_KEY, maxRetries: 0 });

const weather = {
  type: "function", name: "get_weather", description: "Tells the weather in a city", strict: true,
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
};

const final = new Set(["completed", "failed", "cancelled", "incomplete"]);

async function refused(promise, kind, status) {
  const error = await promise.then(() => null, (e) => e);
  assert.ok(error instanceof kind, `expected ${kind.name}, got ${error}`);
  assert.equal(error.status, status);
  return error;
}

async function ended(id) {
  for (let i = 0; i < 600; i++) {
    const response = await jan.responses.retrieve(id);
    if (final.has(response.status)) return response;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${id} did not end`);
}

async function all(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

function numbered(events, first = 0) {
  assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, i) => first + i));
}

const scenarios = {
  async create() {
    const response = await jan.responses.create({ model, instructions: "Be brief.", input: "What is 12 * 34?", metadata: { topic: "sums" } });
    assert.equal(response.object, "response");
    assert.equal(response.status, "completed");
    assert.match(response.output_text, /408/);
    assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
    assert.equal(response.metadata.topic, "sums");
    const next = await jan.responses.create({ model, previous_response_id: response.id, input: "What did I ask?" });
    assert.equal(next.previous_response_id, response.id);
    assert.equal((await jan.responses.retrieve(response.id)).output_text, response.output_text);
  },

  async parse() {
    const Weather = z.object({ city: z.string(), degrees: z.number().int() });
    const response = await jan.responses.parse({
      model, input: "It is 19 degrees in Paris", text: { format: zodTextFormat(Weather, "weather") },
    });
    assert.equal(typeof response.output_parsed.city, "string");
    assert.ok(Number.isInteger(response.output_parsed.degrees));
  },

  async parsedTools() {
    const response = await jan.responses.parse({
      model, input: "What is the weather in Paris?",
      tools: [zodResponsesFunction({ name: "get_weather", description: "Tells the weather in a city", parameters: z.object({ city: z.string() }) })],
    });
    const call = response.output.find((item) => item.type === "function_call");
    assert.match(call.parsed_arguments.city, /Paris/);
  },

  async tools() {
    const first = await jan.responses.create({ model, input: "What is the weather in Paris?", tools: [weather] });
    const call = first.output.find((item) => item.type === "function_call");
    assert.equal(call.name, "get_weather");
    assert.match(JSON.parse(call.arguments).city, /Paris/);
    const second = await jan.responses.create({
      model, previous_response_id: first.id, tools: [weather],
      input: [{ type: "function_call_output", call_id: call.call_id, output: "19 degrees and sunny" }],
    });
    assert.match(second.output_text, /19 degrees/);
  },

  async stream() {
    const events = await all(await jan.responses.create({ model, stream: true, input: "What is 12 * 34?" }));
    numbered(events);
    const types = events.map((event) => event.type);
    assert.deepEqual(types.slice(0, 2), ["response.created", "response.in_progress"]);
    assert.equal(types.at(-1), "response.completed");
    for (const type of ["output_item.added", "content_part.added", "output_text.delta", "output_text.done", "content_part.done", "output_item.done"])
      assert.ok(types.includes(`response.${type}`), `no ${type} in ${types}`);
    const text = events.filter((event) => event.type === "response.output_text.delta").map((event) => event.delta).join("");
    assert.equal(text, events.find((event) => event.type === "response.output_text.done").text);
    assert.match(text, /408/);
    assert.ok(events.at(-1).response.usage.output_tokens > 0);
  },

  async streamedTools() {
    const stream = jan.responses.stream({ model, input: "What is the weather in Paris?", tools: [weather] });
    let parts = "";
    stream.on("response.function_call_arguments.delta", (event) => { parts += event.delta; });
    const response = await stream.finalResponse();
    const call = response.output.find((item) => item.type === "function_call");
    assert.equal(parts, call.arguments);
  },

  async abort() {
    const stream = await jan.responses.create({ model, stream: true, input: "Tell me what you can do" });
    let events = 0;
    for await (const _ of stream) if (++events === 4) stream.controller.abort();
    assert.ok(events >= 4);
  },

  async conversation() {
    const conversation = await jan.conversations.create({ metadata: { topic: "greeting" } });
    const response = await jan.responses.create({ model, conversation: conversation.id, input: "Hello" });
    assert.equal(response.conversation.id, conversation.id);
    let items = [];
    for (let i = 0; i < 100 && items.length < 2; i++) {
      items = (await jan.conversations.items.list(conversation.id, { order: "asc" })).data;
      if (items.length < 2) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.deepEqual(items.map((item) => item.role), ["user", "assistant"]);
    await jan.responses.create({ model, conversation: { id: conversation.id }, input: "Hello again" });
  },

  async background() {
    const queued = await jan.responses.create({ model, background: true, input: "What is 12 * 34?" });
    assert.ok(["queued", "in_progress", "completed"].includes(queued.status), queued.status);
    const response = await ended(queued.id);
    assert.equal(response.status, "completed");
    assert.match(response.output_text, /408/);
  },

  async resume() {
    const stream = await jan.responses.create({ model, background: true, stream: true, input: "What is 12 * 34?" });
    const seen = [];
    for await (const event of stream) {
      seen.push(event);
      if (seen.length === 3) break;
    }
    numbered(seen);
    const id = seen[0].response.id;
    const rest = await all(await jan.responses.retrieve(id, { stream: true, starting_after: seen.at(-1).sequence_number }));
    numbered(rest, seen.at(-1).sequence_number + 1);
    assert.equal(rest.at(-1).type, "response.completed");
    assert.match(rest.at(-1).response.output.at(-1).content[0].text, /408/);
  },

  async cancel() {
    const queued = await jan.responses.create({ model, background: true, input: "Tell me what you can do" });
    const cancelled = await jan.responses.cancel(queued.id);
    // Whoever is quick may have finished it before.
    assert.ok(["cancelled", "completed"].includes(cancelled.status), cancelled.status);
    assert.equal((await jan.responses.retrieve(queued.id)).status, cancelled.status);
    const done = await jan.responses.create({ model, input: "Hello" });
    assert.equal((await jan.responses.cancel(done.id)).status, "completed");
  },

  async inputItems() {
    const input = ["one", "two", "three"].map((content) => ({ role: "user", content }));
    const response = await jan.responses.create({ model, input });
    const items = [];
    for await (const item of jan.responses.inputItems.list(response.id, { order: "asc", limit: 2 })) items.push(item);
    assert.deepEqual(items.map((item) => item.content[0].text), ["one", "two", "three"]);
  },

  async inputTokens() {
    const counted = await jan.responses.inputTokens.count({ model, input: "What is 12 * 34?" });
    assert.equal(counted.object, "response.input_tokens");
    assert.ok(counted.input_tokens > 0);
  },

  async remove() {
    const response = await jan.responses.create({ model, input: "Hello" });
    await jan.responses.delete(response.id);
    await refused(jan.responses.retrieve(response.id), OpenAI.NotFoundError, 404);
    const unstored = await jan.responses.create({ model, input: "Hello", store: false });
    await refused(jan.responses.retrieve(unstored.id), OpenAI.NotFoundError, 404);
  },

  async webSearch() {
    const events = await all(await jan.responses.create({
      model, stream: true, input: "Search the web for otters", tools: [{ type: "web_search" }], include: ["web_search_call.action.sources"],
    }));
    const types = events.map((event) => event.type);
    assert.ok(types.includes("response.web_search_call.searching"), types.join());
    const response = events.at(-1).response;
    const call = response.output.find((item) => item.type === "web_search_call");
    assert.equal(call.action.type, "search");
    if (call.status === "completed") {
      assert.ok(types.includes("response.web_search_call.completed"));
      assert.ok(Array.isArray(call.action.sources));
    } else {
      // Without a search engine the answer says which tool could not be used.
      assert.equal(call.status, "failed");
      assert.match(response.output.at(-1).content[0].text, /search/i);
    }
  },

  async codeInterpreter() {
    const response = await jan.responses.create({
      model, input: "Run python: ```print(6 * 7)```", tools: [{ type: "code_interpreter", container: { type: "auto" } }],
      include: ["code_interpreter_call.outputs"],
    });
    const call = response.output.find((item) => item.type === "code_interpreter_call");
    assert.match(call.container_id, /^cntr_/);
    if (call.status === "completed") assert.match(call.outputs.find((output) => output.type === "logs").logs, /42/);
    else assert.match(response.output_text, /python_exec/);
  },

  async approvals() {
    const tools = [{ type: "mcp", server_label: "jan", require_approval: "always" }];
    const first = await jan.responses.create({ model, input: "Hello", tools });
    const listed = first.output.find((item) => item.type === "mcp_list_tools");
    assert.ok(listed.tools.length > 0, "mcp-tools lists no tool");
    const name = (listed.tools.find((tool) => tool.name === "python_exec") ?? listed.tools[0]).name;
    const asking = await jan.responses.create({ model, input: `Use ${name} for "print(6 * 7)"`, tools, previous_response_id: first.id });
    assert.ok(!asking.output.some((item) => item.type === "mcp_list_tools"), "the list is in the context already");
    const request = asking.output.find((item) => item.type === "mcp_approval_request");
    assert.equal(request.name, name);
    const done = await jan.responses.create({
      model, tools, previous_response_id: asking.id,
      input: [{ type: "mcp_approval_response", approval_request_id: request.id, approve: true }],
    });
    const call = done.output.find((item) => item.type === "mcp_call");
    assert.equal(call.approval_request_id, request.id);
    assert.ok(call.output ?? call.error, "the call has ended");
    const unknown = await refused(jan.responses.create({
      model, tools, previous_response_id: asking.id,
      input: [{ type: "mcp_approval_response", approval_request_id: "mcpr_unknown", approve: true }],
    }), OpenAI.BadRequestError, 400);
    assert.equal(unknown.param, "input[0].approval_request_id");
  },

  async badRequest() {
    assert.equal((await refused(jan.responses.create({ model, input: "hi", temperature: 9 }), OpenAI.BadRequestError, 400)).param, "temperature");
    assert.equal((await refused(
      jan.responses.create({ model, input: "hi", tools: [{ type: "time_machine" }] }), OpenAI.BadRequestError, 400)).param, "tools[0].type");
    assert.equal((await refused(
      jan.responses.create({
        model, input: "hi", tools: [{ type: "mcp", server_label: "inside", server_url: "http://169.254.169.254/latest", require_approval: "never" }],
      }), OpenAI.BadRequestError, 400)).param, "tools[0].server_url");
    await refused(jan.responses.retrieve("resp_unknown"), OpenAI.NotFoundError, 404);
    await refused(jan.responses.create({ model: "no-such-model", input: "hi" }), OpenAI.NotFoundError, 404);
  },
};

const name = process.argv[2];
assert.ok(scenarios[name], `no scenario is called ${name}`);
await scenarios[name]();
console.log(`ok ${name}`);
