// A relying party that knows nothing of JanServer: the certified library decides what is a valid answer.
import assert from "node:assert/strict";
import * as oidc from "openid-client";

const { JAN_ISSUER, JAN_ADDRESS, JAN_USER, JAN_PASSWORD } = process.env;
const redirectUri = "http://localhost:8000/callback";

// The issuer is what clients see; the process under test listens on a random port.
const reach = (url, options) => fetch(String(url).replace(new URL(JAN_ISSUER).origin, new URL(JAN_ADDRESS).origin), options);

const config = await oidc.discovery(new URL(JAN_ISSUER), "jan-client", undefined, oidc.None(), {
  execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  [oidc.customFetch]: reach,
});

const verifier = oidc.randomPKCECodeVerifier();
const state = oidc.randomState();
const nonce = oidc.randomNonce();
const authorize = oidc.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope: "openid",
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
});

const callback = await signIn(authorize);
const tokens = await oidc.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
});
const subject = tokens.claims().sub;

const user = await oidc.fetchUserInfo(config, tokens.access_token, subject);
assert.equal(user.preferred_username, JAN_USER);

const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
assert.equal(refreshed.claims().sub, subject);
assert.notEqual(refreshed.refresh_token, tokens.refresh_token);

await oidc.tokenRevocation(config, refreshed.refresh_token);
await assert.rejects(oidc.refreshTokenGrant(config, refreshed.refresh_token), { error: "invalid_grant" });
await assert.rejects(oidc.fetchUserInfo(config, refreshed.access_token, subject));

const bye = await reach(oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: redirectUri }), {
  redirect: "manual",
});
assert.equal(bye.headers.get("location"), redirectUri);
console.log("ok");

async function signIn(address) {
  const page = await reach(address, { redirect: "manual" });
  assert.equal(page.status, 200);
  const html = await page.text();
  const form = new URLSearchParams({ username: JAN_USER, password: JAN_PASSWORD });
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) {
    form.set(name, value.replaceAll("&amp;", "&").replaceAll("&#x2B;", "+"));
  }
  const [, action] = html.match(/<form method="post" action="([^"]*)">/);
  const answer = await reach(new URL(action, JAN_ISSUER), {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { cookie: page.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ") },
  });
  assert.equal(answer.status, 303);
  return new URL(answer.headers.get("location"));
}
