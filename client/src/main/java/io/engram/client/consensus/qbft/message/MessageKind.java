package io.engram.client.consensus.qbft.message;

import java.util.Optional;

/** The four messages with their codes, relative to the sub-protocol's offset; a code is also part of what is signed. */
public enum MessageKind {
    PROPOSAL(0x12),
    PREPARE(0x13),
    COMMIT(0x14),
    ROUND_CHANGE(0x15);

    /** Codes that the sub-protocol takes up. */
    public static final int MESSAGE_SPACE = 0x16;

    private final int code;

    MessageKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static Optional<MessageKind> of(int code) {
        for (MessageKind kind : values()) {
            if (kind.code == code) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
