// Uses mcp-tools as a program with MCP's TypeScript client does, and prints what it saw as one line of JSON.
//   JAN_CALLER=<caller token> node client.mjs <url> <sdk: v1 | v2> <mode: legacy | auto | a revision>
const [url, sdk, mode] = process.argv.slice(2);
const deadline = setTimeout(() => {
  console.error('The server did not answer in time.');
  process.exit(1);
}, 60_000);

const requestInit = { headers: { 'Jan-Caller': process.env.JAN_CALLER } };
const info = { name: 'janserver-tests', version: '1.0.0' };
const told = {};
const listChanged = {};
const changed = new Promise((resolve) => {
  listChanged.tools = { autoRefresh: false, debounceMs: 0, onChanged: () => resolve(true) };
});

let client;
let transport;
if (sdk === 'v1') {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const { ElicitRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
  client = new Client(info, { capabilities: { elicitation: {} }, listChanged });
  client.setRequestHandler(ElicitRequestSchema, answer);
  transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
} else {
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const negotiation = mode === 'legacy' || mode === 'auto' ? mode : { pin: mode };
  client = new Client(info, { capabilities: { elicitation: {} }, listChanged, versionNegotiation: { mode: negotiation } });
  client.setRequestHandler('elicitation/create', answer);
  transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
}

async function answer(request) {
  told.question = request.params.message;
  return { action: 'accept', content: { name: 'Ann' } };
}

await client.connect(transport);
const progress = [];
const { tools } = await client.listTools();
const call = (name, args = {}, options = undefined) =>
  sdk === 'v1' ? client.callTool({ name, arguments: args }, undefined, options) : client.callTool({ name, arguments: args }, options);
const echoed = await call('echo', { text: 'ü' });
await call('progress', {}, { onprogress: (value) => progress.push(value.progress) });
const asked = await call('asks');
const failed = await call('broken');
const prompt = await client.getPrompt({ name: 'research', arguments: { question: 'Why?' } });
const { prompts } = await client.listPrompts();
const { resources } = await client.listResources();
const guide = await client.readResource({ uri: 'jan://guide/tools' });
let unknown;
try {
  await call('no-such-tool');
} catch (error) {
  unknown = error.code;
}

await call('touch');
const heard = await changed;
console.log(
  JSON.stringify({
    server: client.getServerVersion()?.name,
    session: Boolean(transport.sessionId),
    tools: tools.map((tool) => tool.name),
    echoed: echoed.structuredContent,
    progress,
    question: told.question,
    asked: asked.structuredContent,
    failed: failed.isError,
    prompt: prompt.messages[0].content.text.includes('Why?'),
    prompts: prompts.map((one) => one.name),
    resources: resources.map((one) => one.uri),
    guide: guide.contents[0].text.includes('## echo'),
    unknown,
    heard,
  }),
);
if (transport.terminateSession) {
  await transport.terminateSession();
}

await client.close();
clearTimeout(deadline);
process.exit(0);
