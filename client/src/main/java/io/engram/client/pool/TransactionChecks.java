package io.engram.client.pool;

import io.engram.evm.interpreter.Code;
import io.engram.evm.operation.OpcodeTable;
import io.engram.evm.transaction.IntrinsicGas;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionCodec;
import io.engram.genesis.transaction.TransactionType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** What a transaction must satisfy whatever the state is. Thread-safe. */
public final class TransactionChecks {

    private final Map<Fork, OpcodeTable> tables = new ConcurrentHashMap<>();
    private final UInt256 chainId;

    public TransactionChecks(UInt256 chainId) {
        this.chainId = chainId;
    }

    /** The outcome of decoding. */
    sealed interface Decoded {
        record Ok(Transaction transaction) implements Decoded {}

        record Bad(Refusal refusal) implements Decoded {}
    }

    /** The outcome of the checks. */
    sealed interface Checked {
        record Ok(Hash hash, Address sender, int size) implements Checked {}

        record Bad(Refusal refusal) implements Checked {}
    }

    static Decoded decode(Bytes encoded) {
        try {
            return new Decoded.Ok(TransactionCodec.decode(encoded));
        } catch (RlpException e) {
            return new Decoded.Bad(new Refusal(Refusal.Reason.UNDECODABLE, String.valueOf(e.getMessage())));
        }
    }

    Checked check(Transaction transaction, PoolHead head) {
        Optional<Refusal> refusal = checkContent(transaction, head);
        if (refusal.isPresent()) {
            return new Checked.Bad(refusal.get());
        }
        Optional<Address> sender = transaction.sender();
        if (sender.isEmpty() || (head.fork().isAtLeast(Fork.HOMESTEAD) && !transaction.hasLowS())) {
            return bad(Refusal.Reason.INVALID_SIGNATURE, sender.isEmpty() ? "no key can have made it" : "high s");
        }
        return new Checked.Ok(
                transaction.hash(), sender.get(), transaction.encoded().size());
    }

    private Optional<Refusal> checkContent(Transaction transaction, PoolHead head) {
        if (transaction.type() == TransactionType.BLOB) {
            return refuse(Refusal.Reason.BLOBS_NOT_SUPPORTED, "no blob sidecars travel on this network");
        }
        if (!head.fork().isAtLeast(firstFork(transaction.type()))) {
            return refuse(
                    Refusal.Reason.TYPE_NOT_SUPPORTED,
                    "type " + transaction.type().code() + " begins with " + firstFork(transaction.type())
                            + ", the next block follows " + head.fork());
        }
        if (transaction.chainId().isPresent() && !transaction.chainId().get().equals(chainId)) {
            return refuse(
                    Refusal.Reason.WRONG_CHAIN_ID,
                    "chain id is " + transaction.chainId().get().toBigInteger() + ", expected "
                            + chainId.toBigInteger());
        }
        if (transaction.maxPriorityFeePerGas().compareTo(transaction.maxFeePerGas()) > 0) {
            return refuse(
                    Refusal.Reason.TIP_ABOVE_FEE_CAP,
                    "maxPriorityFeePerGas " + transaction.maxPriorityFeePerGas() + " exceeds maxFeePerGas "
                            + transaction.maxFeePerGas());
        }
        if (transaction.nonce() == -1) {
            return refuse(Refusal.Reason.MALFORMED, "the highest nonce is not usable (EIP-2681)");
        }
        if (transaction.type() == TransactionType.SET_CODE
                && transaction.authorizations().isEmpty()) {
            return refuse(Refusal.Reason.MALFORMED, "an empty authorization list (EIP-7702)");
        }
        OpcodeTable table = tables.computeIfAbsent(head.fork(), OpcodeTable::of);
        if (transaction.to().isEmpty() && transaction.data().size() > table.initCodeLimit()) {
            return refuse(
                    Refusal.Reason.INIT_CODE_TOO_LARGE,
                    transaction.data().size() + " bytes of init code, at most " + table.initCodeLimit());
        }
        return checkGas(transaction, head, table);
    }

    private static Optional<Refusal> checkGas(Transaction transaction, PoolHead head, OpcodeTable table) {
        if (!transaction.fits(head.gasLimit())) {
            return refuse(
                    Refusal.Reason.GAS_LIMIT_TOO_HIGH,
                    "gas limit " + transaction.gasLimitText() + ", a block has " + head.gasLimit());
        }
        if (!transaction.fits(table.transactionGasLimit())) {
            return refuse(
                    Refusal.Reason.GAS_LIMIT_TOO_HIGH,
                    "gas limit " + transaction.gasLimitText() + ", a transaction has at most "
                            + table.transactionGasLimit() + " (EIP-7825)");
        }
        long needed = IntrinsicGas.of(
                        table,
                        transaction.data(),
                        transaction.to().isEmpty(),
                        transaction.accessList(),
                        transaction.authorizations().size())
                .minimum();
        return transaction.gasLimit() < needed
                ? refuse(
                        Refusal.Reason.INTRINSIC_GAS_TOO_LOW,
                        "gas limit " + transaction.gasLimit() + ", the transaction needs at least " + needed)
                : Optional.empty();
    }

    /** Whether a transaction that passed at an earlier head does not pass any more. */
    boolean outdated(Transaction transaction, PoolHead head) {
        return checkContent(transaction, head).isPresent();
    }

    /** Whether an account with this code may send transactions (EIP-3607, EIP-7702). */
    static boolean maySend(Bytes code, Fork fork) {
        return code.isEmpty() || (fork.isAtLeast(Fork.PRAGUE) && Code.isDelegation(code.toArrayUnsafe()));
    }

    private static Fork firstFork(TransactionType type) {
        return switch (type) {
            case LEGACY -> Fork.FRONTIER;
            case ACCESS_LIST -> Fork.BERLIN;
            case FEE_MARKET -> Fork.LONDON;
            case BLOB -> Fork.CANCUN;
            case SET_CODE -> Fork.PRAGUE;
        };
    }

    private static Optional<Refusal> refuse(Refusal.Reason reason, String detail) {
        return Optional.of(new Refusal(reason, detail));
    }

    private static Checked bad(Refusal.Reason reason, String detail) {
        return new Checked.Bad(new Refusal(reason, detail));
    }
}
