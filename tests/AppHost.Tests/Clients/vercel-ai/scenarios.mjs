// Each scenario drives the gateway with the Vercel AI SDK. Usage: node scenarios.mjs <scenario>
// JAN_BASE_URL and JAN_API_KEY say where and as whom. A failed expectation ends the process with a stack and exit code 1.
import assert from "node:assert/strict";
import { APICallError, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";

const jan = createOpenAICompatible({
  name: "jan", baseURL: process.env.JAN_BASE_URL, apiKey: process.env.JAN_API_KEY, includeUsage: true,
});
const model = jan("jan-demo");

function weather(asked) {
  return tool({
    description: "Tells the weather in a city",
    inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
    execute: async ({ city }) => {
      asked.push(city);
      return "19 degrees and sunny";
    },
  });
}

const scenarios = {
  async stream() {
    const result = streamText({ model, prompt: "What is 12 * 34?", maxRetries: 0, onError: ({ error }) => { throw error; } });
    let text = "", chunks = 0;
    for await (const piece of result.textStream) {
      chunks++;
      text += piece;
    }
    assert.match(text, /408/);
    assert.ok(chunks > 1, `came in ${chunks} pieces`);
    assert.equal(await result.finishReason, "stop");
    const usage = await result.usage;
    assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0, JSON.stringify(usage));
  },

  async streamedTools() {
    const asked = [], kinds = new Set();
    const result = streamText({
      model, maxRetries: 0, tools: { get_weather: weather(asked) }, stopWhen: stepCountIs(3),
      prompt: "What is the weather in Paris?", onError: ({ error }) => { throw error; },
    });
    for await (const part of result.fullStream) kinds.add(part.type);
    assert.deepEqual(asked.length, 1, `the tool was called with ${asked}`);
    assert.equal(typeof asked[0], "string");
    const steps = await result.steps;
    assert.equal(steps.length, 2);
    assert.equal(steps[0].finishReason, "tool-calls");
    assert.equal(steps[0].toolCalls[0].toolName, "get_weather");
    assert.match(await result.text, /19 degrees/);
    for (const kind of ["tool-call", "tool-result", "text-delta", "finish"]) assert.ok(kinds.has(kind), `no ${kind} in ${[...kinds]}`);
  },

  async tools() {
    const asked = [];
    const result = await generateText({
      model, maxRetries: 0, tools: { get_weather: weather(asked) }, stopWhen: stepCountIs(3), prompt: "What is the weather in Paris?",
    });
    assert.equal(asked.length, 1);
    assert.match(result.text, /19 degrees/);
  },

  async refused() {
    const error = await generateText({ model: jan("no-such-model"), prompt: "hi", maxRetries: 0 }).then(() => null, (e) => e);
    assert.ok(APICallError.isInstance(error), `expected an APICallError, got ${error}`);
    assert.equal(error.statusCode, 404);
    assert.match(error.message, /no-such-model/);
  },
};

const name = process.argv[2];
assert.ok(scenarios[name], `no scenario is called ${name}`);
await scenarios[name]();
console.log(`ok ${name}`);
