package io.engram.inference;

import io.engram.inference.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Section 7 of docs/inference-spec.md once more, from the text: recursive, with nothing shared with the code. */
public final class SlowCommitments {

    private SlowCommitments() {}

    /** Writes a digest's preimage. */
    @FunctionalInterface
    public interface Preimage {
        void write(DataOutputStream out) throws IOException;
    }

    public static byte[] sha256(Preimage preimage) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes(preimage));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public static byte[] bytes(Preimage preimage) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            preimage.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static byte[] tag(String text) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 16);
    }

    public static byte[] top(List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return sha256(out -> {
                out.write(0);
                out.write(leaves.get(0));
            });
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        return sha256(out -> {
            out.write(1);
            out.write(top(leaves.subList(0, split)));
            out.write(top(leaves.subList(split, leaves.size())));
        });
    }

    public static byte[] root(String tag, long number, List<byte[]> leaves) {
        return sha256(out -> {
            out.write(tag(tag));
            out.writeLong(number);
            out.write(top(leaves));
        });
    }

    public static byte[] modelId(byte[] file) {
        return root("engram.model", file.length, chunks(file, 16_384));
    }

    public static byte[] tensorRoot(Tensor tensor) {
        return sha256(out -> {
            out.write(tag("engram.tensor"));
            out.writeByte(tensor.type().code());
            out.writeByte(tensor.shape().rank());
            for (int dimension : tensor.shape().toArray()) {
                out.writeInt(dimension);
            }
            out.writeLong(tensor.byteLength());
            out.write(top(chunks(tensor.data(), 4_096)));
        });
    }

    public static byte[] valuesRoot(List<Tensor> tensors) {
        return root(
                "engram.values",
                tensors.size(),
                tensors.stream().map(SlowCommitments::tensorRoot).toList());
    }

    private static List<byte[]> chunks(byte[] data, int size) {
        List<byte[]> chunks = new ArrayList<>();
        for (int at = 0; at < data.length; at += size) {
            chunks.add(Arrays.copyOfRange(data, at, Math.min(at + size, data.length)));
        }
        return chunks;
    }
}
