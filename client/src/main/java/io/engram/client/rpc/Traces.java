package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.evm.tracer.CallTrace;
import io.engram.evm.tracer.CallTracer;
import io.engram.evm.tracer.FourByteTracer;
import io.engram.evm.tracer.PrestateTracer;
import io.engram.evm.tracer.StructLog;
import io.engram.evm.tracer.StructLogTracer;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;

/** The tracers that a caller can choose, each with its result in geth's shape. */
final class Traces {

    private Traces() {}

    /** What is known of a run when it has ended. */
    record Run(long gasLimit, long gasUsed, boolean failed) {}

    /** A tracer for one run. */
    interface Trace {

        Tracer tracer();

        /** To be called once, right after the run. */
        JsonNode result(Run run);
    }

    /**
     * The tracer that the options of a debug method name; without a name the struct logger.
     *
     * @param precompiled whether an address is a precompiled contract's
     */
    static Trace choose(JsonNode options, Predicate<Address> precompiled) {
        Optional<String> name = RpcValues.member(options, "tracer")
                .map(node -> RpcValues.text(node, "tracer"))
                .filter(text -> !text.isEmpty());
        JsonNode config = options.path("tracerConfig");
        if (name.isEmpty()) {
            return new Steps(options);
        }
        return switch (name.get()) {
            case "callTracer" -> new Calls(new CallTracer(flag(config, "onlyTopCall"), flag(config, "withLog")));
            case "prestateTracer" -> new Prestate(config);
            case "4byteTracer" -> new Selectors(new FourByteTracer(precompiled));
            default ->
                throw RpcException.invalidParameter(
                        "tracer",
                        "this node has callTracer, prestateTracer, 4byteTracer and, when no tracer is named, the"
                                + " struct logger");
        };
    }

    private static boolean flag(JsonNode options, String name) {
        return RpcValues.member(options, name)
                .map(node -> RpcValues.flag(node, name))
                .orElse(false);
    }

    private static void requireWhole(boolean truncated, int limit) {
        if (truncated) {
            throw new RpcException(RpcErrorCode.LIMIT_EXCEEDED, "the trace has more than " + limit + " entries");
        }
    }

    private static final class Steps implements Trace {

        private final ArrayNode entries = Json.array();
        private final StructLogTracer.Options options;
        private final boolean limited;
        private final StructLogTracer tracer;

        Steps(JsonNode given) {
            options = new StructLogTracer.Options(
                    !flag(given, "disableStack"),
                    flag(given, "enableMemory"),
                    flag(given, "enableReturnData"),
                    !flag(given, "disableStorage"));
            int limit = given.path("limit").asInt(0);
            limited = limit > 0 && limit <= StructLogTracer.MAX_ENTRIES;
            tracer = new StructLogTracer(
                    options, limited ? limit : StructLogTracer.MAX_ENTRIES, log -> entries.add(view(log)));
        }

        @Override
        public Tracer tracer() {
            return tracer;
        }

        @Override
        public JsonNode result(Run run) {
            requireWhole(!limited && tracer.isTruncated(), StructLogTracer.MAX_ENTRIES);
            ObjectNode json = Json.object();
            json.put("gas", run.gasUsed());
            json.put("failed", run.failed());
            json.put("returnValue", tracer.output().toHexString());
            json.set("structLogs", entries);
            return json;
        }

        private ObjectNode view(StructLog log) {
            ObjectNode json = Json.object();
            json.put("pc", log.pc());
            json.put("op", log.mnemonic());
            json.put("gas", log.gas());
            json.put("gasCost", log.gasCost());
            json.put("depth", log.depth());
            log.error().ifPresent(error -> json.put("error", error));
            if (options.stack()) {
                json.set("stack", Json.array(log.stack(), RpcHex::quantity));
            }
            if (options.memory() && !log.memory().isEmpty()) {
                ArrayNode words = json.putArray("memory");
                for (int at = 0; at < log.memory().size(); at += 32) {
                    words.add(log.memory().slice(at, 32).toHexString());
                }
            }
            if (options.returnData() && !log.returnData().isEmpty()) {
                json.set("returnData", RpcHex.data(log.returnData()));
            }
            log.storage().ifPresent(slots -> {
                ObjectNode words = json.putObject("storage");
                slots.forEach((slot, value) -> words.set(slot.toBytes().toHexString(), RpcHex.word(value)));
            });
            if (log.refund() > 0) {
                json.put("refund", log.refund());
            }
            return json;
        }
    }

    private record Calls(CallTracer tracer) implements Trace {

        @Override
        public JsonNode result(Run run) {
            requireWhole(tracer.isTruncated(), CallTracer.MAX_ENTRIES);
            ObjectNode json = tracer.result().map(Calls::view).orElseGet(Json::object);
            json.set("gas", RpcHex.quantity(run.gasLimit()));
            json.set("gasUsed", RpcHex.quantity(run.gasUsed()));
            return json;
        }

        private static ObjectNode view(CallTrace trace) {
            ObjectNode json = Json.object();
            json.put("type", trace.type());
            json.set("from", RpcHex.data(trace.from()));
            json.set("to", RpcHex.data(trace.to()));
            trace.value().ifPresent(value -> json.set("value", RpcHex.quantity(value)));
            json.set("gas", RpcHex.quantity(trace.gas()));
            json.set("gasUsed", RpcHex.quantity(trace.gasUsed()));
            json.set("input", RpcHex.data(trace.input()));
            trace.output().ifPresent(output -> json.set("output", RpcHex.data(output)));
            trace.error().ifPresent(error -> json.put("error", error));
            trace.revertReason().ifPresent(reason -> json.put("revertReason", reason));
            if (!trace.calls().isEmpty()) {
                json.set("calls", Json.array(trace.calls(), Calls::view));
            }
            if (!trace.logs().isEmpty()) {
                json.set("logs", Json.array(trace.logs(), Calls::view));
            }
            return json;
        }

        private static ObjectNode view(CallTrace.CallLog log) {
            ObjectNode json = Json.object();
            json.set("address", RpcHex.data(log.log().address()));
            json.set("topics", Json.array(log.log().topics(), RpcHex::data));
            json.set("data", RpcHex.data(log.log().data()));
            json.set("position", RpcHex.quantity(log.position()));
            return json;
        }
    }

    private static final class Prestate implements Trace {

        private final boolean difference;
        private final boolean withEmpty;
        private final PrestateTracer tracer;

        Prestate(JsonNode config) {
            difference = flag(config, "diffMode");
            withEmpty = flag(config, "includeEmpty");
            if (difference && withEmpty) {
                throw RpcException.invalidParameter("tracerConfig", "diffMode excludes includeEmpty");
            }
            tracer = new PrestateTracer(!flag(config, "disableCode"), !flag(config, "disableStorage"));
        }

        @Override
        public Tracer tracer() {
            return tracer;
        }

        @Override
        public JsonNode result(Run run) {
            requireWhole(tracer.isTruncated(), PrestateTracer.MAX_ENTRIES);
            if (!difference) {
                return view(tracer.before(withEmpty));
            }
            PrestateTracer.Difference found = tracer.difference();
            ObjectNode json = Json.object();
            json.set("pre", view(found.before()));
            json.set("post", view(found.after()));
            return json;
        }

        private static ObjectNode view(SortedMap<Address, PrestateTracer.AccountState> accounts) {
            ObjectNode json = Json.object();
            accounts.forEach((address, account) -> {
                ObjectNode one = json.putObject(address.toHex());
                account.balance().ifPresent(balance -> one.set("balance", RpcHex.quantity(balance)));
                // A number, unlike everywhere else in the protocol: so geth and its clients have it.
                account.nonce().ifPresent(nonce -> one.put("nonce", nonce));
                account.code().ifPresent(code -> one.set("code", RpcHex.data(code)));
                if (!account.storage().isEmpty()) {
                    ObjectNode words = one.putObject("storage");
                    account.storage()
                            .forEach((slot, value) -> words.set(slot.toBytes().toHexString(), RpcHex.word(value)));
                }
            });
            return json;
        }
    }

    private record Selectors(FourByteTracer tracer) implements Trace {

        @Override
        public JsonNode result(Run run) {
            requireWhole(tracer.isTruncated(), FourByteTracer.MAX_ENTRIES);
            ObjectNode json = Json.object();
            tracer.counts().forEach((key, count) -> json.put(name(key.selector(), key.argumentBytes()), count));
            return json;
        }

        private static String name(Bytes selector, int argumentBytes) {
            return selector.toHexString() + "-" + argumentBytes;
        }
    }
}
