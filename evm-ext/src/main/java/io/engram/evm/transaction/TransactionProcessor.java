package io.engram.evm.transaction;

import io.engram.evm.BlockContext;
import io.engram.evm.extension.Credit;
import io.engram.evm.extension.OperationSet;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.extension.TransactionScope;
import io.engram.evm.interpreter.CallResult;
import io.engram.evm.interpreter.Code;
import io.engram.evm.interpreter.ContractAddress;
import io.engram.evm.interpreter.DecodedCodeCache;
import io.engram.evm.interpreter.ExecutionContext;
import io.engram.evm.interpreter.FastInterpreter;
import io.engram.evm.interpreter.FrameStack;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.interpreter.Interpreter;
import io.engram.evm.interpreter.Machine;
import io.engram.evm.interpreter.PlainInterpreter;
import io.engram.evm.operation.OpcodeTable;
import io.engram.evm.precompile.Precompile;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.evm.state.Limbs;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.AccessListEntry;
import io.engram.genesis.transaction.Authorization;
import io.engram.genesis.transaction.Transaction;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.tuweni.bytes.Bytes;

/**
 * Executes transactions, calls and system calls on a journal. Thread-safe; each journal, with the call that uses it,
 * belongs to one thread.
 *
 * <p>{@link #process} and {@link #systemCall} end with {@link Journal#commitTransaction} when they changed the state,
 * and leave the journal untouched when they did not. A {@link io.engram.evm.LocalFaultException} from below passes
 * through after everything was undone.
 */
public final class TransactionProcessor {

    /** Who makes system calls (EIP-4788). */
    public static final Address SYSTEM = Address.fromHex("0xfffffffffffffffffffffffffffffffffffffffe");

    /** Gas of a system call (EIP-4788); not part of the block's. */
    public static final long SYSTEM_GAS = 30_000_000;

    /** Frame stacks kept for reuse; one takes a megabyte once calls nest. */
    private static final int POOLED_STACKS = 16;

    private final Map<Fork, Map<Address, Precompile>> precompiles = new EnumMap<>(Fork.class);
    private final Map<Fork, OpcodeTable> tables = new EnumMap<>(Fork.class);
    private final List<OperationSet> operations;
    private final Interpreter interpreter;
    private final Interpreter tracing = new PlainInterpreter();
    private final ArrayDeque<FrameStack> stacks;

    /**
     * @param precompiles the precompiled contracts of each fork
     * @param operations contributed operations, in force in every block this processor is used for
     * @throws IllegalArgumentException when two operations claim one opcode
     */
    public TransactionProcessor(Function<Fork, Map<Address, Precompile>> precompiles, List<OperationSet> operations) {
        this(precompiles, operations, new FastInterpreter(new DecodedCodeCache(DecodedCodeCache.DEFAULT_LIMIT)));
    }

    /**
     * As above, with an interpreter of the caller's choice; what is traced by the step runs in the plain one all the
     * same.
     */
    public TransactionProcessor(
            Function<Fork, Map<Address, Precompile>> precompiles,
            List<OperationSet> operations,
            Interpreter interpreter) {
        this.interpreter = interpreter;
        this.operations = List.copyOf(operations);
        this.stacks = new ArrayDeque<>();
        for (Fork fork : Fork.values()) {
            this.precompiles.put(fork, Map.copyOf(precompiles.apply(fork)));
            tables.put(fork, OpcodeTable.of(fork).with(operations));
        }
    }

    private TransactionProcessor(TransactionProcessor tables, List<OperationSet> operations) {
        this.precompiles.putAll(tables.precompiles);
        this.tables.putAll(tables.tables);
        this.stacks = tables.stacks;
        this.interpreter = tables.interpreter;
        this.operations = operations;
    }

    /**
     * A processor with the same opcode tables that serves other instances of the same operation sets: those of one
     * block.
     *
     * @throws IllegalArgumentException unless the sets have the ids of this processor's, in their order
     */
    public TransactionProcessor serving(List<? extends OperationSet> instances) {
        List<String> ids = operations.stream().map(OperationSet::id).toList();
        List<String> given = instances.stream().map(OperationSet::id).toList();
        if (!ids.equals(given)) {
            throw new IllegalArgumentException("operation sets " + given + " in place of " + ids);
        }
        return new TransactionProcessor(this, List.copyOf(instances));
    }

    /** The opcode table in force at a fork, contributed operations included. */
    public OpcodeTable table(Fork fork) {
        return present(tables, fork);
    }

    private static <T> T present(Map<Fork, T> map, Fork fork) {
        T value = map.get(fork);
        if (value == null) {
            throw new IllegalStateException("nothing for " + fork);
        }
        return value;
    }

    // Transactions

    /**
     * Checks and executes a transaction.
     *
     * @param sender who signed it; that its signature is canonical is the caller's to check
     * @param room what the block has left
     */
    public TransactionOutcome process(
            Transaction transaction,
            Address sender,
            BlockContext block,
            BlockRoom room,
            Journal journal,
            Tracer tracer) {
        OpcodeTable table = table(block.fork());
        IntrinsicGas intrinsic = IntrinsicGas.of(
                table,
                transaction.data(),
                transaction.to().isEmpty(),
                transaction.accessList(),
                transaction.authorizations().size());
        journal.beginTransaction();
        Optional<TransactionOutcome.Rejected> rejected =
                TransactionChecks.check(transaction, journal.at(sender), block, table, room, intrinsic);
        if (rejected.isPresent()) {
            return rejected.get();
        }
        long blobGas = BlobGas.GAS_PER_BLOB * transaction.blobVersionedHashes().size();
        Call message = new Call(
                sender,
                transaction.to(),
                transaction.value(),
                transaction.data(),
                transaction.gasLimit(),
                transaction.effectiveGasPrice(block.baseFee()),
                true,
                transaction.accessList(),
                transaction.blobVersionedHashes(),
                transaction.authorizations());
        TransactionScope scope = new TransactionScope(block, TransactionScope.Kind.TRANSACTION);
        return run(message, intrinsic, scope, blobGas, journal, tracer);
    }

    /**
     * Runs a message without signature and nonce. The journal then holds its effects, committed.
     *
     * @return {@link TransactionOutcome.Rejected} when gas limit or balance do not suffice
     */
    public TransactionOutcome call(Call message, BlockContext block, Journal journal, Tracer tracer) {
        OpcodeTable table = table(block.fork());
        IntrinsicGas intrinsic = IntrinsicGas.of(
                table,
                message.data(),
                message.to().isEmpty(),
                message.accessList(),
                message.authorizations().size());
        journal.beginTransaction();
        if (message.gasLimit() < intrinsic.minimum()) {
            return new TransactionOutcome.Rejected(
                    TransactionError.INTRINSIC_GAS_TOO_LOW,
                    "gas limit " + message.gasLimit() + ", needed " + intrinsic.minimum());
        }
        if (message.to().isEmpty() && message.data().size() > table.initCodeLimit()) {
            return new TransactionOutcome.Rejected(
                    TransactionError.INIT_CODE_TOO_LARGE, message.data().size() + " bytes");
        }
        BigInteger cost = message.value().toBigInteger();
        if (message.charges()) {
            cost = cost.add(message.gasPrice().toBigInteger().multiply(BigInteger.valueOf(message.gasLimit())));
        }
        BigInteger balance =
                Limbs.toUInt256(journal.at(message.from()).balance(), 0).toUnsignedBigInteger();
        if (balance.compareTo(cost) < 0) {
            return new TransactionOutcome.Rejected(
                    TransactionError.INSUFFICIENT_FUNDS, "balance " + balance + ", needed " + cost);
        }
        TransactionScope scope = new TransactionScope(block, TransactionScope.Kind.SIMULATION);
        return run(message, intrinsic, scope, 0, journal, tracer);
    }

    /**
     * Makes a call on the protocol's behalf, from {@link #SYSTEM} with {@link #SYSTEM_GAS}; it costs nobody anything.
     * Whether a missing contract or a failure matters is the caller's to decide.
     */
    public CallResult systemCall(Address target, Bytes data, BlockContext block, Journal journal, Tracer tracer) {
        TransactionScope scope = new TransactionScope(block, TransactionScope.Kind.SYSTEM);
        OpcodeTable table = table(block.fork());
        journal.beginTransaction();
        FrameStack stack = takeStack();
        boolean done = false;
        try {
            ExecutionContext context = new ExecutionContext(block, SYSTEM, Wei.ZERO, List.of());
            Machine machine = machine(context, begin(scope), stack, journal, tracer);
            warm(journal, table, block, journal.at(SYSTEM), Optional.of(target), List.of());
            CallResult result = machine.call(
                    journal.at(SYSTEM), journal.at(target), Optional.empty(), new long[4], data.toArray(), SYSTEM_GAS);
            if (result.halt() != Halt.EXCLUDE_TRANSACTION) {
                journal.commitTransaction(table.emptyRemoval());
                done = true;
            }
            return result;
        } finally {
            if (!done) {
                journal.revertTo(0);
            }
            giveStack(stack);
        }
    }

    // Execution

    private TransactionOutcome run(
            Call message,
            IntrinsicGas intrinsic,
            TransactionScope scope,
            long blobGas,
            Journal journal,
            Tracer tracer) {
        FrameStack stack = takeStack();
        boolean done = false;
        try {
            ExecutionContext context = new ExecutionContext(
                    scope.block(), message.from(), message.gasPrice(), message.blobVersionedHashes());
            if (tracer.tracesState()) {
                tracer.begin(journal, touched(message, scope.block(), journal));
            }
            List<TransactionExtension> extensions = begin(scope);
            Machine machine = machine(context, extensions, stack, journal, tracer);
            TransactionOutcome outcome = execute(message, intrinsic, blobGas, machine, extensions);
            done = outcome instanceof TransactionOutcome.Executed;
            if (done) {
                journal.commitTransaction(table(scope.block().fork()).emptyRemoval());
            }
            return outcome;
        } finally {
            if (!done) {
                journal.revertTo(0);
            }
            giveStack(stack);
        }
    }

    private static Set<Address> touched(Call message, BlockContext block, Journal journal) {
        Set<Address> accounts = new LinkedHashSet<>();
        accounts.add(message.from());
        accounts.add(message.to()
                .orElseGet(() -> ContractAddress.of(
                        message.from(), journal.at(message.from()).nonce())));
        accounts.add(block.coinbase());
        for (Authorization authorization : message.authorizations()) {
            authorization.authority().ifPresent(accounts::add);
        }
        return accounts;
    }

    private TransactionOutcome execute(
            Call message,
            IntrinsicGas intrinsic,
            long blobGas,
            Machine machine,
            List<TransactionExtension> extensions) {
        Journal journal = machine.journal();
        BlockContext block = machine.context().block();
        OpcodeTable table = table(block.fork());
        JournalAccount sender = journal.at(message.from());
        if (message.charges()) {
            // It fits, as the sender has more than that.
            long[] fee = GasCost.of(message.gasPrice());
            boolean _ = GasCost.multiply(fee, message.gasLimit());
            if (blobGas > 0) {
                long[] blobFee = GasCost.of(block.blobBaseFee());
                boolean _ = GasCost.multiply(blobFee, blobGas);
                boolean _ = GasCost.add(fee, blobFee);
            }
            journal.subtractBalance(sender, fee, 0);
        }
        journal.setNonce(sender, sender.nonce() + 1);
        Optional<Address> created = message.to().isPresent()
                ? Optional.empty()
                : Optional.of(ContractAddress.of(message.from(), sender.nonce() - 1));
        warm(journal, table, block, sender, message.to().or(() -> created), message.accessList());
        Authorizations.apply(message.authorizations(), block.chainId(), journal);
        long gas = message.gasLimit() - intrinsic.gas();
        long[] value = GasCost.of(message.value());
        byte[] data = message.data().toArray();
        CallResult result;
        if (message.to().isEmpty()) {
            result = machine.create(sender, value, data, gas);
        } else {
            JournalAccount target = journal.at(message.to().get());
            Optional<Code> delegate = table.delegation() ? delegate(journal, target) : Optional.empty();
            result = machine.call(sender, target, delegate, value, data, gas);
        }
        if (result.halt() == Halt.EXCLUDE_TRANSACTION) {
            return new TransactionOutcome.Excluded(machine.excludedBy().exclusionReason());
        }
        return settle(message, intrinsic, blobGas, machine, extensions, result, created);
    }

    private static Optional<Code> delegate(Journal journal, JournalAccount target) {
        return target.code().delegation().map(address -> {
            JournalAccount delegate = journal.at(address);
            journal.warm(delegate);
            return delegate.code();
        });
    }

    private TransactionOutcome settle(
            Call message,
            IntrinsicGas intrinsic,
            long blobGas,
            Machine machine,
            List<TransactionExtension> extensions,
            CallResult result,
            Optional<Address> created) {
        Journal journal = machine.journal();
        BlockContext block = machine.context().block();
        OpcodeTable table = table(block.fork());
        long spent = message.gasLimit() - result.gasLeft();
        long refund = Math.min(journal.refund(), spent / table.refundQuotient());
        long used = Math.max(spent - refund, intrinsic.floor());
        if (message.charges()) {
            long[] back = GasCost.of(message.gasPrice());
            boolean _ = GasCost.multiply(back, message.gasLimit() - used);
            journal.addBalance(journal.at(message.from()), back, 0);
            long[] tip = GasCost.of(message.gasPrice());
            GasCost.subtractOrZero(tip, GasCost.of(block.baseFee()));
            boolean _ = GasCost.multiply(tip, used);
            journal.addBalance(journal.at(block.coinbase()), tip, 0);
            for (TransactionExtension extension : extensions) {
                for (Credit credit : extension.settle(used, block.baseFee())) {
                    journal.addBalance(credit.beneficiary(), credit.amount());
                }
            }
        }
        boolean succeeded = result.succeeded();
        return new TransactionOutcome.Executed(
                succeeded,
                used,
                refund,
                journal.logs(),
                result.output(),
                succeeded ? created : Optional.empty(),
                succeeded ? Optional.empty() : Optional.of(HaltReason.of(result.halt())),
                message.gasPrice(),
                blobGas,
                extensions);
    }

    /** Warms what EIP-2929 and EIP-3651 say every transaction starts with. */
    private void warm(
            Journal journal,
            OpcodeTable table,
            BlockContext block,
            JournalAccount sender,
            Optional<Address> target,
            List<AccessListEntry> accessList) {
        if (!table.accessLists()) {
            return;
        }
        journal.warm(sender);
        target.ifPresent(address -> journal.warm(journal.at(address)));
        for (Address address : present(precompiles, block.fork()).keySet()) {
            journal.warm(journal.at(address));
        }
        if (table.warmCoinbase()) {
            journal.warm(journal.at(block.coinbase()));
        }
        long[] key = new long[4];
        for (AccessListEntry entry : accessList) {
            JournalAccount account = journal.at(entry.address());
            journal.warm(account);
            for (Hash slot : entry.slots()) {
                key[0] = slot.w3();
                key[1] = slot.w2();
                key[2] = slot.w1();
                key[3] = slot.w0();
                journal.warmSlot(account, journal.slot(account, key, 0));
            }
        }
    }

    private List<TransactionExtension> begin(TransactionScope scope) {
        List<TransactionExtension> begun = new ArrayList<>(operations.size());
        for (OperationSet set : operations) {
            begun.add(set.begin(scope));
        }
        return begun;
    }

    private Machine machine(
            ExecutionContext context,
            List<TransactionExtension> extensions,
            FrameStack stack,
            Journal journal,
            Tracer tracer) {
        Fork fork = context.block().fork();
        Interpreter chosen = tracer.tracesSteps() ? tracing : interpreter;
        return new Machine(
                chosen, table(fork), present(precompiles, fork), stack, context, journal, tracer, extensions);
    }

    private FrameStack takeStack() {
        synchronized (stacks) {
            FrameStack stack = stacks.pollLast();
            return stack != null ? stack : new FrameStack();
        }
    }

    private void giveStack(FrameStack stack) {
        stack.trim();
        synchronized (stacks) {
            if (stacks.size() < POOLED_STACKS) {
                stacks.addLast(stack);
            }
        }
    }
}
