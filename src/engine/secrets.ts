import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

// Pulumi's passphrase secrets provider: https://github.com/pulumi/pulumi/tree/master/pkg/secrets/passphrase
const ROUNDS = 1_000_000;
const PROOF = "pulumi";

/** The passphrase is not the one that the state file's secrets were encrypted with. */
export class IncorrectPassphraseError extends Error {
  /** The class's name, to recognize the error by. */
  override readonly name = "IncorrectPassphraseError";
}

// Deriving a key takes about half a second. The same state is opened many times, and the new states of a process with the
// same passphrase share a salt: what is in one of them is no easier to guess than what is in another.
const keys = new Map<string, Buffer>();
const salts = new Map<string, string>();

/** Of all states that end with this process: with one each, each would have its key derived. */
export const TEMPORARY_PASSPHRASE = randomBytes(16).toString("hex");

function deriveKey(passphrase: string, salt: string): Buffer {
  const id = JSON.stringify([passphrase, salt]);
  const key = keys.get(id) ?? pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), ROUNDS, 32, "sha256");
  keys.set(id, key);
  return key;
}

function seal(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function open(key: Buffer, ciphertext: string): string {
  const [version, nonce, sealed] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined) {
    throw new Error("a secret in the state is not in Pulumi's passphrase form v1");
  }
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), { authTagLength: 16 });
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}

/** Encrypts and decrypts the secrets of one state file as Pulumi's passphrase secrets provider does. */
export class Crypter {
  private constructor(
    private readonly key: Buffer,
    /** The value of `secrets_providers.state.salt`: the salt, and an encrypted known text to verify the passphrase. */
    readonly salt: string,
  ) {}

  static create(passphrase: string): Crypter {
    const salt = salts.get(passphrase) ?? randomBytes(8).toString("base64");
    salts.set(passphrase, salt);
    const key = deriveKey(passphrase, salt);
    return new Crypter(key, `v1:${salt}:${seal(key, PROOF)}`);
  }

  /** @throws IncorrectPassphraseError if the passphrase does not decrypt the text in `salt` */
  static open(passphrase: string, salt: string): Crypter {
    const [version, bytes, ...proof] = salt.split(":");
    if (version !== "v1" || bytes === undefined) {
      throw new Error("the state's secrets provider has an unknown salt form");
    }
    const key = deriveKey(passphrase, bytes);
    try {
      open(key, proof.join(":"));
    } catch (cause) {
      throw new IncorrectPassphraseError("incorrect passphrase for this state file", { cause });
    }
    return new Crypter(key, salt);
  }

  encrypt(plaintext: string): string {
    return seal(this.key, plaintext);
  }

  decrypt(ciphertext: string): string {
    return open(this.key, ciphertext);
  }
}
