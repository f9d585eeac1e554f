package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.engram.genesis.block.ReceiptCodec;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.rlp.RlpWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Runs VM tests: one piece of code under the rules of Frontier, without a transaction around it; output, gas left, logs
 * and storage must be right. Thread-safe.
 */
final class VmTests implements ConformanceRun.TestRunner {

    private static final Fork FORK = Fork.FRONTIER;

    private final TransactionProcessor processor = new TransactionProcessor(Precompiles::at, List.of());

    @Override
    public void run(String name, JsonNode test, Consumer<CaseResult> results) {
        Optional<String> fault;
        // A case that throws is a failed case, whatever it throws.
        try {
            fault = run(test);
        } catch (RuntimeException e) {
            fault = Optional.of(e.toString());
        }
        results.accept(fault.map(what -> CaseResult.failed(name, "", what, Map.of()))
                .orElseGet(() -> CaseResult.passed(name, "", Map.of())));
    }

    private Optional<String> run(JsonNode test) {
        JsonNode exec = test.path("exec");
        Address caller = Fields.address(exec.path("caller"));
        Address self = Fields.address(exec.path("address"));
        if (!exec.path("origin").equals(exec.path("caller"))) {
            return Optional.of("the origin is not the caller, which this runner cannot arrange");
        }
        Bytes data = Fields.bytes(exec.path("data"));
        BigInteger value = Fields.number(exec, "value", "0x0");
        long gas = Fields.longNumber(exec, "gas", "0x0");
        IntrinsicGas intrinsic = IntrinsicGas.of(processor.table(FORK), data, false, List.of(), 0);
        Call call = new Call(
                caller,
                Optional.of(self),
                Wei.of(value),
                data,
                Math.addExact(gas, intrinsic.gas()),
                Wei.of(Fields.number(exec, "gasPrice", "0x0")),
                false,
                List.of(),
                List.of(),
                List.of());
        Journal journal = new Journal(state(test, caller, self, value), new CodeCache(1 << 20));
        OutermostCall outermost = new OutermostCall(Tracer.NONE);
        TransactionOutcome outcome = processor.call(call, block(test.path("env")), journal, outermost);
        if (!(outcome instanceof TransactionOutcome.Executed executed)) {
            return Optional.of("the call is not executed: " + outcome);
        }
        CallEnd end = outermost.end();
        if (!test.has("gas")) {
            return executed.succeeded() ? Optional.of("the code succeeds, expected failure") : Optional.empty();
        }
        if (!executed.succeeded()) {
            return Optional.of("the code fails: " + OutermostCall.error(end).orElse("") + ", expected success");
        }
        long left = gas - end.gasUsed();
        Hash logs =
                Keccak256.hash(RlpWriter.list(out -> executed.logs().forEach(log -> ReceiptCodec.writeLog(out, log))));
        return different("gas left", left, Fields.longNumber(test, "gas", ""))
                .or(() -> different("output", end.output(), Fields.bytes(test.path("out"))))
                .or(() -> different("logs hash", logs, Fields.hash(test.path("logs"))))
                .or(() -> storage(test, journal));
    }

    /** Code is called without a transfer: what the call will move is taken back beforehand. */
    private static MemoryState state(JsonNode test, Address caller, Address self, BigInteger value) {
        MemoryState state = Fields.state(test.path("pre"));
        Bytes code = Fields.bytes(test.path("exec").path("code"));
        if (!caller.equals(self)) {
            move(state, self, value.negate(), code);
            move(state, caller, value, Bytes.EMPTY);
        }
        return state;
    }

    private static void move(MemoryState state, Address address, BigInteger amount, Bytes code) {
        BigInteger balance = state.account(address)
                .map(account -> account.balance().toBigInteger())
                .orElse(BigInteger.ZERO);
        long nonce = state.account(address).map(account -> account.nonce()).orElse(0L);
        Bytes kept = state.account(address)
                .map(account -> state.code(account.codeHash()))
                .filter(present -> !present.isEmpty())
                .orElse(code);
        Map<UInt256, UInt256> slots = new HashMap<>(state.slots(address));
        state.put(address, nonce, Wei.of(balance.add(amount).max(BigInteger.ZERO)), kept, slots);
    }

    private static Optional<String> storage(JsonNode test, Journal journal) {
        MemoryState after = Fields.state(test.path("pre"));
        after.apply(journal.changes());
        MemoryState expected = Fields.state(test.path("post"));
        for (Address address : expected.accounts().keySet()) {
            Optional<String> fault = different("storage of " + address, after.slots(address), expected.slots(address));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> different(String what, Object actual, Object expected) {
        return actual.equals(expected)
                ? Optional.empty()
                : Optional.of(what + " is " + actual + ", expected " + expected);
    }

    private static BlockContext block(JsonNode env) {
        return new BlockContext(
                FORK,
                UInt256.ONE,
                Fields.longNumber(env, "currentNumber", "0x0"),
                Fields.longNumber(env, "currentTimestamp", "0x0"),
                Fields.longNumber(env, "currentGasLimit", "0x0"),
                Fields.address(env.path("currentCoinbase")),
                UInt256.valueOf(Fields.number(env, "currentDifficulty", "0x0")),
                Wei.ZERO,
                Wei.ZERO,
                n -> Keccak256.hash(Long.toString(n).getBytes(StandardCharsets.US_ASCII)));
    }
}
