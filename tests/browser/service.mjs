// A real sign-in service on this computer (the certified `oidc-provider`), for journeys that sign in by one. Whoever comes
// says on its page who they are; it believes them.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { Provider } from '../../ui/node_modules/oidc-provider/lib/index.js';

export const CLIENT = { id: 'komainu', secret: 'a secret that only the two houses know' };

/** The service's page: who is it, and did they give a second factor? */
const PAGE = `<!doctype html><html lang="ja"><meta charset="utf-8"><title>病院アカウント</title><main><h1>病院アカウント</h1>
<form method="post"><label>名前 <input name="sub" id="sub"></label><label><input type="checkbox" name="strong" value="yes"> 二つ目の確認もした</label>
<button>サインイン</button><button name="stop" value="yes">やめる</button></form></main></html>`;

/**
 * Starts the service under an address of its own. What it is asked with is settled by `serves`, as the house that it sends
 * browsers back to needs the service's address before.
 */
export async function service() {
  let answer = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Another name than the house's own address: to a browser they are two sites.
  const issuer = `http://localhost:${server.address().port}`;
  return {
    issuer,
    /** Serves a house, to whose address browsers are sent back. */
    serves(back) {
      const provider = new Provider(issuer, settings(back));
      const callback = provider.callback();
      answer = (request, response) =>
        request.url.startsWith('/interaction/') ? interact(provider, request, response) : callback(request, response);
    },
    /** Ends it, with every connection. */
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function settings(back) {
  return {
    clients: [
      {
        client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [back],
        response_types: ['code'], grant_types: ['authorization_code'],
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ['a key of this journey'] },
    features: { devInteractions: { enabled: false } },
    claims: { auth_time: null, iss: null, openid: ['sub', 'acr', 'amr'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 3600 },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    // Nobody is asked what the house may know: it asks for nothing but who they are.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  };
}

/** Shows the page, and takes somebody's word for who they are. */
async function interact(provider, request, response) {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(PAGE);
  }
  let body = '';
  for await (const part of request) body += part;
  const form = new URLSearchParams(body);
  const login = { accountId: form.get('sub'), amr: form.has('strong') ? ['pwd', 'mfa'] : ['pwd'] };
  const result = form.has('stop') ? { error: 'access_denied', error_description: 'stopped' } : { login };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}
