package io.engram.evm.transaction;

/** Why a transaction cannot be in this block, now. */
public enum TransactionError {
    /** The fork does not know this type of transaction. */
    TYPE_NOT_SUPPORTED,
    /** Signed for another chain (EIP-155). */
    CHAIN_ID_MISMATCH,
    NONCE_TOO_LOW,
    NONCE_TOO_HIGH,
    /** The sender's nonce cannot be raised (EIP-2681). */
    NONCE_OVERFLOW,
    /** The balance does not cover value and the highest possible fees. */
    INSUFFICIENT_FUNDS,
    /** The gas limit does not cover what every such transaction costs. */
    INTRINSIC_GAS_TOO_LOW,
    /** The gas limit does not cover the floor price of the data (EIP-7623). */
    FLOOR_GAS_TOO_LOW,
    /** More gas than the block has left. */
    BLOCK_GAS_EXCEEDED,
    /** More gas than a transaction may have (EIP-7825). */
    GAS_LIMIT_TOO_HIGH,
    FEE_BELOW_BASE_FEE,
    PRIORITY_FEE_ABOVE_MAX_FEE,
    /** The sender has code that is no delegation (EIP-3607). */
    SENDER_NOT_EOA,
    /** EIP-3860. */
    INIT_CODE_TOO_LARGE,
    BLOB_FEE_TOO_LOW,
    /** A blob transaction without blobs. */
    NO_BLOBS,
    /** More blobs than a transaction may have, or than the block has room for. */
    TOO_MANY_BLOBS,
    /** A blob hash of a version other than 1. */
    BLOB_VERSION,
    /** A set-code transaction without authorizations. */
    NO_AUTHORIZATIONS
}
