package io.engram.evm.tracer;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.operation.Opcode;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.evm.state.Limbs;
import io.engram.genesis.Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.jspecify.annotations.Nullable;

/**
 * Hands every executed instruction to a consumer, one instruction late, since its cost is known only then. Used by one
 * thread for one transaction.
 */
public final class StructLogTracer implements Tracer {

    /** What to record beside pc, opcode, gas, depth and refund. */
    public record Options(boolean stack, boolean memory, boolean returnData, boolean storage) {
        /** What debug_traceTransaction records by default. */
        public static final Options DEFAULT = new Options(true, false, false, true);
    }

    /** Entries that one trace should hold at most when it is kept in memory. */
    public static final int MAX_ENTRIES = 500_000;

    private final Options options;
    private final long limit;
    private final Consumer<StructLog> consumer;
    private final Map<Address, Map<UInt256, UInt256>> storage = new HashMap<>();

    /** The instruction of each open frame whose cost is not known yet. */
    private final List<@Nullable Pending> pending = new ArrayList<>();

    /** An instruction before it ran, and what it costs if it fails. */
    private record Pending(Frame frame, StructLog log) {}

    private long entries;
    private Bytes output = Bytes.EMPTY;

    public StructLogTracer(Options options, Consumer<StructLog> consumer) {
        this(options, Long.MAX_VALUE, consumer);
    }

    /** @param limit instructions that are recorded; the execution goes on unobserved after that */
    public StructLogTracer(Options options, long limit, Consumer<StructLog> consumer) {
        this.options = options;
        this.limit = limit;
        this.consumer = consumer;
    }

    /** Whether there were more instructions than were recorded. */
    public boolean isTruncated() {
        return entries > limit;
    }

    /** What the outermost call returned, once it has ended. */
    public Bytes output() {
        return output;
    }

    @Override
    public boolean tracesSteps() {
        return true;
    }

    @Override
    public boolean tracesCalls() {
        return true;
    }

    @Override
    public void enter(CallStart call) {
        if (!pending.isEmpty()) {
            // The call instruction has been paid for; its cost is settled before the callee's first instruction.
            emit(Optional.empty());
        }
        pending.add(null);
    }

    @Override
    public void exit(CallEnd end) {
        emit(
                end.halt() >= Halt.EXCEPTIONAL
                        ? Optional.of(HaltReason.of(end.halt()).text())
                        : Optional.empty());
        pending.removeLast();
        if (pending.isEmpty()) {
            output = end.output();
        }
    }

    @Override
    public void step(Frame frame, int opcode) {
        emit(Optional.empty());
        entries += isTruncated() ? 0 : 1;
        if (isTruncated()) {
            return;
        }
        StructLog log = new StructLog(
                frame.pc,
                opcode,
                frame.table.name(opcode),
                frame.gas,
                0,
                frame.depth + 1,
                options.stack() ? stack(frame) : List.of(),
                options.memory() ? Bytes.wrap(Arrays.copyOf(frame.memory, frame.memorySize)) : Bytes.EMPTY,
                frame.memorySize,
                options.returnData() ? Bytes.wrap(Arrays.copyOf(frame.returnData, frame.returnSize)) : Bytes.EMPTY,
                frame.journal().refund(),
                options.storage() ? storage(frame, opcode) : Optional.empty(),
                Optional.empty());
        pending.set(pending.size() - 1, new Pending(frame, log));
    }

    /** Hands on the innermost frame's last instruction, if it was not yet. */
    private void emit(Optional<String> error) {
        Pending last = pending.getLast();
        if (last == null) {
            return;
        }
        pending.set(pending.size() - 1, null);
        StructLog log = last.log();
        Frame frame = last.frame();
        long cost = error.isPresent() ? frame.table.gas()[log.opcode()] : Math.max(0, log.gas() - frame.gas);
        if (error.isEmpty() && (log.opcode() == Opcode.CREATE || log.opcode() == Opcode.CREATE2)) {
            cost -= frame.request.gas; // other clients leave a creation's own gas out, though not a call's
        }
        consumer.accept(new StructLog(
                log.pc(),
                log.opcode(),
                log.mnemonic(),
                log.gas(),
                cost,
                log.depth(),
                log.stack(),
                log.memory(),
                log.memorySize(),
                log.returnData(),
                log.refund(),
                log.storage(),
                error));
    }

    private static List<UInt256> stack(Frame frame) {
        List<UInt256> words = new ArrayList<>(frame.sp / 4);
        for (int at = 0; at < frame.sp; at += 4) {
            words.add(Limbs.toUInt256(frame.stack, at));
        }
        return words;
    }

    private Optional<Map<UInt256, UInt256>> storage(Frame frame, int opcode) {
        boolean reads = opcode == Opcode.SLOAD && frame.sp >= 4;
        boolean writes = opcode == Opcode.SSTORE && frame.sp >= 8;
        if (!reads && !writes) {
            return Optional.empty();
        }
        Map<UInt256, UInt256> seen = storage.computeIfAbsent(frame.self().address(), a -> new TreeMap<>());
        UInt256 key = Limbs.toUInt256(frame.stack, frame.sp - 4);
        if (writes) {
            seen.put(key, Limbs.toUInt256(frame.stack, frame.sp - 8));
        } else {
            Journal journal = frame.journal();
            JournalAccount self = frame.self();
            int slot = journal.slot(self, frame.stack, frame.sp - 4);
            seen.put(key, Limbs.toUInt256(journal.slotWords(self), Journal.current(slot)));
        }
        return Optional.of(Collections.unmodifiableMap(new TreeMap<>(seen)));
    }
}
