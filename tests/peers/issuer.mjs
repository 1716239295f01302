// SPDX-License-Identifier: EUPL-1.2
//
// An OpenID provider on this machine alone: the certified oidc-provider, with keys
// of its own. Prints one JSON line with its address.
//
//   node issuer.mjs [--redirect ADDRESS]
//
// People sign in by name alone (login_hint). What it says of them, and which keys
// it has, a test sets under /control.
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { Provider } from "oidc-provider";

const { values } = parseArgs({ options: { redirect: { type: "string" } } });
const RESOURCE = "https://klankbord.example/";

let count = 0;
async function newKey(alg = "ES256") {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: `key-${++count}`, alg, use: "sig" };
}

/** What tokens say of people, by name: extra claims of access tokens. */
const people = new Map();
/** The keys that sign, the first is used; and those that are published beside. */
let keys = [await newKey(), await newKey("RS256")];
const withdrawn = [];
let [asked, down, provider] = [0, false, null];

const client = (client_id, redirect_uris) => ({
  client_id,
  redirect_uris,
  token_endpoint_auth_method: "none",
  grant_types: ["authorization_code"],
  response_types: ["code"],
  id_token_signed_response_alg: "ES256",
});

function made(issuer) {
  const server = new Provider(issuer, {
    jwks: { keys },
    cookies: { keys: ["for this run alone"] },
    clients: [
      client("app", ["http://127.0.0.1/app"]),
      client("docs", [values.redirect ?? "http://127.0.0.1/docs"]),
      client("stranger", ["http://127.0.0.1/stranger"]),
    ],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    clientBasedCORS: () => true,
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...people.get(accountId) }) }),
    extraTokenClaims: (_, token) => people.get(token.accountId) ?? {},
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "klankbord",
          audience: "klankbord",
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600 },
  });
  server.on("server_error", (_, error) => console.error(error));
  return server;
}

/** Signs in whom the request names, and lets them agree to all. */
async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  const { prompt, params, session } = details;
  if (prompt.name === "login") {
    return provider.interactionFinished(request, response, { login: { accountId: params.login_hint } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  grant.addResourceScope(RESOURCE, "klankbord");
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

const rebuild = () => {
  provider = made(provider.issuer);
};

const control = {
  /** {name, claims}: what tokens say of somebody from now on. */
  person: ({ name, claims }) => void people.set(name, claims),
  /** A new key signs; the old ones stay published. */
  rotate: async () => {
    keys = [await newKey(), ...keys];
    rebuild();
    return { key: keys[0].kid };
  },
  /** Only the key that signs stays. */
  withdraw: () => {
    withdrawn.push(...keys.slice(1));
    keys = keys.slice(0, 1);
    rebuild();
  },
  /** {header, claims}: whatever, signed with the key that its header names. */
  sign: async ({ header, claims }) => {
    const key = [...keys, ...withdrawn].find(({ kid }) => kid === header.kid) ?? keys[0];
    const token = new SignJWT(claims).setProtectedHeader({ alg: key.alg, ...header });
    return { token: await token.sign(await importJWK(key, header.alg ?? key.alg)) };
  },
  /** {down}: whether it answers at all. */
  down: (said) => void ({ down } = said),
  /** How often its keys were asked for, the time, and its keys. */
  state: () => {
    const published = keys.map(({ d, p, q, dp, dq, qi, ...open }) => open);
    return { asked, now: Math.floor(Date.now() / 1000), keys: published };
  },
};

const server = createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    if (pathname.startsWith("/control/")) {
      let body = "";
      for await (const chunk of request) body += chunk;
      const said = await control[pathname.slice(9)](body ? JSON.parse(body) : {});
      return response.setHeader("content-type", "application/json").end(JSON.stringify(said ?? {}));
    }
    if (down) return response.writeHead(503).end();
    if (pathname === "/jwks") asked += 1;
    if (pathname.startsWith("/interaction/")) return await interact(request, response);
    return provider.callback()(request, response);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end(String(error));
  }
});
server.listen(0, "127.0.0.1", function () {
  const issuer = `http://127.0.0.1:${this.address().port}`;
  provider = made(issuer);
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
// Whoever started it is gone.
process.stdin.on("end", () => process.exit(0)).resume();
