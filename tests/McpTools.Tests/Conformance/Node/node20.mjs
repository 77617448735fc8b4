// The suite imports fs.globSync, which Node.js has since 22, for a command that is not run here. This lets it load on Node.js 20.
import fs from 'node:fs';
import { register } from 'node:module';

const withGlob = `export * from 'node:fs'; export function globSync() { throw new Error('This takes Node.js 22.'); }`;
const hooks = `
export async function resolve(specifier, context, next) {
  return specifier === 'fs' && context.parentURL?.includes('/conformance/dist/')
    ? { shortCircuit: true, url: ${JSON.stringify('data:text/javascript,' + encodeURIComponent(withGlob))} }
    : next(specifier, context);
}`;

if (!fs.globSync) {
  register('data:text/javascript,' + encodeURIComponent(hooks));
}
