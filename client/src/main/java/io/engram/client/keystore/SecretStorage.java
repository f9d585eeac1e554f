package io.engram.client.keystore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.tuweni.bytes.Bytes;

/**
 * Web3 Secret Storage, version 3, as geth, Besu and wallets write it: a private key under AES-128-CTR with a key derived
 * from a password, and a Keccak-256 check over the second half of the derived key and the ciphertext. Thread-safe.
 */
public final class SecretStorage {

    private static final int VERSION = 3;
    private static final int HALF = KeyDerivation.SIZE / 2;
    private static final String CIPHER = "aes-128-ctr";

    /** The strong setting of other clients: a second and 256 MiB. */
    private static final int SCRYPT_N = 1 << 18;

    private static final int SCRYPT_R = 8;
    private static final int SCRYPT_P = 1;

    private SecretStorage() {}

    /** @throws KeyFileException when this is no such file or the password is wrong */
    public static KeyPair decrypt(JsonNode file, String password) throws KeyFileException {
        JsonNode crypto = file.has("crypto") ? file.path("crypto") : file.path("Crypto");
        if (file.path("version").asInt() != VERSION || !crypto.isObject()) {
            throw new KeyFileException("not a key file of Web3 Secret Storage, version " + VERSION);
        }
        if (!crypto.path("cipher").asText().equals(CIPHER)) {
            throw new KeyFileException("cipher " + crypto.path("cipher").asText() + ", expected " + CIPHER);
        }
        try {
            Bytes ciphertext = Bytes.fromHexString(crypto.path("ciphertext").asText());
            Bytes iv =
                    Bytes.fromHexString(crypto.path("cipherparams").path("iv").asText());
            Bytes mac = Bytes.fromHexString(crypto.path("mac").asText());
            if (ciphertext.size() != Hash.SIZE || iv.size() != HALF) {
                throw new KeyFileException("a key has " + Hash.SIZE + " bytes and the initial value " + HALF);
            }
            byte[] derived = KeyDerivation.read(crypto).derive(password.getBytes(StandardCharsets.UTF_8));
            if (!MessageDigest.isEqual(mac.toArray(), mac(derived, ciphertext).toArray())) {
                throw new KeyFileException("wrong password");
            }
            return KeyPair.of(Hash.of(crypt(Cipher.DECRYPT_MODE, derived, iv, ciphertext)));
        } catch (IllegalArgumentException e) {
            throw new KeyFileException("a malformed key file: " + e.getMessage(), e);
        }
    }

    /** The key under scrypt in the strong setting. */
    public static ObjectNode encrypt(KeyPair keys, String password, SecureRandom random) {
        return encrypt(
                keys,
                password,
                new KeyDerivation.ScryptDerivation(SCRYPT_N, SCRYPT_R, SCRYPT_P, bytes(random, 32)),
                random);
    }

    static ObjectNode encrypt(KeyPair keys, String password, KeyDerivation derivation, SecureRandom random) {
        byte[] derived = derivation.derive(password.getBytes(StandardCharsets.UTF_8));
        Bytes iv = bytes(random, HALF);
        Bytes ciphertext =
                crypt(Cipher.ENCRYPT_MODE, derived, iv, keys.privateKey().toBytes());
        ObjectNode crypto = JsonNodeFactory.instance.objectNode();
        crypto.put("cipher", CIPHER);
        crypto.putObject("cipherparams").put("iv", iv.toUnprefixedHexString());
        crypto.put("ciphertext", ciphertext.toUnprefixedHexString());
        crypto.put("kdf", derivation.name());
        crypto.set("kdfparams", derivation.parameters());
        crypto.put("mac", mac(derived, ciphertext).toBytes().toUnprefixedHexString());
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        file.put("address", keys.address().toHex().substring(2));
        file.set("crypto", crypto);
        file.put("id", UUID.nameUUIDFromBytes(bytes(random, HALF).toArray()).toString());
        return file.put("version", VERSION);
    }

    private static Hash mac(byte[] derived, Bytes ciphertext) {
        return Keccak256.hash(Bytes.concatenate(Bytes.wrap(derived, HALF, HALF), ciphertext));
    }

    private static Bytes crypt(int mode, byte[] derived, Bytes iv, Bytes text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    mode, new SecretKeySpec(Arrays.copyOf(derived, HALF), "AES"), new IvParameterSpec(iv.toArray()));
            return Bytes.wrap(cipher.doFinal(text.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES in counter mode", e);
        }
    }

    private static Bytes bytes(SecureRandom random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
