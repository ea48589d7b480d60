// A real sign-in service (node oidc-provider) on a port of this machine, which it prints as its issuer.
// Called with one JSON argument: the client's id, secret and redirect_uri; verified (whether addresses are);
// audience (whom the ID token is for, where not the client); in_token (whether the ID token has the address).
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import { decodeJwt, importJWK, SignJWT } from 'jose';

const wanted = JSON.parse(process.argv[2]);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' };

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: wanted.client_id,
      client_secret: wanted.client_secret,
      redirect_uris: [wanted.redirect_uri],
    }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: !wanted.in_token,
    cookies: { keys: ['a made-up key of the sign-in service'] },
    jwks: { keys: [key] },
    // Whoever signs in has the login's name as address.
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: `account of ${id}`, email: id, email_verified: wanted.verified ?? true }),
    }),
  });
  provider.use(async (ctx, next) => {
    await next();
    if (wanted.audience && ctx.path === '/token' && ctx.body.id_token) {
      const claims = { ...decodeJwt(ctx.body.id_token), aud: wanted.audience };
      ctx.body = {
        ...ctx.body,
        id_token: await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' })
          .sign(await importJWK(key, 'RS256')),
      };
    }
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
