import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

/** The passphrase that `engineEnvironment` sets. */
const PASSPHRASE = "";
const ITERATIONS = 1_000_000;
const NONCE_BYTES = 12;

/**
 * The `encryptionsalt` of all stacks here, as `pulumi stack init` wrote it once: a salt, and the word "pulumi" encrypted
 * with it, by which the engine knows that the passphrase is right.
 */
export const ENCRYPTION_SALT = "v1:IhRf9zE85Z0=:v1:RuUVTuEx7DPqyZNX:nIiDcW978q5JE/XQdip+y5s4UOrXNQ==";

let key: Buffer | undefined;

/** Encrypts a secret as the engine's passphrase provider does. */
export function encrypted(secret: string): string {
    const [, salt = ""] = ENCRYPTION_SALT.split(":");
    // A quarter of a second, so only once in a process.
    key ??= pbkdf2Sync(PASSPHRASE, Buffer.from(salt, "base64"), ITERATIONS, 32, "sha256");
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}
