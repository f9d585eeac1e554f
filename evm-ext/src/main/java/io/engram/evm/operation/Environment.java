package io.engram.evm.operation;

import io.engram.evm.interpreter.Code;
import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.state.JournalAccount;
import io.engram.evm.word.Words;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;

/** What a frame can learn of itself, other accounts, the transaction and the block. */
public final class Environment {

    private Environment() {}

    public static void address(Frame f, long[] s, int sp) {
        push(s, sp, f.self().address());
    }

    public static void origin(Frame f, long[] s, int sp) {
        push(s, sp, f.context().origin());
    }

    public static void caller(Frame f, long[] s, int sp) {
        push(s, sp, f.caller);
    }

    public static void callValue(Frame f, long[] s, int sp) {
        push(s, sp, f.value);
    }

    public static void callDataSize(Frame f, long[] s, int sp) {
        Words.set(s, sp, f.inputSize);
    }

    public static void codeSize(Frame f, long[] s, int sp) {
        Words.set(s, sp, f.code.size());
    }

    public static void gasPrice(Frame f, long[] s, int sp) {
        push(s, sp, f.context().gasPrice());
    }

    public static void returnDataSize(Frame f, long[] s, int sp) {
        Words.set(s, sp, f.returnSize);
    }

    public static void memorySize(Frame f, long[] s, int sp) {
        Words.set(s, sp, f.memorySize);
    }

    public static void coinbase(Frame f, long[] s, int sp) {
        push(s, sp, f.context().block().coinbase());
    }

    public static void timestamp(Frame f, long[] s, int sp) {
        Words.set(s, sp, f.context().block().timestamp());
    }

    public static void number(Frame f, long[] s, int sp) {
        Words.set(s, sp, f.context().block().number());
    }

    public static void difficultyOrRandao(Frame f, long[] s, int sp) {
        push(s, sp, f.context().difficultyOrRandao());
    }

    public static void gasLimit(Frame f, long[] s, int sp) {
        Words.set(s, sp, f.context().block().gasLimit());
    }

    public static void chainId(Frame f, long[] s, int sp) {
        push(s, sp, f.context().chainId());
    }

    public static void selfBalance(Frame f, long[] s, int sp) {
        push(s, sp, f.self().balance());
    }

    public static void baseFee(Frame f, long[] s, int sp) {
        push(s, sp, f.context().baseFee());
    }

    public static void blobBaseFee(Frame f, long[] s, int sp) {
        push(s, sp, f.context().blobBaseFee());
    }

    public static void callDataLoad(Frame f, long[] s, int sp) {
        long offset = Words.clamp(s, sp - 4);
        if (offset >= f.inputSize) {
            Words.set(s, sp - 4, 0);
        } else if (offset <= f.inputSize - 32L) {
            Words.read(f.input, f.inputOffset + (int) offset, s, sp - 4);
        } else {
            int have = f.inputSize - (int) offset;
            Words.read(f.input, f.inputOffset + (int) offset, have, s, sp - 4);
            Words.shiftLeft(s, sp - 4, 8 * (32 - have), sp - 4);
        }
    }

    /** BLOCKHASH: zero outside the 256 blocks before this one. */
    public static void blockHash(Frame f, long[] s, int sp) {
        long wanted = Words.clamp(s, sp - 4);
        long number = f.context().block().number();
        if (wanted >= number || wanted < number - 256) {
            Words.set(s, sp - 4, 0);
        } else {
            push(s, sp - 4, f.context().block().blockHash().apply(wanted));
        }
    }

    /** BLOBHASH (EIP-4844). */
    public static void blobHash(Frame f, long[] s, int sp) {
        long index = Words.clamp(s, sp - 4);
        List<Hash> hashes = f.context().blobHashes();
        if (index < hashes.size()) {
            push(s, sp - 4, hashes.get((int) index));
        } else {
            Words.set(s, sp - 4, 0);
        }
    }

    public static long balance(Frame f, long[] s, int sp, long gas) {
        JournalAccount account = f.journal().at(s, sp - 4);
        long left = access(f, account, gas);
        if (left >= 0) {
            push(s, sp - 4, account.balance());
        }
        return left;
    }

    public static long extCodeSize(Frame f, long[] s, int sp, long gas) {
        JournalAccount account = f.journal().at(s, sp - 4);
        long left = access(f, account, gas);
        if (left >= 0) {
            Words.set(s, sp - 4, account.code().size());
        }
        return left;
    }

    /** EXTCODEHASH (EIP-1052): zero for an account that is absent or empty. */
    public static long extCodeHash(Frame f, long[] s, int sp, long gas) {
        JournalAccount account = f.journal().at(s, sp - 4);
        long left = access(f, account, gas);
        if (left >= 0) {
            if (account.isDead()) {
                Words.set(s, sp - 4, 0);
            } else {
                push(s, sp - 4, account.codeHash());
            }
        }
        return left;
    }

    public static long extCodeCopy(Frame f, long[] s, int sp, long gas) {
        JournalAccount account = f.journal().at(s, sp - 4);
        long left = access(f, account, gas);
        if (left < 0) {
            return left;
        }
        boolean nothing = Words.isZero(s, sp - 16);
        Code code = nothing ? Code.EMPTY : account.code();
        return Memory.copyPadded(f, s, sp - 4, left, code.bytes(), 0, code.size());
    }

    /** Charges what a cold account costs above a warm one and warms it (EIP-2929). */
    static long access(Frame f, JournalAccount account, long gas) {
        OpcodeTable table = f.table;
        if (table.accessLists() && !f.journal().warm(account)) {
            long left = gas - (table.coldAccount() - table.warmAccess());
            return left < 0 ? -Halt.OUT_OF_GAS : left;
        }
        return gas;
    }

    private static void push(long[] s, int at, Address address) {
        Words.set(s, at, address.lo(), address.mid(), address.hi() & 0xffffffffL, 0);
    }

    private static void push(long[] s, int at, Hash hash) {
        Words.set(s, at, hash.w3(), hash.w2(), hash.w1(), hash.w0());
    }

    private static void push(long[] s, int at, long[] word) {
        s[at] = word[0];
        s[at + 1] = word[1];
        s[at + 2] = word[2];
        s[at + 3] = word[3];
    }
}
