package io.engram.evm.transaction;

import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.Code;
import io.engram.evm.operation.OpcodeTable;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.evm.state.Limbs;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import java.math.BigInteger;
import java.util.Optional;

/** What must hold for a transaction to be in a block. */
final class TransactionChecks {

    private static final int BLOB_VERSION = 1;

    private TransactionChecks() {}

    static Optional<TransactionOutcome.Rejected> check(
            Transaction transaction,
            JournalAccount sender,
            BlockContext block,
            OpcodeTable table,
            BlockRoom room,
            IntrinsicGas intrinsic) {
        return checkType(transaction, block)
                .or(() -> checkGas(transaction, table, room, intrinsic))
                .or(() -> checkFees(transaction, block))
                .or(() -> checkBlobs(transaction, block, table, room))
                .or(() -> checkSender(transaction, sender));
    }

    private static Optional<TransactionOutcome.Rejected> checkType(Transaction transaction, BlockContext block) {
        Fork since = switch (transaction.type()) {
            case LEGACY -> transaction.chainId().isPresent() ? Fork.SPURIOUS_DRAGON : Fork.FRONTIER;
            case ACCESS_LIST -> Fork.BERLIN;
            case FEE_MARKET -> Fork.LONDON;
            case BLOB -> Fork.CANCUN;
            case SET_CODE -> Fork.PRAGUE;
        };
        if (!block.fork().isAtLeast(since)) {
            return reject(
                    TransactionError.TYPE_NOT_SUPPORTED,
                    transaction.type() == TransactionType.LEGACY
                            ? "replay protection needs " + since
                            : "type " + transaction.type().code() + " needs " + since);
        }
        if (transaction.chainId().isPresent() && !transaction.chainId().get().equals(block.chainId())) {
            return reject(
                    TransactionError.CHAIN_ID_MISMATCH,
                    transaction.chainId().get().toDecimalString() + ", not "
                            + block.chainId().toDecimalString());
        }
        if (transaction.type() == TransactionType.SET_CODE
                && transaction.authorizations().isEmpty()) {
            return reject(TransactionError.NO_AUTHORIZATIONS, "the list is empty");
        }
        return Optional.empty();
    }

    private static Optional<TransactionOutcome.Rejected> checkGas(
            Transaction transaction, OpcodeTable table, BlockRoom room, IntrinsicGas intrinsic) {
        long limit = transaction.gasLimit();
        if (!transaction.fits(room.gas())) {
            return reject(
                    TransactionError.BLOCK_GAS_EXCEEDED,
                    "gas limit " + transaction.gasLimitText() + ", left " + room.gas());
        }
        // From here on the limit is below 2^63.
        if (limit > table.transactionGasLimit()) {
            return reject(
                    TransactionError.GAS_LIMIT_TOO_HIGH,
                    "gas limit " + limit + ", allowed " + table.transactionGasLimit());
        }
        if (transaction.to().isEmpty() && transaction.data().size() > table.initCodeLimit()) {
            return reject(
                    TransactionError.INIT_CODE_TOO_LARGE, transaction.data().size() + " bytes");
        }
        if (limit < intrinsic.gas()) {
            return reject(TransactionError.INTRINSIC_GAS_TOO_LOW, "gas limit " + limit + ", needed " + intrinsic.gas());
        }
        if (limit < intrinsic.floor()) {
            return reject(TransactionError.FLOOR_GAS_TOO_LOW, "gas limit " + limit + ", needed " + intrinsic.floor());
        }
        return Optional.empty();
    }

    private static Optional<TransactionOutcome.Rejected> checkFees(Transaction transaction, BlockContext block) {
        if (transaction.maxPriorityFeePerGas().compareTo(transaction.maxFeePerGas()) > 0) {
            return reject(
                    TransactionError.PRIORITY_FEE_ABOVE_MAX_FEE,
                    transaction.maxPriorityFeePerGas() + " above " + transaction.maxFeePerGas());
        }
        if (transaction.maxFeePerGas().compareTo(block.baseFee()) < 0) {
            return reject(
                    TransactionError.FEE_BELOW_BASE_FEE, transaction.maxFeePerGas() + ", base fee " + block.baseFee());
        }
        return Optional.empty();
    }

    private static Optional<TransactionOutcome.Rejected> checkBlobs(
            Transaction transaction, BlockContext block, OpcodeTable table, BlockRoom room) {
        if (transaction.type() != TransactionType.BLOB) {
            return Optional.empty();
        }
        int count = transaction.blobVersionedHashes().size();
        if (count == 0) {
            return reject(TransactionError.NO_BLOBS, "the list is empty");
        }
        if (count > table.transactionBlobLimit() || BlobGas.GAS_PER_BLOB * count > room.blobGas()) {
            return reject(TransactionError.TOO_MANY_BLOBS, count + " blobs");
        }
        for (Hash hash : transaction.blobVersionedHashes()) {
            if (hash.w0() >>> 56 != BLOB_VERSION) {
                return reject(TransactionError.BLOB_VERSION, hash.toHex());
            }
        }
        Wei offered = transaction.maxFeePerBlobGas().orElse(Wei.ZERO);
        if (offered.compareTo(block.blobBaseFee()) < 0) {
            return reject(TransactionError.BLOB_FEE_TOO_LOW, offered + ", blob base fee " + block.blobBaseFee());
        }
        return Optional.empty();
    }

    private static Optional<TransactionOutcome.Rejected> checkSender(Transaction transaction, JournalAccount sender) {
        int order = Long.compareUnsigned(transaction.nonce(), sender.nonce());
        if (order != 0) {
            return reject(
                    order < 0 ? TransactionError.NONCE_TOO_LOW : TransactionError.NONCE_TOO_HIGH,
                    Long.toUnsignedString(transaction.nonce()) + ", account has "
                            + Long.toUnsignedString(sender.nonce()));
        }
        if (transaction.nonce() == -1) {
            return reject(TransactionError.NONCE_OVERFLOW, "2^64 - 1");
        }
        if (sender.hasCode()
                && !transaction.isImpersonated()
                && !Code.isDelegation(sender.code().bytes())) {
            return reject(TransactionError.SENDER_NOT_EOA, sender.address() + " has code");
        }
        if (canPay(transaction, sender)) {
            return Optional.empty();
        }
        BigInteger balance = Limbs.toUInt256(sender.balance(), 0).toUnsignedBigInteger();
        return reject(
                TransactionError.INSUFFICIENT_FUNDS, "balance " + balance + ", needed " + highestCost(transaction));
    }

    private static boolean canPay(Transaction transaction, JournalAccount sender) {
        long[] cost = GasCost.of(transaction.maxFeePerGas());
        boolean fits =
                GasCost.multiply(cost, transaction.gasLimit()) && GasCost.add(cost, GasCost.of(transaction.value()));
        if (fits && transaction.maxFeePerBlobGas().isPresent()) {
            long[] blobCost = GasCost.of(transaction.maxFeePerBlobGas().get());
            fits = GasCost.multiply(blobCost, blobGas(transaction)) && GasCost.add(cost, blobCost);
        }
        return fits && Journal.covers(sender, cost, 0);
    }

    private static BigInteger highestCost(Transaction transaction) {
        BigInteger cost = transaction
                .maxFeePerGas()
                .toBigInteger()
                .multiply(BigInteger.valueOf(transaction.gasLimit()))
                .add(transaction.value().toBigInteger());
        BigInteger blobFee =
                transaction.maxFeePerBlobGas().map(Wei::toBigInteger).orElse(BigInteger.ZERO);
        return cost.add(blobFee.multiply(BigInteger.valueOf(blobGas(transaction))));
    }

    private static long blobGas(Transaction transaction) {
        return BlobGas.GAS_PER_BLOB * transaction.blobVersionedHashes().size();
    }

    private static Optional<TransactionOutcome.Rejected> reject(TransactionError reason, String detail) {
        return Optional.of(new TransactionOutcome.Rejected(reason, detail));
    }
}
