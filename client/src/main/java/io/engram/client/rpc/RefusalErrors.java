package io.engram.client.rpc;

import io.engram.client.pool.Refusal;

/** The pool's refusals as JSON-RPC errors, with the texts that client libraries look for. */
final class RefusalErrors {

    private RefusalErrors() {}

    static RpcException of(Refusal refusal) {
        RpcErrorCode code = code(refusal.reason());
        return new RpcException(code, code.text() + ": " + refusal.detail());
    }

    private static RpcErrorCode code(Refusal.Reason reason) {
        return switch (reason) {
            case UNDECODABLE -> RpcErrorCode.INVALID_PARAMS;
            case TOO_LARGE, MALFORMED, WRONG_CHAIN_ID, INIT_CODE_TOO_LARGE, SENDER_LIMIT ->
                RpcErrorCode.INVALID_TRANSACTION;
            case TYPE_NOT_SUPPORTED, BLOBS_NOT_SUPPORTED -> RpcErrorCode.TRANSACTION_TYPE_NOT_SUPPORTED;
            case INVALID_SIGNATURE, SENDER_HAS_CODE -> RpcErrorCode.INVALID_SENDER;
            case INTRINSIC_GAS_TOO_LOW -> RpcErrorCode.INTRINSIC_GAS_TOO_LOW;
            case GAS_LIMIT_TOO_HIGH -> RpcErrorCode.GAS_LIMIT_TOO_HIGH;
            case TIP_ABOVE_FEE_CAP -> RpcErrorCode.TIP_ABOVE_FEE_CAP;
            case NONCE_TOO_LOW -> RpcErrorCode.NONCE_TOO_LOW;
            case NONCE_TOO_HIGH -> RpcErrorCode.NONCE_TOO_HIGH;
            case INSUFFICIENT_FUNDS -> RpcErrorCode.INSUFFICIENT_FUNDS;
            case ALREADY_KNOWN -> RpcErrorCode.ALREADY_KNOWN;
            case REPLACEMENT_UNDERPRICED -> RpcErrorCode.REPLACEMENT_UNDERPRICED;
            case POOL_FULL -> RpcErrorCode.POOL_FULL;
        };
    }
}
