package io.engram.evm.tracer;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import java.util.Set;
import org.apache.tuweni.units.bigints.UInt256;

/** Observes one execution. Must not change anything it is shown. Called by the executing thread. */
public interface Tracer {

    /** Observes nothing and costs nothing. */
    Tracer NONE = new Tracer() {};

    /** Whether {@link #step} is wanted; asked once a frame. */
    default boolean tracesSteps() {
        return false;
    }

    /** Whether {@link #enter}, {@link #exit}, {@link #selfDestruct} and {@link #log} are wanted. */
    default boolean tracesCalls() {
        return false;
    }

    /** Whether {@link #begin} is wanted. */
    default boolean tracesState() {
        return false;
    }

    /**
     * Before the transaction has changed anything, payment for its gas included.
     *
     * @param journal also after the transaction, with what it did
     * @param accounts that it touches even if it runs no code: sender, target, receiver of the fees, authorities
     */
    default void begin(Journal journal, Set<Address> accounts) {}

    /** Before an instruction, failing ones included; pc, stack pointer and gas of the frame are current. */
    default void step(Frame frame, int opcode) {}

    /**
     * An operation of an extension is about to read a slot, at the instruction that {@link #step} told of last.
     *
     * @param account the running one
     */
    default void slotRead(Journal journal, Address account, UInt256 slot) {}

    /** A message call or creation starts, or would have if it did not fail at once. */
    default void enter(CallStart call) {}

    /** The call entered last and not yet left ends. */
    default void exit(CallEnd end) {}

    default void selfDestruct(Address account, Address beneficiary, Wei balance) {}

    default void log(int depth, Log log) {}
}
