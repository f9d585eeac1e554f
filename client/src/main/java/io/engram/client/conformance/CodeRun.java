package io.engram.client.conformance;

import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.memory.MemoryState;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.CallEnd;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.IntrinsicGas;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Runs one piece of code in a world that holds nothing else. */
public final class CodeRun {

    private static final long BLOCK_GAS_LIMIT = 60_000_000;

    /**
     * What to run.
     *
     * @param gas of the call itself: nothing is taken for the transaction
     * @param receiver where the code is; unused for a creation
     * @param create whether {@code code} is init code
     */
    public record Request(
            Bytes code, Bytes input, long gas, Address sender, Address receiver, Wei value, Fork fork, boolean create) {
        public Request {
            if (gas < 0 || gas > Long.MAX_VALUE >> 8) {
                throw new IllegalArgumentException("gas " + gas);
            }
        }
    }

    /**
     * What came of it.
     *
     * @param gasUsed before refunds
     * @param error why it failed
     */
    public record Result(Bytes output, long gasUsed, Optional<String> error) {}

    private CodeRun() {}

    /** @param trace takes the instructions */
    public static Result run(Request request, Optional<Eip3155Writer> trace) {
        MemoryState state = new MemoryState();
        state.put(request.sender(), 0, request.value(), Bytes.EMPTY, Map.of());
        if (!request.create()) {
            state.put(request.receiver(), 1, Wei.ZERO, request.code(), Map.of());
        }
        TransactionProcessor processor = new TransactionProcessor(Precompiles::at, List.of());
        Bytes data = request.create() ? Bytes.concatenate(request.code(), request.input()) : request.input();
        IntrinsicGas intrinsic = IntrinsicGas.of(processor.table(request.fork()), data, request.create(), List.of(), 0);
        if (request.gas() + intrinsic.gas() < intrinsic.floor()) {
            long least = intrinsic.floor() - intrinsic.gas();
            return new Result(Bytes.EMPTY, 0, Optional.of("this input needs at least " + least + " gas (EIP-7623)"));
        }
        Call call = Call.of(
                request.sender(),
                request.create() ? Optional.empty() : Optional.of(request.receiver()),
                request.value(),
                data,
                request.gas() + intrinsic.gas());
        OutermostCall outermost =
                new OutermostCall(trace.map(Eip3155Writer::tracer).orElse(Tracer.NONE));
        TransactionOutcome outcome =
                processor.call(call, block(request.fork()), new Journal(state, new CodeCache(1 << 20)), outermost);
        if (outcome instanceof TransactionOutcome.Rejected rejected) {
            return new Result(Bytes.EMPTY, 0, Optional.of(rejected.reason() + ": " + rejected.detail()));
        }
        CallEnd end = outermost.end();
        return new Result(end.output(), end.gasUsed(), OutermostCall.error(end));
    }

    private static BlockContext block(Fork fork) {
        return new BlockContext(
                fork,
                UInt256.ONE,
                0,
                0,
                BLOCK_GAS_LIMIT,
                Address.fromHex("0x0000000000000000000000000000000000000000"),
                UInt256.ZERO,
                Wei.ZERO,
                fork.isAtLeast(Fork.CANCUN) ? Wei.of(1) : Wei.ZERO,
                number -> Hash.ZERO);
    }
}
