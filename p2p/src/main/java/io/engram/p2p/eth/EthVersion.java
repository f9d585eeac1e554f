package io.engram.p2p.eth;

import io.engram.p2p.rlpx.Capability;
import java.util.Map;
import java.util.Optional;

/** The versions of the protocol that this node speaks. */
public enum EthVersion {
    ETH68(68, 17),
    /** EIP-7642: no total difficulty in Status, no bloom in receipts, BlockRangeUpdate. */
    ETH69(69, 18);

    /** Name of the protocol in Hello. */
    public static final String NAME = "eth";

    private final int number;
    private final int messages;

    EthVersion(int number, int messages) {
        this.number = number;
        this.messages = messages;
    }

    public Capability capability() {
        return new Capability(NAME, number);
    }

    public int number() {
        return number;
    }

    static Map<Capability, Integer> all() {
        return Map.of(ETH68.capability(), ETH68.messages, ETH69.capability(), ETH69.messages);
    }

    static Optional<EthVersion> of(Capability capability) {
        for (EthVersion version : values()) {
            if (version.capability().equals(capability)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }
}
