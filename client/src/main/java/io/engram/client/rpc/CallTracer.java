package io.engram.client.rpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.evm.interpreter.Halt;
import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.operation.Opcode;
import io.engram.evm.tracer.CallEnd;
import io.engram.evm.tracer.CallStart;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The tree of message calls in the shape of geth's callTracer. One thread, one execution. */
final class CallTracer implements Tracer {

    private final boolean onlyTopCall;
    private final boolean withLogs;
    private final Deque<ObjectNode> open = new ArrayDeque<>();
    private Optional<ObjectNode> root = Optional.empty();
    private int skipped;

    CallTracer(boolean onlyTopCall, boolean withLogs) {
        this.onlyTopCall = onlyTopCall;
        this.withLogs = withLogs;
    }

    @Override
    public boolean tracesCalls() {
        return true;
    }

    @Override
    public void enter(CallStart call) {
        if (onlyTopCall && call.depth() > 0) {
            skipped++;
            return;
        }
        ObjectNode json = Json.object();
        json.put("type", type(call.kind()));
        json.set("from", RpcHex.data(call.from()));
        json.set("to", RpcHex.data(call.to()));
        if (call.kind() != Opcode.STATICCALL) {
            json.set("value", RpcHex.quantity(call.value()));
        }
        json.set("gas", RpcHex.quantity(call.gas()));
        json.set("input", RpcHex.data(call.input()));
        ObjectNode parent = open.peek();
        if (parent == null) {
            root = Optional.of(json);
        } else {
            parent.withArray("calls").add(json);
        }
        open.push(json);
    }

    @Override
    public void exit(CallEnd end) {
        if (skipped > 0) {
            skipped--;
            return;
        }
        ObjectNode json = open.pop();
        json.set("gasUsed", RpcHex.quantity(end.gasUsed()));
        if (!end.output().isEmpty()) {
            json.set("output", RpcHex.data(end.output()));
        }
        if (!Halt.isSuccess(end.halt())) {
            json.put("error", HaltReason.of(end.halt()).text());
            ExecutionErrors.reason(end.output()).ifPresent(reason -> json.put("revertReason", reason));
            json.remove("logs");
        }
    }

    @Override
    public void selfDestruct(Address account, Address beneficiary, Wei balance) {
        ObjectNode parent = open.peek();
        if (parent != null && !onlyTopCall) {
            ObjectNode json = parent.withArray("calls").addObject();
            json.put("type", "SELFDESTRUCT");
            json.set("from", RpcHex.data(account));
            json.set("to", RpcHex.data(beneficiary));
            json.set("value", RpcHex.quantity(balance));
            json.put("gas", "0x0").put("gasUsed", "0x0").put("input", "0x");
        }
    }

    @Override
    public void log(int depth, Log log) {
        ObjectNode frame = open.peek();
        if (withLogs && skipped == 0 && frame != null) {
            ArrayNode logs = frame.withArray("logs");
            ObjectNode json = logs.addObject();
            json.set("address", RpcHex.data(log.address()));
            json.set("topics", Json.array(log.topics(), RpcHex::data));
            json.set("data", RpcHex.data(log.data()));
            json.set("position", RpcHex.quantity(frame.path("calls").size()));
        }
    }

    /** The tree, once the execution has ended. */
    ObjectNode result(long gasUsed) {
        ObjectNode json = root.orElseGet(Json::object);
        json.set("gasUsed", RpcHex.quantity(gasUsed));
        return json;
    }

    private static String type(int kind) {
        return switch (kind) {
            case Opcode.CALLCODE -> "CALLCODE";
            case Opcode.DELEGATECALL -> "DELEGATECALL";
            case Opcode.STATICCALL -> "STATICCALL";
            case Opcode.CREATE -> "CREATE";
            case Opcode.CREATE2 -> "CREATE2";
            default -> "CALL";
        };
    }
}
