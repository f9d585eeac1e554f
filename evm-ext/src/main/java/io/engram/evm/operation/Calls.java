package io.engram.evm.operation;

import io.engram.evm.interpreter.CallRequest;
import io.engram.evm.interpreter.Code;
import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.evm.word.Words;
import io.engram.genesis.Address;
import java.util.Optional;

/**
 * Message calls and creations up to the point where they are paid for: the request is left in {@link Frame#request} for
 * the machine to start. Methods take the gas left and return what is left afterwards, or the negative of a {@link Halt}
 * code.
 */
public final class Calls {

    private static final int VALUE_GAS = 9000;
    private static final int STIPEND = 2300;
    private static final int NEW_ACCOUNT_GAS = 25000;
    private static final int HASH_WORD = 6;

    private Calls() {}

    public static long call(Frame f, long[] s, int sp, long gas) {
        if (f.isStatic && !Words.isZero(s, sp - 12)) {
            return -Halt.STATIC_VIOLATION;
        }
        return prepare(f, s, sp, gas, Opcode.CALL, sp - 12, sp - 16);
    }

    public static long callCode(Frame f, long[] s, int sp, long gas) {
        return prepare(f, s, sp, gas, Opcode.CALLCODE, sp - 12, sp - 16);
    }

    public static long delegateCall(Frame f, long[] s, int sp, long gas) {
        return prepare(f, s, sp, gas, Opcode.DELEGATECALL, -1, sp - 12);
    }

    public static long staticCall(Frame f, long[] s, int sp, long gas) {
        return prepare(f, s, sp, gas, Opcode.STATICCALL, -1, sp - 12);
    }

    /**
     * @param value index of the value sent, or negative when the opcode sends none
     * @param in index of the input's offset, with its size, the output's offset and size below
     */
    private static long prepare(Frame f, long[] s, int sp, long gas, int kind, int value, int in) {
        long inOffset = Words.clamp(s, in);
        long inSize = Words.clamp(s, in - 4);
        long outOffset = Words.clamp(s, in - 8);
        long outSize = Words.clamp(s, in - 12);
        long left = f.expand(inOffset, inSize, gas);
        if (left >= 0) {
            left = f.expand(outOffset, outSize, left);
        }
        if (left < 0) {
            return left;
        }
        JournalAccount target = f.journal().at(s, sp - 8);
        left = Environment.access(f, target, left);
        if (left < 0) {
            return left;
        }
        boolean sends = value >= 0 && !Words.isZero(s, value);
        if (sends) {
            left -= VALUE_GAS;
        }
        if (kind == Opcode.CALL && (f.table.emptyRemoval() ? sends && target.isDead() : !target.exists())) {
            left -= NEW_ACCOUNT_GAS;
        }
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        CallRequest request = f.request;
        request.delegate = null;
        if (f.table.delegation() && Code.isDelegation(target.code().bytes())) {
            left = resolveDelegation(f, target, request, left);
        }
        if (left < 0) {
            return left;
        }
        long callGas = Words.clamp(s, sp - 4);
        if (f.table.retainsGas()) {
            callGas = Math.min(callGas, left - (left >>> 6));
        } else if (callGas > left) {
            return -Halt.OUT_OF_GAS;
        }
        left -= callGas;
        request.kind = kind;
        request.gas = sends ? callGas + STIPEND : callGas;
        request.target = target;
        if (value >= 0) {
            System.arraycopy(s, value, request.value, 0, 4);
        } else {
            Words.set(request.value, 0, 0);
        }
        request.inputOffset = inSize == 0 ? 0 : (int) inOffset;
        request.inputSize = (int) inSize;
        request.outputOffset = outSize == 0 ? 0 : (int) outOffset;
        request.outputSize = (int) outSize;
        return left;
    }

    /** Charges for the account that the target delegates to and takes its code (EIP-7702). */
    private static long resolveDelegation(Frame f, JournalAccount target, CallRequest request, long gas) {
        Optional<Address> address = target.code().delegation();
        if (address.isEmpty()) {
            return gas;
        }
        JournalAccount delegate = f.journal().at(address.get());
        boolean warm = f.journal().warm(delegate);
        long left = gas - (warm ? f.table.warmAccess() : f.table.coldAccount());
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        request.delegate = delegate.code();
        return left;
    }

    public static long create(Frame f, long[] s, int sp, long gas) {
        return prepareCreation(f, s, sp, gas, Opcode.CREATE);
    }

    public static long create2(Frame f, long[] s, int sp, long gas) {
        return prepareCreation(f, s, sp, gas, Opcode.CREATE2);
    }

    private static long prepareCreation(Frame f, long[] s, int sp, long gas, int kind) {
        if (f.isStatic) {
            return -Halt.STATIC_VIOLATION;
        }
        long offset = Words.clamp(s, sp - 8);
        long size = Words.clamp(s, sp - 12);
        long left = f.expand(offset, size, gas);
        if (left < 0) {
            return left;
        }
        if (size > f.table.initCodeLimit()) {
            return -Halt.INIT_CODE_TOO_LARGE;
        }
        left -= Memory.words(size) * (f.table.initCodeWord() + (kind == Opcode.CREATE2 ? HASH_WORD : 0));
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        CallRequest request = f.request;
        request.kind = kind;
        request.gas = f.table.retainsGas() ? left - (left >>> 6) : left;
        request.target = null;
        request.delegate = null;
        System.arraycopy(s, sp - 4, request.value, 0, 4);
        if (kind == Opcode.CREATE2) {
            System.arraycopy(s, sp - 16, request.salt, 0, 4);
        }
        request.inputOffset = size == 0 ? 0 : (int) offset;
        request.inputSize = (int) size;
        request.outputOffset = 0;
        request.outputSize = 0;
        return left - request.gas;
    }

    public static long selfDestruct(Frame f, long[] s, int sp, long gas) {
        if (f.isStatic) {
            return -Halt.STATIC_VIOLATION;
        }
        OpcodeTable table = f.table;
        Journal journal = f.journal();
        JournalAccount self = f.self();
        JournalAccount beneficiary = journal.at(s, sp - 4);
        long left = gas;
        if (table.accessLists() && !journal.warm(beneficiary)) {
            left -= table.coldAccount();
        }
        boolean makesAccount = table.emptyRemoval() ? self.hasBalance() && beneficiary.isDead() : !beneficiary.exists();
        if (table.chargesNewBeneficiary() && makesAccount) {
            left -= NEW_ACCOUNT_GAS;
        }
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        if (table.destructRefund() != 0 && !journal.isDestroyedNow(self)) {
            journal.addRefund(table.destructRefund());
        }
        f.traceSelfDestruct(beneficiary.address());
        boolean destroys = !table.destroysOnlyNew() || journal.isCreatedNow(self);
        if (destroys || beneficiary != self) {
            System.arraycopy(self.balance(), 0, s, Frame.SCRATCH, 4);
            journal.addBalance(beneficiary, s, Frame.SCRATCH);
            System.arraycopy(self.balance(), 0, s, Frame.SCRATCH, 4);
            journal.subtractBalance(self, s, Frame.SCRATCH);
        }
        if (destroys) {
            journal.destroy(self);
        }
        return left;
    }
}
