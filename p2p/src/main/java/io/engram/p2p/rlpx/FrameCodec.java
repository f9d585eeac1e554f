package io.engram.p2p.rlpx;

import io.engram.genesis.Hash;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and authenticates frames of one session: {@code header(16) ‖ tag(16) ‖ body, padded to 16 ‖ tag(16)}, where the
 * header holds the body's 24-bit size. Not thread-safe.
 */
final class FrameCodec {

    static final int HEADER_SIZE = 32;
    static final int TAG_SIZE = 16;

    /**
     * Bytes that the cipher is given at once. The JDK's fast cipher is entered by a call from compiled code only, so that a few
     * calls with many bytes each would stay slow.
     */
    private static final int SLICE = 4_096;

    /** After the size: an RLP list of two zeros, as the specification wants, and zero padding. */
    private static final byte[] HEADER_DATA = {(byte) 0xc2, (byte) 0x80, (byte) 0x80};

    private final Cipher encryption;
    private final Cipher decryption;
    private final FrameMac egress;
    private final FrameMac ingress;

    FrameCodec(Secrets secrets) {
        encryption = cipher(Cipher.ENCRYPT_MODE, secrets.aes());
        decryption = cipher(Cipher.DECRYPT_MODE, secrets.aes());
        egress = new FrameMac(secrets.egress(), secrets.mac());
        ingress = new FrameMac(secrets.ingress(), secrets.mac());
    }

    byte[] encode(byte[] body) {
        if (body.length > RlpxLimits.MESSAGE_BYTES) {
            throw new IllegalArgumentException("a frame holds at most " + RlpxLimits.MESSAGE_BYTES + " bytes");
        }
        byte[] header = new byte[16];
        header[0] = (byte) (body.length >>> 16);
        header[1] = (byte) (body.length >>> 8);
        header[2] = (byte) body.length;
        System.arraycopy(HEADER_DATA, 0, header, 3, HEADER_DATA.length);
        byte[] sealedHeader = encryption.update(header);
        byte[] headerTag = egress.header(sealedHeader);

        int sealed = padded(body.length);
        byte[] frame = new byte[HEADER_SIZE + sealed + TAG_SIZE];
        System.arraycopy(sealedHeader, 0, frame, 0, 16);
        System.arraycopy(headerTag, 0, frame, 16, 16);
        System.arraycopy(body, 0, frame, HEADER_SIZE, body.length);
        crypt(encryption, frame, HEADER_SIZE, sealed);
        System.arraycopy(egress.frame(frame, HEADER_SIZE, sealed), 0, frame, HEADER_SIZE + sealed, TAG_SIZE);
        return frame;
    }

    /**
     * Reads 32 bytes of header and tag.
     *
     * @return size of the body in bytes; {@link #sealedSize} of it follow
     */
    int decodeHeader(byte[] header) throws RlpxException {
        byte[] sealed = Arrays.copyOf(header, 16);
        if (!MessageDigest.isEqual(ingress.header(sealed), Arrays.copyOfRange(header, 16, HEADER_SIZE))) {
            throw new RlpxException("frame header authentication failed");
        }
        byte[] open = decryption.update(sealed);
        return (open[0] & 0xff) << 16 | (open[1] & 0xff) << 8 | (open[2] & 0xff);
    }

    /** Bytes on the wire that hold a body of {@code size} bytes and its tag. */
    static int sealedSize(int size) {
        return padded(size) + TAG_SIZE;
    }

    /** Reads, and overwrites, what {@link #sealedSize} counts. */
    byte[] decodeBody(byte[] sealedWithTag, int size) throws RlpxException {
        int sealed = sealedWithTag.length - TAG_SIZE;
        byte[] tag = Arrays.copyOfRange(sealedWithTag, sealed, sealedWithTag.length);
        if (!MessageDigest.isEqual(ingress.frame(sealedWithTag, 0, sealed), tag)) {
            throw new RlpxException("frame authentication failed");
        }
        crypt(decryption, sealedWithTag, 0, sealed);
        return Arrays.copyOf(sealedWithTag, size);
    }

    /** Replaces bytes by what the cipher makes of them. */
    private static void crypt(Cipher cipher, byte[] bytes, int offset, int length) {
        try {
            for (int done = 0; done < length; done += SLICE) {
                int count = Math.min(SLICE, length - done);
                int _ = cipher.update(bytes, offset + done, count, bytes, offset + done);
            }
        } catch (ShortBufferException e) {
            throw new IllegalStateException("a stream cipher gives as many bytes as it takes", e);
        }
    }

    private static int padded(int size) {
        return (size + 15) & ~15;
    }

    private static Cipher cipher(int mode, Hash key) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(mode, new SecretKeySpec(key.toArray(), "AES"), new IvParameterSpec(new byte[16]));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR is part of every JDK", e);
        }
    }
}
