// A private authority, and certificates of it: as much of X.509 as a TLS client looks at.
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** PEM texts, as `node:tls` takes them. */
export interface Identity {
  cert: string;
  key: string;
}

/** An authority that signs certificates for host names. */
export class Authority {
  private readonly keys = keyPair();
  /** Its own certificate, PEM. */
  readonly cert = certificate(this.keys.publicKey, this.keys.privateKey, { subject: "Private authority" });

  issue(host: string, expires = inDays(1)): Identity {
    const { publicKey, privateKey } = keyPair();
    const cert = certificate(publicKey, this.keys.privateKey, { subject: host, host, expires });
    return { cert, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  }
}

function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { publicKey, privateKey: createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" })) };
}

export const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);

interface Contents {
  subject: string;
  /** Left out, the certificate is an authority's. */
  host?: string;
  expires?: Date;
}

/** https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificate(publicKey: KeyObject, signer: KeyObject, contents: Contents): string {
  const { subject, host, expires = inDays(1) } = contents;
  const algorithm = sequence(oid("1.2.840.10045.4.3.2"));
  const extension =
    host === undefined
      ? sequence(oid("2.5.29.19"), der(0x01, [0xff]), der(0x04, sequence(der(0x01, [0xff]))))
      : sequence(oid("2.5.29.17"), der(0x04, sequence(der(0x82, Buffer.from(host)))));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [host === undefined ? 1 : 2]),
    algorithm,
    nameOf("Private authority"),
    sequence(time(inDays(-2)), time(expires)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const signature = sign("sha256", toBeSigned, signer);
  const whole = sequence(toBeSigned, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return `-----BEGIN CERTIFICATE-----\n${whole.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

const nameOf = (name: string) => sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0c, Buffer.from(name)))));

const time = (date: Date) => der(0x18, Buffer.from(`${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z`));

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const base128 = (arc: number): number[] =>
    arc < 128 ? [arc] : [...base128(arc >> 7).map((byte) => byte | 0x80), arc & 0x7f];
  return der(0x06, [first * 40 + second, ...rest.flatMap(base128)]);
}

/** https://www.itu.int/rec/T-REC-X.690: a tag, a length, the contents. */
function der(tag: number, contents: Buffer | number[]): Buffer {
  const { length } = contents;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), Buffer.from(contents)]);
}
