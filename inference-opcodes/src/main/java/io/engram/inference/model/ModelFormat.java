package io.engram.inference.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Constants of the model file. */
final class ModelFormat {

    /** Not text, and broken by any transfer that changes line ends. */
    private static final String MAGIC_TEXT = "\u0089EGM\r\n\u001a\n";

    static final int MAGIC_BYTES = 8;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;
    static final int ALIGNMENT = 64;

    /** SHA-256 of everything before it, at the end of the file. */
    static final int CHECKSUM_BYTES = 32;

    /** Operands of one node. */
    static final int MAX_OPERANDS = 64;

    private ModelFormat() {}

    static byte[] magic() {
        return MAGIC_TEXT.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Writes the checksum into the last bytes of a file that is otherwise whole. */
    static void seal(byte[] file) {
        byte[] checksum = checksum(file);
        System.arraycopy(checksum, 0, file, file.length - CHECKSUM_BYTES, CHECKSUM_BYTES);
    }

    static boolean isSealed(byte[] file) {
        return file.length >= CHECKSUM_BYTES
                && Arrays.equals(checksum(file), Arrays.copyOfRange(file, file.length - CHECKSUM_BYTES, file.length));
    }

    private static byte[] checksum(byte[] file) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(file, 0, file.length - CHECKSUM_BYTES);
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    static long align(long size) {
        return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
