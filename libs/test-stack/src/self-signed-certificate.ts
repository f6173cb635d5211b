import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const [sequence, set, integer, bitString, objectId, utf8, utcTime, explicitVersion] = [0x30, 0x31, 0x02, 0x03, 0x06, 0x0c, 0x17, 0xa0];

/** One element of DER (X.690): tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const time = (date: Date): Buffer => der(utcTime, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));

/** A certificate for a host that nobody vouches for but itself (RFC 5280), with its key; both as PEM. */
export function selfSignedCertificate(host: string): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(sequence, der(objectId, Buffer.from('2a8648ce3d040302', 'hex')));
  const name = der(sequence, der(set, der(sequence, der(objectId, Buffer.from('550403', 'hex')), der(utf8, Buffer.from(host)))));
  const validity = der(sequence, time(new Date(Date.now() - 3_600_000)), time(new Date(Date.now() + 3_600_000)));
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const signed = der(sequence, der(explicitVersion, der(integer, Buffer.from([2]))), der(integer, serial), ecdsaWithSha256, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }));
  const certificate = der(sequence, signed, ecdsaWithSha256, der(bitString, Buffer.from([0]), sign('sha256', signed, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}
