package io.engram.p2p.rlpx;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * ECIES as RLPx uses it: secp256k1 agreement, the concatenation key derivation of NIST SP 800-56A with SHA-256, AES-128 in
 * counter mode, HMAC-SHA-256 over IV, ciphertext and the shared data. A message is {@code 0x04 ‖ key(64) ‖ iv(16) ‖ ciphertext
 * ‖ tag(32)}.
 */
final class Ecies {

    /** Bytes that encryption adds to a message. */
    static final int OVERHEAD = 1 + Secp256k1.PUBLIC_KEY_SIZE + 16 + 32;

    private static final int IV_OFFSET = 1 + Secp256k1.PUBLIC_KEY_SIZE;
    private static final int TEXT_OFFSET = IV_OFFSET + 16;

    private Ecies() {}

    static byte[] encrypt(byte[] recipientKey, byte[] message, byte[] sharedData, SecureRandom random) {
        KeyPair ephemeral = KeyPair.random(random);
        Hash agreed = Secp256k1.agree(ephemeral, recipientKey)
                .orElseThrow(() -> new IllegalArgumentException("the recipient's key is not on the curve"));
        byte[] keys = derive(agreed);
        byte[] iv = new byte[16];
        random.nextBytes(iv);
        byte[] text = counter(keys, iv, message, 0, message.length);

        byte[] out = new byte[OVERHEAD + message.length];
        out[0] = 0x04;
        System.arraycopy(ephemeral.publicKey(), 0, out, 1, Secp256k1.PUBLIC_KEY_SIZE);
        System.arraycopy(iv, 0, out, IV_OFFSET, 16);
        System.arraycopy(text, 0, out, TEXT_OFFSET, text.length);
        byte[] tag = tag(keys, out, text.length, sharedData);
        System.arraycopy(tag, 0, out, TEXT_OFFSET + text.length, 32);
        return out;
    }

    static byte[] decrypt(KeyPair recipient, byte[] packet, byte[] sharedData) throws RlpxException {
        int length = packet.length - OVERHEAD;
        if (length < 0 || packet[0] != 0x04) {
            throw new RlpxException("not an ECIES message");
        }
        Hash agreed = Secp256k1.agree(recipient, Arrays.copyOfRange(packet, 1, IV_OFFSET))
                .orElseThrow(() -> new RlpxException("the ephemeral key is not on the curve"));
        byte[] keys = derive(agreed);
        byte[] given = Arrays.copyOfRange(packet, TEXT_OFFSET + length, packet.length);
        if (!MessageDigest.isEqual(given, tag(keys, packet, length, sharedData))) {
            throw new RlpxException("ECIES authentication failed");
        }
        return counter(keys, Arrays.copyOfRange(packet, IV_OFFSET, TEXT_OFFSET), packet, TEXT_OFFSET, length);
    }

    /** Encryption key (16 bytes) and the seed of the authentication key (16 bytes). */
    private static byte[] derive(Hash agreed) {
        MessageDigest sha256 = sha256();
        sha256.update(new byte[] {0, 0, 0, 1});
        return sha256.digest(agreed.toArray());
    }

    private static byte[] counter(byte[] keys, byte[] iv, byte[] input, int offset, int length) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys, 0, 16, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(input, offset, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR is part of every JDK", e);
        }
    }

    private static byte[] tag(byte[] keys, byte[] packet, int textLength, byte[] sharedData) {
        byte[] key = sha256().digest(Arrays.copyOfRange(keys, 16, 32));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(packet, IV_OFFSET, 16 + textLength);
            return mac.doFinal(sharedData);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every JDK", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
