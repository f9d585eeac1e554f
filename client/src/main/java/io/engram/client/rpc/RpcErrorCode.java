package io.engram.client.rpc;

/**
 * Every error code this server answers with.
 *
 * <p>Sources: JSON-RPC 2.0 section 5.1; EIP-1474; code 3 and the −32000 texts as geth gives them, because libraries
 * recognise a rejected transaction by its text; −32604 as Besu.
 */
public enum RpcErrorCode {
    PARSE_ERROR(-32700, "Parse error"),
    INVALID_REQUEST(-32600, "Invalid request"),
    METHOD_NOT_FOUND(-32601, "Method not found"),
    INVALID_PARAMS(-32602, "Invalid params"),
    INTERNAL_ERROR(-32603, "Internal error"),
    /** Known, but switched off on this node. */
    METHOD_NOT_ENABLED(-32604, "Method not enabled"),

    /** The code reverted; {@code data} holds the revert bytes as one hex string. */
    EXECUTION_REVERTED(3, "execution reverted"),
    /** The code halted exceptionally: invalid opcode, stack, out of gas. */
    EXECUTION_FAILED(-32000, "execution failed"),

    SERVER_ERROR(-32000, "Server error"),
    NONCE_TOO_LOW(-32000, "nonce too low"),
    NONCE_TOO_HIGH(-32000, "nonce too high"),
    INSUFFICIENT_FUNDS(-32000, "insufficient funds for gas * price + value"),
    INTRINSIC_GAS_TOO_LOW(-32000, "intrinsic gas too low"),
    GAS_LIMIT_TOO_HIGH(-32000, "exceeds block gas limit"),
    GAS_REQUIRED_EXCEEDS_ALLOWANCE(-32000, "gas required exceeds allowance"),
    FEE_CAP_TOO_LOW(-32000, "max fee per gas less than block base fee"),
    TIP_ABOVE_FEE_CAP(-32000, "max priority fee per gas higher than max fee per gas"),
    UNDERPRICED(-32000, "transaction underpriced"),
    REPLACEMENT_UNDERPRICED(-32000, "replacement transaction underpriced"),
    ALREADY_KNOWN(-32000, "already known"),
    POOL_FULL(-32000, "txpool is full"),
    INVALID_SENDER(-32000, "invalid sender"),
    TRANSACTION_TYPE_NOT_SUPPORTED(-32000, "transaction type not valid on this chain"),
    INVALID_TRANSACTION(-32000, "invalid transaction"),
    FILTER_NOT_FOUND(-32000, "filter not found"),
    BLOCK_NOT_FOUND(-32000, "block not found"),

    RESOURCE_NOT_FOUND(-32001, "Resource not found"),
    /** The node has the block but no longer its state, or is busy. */
    RESOURCE_UNAVAILABLE(-32002, "Resource unavailable"),
    /** The request took longer than the node gives it. */
    REQUEST_TIMED_OUT(-32002, "request timed out"),
    METHOD_NOT_SUPPORTED(-32004, "Method not supported"),
    LIMIT_EXCEEDED(-32005, "Limit exceeded");

    private final int code;
    private final String text;

    RpcErrorCode(int code, String text) {
        this.code = code;
        this.text = text;
    }

    public int code() {
        return code;
    }

    /** The message when the handler has nothing more exact to say. */
    public String text() {
        return text;
    }
}
