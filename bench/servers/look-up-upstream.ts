/** What stands behind gateway and proxy alike: it answers a look-up at once. For the gateway it is the issuer of tokens as well. */
import { createServer } from 'node:http';

const jwks = JSON.stringify({ keys: [JSON.parse(process.env['PUBLIC_JWK'] ?? '{}')] });
const token = JSON.stringify({ access_token: 'bench', token_type: 'Bearer', expires_in: 3_600 });
const found = JSON.stringify({
  records: [{ id: '1', fields: { email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', phone: '+493012345678', companyName: 'Analytical Engines', country: 'GB' } }],
});

createServer((request, response) => {
  request.resume().once('end', () => {
    const body = request.url === '/.well-known/jwks.json' ? jwks : request.url === '/oauth/token' ? token : found;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
