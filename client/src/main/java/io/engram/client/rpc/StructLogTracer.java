package io.engram.client.rpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.evm.interpreter.Frame;
import io.engram.evm.operation.Opcode;
import io.engram.evm.state.Limbs;
import io.engram.evm.tracer.CallEnd;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** One entry for each instruction, in the shape of geth's struct logger. One thread, one execution. */
final class StructLogTracer implements Tracer {

    /** Entries that one trace may hold; the execution goes on unobserved after that, and the answer is an error. */
    static final int MAX_ENTRIES = 500_000;

    private static final int WORD = 4;

    /**
     * What to leave out or put in.
     *
     * @param limit entries; 0 for {@link #MAX_ENTRIES}
     */
    record Options(boolean stack, boolean memory, boolean storage, boolean returnData, int limit) {}

    private final Options options;
    private final List<ObjectNode> entries = new ArrayList<>();
    private final Map<Address, TreeMap<UInt256, UInt256>> storage = new HashMap<>();
    private final List<ObjectNode> latestAtDepth = new ArrayList<>();
    private Bytes output = Bytes.EMPTY;
    private boolean overflown;

    StructLogTracer(Options options) {
        this.options = options;
    }

    @Override
    public boolean tracesSteps() {
        return true;
    }

    boolean isOverflown() {
        return overflown;
    }

    @Override
    public void step(Frame frame, int opcode) {
        settleCost(frame);
        if (options.limit() > 0 && entries.size() >= options.limit()) {
            return;
        }
        if (entries.size() >= MAX_ENTRIES) {
            overflown = true;
            return;
        }
        ObjectNode json = Json.object();
        json.put("pc", frame.pc);
        json.put("op", frame.table.name(opcode));
        json.put("gas", frame.gas);
        json.put("gasCost", 0);
        json.put("depth", frame.depth + 1);
        if (options.stack()) {
            ArrayNode stack = json.putArray("stack");
            for (int word = 0; word < frame.sp; word += WORD) {
                stack.add(Limbs.toUInt256(frame.stack, word).toQuantityHexString());
            }
        }
        if (options.memory()) {
            ArrayNode memory = json.putArray("memory");
            for (int i = 0; i < frame.memorySize; i += 32) {
                memory.add(Bytes.wrap(frame.memory, i, 32).toHexString());
            }
        }
        if (options.returnData() && frame.returnSize > 0) {
            json.put(
                    "returnData",
                    Bytes.wrap(frame.returnData, 0, frame.returnSize).toHexString());
        }
        if (options.storage()) {
            addStorage(json, frame, opcode);
        }
        entries.add(json);
        latestAtDepth.add(json);
    }

    @Override
    public boolean tracesCalls() {
        return true;
    }

    @Override
    public void exit(CallEnd end) {
        while (latestAtDepth.size() > end.depth()) {
            latestAtDepth.removeLast();
        }
        if (end.depth() == 0) {
            output = end.output();
        }
    }

    /** An instruction's cost is known when the next one of its frame begins; a call's includes what its callee used. */
    private void settleCost(Frame frame) {
        while (latestAtDepth.size() > frame.depth) {
            ObjectNode last = latestAtDepth.removeLast();
            if (latestAtDepth.size() == frame.depth) {
                last.put("gasCost", last.path("gas").asLong() - frame.gas);
            }
        }
    }

    private void addStorage(ObjectNode json, Frame frame, int opcode) {
        boolean load = opcode == Opcode.SLOAD && frame.sp >= WORD;
        boolean store = opcode == Opcode.SSTORE && frame.sp >= 2 * WORD;
        if (!load && !store) {
            return;
        }
        Address self = frame.self().address();
        TreeMap<UInt256, UInt256> slots = storage.computeIfAbsent(self, unseen -> new TreeMap<>());
        UInt256 slot = Limbs.toUInt256(frame.stack, frame.sp - WORD);
        UInt256 value = store
                ? Limbs.toUInt256(frame.stack, frame.sp - 2 * WORD)
                : frame.journal().storage(self, slot);
        slots.put(slot, value);
        ObjectNode view = json.putObject("storage");
        slots.forEach((key, held) -> view.put(plain(key), plain(held)));
    }

    private static String plain(UInt256 word) {
        return word.toBytes().toUnprefixedHexString();
    }

    /** The trace, once the execution has ended. */
    ObjectNode result(long gasUsed, boolean failed) {
        ObjectNode json = Json.object();
        json.put("gas", gasUsed);
        json.put("failed", failed);
        json.put("returnValue", output.toHexString());
        json.putArray("structLogs").addAll(entries);
        return json;
    }
}
