package io.engram.genesis.transaction;

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

    private final int code;

    TransactionType(int code) {
        this.code = code;
    }

    /** The EIP-2718 type byte; 0 for legacy transactions, which carry none on the wire. */
    public int code() {
        return code;
    }
}
