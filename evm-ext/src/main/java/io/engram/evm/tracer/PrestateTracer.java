package io.engram.evm.tracer;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.operation.Opcode;
import io.engram.evm.state.Account;
import io.engram.evm.state.Journal;
import io.engram.evm.state.Limbs;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Notes each account and slot that a transaction touches, as it was before: geth's prestateTracer. Used by one thread
 * for one transaction.
 */
public final class PrestateTracer implements Tracer {

    /** Accounts and slots that one trace holds; the execution goes on unobserved after that. */
    public static final int MAX_ENTRIES = 200_000;

    private static final int WORD = 4;

    private final boolean withCode;
    private final boolean withStorage;
    private final SortedMap<Address, Before> touched = new TreeMap<>();
    private Optional<Journal> journal = Optional.empty();
    private int entries;

    /** An account when it was first touched. */
    private record Before(Optional<Account> account, Bytes code, SortedMap<UInt256, UInt256> storage) {}

    /**
     * An account or what changed of it.
     *
     * @param nonce absent when zero
     * @param code absent when empty
     */
    public record AccountState(
            Optional<Wei> balance, Optional<Long> nonce, Optional<Bytes> code, SortedMap<UInt256, UInt256> storage) {}

    /**
     * Changes of a transaction.
     *
     * @param before the changed accounts, with the slots that changed and were not zero
     * @param after only what is different; without the accounts that are gone
     */
    public record Difference(SortedMap<Address, AccountState> before, SortedMap<Address, AccountState> after) {}

    /**
     * @param withCode notes code
     * @param withStorage notes slots
     */
    public PrestateTracer(boolean withCode, boolean withStorage) {
        this.withCode = withCode;
        this.withStorage = withStorage;
    }

    /** Whether more was touched than is in the result. */
    public boolean isTruncated() {
        return entries > MAX_ENTRIES;
    }

    @Override
    public boolean tracesState() {
        return true;
    }

    @Override
    public boolean tracesSteps() {
        return true;
    }

    @Override
    public boolean tracesCalls() {
        return true;
    }

    @Override
    public void begin(Journal state, Set<Address> accounts) {
        journal = Optional.of(state);
        accounts.forEach(account -> touchCalled(state, account));
    }

    @Override
    public void enter(CallStart call) {
        // A creation's address is not on the stack; nothing of it has changed yet.
        if (call.kind() == Opcode.CREATE || call.kind() == Opcode.CREATE2) {
            journal.ifPresent(state -> touch(state, call.to()));
        }
    }

    @Override
    public void step(Frame frame, int opcode) {
        switch (opcode) {
            case Opcode.SLOAD, Opcode.SSTORE -> {
                if (withStorage && frame.sp >= WORD) {
                    touchSlot(frame.journal(), frame.self().address(), Limbs.toUInt256(frame.stack, frame.sp - WORD));
                }
            }
            case Opcode.BALANCE, Opcode.EXTCODESIZE, Opcode.EXTCODECOPY, Opcode.EXTCODEHASH, Opcode.SELFDESTRUCT -> {
                if (frame.sp >= WORD) {
                    touch(frame.journal(), address(frame, frame.sp - WORD));
                }
            }
            case Opcode.CALL, Opcode.CALLCODE, Opcode.DELEGATECALL, Opcode.STATICCALL -> {
                if (frame.sp >= 2 * WORD) {
                    touchCalled(frame.journal(), address(frame, frame.sp - 2 * WORD));
                }
            }
            default -> {}
        }
    }

    @Override
    public void slotRead(Journal state, Address account, UInt256 slot) {
        if (withStorage) {
            touchSlot(state, account, slot);
        }
    }

    private static Address address(Frame frame, int word) {
        return Address.ofWord(frame.stack[word + 2], frame.stack[word + 1], frame.stack[word]);
    }

    /** The account, and the one whose code it runs (EIP-7702). */
    private void touchCalled(Journal state, Address address) {
        touch(state, address);
        state.at(address).code().delegation().ifPresent(delegate -> touch(state, delegate));
    }

    private void touch(Journal state, Address address) {
        if (!touched.containsKey(address) && hasRoom()) {
            Bytes code = withCode ? state.code(address) : Bytes.EMPTY;
            touched.put(address, new Before(state.account(address), code, new TreeMap<>()));
        }
    }

    private void touchSlot(Journal state, Address address, UInt256 slot) {
        touch(state, address);
        Before before = touched.get(address);
        if (before != null && !before.storage().containsKey(slot) && hasRoom()) {
            before.storage().put(slot, state.storage(address, slot));
        }
    }

    private boolean hasRoom() {
        entries += isTruncated() ? 0 : 1;
        return !isTruncated();
    }

    /**
     * What was touched, as it was before.
     *
     * @param withEmpty also accounts that did not exist
     */
    public SortedMap<Address, AccountState> before(boolean withEmpty) {
        SortedMap<Address, AccountState> all = new TreeMap<>();
        touched.forEach((address, before) -> {
            if (withEmpty || before.account().isPresent()) {
                all.put(address, whole(before, before.storage()));
            }
        });
        return Collections.unmodifiableSortedMap(all);
    }

    private static AccountState whole(Before before, SortedMap<UInt256, UInt256> storage) {
        Account account = before.account().orElse(Account.EMPTY);
        return new AccountState(
                Optional.of(account.balance()),
                account.nonce() == 0 ? Optional.empty() : Optional.of(account.nonce()),
                before.code().isEmpty() ? Optional.empty() : Optional.of(before.code()),
                Collections.unmodifiableSortedMap(storage));
    }

    /** What the transaction changed; to be called after it, before anything else changes the state. */
    public Difference difference() {
        SortedMap<Address, AccountState> before = new TreeMap<>();
        SortedMap<Address, AccountState> after = new TreeMap<>();
        journal.ifPresent(state -> touched.forEach((address, old) -> compare(state, address, old, before, after)));
        return new Difference(Collections.unmodifiableSortedMap(before), Collections.unmodifiableSortedMap(after));
    }

    private void compare(
            Journal state,
            Address address,
            Before old,
            SortedMap<Address, AccountState> before,
            SortedMap<Address, AccountState> after) {
        Optional<Account> now = state.account(address);
        if (now.isEmpty()) {
            old.account().ifPresent(account -> before.put(address, whole(old, notZero(old.storage()))));
            return;
        }
        Account was = old.account().orElse(Account.EMPTY);
        Bytes code = withCode ? state.code(address) : Bytes.EMPTY;
        SortedMap<UInt256, UInt256> from = new TreeMap<>();
        SortedMap<UInt256, UInt256> to = new TreeMap<>();
        old.storage().forEach((slot, value) -> {
            UInt256 held = state.storage(address, slot);
            if (!held.equals(value)) {
                from.put(slot, value);
                to.put(slot, held);
            }
        });
        AccountState change = new AccountState(
                now.get().balance().equals(was.balance())
                        ? Optional.empty()
                        : Optional.of(now.get().balance()),
                now.get().nonce() == was.nonce()
                        ? Optional.empty()
                        : Optional.of(now.get().nonce()),
                code.equals(old.code()) ? Optional.empty() : Optional.of(code),
                notZero(to));
        boolean changed = change.balance().isPresent()
                || change.nonce().isPresent()
                || change.code().isPresent()
                || !to.isEmpty();
        if (changed) {
            old.account().ifPresent(account -> before.put(address, whole(old, notZero(from))));
            after.put(address, change);
        }
    }

    private static SortedMap<UInt256, UInt256> notZero(SortedMap<UInt256, UInt256> slots) {
        SortedMap<UInt256, UInt256> kept = new TreeMap<>(slots);
        kept.values().removeIf(UInt256::isZero);
        return Collections.unmodifiableSortedMap(kept);
    }
}
