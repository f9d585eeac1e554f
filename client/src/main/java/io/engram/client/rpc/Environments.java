package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.evm.BlockContext;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/** Where eth_call and its kin run: the block meant, as it is, or for pending the one that would come next. */
public final class Environments {

    /** Block contexts of existing and of future blocks. */
    public interface Contexts {

        BlockContext of(ChainView.Located block);

        /** The block after the head if it were made now. */
        BlockContext pending();
    }

    private final ChainView chain;
    private final Contexts contexts;

    public Environments(ChainView chain, Contexts contexts) {
        this.chain = chain;
        this.contexts = contexts;
    }

    public Simulator.Environment pending() {
        return of(BlockReference.Tag.PENDING, Optional.empty(), Optional.empty());
    }

    /**
     * The environment of a call.
     *
     * @param stateOverride address → {balance, nonce, code, state, stateDiff}
     * @param blockOverride {number, time, gasLimit, feeRecipient, prevRandao, baseFeePerGas, blobBaseFee}
     */
    Simulator.Environment of(
            BlockReference reference, Optional<JsonNode> stateOverride, Optional<JsonNode> blockOverride) {
        ChainView.Located block = chain.require(reference);
        StateReader committed = chain.state(block);
        BlockContext context = reference == BlockReference.Tag.PENDING ? contexts.pending() : contexts.of(block);
        return new Simulator.Environment(
                blockOverride.map(set -> override(context, set)).orElse(context),
                OverriddenState.over(committed, stateOverride),
                committed);
    }

    private static BlockContext override(BlockContext block, JsonNode set) {
        if (!set.isObject()) {
            throw RpcException.invalidParameter("blockOverrides", "expected an object");
        }
        return new BlockContext(
                block.fork(),
                block.chainId(),
                quantity(set, "number", block.number()),
                quantity(set, "time", block.timestamp()),
                quantity(set, "gasLimit", block.gasLimit()),
                address(set, "feeRecipient").or(() -> address(set, "coinbase")).orElse(block.coinbase()),
                RpcValues.member(set, "prevRandao").map(word -> randao(word)).orElse(block.difficultyOrRandao()),
                wei(set, "baseFeePerGas").or(() -> wei(set, "baseFee")).orElse(block.baseFee()),
                wei(set, "blobBaseFee").orElse(block.blobBaseFee()),
                block.blockHash());
    }

    private static UInt256 randao(JsonNode word) {
        Hash hash = RpcValues.hash(word, "blockOverrides.prevRandao");
        return UInt256.fromBytes(hash.toBytes());
    }

    private static long quantity(JsonNode set, String name, long otherwise) {
        return RpcValues.member(set, name)
                .map(value -> RpcValues.quantity(value, "blockOverrides." + name))
                .orElse(otherwise);
    }

    private static Optional<Address> address(JsonNode set, String name) {
        return RpcValues.member(set, name).map(value -> RpcValues.address(value, "blockOverrides." + name));
    }

    private static Optional<Wei> wei(JsonNode set, String name) {
        return RpcValues.member(set, name).map(value -> RpcValues.wei(value, "blockOverrides." + name));
    }
}
