// A partner's machine, with the standard library for OAuth in TypeScript: it
// finds the service by its issuer, gets a token, and calls the API.
//
//   node machine.js <issuer> <client id> <client secret> <scope>
import * as oauth from "oauth4webapi";

declare const process: { argv: string[] };

const [address, clientId, secret, scope] = process.argv.slice(2);
// The service under test stands on this machine, without TLS.
const options = { [oauth.allowInsecureRequests]: true };

const issuer = new URL(address);
const found = await oauth.discoveryRequest(issuer, { ...options, algorithm: "oauth2" });
const server = await oauth.processDiscoveryResponse(issuer, found);

const client: oauth.Client = { client_id: clientId };
for (const authentication of [oauth.ClientSecretBasic(secret), oauth.ClientSecretPost(secret)]) {
  const answered = await oauth.clientCredentialsGrantRequest(server, client, authentication, { scope }, options);
  const bought = await oauth.processClientCredentialsResponse(server, client, answered);
  const networks = new URL("/v1/networks", issuer);
  const read = await oauth.protectedResourceRequest(bought.access_token, "GET", networks, undefined, undefined, options);
  const page = (await read.json()) as { items: unknown[] };
  console.log(`${read.status} ${bought.token_type} ${bought.expires_in} ${bought.scope} ${page.items.length}`);
}

const wrong = await oauth.clientCredentialsGrantRequest(
  server, client, oauth.ClientSecretBasic("kbs_wrong"), { scope }, options);
try {
  await oauth.processClientCredentialsResponse(server, client, wrong);
} catch (error) {
  if (error instanceof oauth.ResponseBodyError) console.log(`${error.status} ${error.error}`);
  else if (error instanceof oauth.WWWAuthenticateChallengeError) console.log(`${error.status} challenged ${error.cause[0].scheme}`);
  else throw error;
}
