package io.engram.evm.tracer;

import io.engram.evm.interpreter.Halt;
import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.operation.Opcode;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Builds the tree of message calls of one transaction. Used by one thread for one transaction. */
public final class CallTracer implements Tracer {

    /** Calls and logs that one trace holds; the execution goes on unobserved after that. */
    public static final int MAX_ENTRIES = 500_000;

    private final boolean onlyTopCall;
    private final boolean withLogs;
    private final List<Open> open = new ArrayList<>();
    private Optional<CallTrace> result = Optional.empty();
    private int entries;

    /** A call that has not ended. */
    private static final class Open {
        final CallStart start;
        final List<CallTrace> calls = new ArrayList<>();
        final List<CallTrace.CallLog> logs = new ArrayList<>();

        Open(CallStart start) {
            this.start = start;
        }
    }

    /**
     * @param onlyTopCall leaves inner calls out
     * @param withLogs records logs
     */
    public CallTracer(boolean onlyTopCall, boolean withLogs) {
        this.onlyTopCall = onlyTopCall;
        this.withLogs = withLogs;
    }

    /** The outermost call; empty when the transaction never made it. */
    public Optional<CallTrace> result() {
        return result;
    }

    /** Whether there were more calls and logs than are in the result. */
    public boolean isTruncated() {
        return entries > MAX_ENTRIES;
    }

    private boolean hasRoom() {
        entries += isTruncated() ? 0 : 1;
        return !isTruncated();
    }

    @Override
    public boolean tracesCalls() {
        return true;
    }

    @Override
    public void enter(CallStart call) {
        open.add(new Open(call));
    }

    @Override
    public void exit(CallEnd end) {
        Open call = open.removeLast();
        CallTrace trace = trace(call, end);
        if (open.isEmpty()) {
            result = Optional.of(trace);
        } else if (!onlyTopCall && hasRoom()) {
            open.getLast().calls.add(trace);
        }
    }

    @Override
    public void selfDestruct(Address account, Address beneficiary, Wei balance) {
        if (!onlyTopCall && hasRoom()) {
            open.getLast()
                    .calls
                    .add(new CallTrace(
                            "SELFDESTRUCT",
                            account,
                            beneficiary,
                            Optional.of(balance),
                            0,
                            0,
                            Bytes.EMPTY,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            List.of()));
        }
    }

    @Override
    public void log(int depth, Log log) {
        if (withLogs && (!onlyTopCall || depth == 0) && hasRoom()) {
            Open call = open.getLast();
            call.logs.add(new CallTrace.CallLog(log, call.calls.size()));
        }
    }

    private static CallTrace trace(Open call, CallEnd end) {
        CallStart start = call.start;
        boolean failed = !Halt.isSuccess(end.halt());
        boolean hasOutput = !end.output().isEmpty();
        return new CallTrace(
                type(start.kind()),
                start.from(),
                start.to(),
                start.kind() == Opcode.STATICCALL ? Optional.empty() : Optional.of(start.value()),
                start.gas(),
                end.gasUsed(),
                start.input(),
                hasOutput ? Optional.of(end.output()) : Optional.empty(),
                failed ? Optional.of(HaltReason.of(end.halt()).text()) : Optional.empty(),
                end.halt() == Halt.REVERT ? RevertReason.of(end.output()) : Optional.empty(),
                failed ? call.calls.stream().map(CallTracer::withoutLogs).toList() : List.copyOf(call.calls),
                failed ? List.of() : List.copyOf(call.logs));
    }

    /** Logs below a failed call were undone with it. */
    private static CallTrace withoutLogs(CallTrace trace) {
        return new CallTrace(
                trace.type(),
                trace.from(),
                trace.to(),
                trace.value(),
                trace.gas(),
                trace.gasUsed(),
                trace.input(),
                trace.output(),
                trace.error(),
                trace.revertReason(),
                trace.calls().stream().map(CallTracer::withoutLogs).toList(),
                List.of());
    }

    private static String type(int kind) {
        return switch (kind) {
            case Opcode.CALL -> "CALL";
            case Opcode.CALLCODE -> "CALLCODE";
            case Opcode.DELEGATECALL -> "DELEGATECALL";
            case Opcode.STATICCALL -> "STATICCALL";
            case Opcode.CREATE -> "CREATE";
            case Opcode.CREATE2 -> "CREATE2";
            default -> throw new IllegalArgumentException("no call opcode: " + kind);
        };
    }
}
