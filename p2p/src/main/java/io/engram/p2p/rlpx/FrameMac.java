package io.engram.p2p.rlpx;

import io.engram.genesis.Hash;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The running authentication of one direction of a session (rlpx.md, "MAC"). Not thread-safe. */
final class FrameMac {

    private final KeccakDigest running;
    private final Cipher aes;

    FrameMac(KeccakDigest running, Hash key) {
        this.running = running;
        try {
            aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.toArray(), "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES is part of every JDK", e);
        }
    }

    /** Takes in 16 bytes of encrypted header and gives their 16-byte tag. */
    byte[] header(byte[] encrypted) {
        return advance(encrypted);
    }

    /** Takes in an encrypted frame and gives its 16-byte tag. */
    byte[] frame(byte[] bytes, int offset, int length) {
        running.update(bytes, offset, length);
        return advance(peek());
    }

    private byte[] advance(byte[] mask) {
        byte[] seed;
        try {
            seed = aes.doFinal(peek());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("one block of AES cannot fail", e);
        }
        for (int i = 0; i < 16; i++) {
            seed[i] ^= mask[i];
        }
        running.update(seed, 0, 16);
        return peek();
    }

    private byte[] peek() {
        byte[] digest = new byte[32];
        new KeccakDigest(running).doFinal(digest, 0);
        return Arrays.copyOf(digest, 16);
    }
}
