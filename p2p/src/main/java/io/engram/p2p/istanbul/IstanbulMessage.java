package io.engram.p2p.istanbul;

import java.util.Optional;

/** The message codes of {@code istanbul/100}; those below belong to older protocols and are not used. */
public enum IstanbulMessage {
    PROPOSAL(0x12),
    PREPARE(0x13),
    COMMIT(0x14),
    ROUND_CHANGE(0x15);

    private final int code;

    IstanbulMessage(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    static Optional<IstanbulMessage> of(int code) {
        for (IstanbulMessage message : values()) {
            if (message.code == code) {
                return Optional.of(message);
            }
        }
        return Optional.empty();
    }
}
