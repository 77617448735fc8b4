// Each scenario runs agents of the OpenAI agents SDK. Usage: node agents.mjs <scenario>
// JAN_BASE_URL and JAN_API_KEY say where and as whom. A failed expectation ends the process with a stack and exit code 1.
import assert from "node:assert/strict";
import { Agent, OpenAIProvider, Runner, codeInterpreterTool, hostedMcpTool, tool, webSearchTool } from "@openai/agents";
import OpenAI from "openai";
import { z } from "zod";

const model = "jan-demo";
const client = new OpenAI({ baseURL: process.env.JAN_BASE_URL, apiKey: process.env.JAN_API_KEY, maxRetries: 0 });
const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient: client, useResponses: true }), tracingDisabled: true });

function weatherTool(asked) {
  return tool({
    name: "get_weather", description: "Tells the weather in a city", parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => {
      asked.push(city);
      return `It is 19 degrees and sunny in ${city}.`;
    },
  });
}

const called = (result) => result.newItems.filter((item) => item.type === "tool_call_item").map((item) => item.rawItem);

const scenarios = {
  async functions() {
    const asked = [];
    const agent = new Agent({ name: "Weather agent", instructions: "Use your tools.", model, tools: [weatherTool(asked)] });
    const result = await runner.run(agent, "What is the weather in Paris?");
    assert.match(asked.join(), /Paris/);
    assert.match(result.finalOutput, /19 degrees/);
  },

  async typed() {
    const agent = new Agent({ name: "Reader", instructions: "Read the text.", model, outputType: z.object({ city: z.string(), degrees: z.number() }) });
    const result = await runner.run(agent, "It is 19 degrees in Paris");
    assert.equal(typeof result.finalOutput.city, "string");
    assert.equal(typeof result.finalOutput.degrees, "number");
  },

  async handoffAndStream() {
    const asked = [];
    const weather = new Agent({ name: "Weather agent", instructions: "You know the weather.", model, tools: [weatherTool(asked)] });
    const desk = Agent.create({ name: "Desk", instructions: "Hand over to who knows.", model, handoffs: [weather] });
    const stream = await runner.run(desk, "Transfer me to the weather agent, then tell me the weather in Paris", { stream: true });
    const agents = [], raw = new Set();
    let text = "";
    for await (const event of stream) {
      if (event.type === "agent_updated_stream_event") agents.push(event.agent.name);
      if (event.type === "raw_model_stream_event") {
        raw.add(event.data.type);
        if (event.data.type === "output_text_delta") text += event.data.delta;
      }
    }
    await stream.completed;
    assert.equal(agents.at(-1), "Weather agent");
    assert.match(asked.join(), /Paris/);
    assert.ok(raw.has("output_text_delta"), [...raw].join());
    assert.match(text, /19 degrees/);
    assert.equal(stream.lastAgent.name, "Weather agent");
  },

  async hosted() {
    const asked = [];
    const agent = new Agent({
      name: "Researcher", instructions: "Use your tools.", model,
      tools: [weatherTool(asked), webSearchTool(), codeInterpreterTool()],
    });
    const stream = await runner.run(
      agent, "Search the web for otters, then run python: ```print(6 * 7)```, then tell me the weather in Paris", { stream: true });
    for await (const _ of stream);
    await stream.completed;
    const types = called(stream).map((item) => item.type === "hosted_tool_call" ? item.name : item.type);
    assert.ok(types.includes("web_search_call"), types.join());
    assert.ok(types.includes("code_interpreter_call"), types.join());
    assert.match(asked.join(), /Paris/);
    assert.ok(stream.finalOutput.length > 0);
  },

  async hostedMcp() {
    const agent = new Agent({
      name: "Operator", instructions: "Use your tools.", model,
      tools: [hostedMcpTool({ serverLabel: "jan", requireApproval: "always" })],
    });
    let result = await runner.run(agent, 'Use file_search_query for "otters"');
    if (result.interruptions.length === 0) return; // No such tool is set up here; the demonstration model then answers in words.
    for (const interruption of result.interruptions) result.state.approve(interruption);
    result = await runner.run(agent, result.state);
    assert.equal(result.interruptions.length, 0);
    assert.ok(result.finalOutput.length > 0);
  },
};

const name = process.argv[2];
assert.ok(scenarios[name], `no scenario is called ${name}`);
await scenarios[name]();
console.log(`ok ${name}`);
