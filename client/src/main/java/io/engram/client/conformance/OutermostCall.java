package io.engram.client.conformance;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.tracer.CallEnd;
import io.engram.evm.tracer.CallStart;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps the end of the outermost call; another tracer sees everything. For one execution. */
final class OutermostCall implements Tracer {

    private final Tracer next;
    private final Consumer<CallEnd> listener;
    private Optional<CallEnd> end = Optional.empty();

    OutermostCall(Tracer next) {
        this(next, ended -> {});
    }

    /** @param listener hears of the end */
    OutermostCall(Tracer next, Consumer<CallEnd> listener) {
        this.next = next;
        this.listener = listener;
    }

    /** @throws IllegalStateException when no call has ended */
    CallEnd end() {
        return end.orElseThrow(() -> new IllegalStateException("nothing was executed"));
    }

    /** Why a call failed. */
    static Optional<String> error(CallEnd end) {
        return Halt.isSuccess(end.halt())
                ? Optional.empty()
                : Optional.of(HaltReason.of(end.halt()).text());
    }

    @Override
    public boolean tracesSteps() {
        return next.tracesSteps();
    }

    @Override
    public boolean tracesCalls() {
        return true;
    }

    @Override
    public void step(Frame frame, int opcode) {
        next.step(frame, opcode);
    }

    @Override
    public void enter(CallStart call) {
        next.enter(call);
    }

    @Override
    public void exit(CallEnd ended) {
        next.exit(ended);
        if (ended.depth() == 0) {
            end = Optional.of(ended);
            listener.accept(ended);
        }
    }

    @Override
    public void selfDestruct(Address account, Address beneficiary, Wei balance) {
        next.selfDestruct(account, beneficiary, balance);
    }

    @Override
    public void log(int depth, Log log) {
        next.log(depth, log);
    }
}
