package io.engram.evm.interpreter;

import io.engram.evm.state.JournalAccount;
import org.jspecify.annotations.Nullable;

/** The message call that a frame asks for: already priced and paid, to be started by {@link Machine}. */
public final class CallRequest {

    /** The opcode: CALL, CALLCODE, DELEGATECALL, STATICCALL, CREATE or CREATE2. */
    public int kind;

    /** Gas for the callee, a stipend included. */
    public long gas;

    /** The value sent, as a word. */
    public final long[] value = new long[4];

    /** The account called; for creations, unused. */
    public @Nullable JournalAccount target;

    /** Code to run instead of the target's own: that of its delegate (EIP-7702). */
    public @Nullable Code delegate;

    /** Call data or init code: a range of the asking frame's memory. */
    public int inputOffset;

    public int inputSize;

    /** Where the output goes. */
    public int outputOffset;

    public int outputSize;

    /** CREATE2's salt, as a word. */
    public final long[] salt = new long[4];
}
