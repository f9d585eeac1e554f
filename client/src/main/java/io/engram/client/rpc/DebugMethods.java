package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.BlockReplay;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.ReceiptCodec;
import java.util.List;
import java.util.Optional;

/** Traces (struct log and callTracer) and raw encodings. */
final class DebugMethods {

    private final ChainView chain;
    private final BlockReplay replay;
    private final Environments environments;
    private final EthExecutionMethods execution;

    DebugMethods(ChainView chain, BlockReplay replay, Environments environments, EthExecutionMethods execution) {
        this.chain = chain;
        this.replay = replay;
        this.environments = environments;
        this.execution = execution;
    }

    void register(RpcRegistry registry) {
        registry.execution("debug_traceTransaction", this::traceTransaction)
                .execution("debug_traceCall", this::traceCall)
                .execution(
                        "debug_traceBlockByNumber",
                        parameters -> traceBlock(chain.require(parameters.requiredBlock(0)), parameters.optional(1)))
                .execution(
                        "debug_traceBlockByHash",
                        parameters -> traceBlock(
                                chain.require(new BlockReference.ByHash(parameters.hash(0, "blockHash"), false)),
                                parameters.optional(1)))
                .execution("debug_getRawBlock", parameters -> RpcHex.data(BlockCodec.encode(block(parameters))))
                .execution(
                        "debug_getRawHeader",
                        parameters -> RpcHex.data(
                                BlockCodec.encodeHeader(block(parameters).header())))
                .execution("debug_getRawReceipts", this::rawReceipts)
                .execution("debug_getRawTransaction", this::rawTransaction);
    }

    private Block block(RpcParameters parameters) {
        ChainView.Located located = chain.require(parameters.requiredBlock(0));
        return new Block(located.header(), chain.body(located));
    }

    private JsonNode rawReceipts(RpcParameters parameters) {
        ChainView.Located located = chain.require(parameters.requiredBlock(0));
        return Json.array(chain.receipts(located), receipt -> RpcHex.data(ReceiptCodec.encode(receipt)));
    }

    private JsonNode rawTransaction(RpcParameters parameters) {
        return RpcHex.data(mined(parameters).transaction().encoded());
    }

    private ChainView.Mined mined(RpcParameters parameters) {
        return chain.transaction(parameters.hash(0, "transactionHash"))
                .orElseThrow(() -> new RpcException(RpcErrorCode.SERVER_ERROR, "transaction not found"));
    }

    /** A tracer with the way to its result. */
    private sealed interface Chosen {
        Tracer tracer();

        JsonNode result(long gasUsed, boolean failed);

        record Calls(CallTracer tracer) implements Chosen {
            @Override
            public JsonNode result(long gasUsed, boolean failed) {
                return tracer.result(gasUsed);
            }
        }

        record Steps(StructLogTracer tracer) implements Chosen {
            @Override
            public JsonNode result(long gasUsed, boolean failed) {
                if (tracer.isOverflown()) {
                    throw new RpcException(
                            RpcErrorCode.LIMIT_EXCEEDED,
                            "the trace has more than " + StructLogTracer.MAX_ENTRIES + " entries; set limit");
                }
                return tracer.result(gasUsed, failed);
            }
        }
    }

    private static Chosen choose(Optional<JsonNode> option) {
        JsonNode options = option.orElseGet(Json::object);
        Optional<JsonNode> name = RpcValues.member(options, "tracer")
                .filter(node -> !node.asText().isEmpty());
        if (name.isEmpty()) {
            return new Chosen.Steps(new StructLogTracer(new StructLogTracer.Options(
                    !flag(options, "disableStack"),
                    flag(options, "enableMemory"),
                    !flag(options, "disableStorage"),
                    flag(options, "enableReturnData"),
                    Math.max(0, options.path("limit").asInt(0)))));
        }
        if (!RpcValues.text(name.get(), "tracer").equals("callTracer")) {
            throw RpcException.invalidParameter(
                    "tracer", "this node has callTracer and, when no tracer is named, the struct logger");
        }
        JsonNode config = options.path("tracerConfig");
        return new Chosen.Calls(new CallTracer(flag(config, "onlyTopCall"), flag(config, "withLog")));
    }

    private static boolean flag(JsonNode options, String name) {
        return RpcValues.member(options, name)
                .map(node -> RpcValues.flag(node, name))
                .orElse(false);
    }

    private JsonNode traceTransaction(RpcParameters parameters) {
        ChainView.Mined mined = mined(parameters);
        return trace(mined.block(), mined.index(), parameters.optional(1));
    }

    private JsonNode traceBlock(ChainView.Located block, Optional<JsonNode> options) {
        ArrayNode traces = Json.array();
        int count = chain.body(block).transactions().size();
        for (int i = 0; i < count; i++) {
            ObjectNode one = traces.addObject();
            one.set(
                    "txHash",
                    RpcHex.data(chain.body(block).transactions().get(i).hash()));
            one.set("result", trace(block, i, options));
        }
        return traces;
    }

    private JsonNode trace(ChainView.Located located, int index, Optional<JsonNode> options) {
        Chosen chosen = choose(options);
        Block block = new Block(located.header(), chain.body(located));
        if (!replay.trace(block, index, chosen.tracer())) {
            throw new RpcException(
                    RpcErrorCode.RESOURCE_UNAVAILABLE, "the state before block " + located.number() + " is not kept");
        }
        List<Receipt> receipts = chain.receipts(located);
        Receipt receipt = receipts.get(index);
        long before = index == 0 ? 0 : receipts.get(index - 1).cumulativeGasUsed();
        return chosen.result(receipt.cumulativeGasUsed() - before, !receipt.succeeded());
    }

    private JsonNode traceCall(RpcParameters parameters) {
        CallArguments arguments = CallArguments.parse(parameters.required(0, "transaction"), "transaction");
        Optional<JsonNode> options = parameters.optional(2);
        Environments.Environment environment = environments.of(
                parameters.block(1),
                options.flatMap(set -> RpcValues.member(set, "stateOverrides")),
                options.flatMap(set -> RpcValues.member(set, "blockOverrides")));
        Chosen chosen = choose(options);
        Call call = execution.message(arguments, environment);
        TransactionOutcome.Executed executed = ExecutionErrors.requireExecuted(environment.run(call, chosen.tracer()));
        return chosen.result(executed.gasUsed(), !executed.succeeded());
    }
}
