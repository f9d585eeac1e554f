package io.engram.p2p.rlpx;

/** Why a session ends (rlpx.md, "Disconnect"). */
public enum DisconnectReason {
    REQUESTED(0x00),
    TCP_ERROR(0x01),
    PROTOCOL_BREACH(0x02),
    USELESS_PEER(0x03),
    TOO_MANY_PEERS(0x04),
    ALREADY_CONNECTED(0x05),
    INCOMPATIBLE_VERSION(0x06),
    NULL_IDENTITY(0x07),
    CLIENT_QUITTING(0x08),
    UNEXPECTED_IDENTITY(0x09),
    SELF(0x0a),
    TIMEOUT(0x0b),
    SUBPROTOCOL(0x10),
    /** A code that the specification does not name. */
    UNKNOWN(0xff);

    private final int code;

    DisconnectReason(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static DisconnectReason of(int code) {
        for (DisconnectReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        return UNKNOWN;
    }
}
