package io.engram.inference.quantize;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * The idx format of the MNIST family with unsigned byte elements: magic 0, 0, 8, rank; big-endian 32-bit dimensions; data.
 *
 * @param shape one to four dimensions
 * @param data product(shape) bytes
 */
public record IdxFile(int[] shape, byte[] data) {

    /** Largest decoded file, in bytes. */
    public static final int MAX_BYTES = 1 << 28;

    private static final int UNSIGNED_BYTE = 8;
    private static final int MAX_RANK = 4;

    /** Reads a file, plain or gzip-compressed. */
    public static IdxFile read(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            return read(stream);
        }
    }

    /**
     * Reads a whole stream, plain or gzip-compressed.
     *
     * @throws IOException if it is no idx file of unsigned bytes
     */
    public static IdxFile read(InputStream stream) throws IOException {
        byte[] bytes = stream.readNBytes(MAX_BYTES);
        if (bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b) {
            try (InputStream unpacked = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
                bytes = unpacked.readNBytes(MAX_BYTES);
            }
        }
        if (bytes.length < 4 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != UNSIGNED_BYTE) {
            throw new IOException("not an idx file of unsigned bytes");
        }
        int rank = bytes[3];
        if (rank < 1 || rank > MAX_RANK || bytes.length < 4 + 4 * rank) {
            throw new IOException("bad idx rank " + rank);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes, 4, 4 * rank);
        int[] shape = new int[rank];
        long count = 1;
        for (int i = 0; i < rank; i++) {
            shape[i] = header.getInt();
            if (shape[i] < 1 || shape[i] > MAX_BYTES) {
                throw new IOException("bad idx dimension " + shape[i]);
            }
            count *= shape[i];
            if (count > MAX_BYTES) {
                throw new IOException("idx file too large");
            }
        }
        int start = 4 + 4 * rank;
        if (bytes.length - start != count) {
            throw new IOException("idx header says " + count + " bytes, the file holds " + (bytes.length - start));
        }
        return new IdxFile(shape, Arrays.copyOfRange(bytes, start, bytes.length));
    }

    /** The uncompressed file. */
    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 20);
        out.writeBytes(new byte[] {0, 0, UNSIGNED_BYTE, (byte) shape.length});
        for (int size : shape) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
        }
        out.writeBytes(data);
        return out.toByteArray();
    }

    /** Entries along the first dimension. */
    public int count() {
        return shape[0];
    }

    /** Bytes of one entry. */
    public int entrySize() {
        return data.length / shape[0];
    }

    /** Entries {@code from} (inclusive) to {@code to} (exclusive). */
    public IdxFile slice(int from, int to) {
        int[] sliced = shape.clone();
        sliced[0] = to - from;
        return new IdxFile(sliced, Arrays.copyOfRange(data, from * entrySize(), to * entrySize()));
    }
}
