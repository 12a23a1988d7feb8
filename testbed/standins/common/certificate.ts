import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

const oid = {
  commonName: "550403",
  ecdsaWithSha256: "2a8648ce3d040302",
  basicConstraints: "551d13",
  keyUsage: "551d0f",
  extendedKeyUsage: "551d25",
  serverAuth: "2b06010505070301",
  subjectAltName: "551d11",
};

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, Math.floor(length / 256), length % 256];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const yes = der(0x01, Buffer.from([0xff]));

const time = (when: Date): Buffer => der(0x18, Buffer.from(when.toISOString().replace(/[-:T]|\.\d+/g, "")));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(identifier(id), ...(critical ? [yes] : []), der(0x04, value));

const alternative = (host: string): Buffer =>
  /^[\d.]+$/.test(host) ? der(0x87, Buffer.from(host.split(".").map(Number))) : der(0x82, Buffer.from(host));

const pem = (what: string, bytes: Buffer): string =>
  `-----BEGIN ${what}-----\n${bytes.toString("base64").replace(/(.{64})(?!$)/g, "$1\n")}\n-----END ${what}-----\n`;

/**
 * A certificate signed by its own key, good for a year, as the daemons make one where they are given none (DNS names and
 * IPv4 addresses in `hosts`). The key is an elliptic one: an RSA key takes seconds on an emulated processor.
 * @returns both in PEM
 */
export function selfSigned(host: string, hosts: string[]): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = new Date();
  const algorithm = sequence(identifier(oid.ecdsaWithSha256));
  const commonName = der(0x0c, Buffer.from(`${host}@${Math.floor(now.getTime() / 1000)}`));
  const name = sequence(der(0x31, sequence(identifier(oid.commonName), commonName)));
  const extensions = sequence(
    extension(oid.keyUsage, true, der(0x03, Buffer.from([2, 0xa4]))),
    extension(oid.extendedKeyUsage, false, sequence(identifier(oid.serverAuth))),
    extension(oid.basicConstraints, true, sequence(yes)),
    extension(oid.subjectAltName, false, sequence(...[host, ...hosts].map(alternative))),
  );
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const toSign = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    name,
    sequence(time(now), time(new Date(now.getTime() + 365 * 86_400_000))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = sign("sha256", toSign, privateKey);
  const certificate = sequence(toSign, algorithm, der(0x03, Buffer.from([0]), signature));
  return {
    cert: pem("CERTIFICATE", certificate),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
