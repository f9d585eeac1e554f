package io.engram.client.rpc;

import io.engram.evm.interpreter.Frame;
import io.engram.evm.operation.Opcode;
import io.engram.evm.state.Journal;
import io.engram.evm.state.Limbs;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.transaction.AccessListEntry;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.tuweni.units.bigints.UInt256;

/** Notes which accounts and slots a run touches, for eth_createAccessList. */
final class AccessListTracer implements Tracer {

    private static final int WORD = 4;

    private final Set<Address> excluded;
    private final TreeMap<Address, TreeSet<Hash>> touched = new TreeMap<>();

    /** @param excluded accounts that are warm anyway; their slots are listed all the same */
    AccessListTracer(Set<Address> excluded) {
        this.excluded = Set.copyOf(excluded);
    }

    @Override
    public boolean tracesSteps() {
        return true;
    }

    @Override
    public void step(Frame frame, int opcode) {
        switch (opcode) {
            case Opcode.SLOAD, Opcode.SSTORE -> {
                if (frame.sp >= WORD) {
                    slots(frame.self().address())
                            .add(Hash.of(Limbs.toUInt256(frame.stack, frame.sp - WORD)
                                    .toArray()));
                }
            }
            case Opcode.BALANCE, Opcode.EXTCODESIZE, Opcode.EXTCODECOPY, Opcode.EXTCODEHASH, Opcode.SELFDESTRUCT ->
                addAccount(frame, 1);
            case Opcode.CALL, Opcode.CALLCODE, Opcode.DELEGATECALL, Opcode.STATICCALL -> addAccount(frame, 2);
            default -> {}
        }
    }

    @Override
    public void slotRead(Journal journal, Address account, UInt256 slot) {
        slots(account).add(Hash.of(slot.toArray()));
    }

    private void addAccount(Frame frame, int depth) {
        int word = frame.sp - depth * WORD;
        if (word >= 0) {
            Address address = Address.ofWord(frame.stack[word + 2], frame.stack[word + 1], frame.stack[word]);
            if (!excluded.contains(address)) {
                slots(address);
            }
        }
    }

    private Set<Hash> slots(Address address) {
        return touched.computeIfAbsent(address, unseen -> new TreeSet<>());
    }

    List<AccessListEntry> list() {
        return touched.entrySet().stream()
                .map(entry -> new AccessListEntry(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }
}
