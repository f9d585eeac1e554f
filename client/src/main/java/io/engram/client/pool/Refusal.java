package io.engram.client.pool;

/**
 * Why the pool did not take a transaction.
 *
 * @param reason for programs
 * @param detail for people: expected and actual values
 */
public record Refusal(Reason reason, String detail) {

    public enum Reason {
        /** The bytes are no transaction in canonical encoding. */
        UNDECODABLE,
        TOO_LARGE,
        /** The next block's rules do not know this type. */
        TYPE_NOT_SUPPORTED,
        /** No sidecars travel on this network. */
        BLOBS_NOT_SUPPORTED,
        WRONG_CHAIN_ID,
        INVALID_SIGNATURE,
        /** A field breaks a rule of the transaction's type. */
        MALFORMED,
        INIT_CODE_TOO_LARGE,
        INTRINSIC_GAS_TOO_LOW,
        /** More gas than a transaction or block may have. */
        GAS_LIMIT_TOO_HIGH,
        TIP_ABOVE_FEE_CAP,
        SENDER_HAS_CODE,
        NONCE_TOO_LOW,
        NONCE_TOO_HIGH,
        INSUFFICIENT_FUNDS,
        ALREADY_KNOWN,
        REPLACEMENT_UNDERPRICED,
        SENDER_LIMIT,
        POOL_FULL
    }

    @Override
    public String toString() {
        return reason + ": " + detail;
    }
}
