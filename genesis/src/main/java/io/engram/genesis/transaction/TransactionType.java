package io.engram.genesis.transaction;

import java.util.List;
import java.util.Optional;

/** The kinds of transaction. */
public enum TransactionType {
    LEGACY(0),
    /** EIP-2930. */
    ACCESS_LIST(1),
    /** EIP-1559. */
    FEE_MARKET(2),
    /** EIP-4844. */
    BLOB(3),
    /** EIP-7702. */
    SET_CODE(4);

    private static final List<TransactionType> ALL = List.of(values());

    private final int code;

    TransactionType(int code) {
        this.code = code;
    }

    /** The EIP-2718 type byte; 0 for legacy transactions, which carry none on the wire. */
    public int code() {
        return code;
    }

    /** The type with this code, legacy included. */
    public static Optional<TransactionType> ofCode(int code) {
        return code >= 0 && code < ALL.size() ? Optional.of(ALL.get(code)) : Optional.empty();
    }

    public boolean isTyped() {
        return this != LEGACY;
    }

    /** Whether the sender names a maximum fee and a tip instead of a gas price (EIP-1559 and later). */
    public boolean hasFeeMarket() {
        return code >= FEE_MARKET.code;
    }
}
