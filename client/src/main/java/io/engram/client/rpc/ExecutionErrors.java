package io.engram.client.rpc;

import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.transaction.TransactionOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Failed executions as JSON-RPC errors. */
final class ExecutionErrors {

    private static final Bytes ERROR_STRING = Bytes.fromHexString("0x08c379a0");
    private static final int STRING_START = 4 + 64;
    private static final int MAX_REASON = 4_096;

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
        String message = reason(executed.output())
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

    /** The text of Solidity's {@code Error(string)}, when the data is one. */
    static Optional<String> reason(Bytes data) {
        if (data.size() < STRING_START || !data.slice(0, 4).equals(ERROR_STRING)) {
            return Optional.empty();
        }
        UInt256 length = UInt256.fromBytes(data.slice(4 + 32, 32));
        if (length.bitLength() > 31 || length.toLong() > data.size() - STRING_START || length.toLong() > MAX_REASON) {
            return Optional.empty();
        }
        return Optional.of(
                new String(data.slice(STRING_START, length.intValue()).toArray(), StandardCharsets.UTF_8));
    }
}
