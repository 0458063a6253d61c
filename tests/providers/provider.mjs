// A certified OpenID provider on loopback: codes with PKCE, one client, one page to sign in. For the tests alone.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [, , kind, back, ended, people] = process.argv;
const accounts = JSON.parse(people);
const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'healthspace-real',
    client_secret: 'a secret of the real provider',
    redirect_uris: [back],
    token_endpoint_auth_method: 'client_secret_basic',
    backchannel_logout_uri: ended,
    backchannel_logout_session_required: true,
    ...(kind === 'citizen' ? { userinfo_signed_response_alg: 'RS256' } : {}),
  }],
  scopes: ['openid'],
  acrValues: ['eidas1', 'eidas2', 'eidas3'],
  claims: {
    openid: ['sub', 'acr', ...Object.keys(Object.assign({}, ...Object.values(accounts)))],
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
  features: {
    devInteractions: { enabled: false },
    userinfo: { enabled: true },
    jwtUserinfo: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // Its guard against calls into private networks would refuse the loopback of a test.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  pkce: { required: () => true },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  interactions: { url: (_, interaction) => `/person/${interaction.uid}` },
  conformIdTokenClaims: true,
});

const page = (uid) => `<!doctype html><html lang="en"><title>Invented provider</title><h1>Who are you?</h1>${
  Object.keys(accounts).map((id) => `<p><a href="/person/${uid}/${id}">I am ${id}</a>`).join('')}</html>`;

server.on('request', async (request, response) => {
  const [, first, uid, id] = request.url.split('/');
  if (first === 'favicon.ico') return response.writeHead(204).end();
  if (first !== 'person') return provider.callback()(request, response);
  try {
    if (!id) return response.setHeader('Content-Type', 'text/html').end(page(uid));
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: id, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const acr = accounts[id].acr_given ?? 'eidas2';
    return await provider.interactionFinished(request, response, {
      login: { accountId: id, acr, remember: true }, consent: { grantId: await grant.save() },
    });
  } catch (fault) {
    return response.writeHead(500).end(String(fault.stack));
  }
});
console.log(issuer);
