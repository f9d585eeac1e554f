package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.BlockReplay;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Address;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.ReceiptCodec;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Traces and raw encodings. */
final class DebugMethods {

    private final ChainView chain;
    private final BlockReplay replay;
    private final Environments environments;
    private final EthExecutionMethods execution;
    private final SenderLookup senders;
    private final Function<BlockHeader, Fork> forks;
    private final Function<Fork, Set<Address>> precompiles;

    /** @param precompiles addresses of a fork's precompiled contracts */
    DebugMethods(
            ChainView chain,
            BlockReplay replay,
            Environments environments,
            EthExecutionMethods execution,
            SenderLookup senders,
            Function<BlockHeader, Fork> forks,
            Function<Fork, Set<Address>> precompiles) {
        this.chain = chain;
        this.replay = replay;
        this.environments = environments;
        this.execution = execution;
        this.senders = senders;
        this.forks = forks;
        this.precompiles = precompiles;
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

    private Traces.Trace choose(Optional<JsonNode> options, Fork fork) {
        Set<Address> precompiled = precompiles.apply(fork);
        return Traces.choose(options.orElseGet(Json::object), precompiled::contains);
    }

    private JsonNode traceTransaction(RpcParameters parameters) {
        ChainView.Mined mined = mined(parameters);
        return trace(mined.block(), mined.index(), parameters.optional(1));
    }

    private JsonNode traceBlock(ChainView.Located block, Optional<JsonNode> options) {
        requireTraceable(block);
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

    private static void requireTraceable(ChainView.Located block) {
        if (block.number() == 0) {
            throw new RpcException(RpcErrorCode.SERVER_ERROR, "genesis is not traceable");
        }
    }

    private JsonNode trace(ChainView.Located located, int index, Optional<JsonNode> options) {
        Traces.Trace trace = choose(options, forks.apply(located.header()));
        BlockBody body = chain.body(located);
        List<Transaction> transactions =
                body.transactions().stream().map(this::withSender).toList();
        Block block = new Block(located.header(), new BlockBody(transactions, body.ommers(), body.withdrawals()));
        if (!replay.trace(block, index, trace.tracer(), RequestDeadline.terms())) {
            throw new RpcException(
                    RpcErrorCode.RESOURCE_UNAVAILABLE, "the state before block " + located.number() + " is not kept");
        }
        List<Receipt> receipts = chain.receipts(located);
        Receipt receipt = receipts.get(index);
        long before = index == 0 ? 0 : receipts.get(index - 1).cumulativeGasUsed();
        return trace.result(new Traces.Run(
                transactions.get(index).gasLimit(), receipt.cumulativeGasUsed() - before, !receipt.succeeded()));
    }

    /** Gives the sender back to a transaction whose signature is no one's: development-mode impersonation. */
    private Transaction withSender(Transaction transaction) {
        return transaction.sender().isPresent() ? transaction : transaction.withSender(senders.sender(transaction));
    }

    private JsonNode traceCall(RpcParameters parameters) {
        CallArguments arguments = CallArguments.parse(parameters.required(0, "transaction"), "transaction");
        Optional<JsonNode> options = parameters.optional(2);
        Environments.Environment environment = environments.of(
                parameters.block(1),
                options.flatMap(set -> RpcValues.member(set, "stateOverrides")),
                options.flatMap(set -> RpcValues.member(set, "blockOverrides")));
        Traces.Trace trace = choose(options, environment.block().fork());
        Call call = execution.message(arguments, environment);
        TransactionOutcome.Executed executed = ExecutionErrors.requireExecuted(environment.run(call, trace.tracer()));
        return trace.result(new Traces.Run(call.gasLimit(), executed.gasUsed(), !executed.succeeded()));
    }
}
