package io.engram.inference.model;

import java.nio.charset.StandardCharsets;

/** Constants of the model file. */
final class ModelFormat {

    /** Not text, and broken by any transfer that changes line ends. */
    private static final String MAGIC_TEXT = "\u0089EGM\r\n\u001a\n";

    static final int MAGIC_BYTES = 8;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;
    static final int ALIGNMENT = 64;

    /** Operands of one node. */
    static final int MAX_OPERANDS = 64;

    private ModelFormat() {}

    static byte[] magic() {
        return MAGIC_TEXT.getBytes(StandardCharsets.ISO_8859_1);
    }

    static long align(long size) {
        return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
