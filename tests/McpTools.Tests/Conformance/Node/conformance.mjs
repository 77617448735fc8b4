// Runs what a revision of MCP requires of a server and the suite's newer scenarios for it, and prints every check that did not succeed.
// Ends with 1 when one failed in a scenario that applies to this server.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Scenarios that do not apply, and why.
const notApplicable = [
  [/^tasks-/, 'An optional extension that this server does not offer: a tool call answers when it is done.'],
  [/^server-sse-polling$/, 'Streams are not resumable: a call that outlives its connection is repeated with its Idempotency-Key.'],
];

const [url, revision] = process.argv.slice(2);
const results = `results-${revision}`;
const suite = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';
const run = spawnSync(
  process.execPath,
  ['--import', './node20.mjs', suite, 'server', '--url', url, '--requirements', revision, '--output-dir', results],
  { encoding: 'utf8' },
);

let checks = 0;
let failures = 0;
const scenarios = readdirSync(results);
for (const folder of scenarios) {
  const scenario = folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
  const reason = notApplicable.find(([name]) => name.test(scenario))?.[1];
  for (const check of JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8'))) {
    checks += 1;
    if (check.status === 'FAILURE' && !reason) {
      failures += 1;
    }

    if (check.status === 'FAILURE' || check.status === 'WARNING') {
      console.log(`${reason ? 'not applicable' : check.status} ${scenario} ${check.id}: ${check.errorMessage}`);
    }
  }
}

console.log(`${revision}: ${scenarios.length} scenarios, ${checks} checks, ${failures} failures`);
if (scenarios.length === 0 || failures > 0) {
  console.log(run.stdout, run.stderr);
  process.exit(1);
}
