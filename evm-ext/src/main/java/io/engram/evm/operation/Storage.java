package io.engram.evm.operation;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.evm.word.Words;

/** Storage and transient storage. */
public final class Storage {

    /** Gas at or below which SSTORE is refused (EIP-2200). */
    private static final int SENTRY = 2300;

    private Storage() {}

    public static long load(Frame f, long[] s, int sp, long gas) {
        Journal journal = f.journal();
        JournalAccount self = f.self();
        int slot = journal.slot(self, s, sp - 4);
        long left = gas;
        if (f.table.accessLists() && !journal.warmSlot(self, slot)) {
            left -= f.table.coldSlot() - f.table.warmAccess();
            if (left < 0) {
                return -Halt.OUT_OF_GAS;
            }
        }
        long[] words = journal.slotWords(self);
        int at = Journal.current(slot);
        Words.set(s, sp - 4, words[at], words[at + 1], words[at + 2], words[at + 3]);
        return left;
    }

    public static long store(Frame f, long[] s, int sp, long gas) {
        if (f.isStatic) {
            return -Halt.STATIC_VIOLATION;
        }
        OpcodeTable table = f.table;
        if (table.storePricing() == OpcodeTable.StorePricing.NET_WITH_SENTRY && gas <= SENTRY) {
            return -Halt.OUT_OF_GAS;
        }
        Journal journal = f.journal();
        JournalAccount self = f.self();
        int slot = journal.slot(self, s, sp - 4);
        long left = gas;
        if (table.accessLists() && !journal.warmSlot(self, slot)) {
            left -= table.coldSlot();
        }
        long[] words = journal.slotWords(self);
        int current = Journal.current(slot);
        boolean newIsZero = Words.isZero(s, sp - 8);
        boolean currentIsZero = Words.isZero(words, current);
        boolean same = same(s, sp - 8, words, current);
        long refund = 0;
        if (table.storePricing() == OpcodeTable.StorePricing.SIMPLE) {
            left -= currentIsZero && !newIsZero ? table.storeSet() : table.storeReset();
            refund = !currentIsZero && newIsZero ? table.storeClearRefund() : 0;
        } else if (same) {
            left -= table.storeSame();
        } else {
            int original = Journal.original(slot);
            boolean originalIsZero = Words.isZero(words, original);
            if (Words.equal(words, original, current)) {
                left -= originalIsZero ? table.storeSet() : table.storeReset();
                refund = !originalIsZero && newIsZero ? table.storeClearRefund() : 0;
            } else {
                left -= table.storeSame();
                refund = refundOfDirty(
                        table, originalIsZero, currentIsZero, newIsZero, same(s, sp - 8, words, original));
            }
        }
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        if (refund != 0) {
            journal.addRefund(refund);
        }
        if (!same) {
            journal.setSlot(self, slot, s, sp - 8);
        }
        return left;
    }

    /** Refund when the slot was changed already in this transaction (EIP-1283, EIP-2200). */
    private static long refundOfDirty(
            OpcodeTable table, boolean originalIsZero, boolean currentIsZero, boolean newIsZero, boolean restores) {
        long refund = 0;
        if (!originalIsZero) {
            if (currentIsZero) {
                refund -= table.storeClearRefund();
            } else if (newIsZero) {
                refund += table.storeClearRefund();
            }
        }
        if (restores) {
            refund += (originalIsZero ? table.storeSet() : table.storeReset()) - table.storeSame();
        }
        return refund;
    }

    private static boolean same(long[] s, int a, long[] words, int b) {
        return ((s[a] ^ words[b]) | (s[a + 1] ^ words[b + 1]) | (s[a + 2] ^ words[b + 2]) | (s[a + 3] ^ words[b + 3]))
                == 0;
    }

    /** TLOAD (EIP-1153). */
    public static void transientLoad(Frame f, long[] s, int sp) {
        f.journal().transientLoad(f.self(), s, sp - 4, sp - 4);
    }

    /** TSTORE (EIP-1153). */
    public static long transientStore(Frame f, long[] s, int sp, long gas) {
        if (f.isStatic) {
            return -Halt.STATIC_VIOLATION;
        }
        f.journal().transientStore(f.self(), s, sp - 4, sp - 8);
        return gas;
    }
}
