package io.engram.evm.extension;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * What a contributed operation may touch of the running frame. Words are popped in stack order, top first. Valid only
 * during {@link ExtensionOperation#execute}.
 */
public interface ExtensionFrame {

    Hash popWord();

    /**
     * Pops one word as a memory offset or a length.
     *
     * @return the value, or {@link Long#MAX_VALUE} when it does not fit 63 bits
     */
    long popLong();

    void push(Hash word);

    void push(long unsignedWord);

    long gasLeft();

    /** @return false, having charged nothing, when less than {@code amount} is left */
    boolean chargeGas(long amount);

    /**
     * Charges for and makes the memory expansion to {@code offset + length}; nothing when {@code length} is 0.
     *
     * @return false when gas does not suffice
     */
    boolean expandMemory(long offset, long length);

    /** Copies from memory; the range must have been expanded to. */
    byte[] readMemory(long offset, int length);

    /** Copies the first {@code length} bytes of {@code source} to memory; the range must have been expanded to. */
    void writeMemory(long offset, byte[] source, int length);

    void setReturnData(byte[] data);

    /**
     * Reads a storage slot of the executing account at the price of SLOAD, warming it (EIP-2929).
     *
     * @return empty when gas does not suffice
     */
    Optional<UInt256> loadStorage(UInt256 slot);

    /** The account whose storage is in use. */
    Address self();

    /** What {@link OperationSet#begin} returned for this transaction. */
    TransactionExtension transaction();
}
