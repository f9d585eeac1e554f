package io.engram.inference.commitment;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a digest stands for: 16 bytes of ASCII, zero-padded, at its start, so that no two kinds can be confused. */
public enum CommitmentTag {
    MODEL("engram.model"),
    TENSOR("engram.tensor"),
    /** The inputs, or the outputs, of one inference. */
    VALUES("engram.values"),
    STEP("engram.step"),
    STEPS("engram.steps"),
    RECEIPTS("engram.receipts");

    public static final int SIZE = 16;

    private final String text;

    CommitmentTag(String text) {
        this.text = text;
    }

    byte[] bytes() {
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), SIZE);
    }
}
