import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as asn1 from "./der.ts";

export type Authority = { caPath: string; key: string; certificate: string };
type Keys = { publicKey: KeyObject; privateKey: KeyObject };

const day = 86_400_000;
/** ecdsa-with-SHA256 [RFC 5758]; the extensions are those of RFC 5280, section 4.2.1. */
const ids = {
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  commonName: "2.5.4.3",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
};
const algorithm = asn1.sequence(asn1.objectId(ids.ecdsaWithSha256));

const newKeys = (): Keys => generateKeyPairSync("ec", { namedCurve: "P-256" });
const publicInfo = (keys: Keys) => keys.publicKey.export({ type: "spki", format: "der" });
const keyId = (keys: Keys) => createHash("sha1").update(publicInfo(keys)).digest();

function named(commonName: string): Buffer {
  return asn1.sequence(asn1.set(asn1.sequence(asn1.objectId(ids.commonName), asn1.utf8(commonName))));
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? [asn1.boolean(true)] : [];
  return asn1.sequence(asn1.objectId(id), ...flag, asn1.octets(value));
}

type Wish = { subject: string; issuer: string; keys: Keys; signer: Keys; extensions: Uint8Array[] };

/** A version 3 certificate, valid from yesterday for ten days. */
function certificate({ subject, issuer, keys, signer, extensions }: Wish): Buffer {
  const validity = asn1.sequence(
    asn1.utcTime(new Date(Date.now() - day)),
    asn1.utcTime(new Date(Date.now() + 9 * day)),
  );
  const serial = randomBytes(16);
  serial[0] = 0x40 | (serial[0]! & 0x3f);
  const shared = [
    extension(ids.subjectKeyIdentifier, false, asn1.octets(keyId(keys))),
    extension(ids.authorityKeyIdentifier, false, asn1.sequence(asn1.implicit(0, keyId(signer)))),
  ];
  const content = asn1.sequence(
    asn1.explicit(0, asn1.integer(Buffer.from([2]))),
    asn1.integer(serial),
    algorithm,
    named(issuer),
    validity,
    named(subject),
    publicInfo(keys),
    asn1.explicit(3, asn1.sequence(...extensions, ...shared)),
  );
  return asn1.sequence(content, algorithm, asn1.bits(sign("sha256", content, signer.privateKey)));
}

const authorityExtensions = [
  extension(ids.basicConstraints, true, asn1.sequence(asn1.boolean(true))),
  // keyCertSign and cRLSign: bits 5 and 6.
  extension(ids.keyUsage, true, asn1.bits(Buffer.from([0b0000_0110]), 1)),
];

const serverExtensions = (byName: boolean) => [
  extension(ids.keyUsage, true, asn1.bits(Buffer.from([0b1000_0000]), 7)),
  extension(ids.extendedKeyUsage, false, asn1.sequence(asn1.objectId(ids.serverAuth))),
  extension(
    ids.subjectAltName,
    false,
    asn1.sequence(
      ...(byName ? [] : [asn1.implicit(7, Buffer.from([127, 0, 0, 1]))]),
      asn1.implicit(2, Buffer.from("localhost")),
    ),
  ),
];

/**
 * Makes a throw-away authority and a certificate of 127.0.0.1 and localhost, and writes the authority's PEM file for
 * NODE_EXTRA_CA_CERTS into a directory (default: a new one for temporary files). The authority's key is not kept.
 * @param options.byName the certificate is one of localhost alone
 */
export function throwAwayAuthority(directory?: string, options: { byName?: boolean } = {}): Authority {
  const issuer = "Playground Throw-away Authority";
  const signer = newKeys();
  const keys = newKeys();
  const own = certificate({ subject: issuer, issuer, keys: signer, signer, extensions: authorityExtensions });
  const server = certificate({
    subject: "127.0.0.1",
    issuer,
    keys,
    signer,
    extensions: serverExtensions(options.byName === true),
  });
  const caPath = join(directory ?? mkdtempSync(join(tmpdir(), "playground-azure-")), "authority.pem");
  writeFileSync(caPath, asn1.pem("CERTIFICATE", own));
  const key = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { caPath, key, certificate: asn1.pem("CERTIFICATE", server) };
}
