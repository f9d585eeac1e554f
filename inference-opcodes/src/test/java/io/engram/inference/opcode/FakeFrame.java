package io.engram.inference.opcode;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.TransactionExtension;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.units.bigints.UInt256;

/** A frame in memory, with the gas rules of memory expansion and SLOAD (Berlin). */
final class FakeFrame implements ExtensionFrame {

    private static final long MAX_MEMORY = 1 << 24;

    private final TransactionExtension transaction;
    private final Deque<Hash> stack = new ArrayDeque<>();
    private final Set<UInt256> warmSlots = new HashSet<>();
    final Map<UInt256, UInt256> storage = new HashMap<>();
    byte[] memory = new byte[0];
    byte[] returnData = new byte[0];
    int loads;
    long gas;

    FakeFrame(TransactionExtension transaction, long gas) {
        this.transaction = transaction;
        this.gas = gas;
    }

    /** Operands in the order they are popped. */
    FakeFrame operands(Hash... words) {
        for (int i = words.length - 1; i >= 0; i--) {
            stack.push(words[i]);
        }
        return this;
    }

    FakeFrame write(int offset, byte[] data) {
        expandMemory(offset, data.length);
        System.arraycopy(data, 0, memory, offset, data.length);
        return this;
    }

    int stackSize() {
        return stack.size();
    }

    @Override
    public Hash popWord() {
        return stack.pop();
    }

    @Override
    public long popLong() {
        Hash word = stack.pop();
        boolean fits = word.w0() == 0 && word.w1() == 0 && word.w2() == 0 && word.w3() >= 0;
        return fits ? word.w3() : Long.MAX_VALUE;
    }

    @Override
    public void push(Hash word) {
        stack.push(word);
    }

    @Override
    public void push(long unsignedWord) {
        stack.push(new Hash(0, 0, 0, unsignedWord));
    }

    @Override
    public long gasLeft() {
        return gas;
    }

    @Override
    public boolean chargeGas(long amount) {
        if (amount > gas) {
            return false;
        }
        gas -= amount;
        return true;
    }

    @Override
    public boolean expandMemory(long offset, long length) {
        if (length == 0) {
            return true;
        }
        if (offset > MAX_MEMORY || length > MAX_MEMORY) {
            return false;
        }
        long words = (offset + length + 31) / 32;
        long old = memory.length / 32;
        if (words <= old) {
            return true;
        }
        if (!chargeGas(3 * (words - old) + words * words / 512 - old * old / 512)) {
            return false;
        }
        memory = Arrays.copyOf(memory, (int) words * 32);
        return true;
    }

    @Override
    public byte[] readMemory(long offset, int length) {
        return Arrays.copyOfRange(memory, (int) offset, (int) offset + length);
    }

    @Override
    public void writeMemory(long offset, byte[] source, int length) {
        if (length > 0) {
            System.arraycopy(source, 0, memory, (int) offset, length);
        }
    }

    @Override
    public void setReturnData(byte[] data) {
        returnData = data;
    }

    @Override
    public Optional<UInt256> loadStorage(UInt256 slot) {
        if (!chargeGas(warmSlots.contains(slot) ? 100 : 2_100)) {
            return Optional.empty();
        }
        loads++;
        warmSlots.add(slot);
        return Optional.of(storage.getOrDefault(slot, UInt256.ZERO));
    }

    @Override
    public Address self() {
        return Address.ZERO;
    }

    @Override
    public TransactionExtension transaction() {
        return transaction;
    }
}
