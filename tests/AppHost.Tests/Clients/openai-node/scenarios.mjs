// Each scenario drives the gateway with the official SDK. Usage: node scenarios.mjs <scenario>
// JAN_BASE_URL and JAN_API_KEY say where and as whom. A failed expectation ends the process with a stack and exit code 1.
import assert from "node:assert/strict";
import OpenAI from "openai";

const model = "jan-demo";
const jan = new OpenAI({ baseURL: process.env.JAN_BASE_URL, apiKey: process.env.JAN_API_KEY, maxRetries: 0 });

const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Tells the weather in a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

async function refused(promise, kind, status) {
  const error = await promise.then(() => null, (e) => e);
  assert.ok(error instanceof kind, `expected ${kind.name}, got ${error}`);
  assert.equal(error.status, status);
  assert.equal(typeof error.error.message, "string");
  assert.equal(typeof error.type, "string");
  return error;
}

const scenarios = {
  async models() {
    const ids = [];
    for await (const entry of jan.models.list()) ids.push(entry.id);
    assert.ok(ids.includes(model), `models are ${ids}`);
    assert.equal((await jan.models.retrieve(model)).id, model);
    await refused(jan.models.retrieve("no-such-model"), OpenAI.NotFoundError, 404);
  },

  async chat() {
    const answer = await jan.chat.completions.create({ model, messages: [{ role: "user", content: "What is 12 * 34?" }] });
    assert.equal(answer.object, "chat.completion");
    assert.equal(answer.model, model);
    assert.match(answer.choices[0].message.content, /408/);
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  },

  async stream() {
    const stream = await jan.chat.completions.create({
      model, stream: true, stream_options: { include_usage: true }, messages: [{ role: "user", content: "What is 12 * 34?" }],
    });
    let text = "", usage = null, finish = null, chunks = 0;
    for await (const chunk of stream) {
      chunks++;
      assert.equal(chunk.model, model);
      text += chunk.choices[0]?.delta?.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    assert.match(text, /408/);
    assert.equal(finish, "stop");
    assert.ok(chunks > 3 && usage.completion_tokens > 0);
  },

  async streamWithoutUsage() {
    const stream = await jan.chat.completions.create({ model, stream: true, messages: [{ role: "user", content: "Hello" }] });
    for await (const chunk of stream) assert.ok(!chunk.usage && chunk.choices.length > 0, "usage was not asked for");
  },

  async tools() {
    const messages = [{ role: "user", content: "What is the weather in Paris?" }];
    const first = await jan.chat.completions.create({ model, messages, tools: [weather] });
    const call = first.choices[0].message.tool_calls[0];
    assert.equal(first.choices[0].finish_reason, "tool_calls");
    assert.equal(call.function.name, "get_weather");
    assert.equal(typeof JSON.parse(call.function.arguments).city, "string");
    messages.push(first.choices[0].message, { role: "tool", tool_call_id: call.id, content: "19 degrees and sunny" });
    const second = await jan.chat.completions.create({ model, messages, tools: [weather] });
    assert.match(second.choices[0].message.content, /19 degrees/);
  },

  async streamedTools() {
    const runner = jan.chat.completions.stream({ model, tools: [weather], messages: [{ role: "user", content: "What is the weather in Paris?" }] });
    const final = await runner.finalChatCompletion();
    assert.equal(final.choices[0].message.tool_calls[0].function.name, "get_weather");
    JSON.parse(final.choices[0].message.tool_calls[0].function.arguments);
  },

  async structured() {
    const schema = { type: "object", properties: { city: { type: "string" }, degrees: { type: "integer" } }, required: ["city", "degrees"], additionalProperties: false };
    const answer = await jan.chat.completions.create({
      model, messages: [{ role: "user", content: "It is 19 degrees in Paris" }],
      response_format: { type: "json_schema", json_schema: { name: "weather", strict: true, schema } },
    });
    const value = JSON.parse(answer.choices[0].message.content);
    assert.equal(typeof value.city, "string");
    assert.ok(Number.isInteger(value.degrees));
  },

  async abort() {
    const stream = await jan.chat.completions.create({ model, stream: true, messages: [{ role: "user", content: "Tell me what you can do" }] });
    let chunks = 0;
    for await (const _ of stream) if (++chunks === 3) stream.controller.abort();
    assert.ok(chunks >= 3);
  },

  async embeddings() {
    const answer = await jan.embeddings.create({ model: "jan-demo-embed", input: ["the cat sat", "the cat sits", "stock prices fell"] });
    const [a, b, c] = answer.data.map((entry) => entry.embedding);
    const dot = (x, y) => x.reduce((sum, value, i) => sum + value * y[i], 0);
    assert.ok(dot(a, b) > dot(a, c), "similar texts are closer");
  },

  async completions() {
    const answer = await jan.completions.create({ model, prompt: "Once upon a time", max_tokens: 8 });
    assert.equal(answer.object, "text_completion");
    assert.ok(answer.choices[0].text.length > 0);
  },

  async storedCompletions() {
    const created = await jan.chat.completions.create({
      model, store: true, metadata: { topic: "sums" }, messages: [{ role: "user", content: "What is 12 * 34?" }],
    });
    const stored = await jan.chat.completions.retrieve(created.id);
    assert.equal(stored.choices[0].message.content, created.choices[0].message.content);
    assert.equal((await jan.chat.completions.update(created.id, { metadata: { topic: "more" } })).metadata.topic, "more");
    const ids = [];
    for await (const entry of jan.chat.completions.list({ metadata: { topic: "more" } })) ids.push(entry.id);
    assert.deepEqual(ids, [created.id]);
    const messages = [];
    for await (const message of jan.chat.completions.messages.list(created.id)) messages.push(message.content);
    assert.deepEqual(messages, ["What is 12 * 34?"]);
    assert.equal((await jan.chat.completions.delete(created.id)).deleted, true);
    await refused(jan.chat.completions.retrieve(created.id), OpenAI.NotFoundError, 404);
  },

  async conversations() {
    const conversation = await jan.conversations.create({
      metadata: { topic: "greeting" }, items: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] }],
    });
    assert.equal(conversation.metadata.topic, "greeting");
    const chat = await jan.chat.completions.create({
      model, conversation: conversation.id, messages: [{ role: "user", content: "Hello" }],
    });
    const items = [];
    for await (const item of jan.conversations.items.list(conversation.id, { order: "asc" })) items.push(item);
    assert.deepEqual(items.map((item) => item.role), ["user", "assistant"]);
    assert.equal(items[1].content[0].text, chat.choices[0].message.content);
    assert.equal((await jan.conversations.items.retrieve(items[0].id, { conversation_id: conversation.id })).id, items[0].id);
    assert.equal((await jan.conversations.update(conversation.id, { metadata: { topic: "done" } })).metadata.topic, "done");
    assert.equal((await jan.conversations.delete(conversation.id)).deleted, true);
    await refused(jan.conversations.retrieve(conversation.id), OpenAI.NotFoundError, 404);
  },

  async images() {
    const linked = await jan.images.generate({ model: "jan-demo-image", prompt: "a blue square", size: "256x256" });
    const png = Buffer.from(await (await fetch(linked.data[0].url)).arrayBuffer());
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    const inline = await jan.images.generate({ model: "jan-demo-image", prompt: "a blue square", size: "256x256", response_format: "b64_json", n: 2 });
    assert.equal(inline.data.length, 2);
    assert.equal(Buffer.from(inline.data[0].b64_json, "base64").subarray(1, 4).toString(), "PNG");
    assert.equal((await refused(
      jan.images.generate({ model: "jan-demo-image", prompt: "x", size: "huge" }), OpenAI.BadRequestError, 400)).param, "size");
  },

  async usage() {
    await jan.chat.completions.create({ model, messages: [{ role: "user", content: "What is 12 * 34?" }] });
    const day = Math.floor(Date.now() / 86400000) * 86400;
    const page = await jan.get("/organization/usage/completions", { query: { start_time: day } });
    assert.equal(page.object, "page");
    assert.ok(page.data.some((bucket) => bucket.results.some((result) => result.num_model_requests > 0 && result.output_tokens > 0)));
  },

  async badRequest() {
    const error = await refused(
      jan.chat.completions.create({ model, messages: [{ role: "user", content: "hi" }], temperature: 9 }), OpenAI.BadRequestError, 400);
    assert.equal(error.param, "temperature");
    assert.equal((await refused(jan.chat.completions.create({ model, messages: [] }), OpenAI.BadRequestError, 400)).param, "messages");
  },

  async unauthorized() {
    const stranger = new OpenAI({ baseURL: process.env.JAN_BASE_URL, apiKey: "sk_live_" + "0".repeat(48), maxRetries: 0 });
    const error = await refused(stranger.models.list(), OpenAI.AuthenticationError, 401);
    assert.equal(error.code, "invalid_api_key");
  },

  async notFound() {
    const error = await refused(
      jan.chat.completions.create({ model: "no-such-model", messages: [{ role: "user", content: "hi" }] }), OpenAI.NotFoundError, 404);
    assert.equal(error.code, "model_not_found");
  },

  async rateLimited() {
    // A key of its own, so that no other scenario meets the limit.
    let error = null;
    for (let i = 0; i < 3000 && !error; i++) {
      await jan.models.retrieve(model).catch((e) => { error = e; });
    }
    assert.ok(error instanceof OpenAI.RateLimitError, `expected a rate limit, got ${error}`);
    assert.equal(error.code, "rate_limit_exceeded");
    assert.ok(Number(error.headers.get("retry-after")) >= 1);
  },
};

const name = process.argv[2];
assert.ok(scenarios[name], `no scenario is called ${name}`);
await scenarios[name]();
console.log(`ok ${name}`);
