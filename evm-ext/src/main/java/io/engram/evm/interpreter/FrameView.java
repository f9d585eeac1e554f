package io.engram.evm.interpreter;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.operation.Opcode;
import io.engram.evm.state.Journal;
import io.engram.evm.state.Limbs;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.word.Words;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Arrays;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;
import org.jspecify.annotations.Nullable;

/** A frame as a contributed operation sees it; bound anew for each operation. */
final class FrameView implements ExtensionFrame {

    private @Nullable Frame bound;
    private @Nullable TransactionExtension extension;
    private long gas;

    void bind(Frame frame, long gasLeft, TransactionExtension transaction) {
        bound = frame;
        gas = gasLeft;
        extension = transaction;
    }

    private Frame frame() {
        Frame frame = bound;
        if (frame == null) {
            throw new IllegalStateException("no operation is running");
        }
        return frame;
    }

    @Override
    public Hash popWord() {
        Frame f = frame();
        f.sp -= 4;
        return new Hash(f.stack[f.sp + 3], f.stack[f.sp + 2], f.stack[f.sp + 1], f.stack[f.sp]);
    }

    @Override
    public long popLong() {
        Frame f = frame();
        f.sp -= 4;
        return Words.clamp(f.stack, f.sp);
    }

    @Override
    public void push(Hash word) {
        Frame f = frame();
        Words.set(f.stack, f.sp, word.w3(), word.w2(), word.w1(), word.w0());
        f.sp += 4;
    }

    @Override
    public void push(long unsignedWord) {
        Frame f = frame();
        Words.set(f.stack, f.sp, unsignedWord);
        f.sp += 4;
    }

    @Override
    public long gasLeft() {
        return gas;
    }

    @Override
    public boolean chargeGas(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("negative gas");
        }
        if (amount > gas) {
            return false;
        }
        gas -= amount;
        return true;
    }

    @Override
    public boolean expandMemory(long offset, long length) {
        long left = frame().expand(offset, length, gas);
        if (left < 0) {
            return false;
        }
        gas = left;
        return true;
    }

    @Override
    public byte[] readMemory(long offset, int length) {
        if (length == 0) {
            return new byte[0];
        }
        checkRange(offset, length);
        return Arrays.copyOfRange(frame().memory, (int) offset, (int) offset + length);
    }

    @Override
    public void writeMemory(long offset, byte[] source, int length) {
        if (length > 0) {
            checkRange(offset, length);
            System.arraycopy(source, 0, frame().memory, (int) offset, length);
        }
    }

    private void checkRange(long offset, int length) {
        if (offset < 0 || length < 0 || offset > frame().memorySize - (long) length) {
            throw new IllegalArgumentException("memory was not expanded to this range");
        }
    }

    @Override
    public void setReturnData(byte[] data) {
        frame().setReturnData(data, 0, data.length);
    }

    @Override
    public Optional<UInt256> loadStorage(UInt256 slot) {
        Frame f = frame();
        Journal journal = f.journal();
        Tracer tracer = f.machine().tracer();
        if (tracer.tracesSteps()) {
            tracer.slotRead(journal, f.self().address(), slot);
        }
        long[] key = new long[4];
        Limbs.of(slot, key, 0);
        int number = journal.slot(f.self(), key, 0);
        long price = f.table.gas()[Opcode.SLOAD];
        if (f.table.accessLists() && !journal.warmSlot(f.self(), number)) {
            price += f.table.coldSlot() - f.table.warmAccess();
        }
        if (!chargeGas(price)) {
            return Optional.empty();
        }
        return Optional.of(Limbs.toUInt256(journal.slotWords(f.self()), Journal.current(number)));
    }

    @Override
    public Address self() {
        return frame().self().address();
    }

    @Override
    public TransactionExtension transaction() {
        TransactionExtension current = extension;
        if (current == null) {
            throw new IllegalStateException("no operation is running");
        }
        return current;
    }
}
