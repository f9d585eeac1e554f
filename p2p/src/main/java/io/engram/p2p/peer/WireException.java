package io.engram.p2p.peer;

import io.engram.genesis.rlp.RlpException;
import io.engram.p2p.rlpx.DisconnectReason;

/** A peer sent what its protocol does not allow; it is disconnected for {@link #reason}. */
public final class WireException extends Exception {

    private static final long serialVersionUID = 1L;

    private final DisconnectReason reason;

    /** Bytes that are no message, or a message at the wrong time: a breach, which is punished. */
    public WireException(String message) {
        this(DisconnectReason.PROTOCOL_BREACH, message);
    }

    public WireException(RlpException cause) {
        super("malformed message: " + cause.getMessage(), cause);
        this.reason = DisconnectReason.PROTOCOL_BREACH;
    }

    public WireException(DisconnectReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public DisconnectReason reason() {
        return reason;
    }
}
