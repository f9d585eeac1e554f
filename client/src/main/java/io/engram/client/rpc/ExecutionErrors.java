package io.engram.client.rpc;

import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.tracer.RevertReason;
import io.engram.evm.transaction.TransactionOutcome;
import java.util.Optional;

/** Failed executions as JSON-RPC errors. */
final class ExecutionErrors {

    private ExecutionErrors() {}

    /** The run itself, when it succeeded. */
    static TransactionOutcome.Executed requireSuccess(TransactionOutcome outcome) {
        TransactionOutcome.Executed executed = requireExecuted(outcome);
        if (executed.succeeded()) {
            return executed;
        }
        throw ofHalt(executed);
    }

    /** The run itself, whether it succeeded or not. */
    static TransactionOutcome.Executed requireExecuted(TransactionOutcome outcome) {
        return switch (outcome) {
            case TransactionOutcome.Executed executed -> executed;
            case TransactionOutcome.Rejected rejected -> throw ofRejection(rejected);
            case TransactionOutcome.Excluded excluded ->
                throw new RpcException(RpcErrorCode.EXECUTION_FAILED, excluded.reason());
        };
    }

    static RpcException ofHalt(TransactionOutcome.Executed executed) {
        HaltReason halt = executed.halt().orElse(HaltReason.REVERT);
        if (!halt.isRevert()) {
            return new RpcException(RpcErrorCode.EXECUTION_FAILED, halt.text());
        }
        String message = RevertReason.of(executed.output())
                .or(() -> SystemContractError.text(executed.output()))
                .map(reason -> RpcErrorCode.EXECUTION_REVERTED.text() + ": " + reason)
                .orElse(RpcErrorCode.EXECUTION_REVERTED.text());
        return new RpcException(RpcErrorCode.EXECUTION_REVERTED, message, Optional.of(executed.output()));
    }

    private static RpcException ofRejection(TransactionOutcome.Rejected rejected) {
        RpcErrorCode code = switch (rejected.reason()) {
            case NONCE_TOO_LOW -> RpcErrorCode.NONCE_TOO_LOW;
            case NONCE_TOO_HIGH -> RpcErrorCode.NONCE_TOO_HIGH;
            case INSUFFICIENT_FUNDS -> RpcErrorCode.INSUFFICIENT_FUNDS;
            case INTRINSIC_GAS_TOO_LOW, FLOOR_GAS_TOO_LOW -> RpcErrorCode.INTRINSIC_GAS_TOO_LOW;
            case GAS_LIMIT_TOO_HIGH, BLOCK_GAS_EXCEEDED -> RpcErrorCode.GAS_LIMIT_TOO_HIGH;
            case FEE_BELOW_BASE_FEE -> RpcErrorCode.FEE_CAP_TOO_LOW;
            case PRIORITY_FEE_ABOVE_MAX_FEE -> RpcErrorCode.TIP_ABOVE_FEE_CAP;
            case TYPE_NOT_SUPPORTED -> RpcErrorCode.TRANSACTION_TYPE_NOT_SUPPORTED;
            case SENDER_NOT_EOA -> RpcErrorCode.INVALID_SENDER;
            default -> RpcErrorCode.INVALID_TRANSACTION;
        };
        return new RpcException(code, code.text() + ": " + rejected.detail());
    }
}
